/* SPDX-License-Identifier: MIT
   A snapshot of what was counted and of what there is. */
#include "service/metrics/gather.h"

/* Jobs that are looked at under the lock at once. */
#define CHUNK 256

static void shot_destroy(void *object) {
  struct metrics_shot *shot = object;
  for (DWORD i = 0; i < shot->port_count; i++) mem_unref(shot->ports[i].port);
  mem_free(shot->ports);
}

static bool waits(const struct job *j) {
  return (j->state == JOB_PENDING || j->state == JOB_RETRYING) && !j->paused;
}

static void add_job(struct metrics_shot *shot, const struct job *j,
                    int64_t wall) {
  bool held = j->paused && j->attempt == NULL;
  shot->jobs[held ? METRICS_STATES - 1 : j->state]++;
  if (!waits(j) || j->type != JT_SEND) return;
  double age = (double)(wall - j->submitted) / FAX_SECOND;
  if (age > shot->oldest) shot->oldest = age;
}

/* With the lock: up to CHUNK jobs behind the id; false: there are no more. */
static bool add_jobs(struct service *s, struct metrics_shot *shot,
                     DWORD *last_inout) {
  struct job key = {.id = *last_inout + 1};
  struct job *j = RB_NFIND(job_ids, &s->jobs, &key);
  int64_t wall = FaxClockWall();
  for (int seen = 0; j != NULL; j = RB_NEXT(job_ids, &s->jobs, j)) {
    if (seen++ == CHUNK) return true;
    *last_inout = j->id;
    add_job(shot, j, wall);
  }
  return false;
}

/* With the lock. There may be more ports than a moment ago. */
static DWORD add_ports(struct service *s, struct metrics_shot *shot) {
  DWORD room = 0;
  list_each(link, &s->ports) room++;
  shot->ports = mem_alloc((room + 1) * sizeof *shot->ports);
  if (shot->ports == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  list_each(link, &s->ports) {
    struct port *p = list_entry(link, struct port, link);
    shot->ports[shot->port_count++] =
        (struct metrics_port){.port = mem_ref(p),
                              .state = p->state,
                              .milliseconds = p->line_milliseconds};
  }
  return ERROR_SUCCESS;
}

static DWORD add_all(struct service *s, struct metrics_shot *shot) {
  DWORD last = 0;
  DWORD error = service_enter(s);
  if (error != ERROR_SUCCESS) return error;
  shot->counted = s->metrics;
  shot->started = (int64_t)s->boot;
  shot->connections = s->connections;
  shot->events = s->next_sequence - 1;
  error = add_ports(s, shot);
  service_leave(s);
  for (bool more = error == ERROR_SUCCESS; more;) {
    error = service_enter(s);
    if (error != ERROR_SUCCESS) return error;
    more = add_jobs(s, shot, &last);
    service_leave(s);
  }
  if (error == ERROR_SUCCESS) store_work(s->store, &shot->store);
  return error;
}

DWORD metrics_gather(struct service *s, struct metrics_shot **shot_out) {
  struct metrics_shot *shot = mem_new(sizeof *shot, shot_destroy);
  if (shot == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  DWORD error = add_all(s, shot);
  if (error != ERROR_SUCCESS) {
    mem_unref(shot);
    return error;
  }
  *shot_out = shot;
  return ERROR_SUCCESS;
}
