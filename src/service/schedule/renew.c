/* SPDX-License-Identifier: MIT
   Taking the jobs that wait for a line out of their trees, whose order comes
   from the rules, and putting them back under others. */
#include "service/schedule/renew.h"

#include "service/schedule/schedule.h"

/* A job of the queue that is for a number. */
struct moved {
  struct job *job;
  char *called;          /* its normal form by the new rules; NULL: as before */
  struct number *number; /* the same */
  bool waited;
};

struct renewal {
  struct dialling *dialling; /* NULL: as before */
  struct job_lines *groups;
  struct moved *jobs;
  size_t count;
};

static size_t count_jobs(struct service *s) {
  size_t count = 0;
  struct job *j;
  RB_FOREACH(j, job_ids, &s->jobs) count++;
  return count;
}

static DWORD add(struct renewal *r, struct job *j) {
  struct moved *m = &r->jobs[r->count];
  *m = (struct moved){.job = j};
  r->count++;
  if (r->dialling == NULL) return ERROR_SUCCESS;
  m->called = dialling_number(r->dialling, j->params->RecipientNumber);
  if (m->called == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  return number_new(r->dialling, m->called, &m->number);
}

static DWORD add_all(struct service *s, struct renewal *r) {
  DWORD error = ERROR_SUCCESS;
  struct job *j;
  RB_FOREACH(j, job_ids, &s->jobs) {
    if (j->number == NULL) continue; /* a reception */
    error = add(r, j);
    if (error != ERROR_SUCCESS) break;
  }
  return error;
}

DWORD renewal_new(struct service *s, struct dialling *dialling,
                  struct renewal **renewal_out) {
  struct renewal *r = mem_alloc(sizeof *r);
  if (r == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  *r = (struct renewal){.dialling = mem_ref(dialling)};
  r->jobs = mem_alloc((count_jobs(s) + 1) * sizeof *r->jobs);
  DWORD error = r->jobs != NULL ? add_all(s, r) : ERROR_NOT_ENOUGH_MEMORY;
  if (error == ERROR_SUCCESS && dialling != NULL) {
    size_t groups = dialling_group_count(dialling) + (size_t)1;
    r->groups = mem_alloc(groups * sizeof *r->groups);
    if (r->groups == NULL) error = ERROR_NOT_ENOUGH_MEMORY;
  }
  if (error != ERROR_SUCCESS) {
    renewal_drop(r);
    return error;
  }
  *renewal_out = r;
  return ERROR_SUCCESS;
}

void renewal_drop(struct renewal *r) {
  if (r == NULL) return;
  for (size_t i = 0; i < r->count; i++) {
    mem_free(r->jobs[i].called);
    number_drop(r->jobs[i].number);
  }
  mem_unref(r->dialling);
  mem_free(r->groups);
  mem_free(r->jobs);
  mem_free(r);
}

void renewal_lift(struct service *s, struct renewal *r) {
  for (size_t i = 0; r != NULL && i < r->count; i++) {
    struct moved *m = &r->jobs[i];
    m->waited = m->job->wait == WAIT_LINE || m->job->wait == WAIT_DISCOUNT;
    if (m->waited) wait_end(s, m->job);
  }
}

/* All have left their numbers. A call that goes on counts for the one that it
   has now. */
static void rename_job(struct service *s, struct moved *m) {
  struct job *j = m->job;
  mem_free(j->called);
  j->called = m->called;
  j->number = m->number;
  m->called = NULL;
  m->number = NULL;
  number_enter(s, j);
  if (j->attempt != NULL) j->number->calls++;
}

static void regroup_ports(struct service *s) {
  list_each(link, &s->ports) {
    struct port *p = list_entry(link, struct port, link);
    p->groups = dialling_groups_of(
        s->dialling, p->name,
        p->provider != NULL ? provider_name(p->provider) : NULL);
  }
}

static void take_rules(struct service *s, struct renewal *r) {
  struct job_lines *groups = s->groups;
  dialling_replace(r->dialling, s->dialling);
  s->dialling = r->dialling;
  r->dialling = NULL;
  s->groups = r->groups;
  r->groups = groups;
  for (size_t i = 0; i < r->count; i++) number_leave(s, r->jobs[i].job);
  for (size_t i = 0; i < r->count; i++) rename_job(s, &r->jobs[i]);
  regroup_ports(s);
}

/* Whatever a job waits for, and paused or not, as at a start. */
static void place_again(struct service *s, const struct moved *m) {
  struct job *j = m->job;
  bool waits = j->state == JOB_PENDING || j->state == JOB_RETRYING;
  if (waits && schedule_blocked(s, j)) return;
  if (m->waited) wait_begin(s, j);
}

void renewal_end(struct service *s, struct renewal *r) {
  if (r == NULL) return;
  if (r->dialling != NULL) take_rules(s, r);
  for (size_t i = 0; i < r->count; i++) place_again(s, &r->jobs[i]);
  renewal_drop(r);
}
