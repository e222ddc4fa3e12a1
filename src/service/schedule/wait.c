/* SPDX-License-Identifier: MIT
   What jobs wait for: a date, then the end of a delay, then a line. Each wait
   is a tree in the order in which it ends, so that the length of the queue
   costs its logarithm. Jobs that may use any port wait with the service, those
   for one port with the port. */
#include "service/state.h"

/* A job for a time of day is looked at this often, so that a change of the
   machine's date is seen. */
#define DATE_CHECK (60 * FAX_SECOND)

/* So many are moved on while the lock is held. */
#define AT_ONCE 64

/* *next_inout comes down to `at`, a time of day. */
static void sooner_by_date(fax_deadline *next_inout, fax_deadline now,
                           int64_t wall, int64_t at) {
  int64_t wait = at - wall;
  sooner(next_inout, now + (wait < DATE_CHECK ? wait : DATE_CHECK));
}

static int job_due_order(const struct job *a, const struct job *b) {
  if (a->due != b->due) return a->due < b->due ? -1 : 1;
  return a->id < b->id ? -1 : a->id > b->id;
}

RB_GENERATE(job_order, job, waiting, job_due_order)

/* ---- which tree ---- */

static struct job_lines *lines_of(struct service *s, const struct job *j) {
  return j->only != NULL ? &j->only->lines : &s->lines;
}

static struct job_order *order_of(struct service *s, const struct job *j) {
  switch (j->wait) {
    case WAIT_DATE:
      return &s->by_date;
    case WAIT_DELAY:
      return &s->by_delay;
    case WAIT_LINE:
      return &lines_of(s, j)->now;
    case WAIT_DISCOUNT:
      return &lines_of(s, j)->discount;
    case WAIT_NOTHING:
      break;
  }
  return NULL;
}

static void wait_for(struct service *s, struct job *j, enum job_wait wait,
                     int64_t due) {
  j->wait = wait;
  j->due = due;
  RB_INSERT(job_order, order_of(s, j), j);
}

static bool is_discounted(const struct job *j) {
  return j->params != NULL && j->params->ScheduleAction == JSA_DISCOUNT_PERIOD;
}

/* A reception waits to be routed again, which takes no line. */
static void place(struct service *s, struct job *j, fax_deadline now,
                  int64_t wall) {
  if (j->schedule > wall) {
    wait_for(s, j, WAIT_DATE, j->schedule);
    return;
  }
  j->schedule = 0; /* it has come, whatever the date is set to later */
  if (j->not_before > now)
    wait_for(s, j, WAIT_DELAY, j->not_before);
  else if (j->type != JT_SEND)
    routing_again(s, j);
  else
    wait_for(s, j, is_discounted(j) ? WAIT_DISCOUNT : WAIT_LINE, j->turn);
}

void wait_end(struct service *s, struct job *j) {
  if (j->wait == WAIT_NOTHING) return;
  RB_REMOVE(job_order, order_of(s, j), j);
  j->wait = WAIT_NOTHING;
}

void wait_begin(struct service *s, struct job *j) {
  wait_end(s, j);
  if (j->paused || (j->state != JOB_PENDING && j->state != JOB_RETRYING))
    return;
  place(s, j, FaxClockNow(), FaxClockWall());
  service_changed(s);
}

/* ---- moving on ---- */

static bool ripen(struct service *s, struct job_order *order, int64_t limit,
                  fax_deadline now, int64_t wall) {
  struct job *j;
  DWORD moved = 0;
  while (moved < AT_ONCE && (j = RB_MIN(job_order, order)) != NULL &&
         j->due <= limit) {
    wait_end(s, j);
    place(s, j, now, wall);
    moved++;
  }
  return moved != 0;
}

bool wait_ripen(struct service *s, fax_deadline now, fax_deadline *next_inout) {
  int64_t wall = FaxClockWall();
  if (ripen(s, &s->by_date, wall, now, wall)) return true;
  if (ripen(s, &s->by_delay, now, now, wall)) return true;
  const struct job *j = RB_MIN(job_order, &s->by_delay);
  if (j != NULL) sooner(next_inout, j->due);
  j = RB_MIN(job_order, &s->by_date);
  if (j != NULL) sooner_by_date(next_inout, now, wall, j->due);
  return false;
}

/* ---- lines ---- */

static bool may_send(const struct port *p) {
  return (p->flags & FPF_SEND) != 0 && port_free(p) && !p->ringing;
}

/* PORT-33: the free sending port of the best rank. */
static struct port *best_line(const struct service *s) {
  struct port *best = NULL;
  list_each(link, &s->ports) {
    struct port *p = list_entry(link, struct port, link);
    if (may_send(p) && (best == NULL || p->priority < best->priority)) best = p;
  }
  return best;
}

struct choice {
  struct job *job;
  struct port *port;
};

/* JOB-46: the oldest first; one that lines were refused to goes behind those
   that were there by then, or it would keep the lines from them for ever. */
static void consider(struct choice *best, const struct job_order *order,
                     struct port *p) {
  struct job *j = RB_MIN(job_order, (struct job_order *)order);
  if (j != NULL && (best->job == NULL || job_due_order(j, best->job) < 0))
    *best = (struct choice){j, p};
}

static void consider_both(struct choice *best, const struct job_lines *lines,
                          struct port *p, bool discount) {
  consider(best, &lines->now, p);
  if (discount) consider(best, &lines->discount, p);
}

/* The discount period is on; else, when jobs wait for it, *next_inout comes
   down to its beginning. */
static bool discount_now(const struct service *s, fax_deadline now,
                         fax_deadline *next_inout) {
  int64_t wall = FaxClockWall(), change;
  if (discount_open(s->configuration->record, wall, &change)) return true;
  sooner_by_date(next_inout, now, wall, change);
  return false;
}

static bool any_discounted(const struct service *s) {
  if (!RB_EMPTY(&s->lines.discount)) return true;
  list_each(link, &s->ports) if (!RB_EMPTY(&list_entry(link, struct port, link)
                                                ->lines.discount)) return true;
  return false;
}

bool wait_next(struct service *s, fax_deadline now, fax_deadline *next_inout,
               struct job **job_out, struct port **port_out) {
  struct choice best = {NULL, NULL};
  struct port *any = best_line(s);
  if (s->configuration->record->PauseServerQueue || any == NULL) return false;
  bool discount = any_discounted(s) && discount_now(s, now, next_inout);
  consider_both(&best, &s->lines, any, discount);
  list_each(link, &s->ports) {
    struct port *p = list_entry(link, struct port, link);
    if (may_send(p)) consider_both(&best, &p->lines, p, discount);
  }
  if (best.job == NULL) return false;
  *job_out = best.job;
  *port_out = best.port;
  return true;
}

bool wait_any_line(const struct service *s) {
  return best_line(s) != NULL;
}

bool wait_lacks_line(const struct service *s, const struct job *j,
                     bool any_line) {
  const FAX_CONFIGURATION *config = s->configuration->record;
  int64_t change;
  if (j->wait != WAIT_LINE && j->wait != WAIT_DISCOUNT) return false;
  if (config->PauseServerQueue) return false;
  if (j->wait == WAIT_DISCOUNT &&
      !discount_open(config, FaxClockWall(), &change))
    return false;
  return j->only != NULL ? !may_send(j->only) : !any_line;
}
