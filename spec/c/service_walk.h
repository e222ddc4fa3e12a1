/* SPDX-License-Identifier: MIT
   What holds of the service at any moment: looked at from the inside, with its
   lock, and by the events of each job, which form a path of docs/jobs.md. */
#ifndef FAX_SPEC_SERVICE_WALK_H
#define FAX_SPEC_SERVICE_WALK_H

#include "service/bundle/bundle.h"
#include "service/schedule/schedule.h"
#include "test.h"

/* A broken invariant fails the test; the last steps are told at the end. */
#define hold(condition, ...)                 \
  do {                                       \
    if (!(condition)) fail_msg(__VA_ARGS__); \
  } while (0)

/* ---- one job, from the inside ---- */

static inline bool walk_waits(const struct job *j) {
  return j->state == JOB_PENDING || j->state == JOB_RETRYING;
}

static inline bool walk_rests(const struct job *j) {
  return j->state == JOB_RETRIES_EXCEEDED || j->state == JOB_FAILED;
}

/* Which states a job of each type may have. */
static inline bool walk_state_fits(const struct job *j) {
  switch (j->type) {
    case JT_SEND:
      return walk_waits(j) || j->state == JOB_INPROGRESS ||
             j->state == JOB_CANCELING || j->state == JOB_RETRIES_EXCEEDED;
    case JT_RECEIVE:
      return j->state == JOB_INPROGRESS || j->state == JOB_CANCELING ||
             j->state == JOB_ROUTING;
    case JT_ROUTING:
      return j->state == JOB_RETRYING || j->state == JOB_ROUTING ||
             j->state == JOB_RETRIES_EXCEEDED;
    case JT_FAIL_RECEIVE:
      return j->state == JOB_FAILED;
    default:
      return false;
  }
}

static inline bool walk_is_linked(const struct list *link) {
  return link->next != link;
}

static inline DWORD walk_count(const struct list *list) {
  DWORD count = 0;
  for (const struct list *l = list->next; l != list; l = l->next) count++;
  return count;
}

static inline DWORD walk_tree(struct job_order *order) {
  struct job *j;
  DWORD count = 0;
  RB_FOREACH(j, job_order, order) count++;
  return count;
}

static inline DWORD walk_number_tree(struct number *n) {
  struct job *j;
  DWORD count = 0;
  RB_FOREACH(j, job_numbers, &n->waiting) count++;
  return count;
}

/* Of a number each job that is the first to wait for its lines is offered to
   them, unless the number has all its calls; no other is. */
static inline void walk_hold_offer(struct service *s, struct job *j) {
  struct job_lines *lines = j->only != NULL ? &j->only->lines : &s->lines;
  struct job *before = RB_PREV(job_numbers, &j->number->waiting, j);
  bool first =
      before == NULL || before->only != j->only || before->wait != j->wait;
  hold(RB_FIND(job_numbers, &j->number->waiting, j) == j,
       "job %u does not wait with its number", j->id);
  hold(j->is_offered == (first && number_is_free(s, j->number)),
       "job %u: first %d, offered %d", j->id, first, j->is_offered);
  hold(!j->is_offered ||
           RB_FIND(job_turns,
                   j->wait == WAIT_LINE ? &lines->now : &lines->discount,
                   j) == j,
       "job %u is not offered where it should be", j->id);
}

/* A call that goes on will come to it. */
static inline bool walk_is_aboard(const struct job *j) {
  const struct bundle *b = j->aboard;
  if (b == NULL) return false;
  for (DWORD i = 1; i < b->count; i++)
    if (b->parts[i].job == j) return b->parts[i].waits;
  return false;
}

static inline bool walk_is_in(struct service *s, struct job *j) {
  switch (j->wait) {
    case WAIT_DATE:
      return RB_FIND(job_order, &s->by_date, j) == j;
    case WAIT_DELAY:
      return RB_FIND(job_order, &s->by_delay, j) == j;
    case WAIT_LINE:
    case WAIT_DISCOUNT:
      walk_hold_offer(s, j);
      return true;
    case WAIT_CALL:
      return walk_is_aboard(j);
    case WAIT_NOTHING:
      break;
  }
  return false;
}

/* It waits in the one tree that belongs to it, when it waits at all. */
static inline void walk_hold_wait(struct service *s, struct job *j) {
  bool must = walk_waits(j) && !j->paused;
  if (j->type == JT_ROUTING && walk_is_linked(&j->routing_link)) must = false;
  hold(must == (j->wait != WAIT_NOTHING), "job %u in state %d waits for %d",
       j->id, j->state, j->wait);
  hold(!must || walk_is_in(s, j), "job %u is not where it waits", j->id);
  hold(must || !j->is_offered, "job %u is offered", j->id);
  if (!must || j->type != JT_SEND) return;
  bool discount = j->params->ScheduleAction == JSA_DISCOUNT_PERIOD;
  hold(j->wait != WAIT_LINE || !discount, "job %u has no discount", j->id);
  hold(j->wait != WAIT_DISCOUNT || discount, "job %u has a discount", j->id);
}

/* An active job has one port, which has it. Once its call is over a reception
   that is cancelled has none: the router has it. */
static inline void walk_hold_attempt(const struct service *s,
                                     const struct job *j) {
  const struct attempt *a = j->attempt;
  bool over = j->type == JT_RECEIVE && j->state == JOB_CANCELING && a == NULL;
  bool must =
      (j->state == JOB_INPROGRESS || j->state == JOB_CANCELING) && !over;
  DWORD ports = 0;
  hold(must == (a != NULL), "job %u in state %d: attempt %d", j->id, j->state,
       a != NULL);
  list_each(link, &s->ports) {
    const struct port *p = list_entry(link, struct port, link);
    if (p->attempt != NULL && p->attempt->job == j && !p->attempt->ended)
      ports++;
  }
  hold(ports == (must ? 1u : 0u), "job %u has %u ports", j->id, ports);
  if (a != NULL)
    hold(a->job == j && a->port->attempt == a && !a->ended,
         "job %u has another's attempt", j->id);
}

static inline void walk_hold_job(struct service *s, struct job *j) {
  hold(j->id < s->next_job, "job %u is of no time yet", j->id);
  hold(walk_state_fits(j), "job %u of type %u in state %d", j->id, j->type,
       j->state);
  hold(j->document != NULL, "job %u has lost its pages", j->id);
  hold(!j->paused || (j->type == JT_SEND && !walk_rests(j)),
       "job %u in state %d is paused", j->id, j->state);
  hold(j->type != JT_SEND || !walk_waits(j) ||
           (j->failures == 0) == (j->state == JOB_PENDING),
       "job %u in state %d failed %u times", j->id, j->state, j->failures);
  hold(walk_rests(j) == walk_is_linked(&j->link),
       "job %u in state %d rests: %d", j->id, j->state,
       walk_is_linked(&j->link));
  bool decided = walk_rests(j) || j->type == JT_ROUTING;
  if (j->state != JOB_ROUTING) /* stored in the middle of it */
    hold((j->outcome != FAX_OUTCOME_PENDING) == decided,
         "job %u in state %d: outcome %u", j->id, j->state, j->outcome);
  walk_hold_wait(s, j);
  walk_hold_attempt(s, j);
  hold(j->expires == (j->deadline != 0 && walk_waits(j)),
       "job %u in state %d expires: %d", j->id, j->state, j->expires);
  hold(!walk_waits(j) || j->deadline == 0 || j->deadline >= FaxClockWall(),
       "job %u waits beyond its deadline", j->id);
}

/* ---- all of it ---- */

static inline DWORD walk_turns(struct job_turns *turns) {
  struct job *j;
  DWORD count = 0;
  RB_FOREACH(j, job_turns, turns) count++;
  return count;
}

static inline DWORD walk_offered(struct service *s) {
  DWORD count = walk_turns(&s->lines.now) + walk_turns(&s->lines.discount);
  list_each(link, &s->ports) {
    struct port *p = list_entry(link, struct port, link);
    count += walk_turns(&p->lines.now) + walk_turns(&p->lines.discount);
  }
  return count;
}

/* What is known of a number is what its jobs and its calls are. */
static inline void walk_hold_number(struct service *s, struct number *n) {
  DWORD jobs = 0, calls = 0, most = s->config.calls_per_number;
  struct job *j;
  RB_FOREACH(j, job_ids, &s->jobs) {
    if (j->number != n) continue;
    jobs++;
    calls += j->attempt != NULL;
  }
  hold(n->jobs == jobs && jobs != 0, "number %s: %u jobs, and %u", n->text,
       n->jobs, jobs);
  hold(n->calls == calls, "number %s: %u calls, and %u", n->text, n->calls,
       calls);
  hold(most == 0 || calls <= most, "%u calls to %s", calls, n->text);
}

static inline DWORD walk_all_waiting(struct service *s) {
  DWORD count = walk_tree(&s->by_date) + walk_tree(&s->by_delay);
  struct number *n;
  RB_FOREACH(n, numbers, &s->numbers) {
    walk_hold_number(s, n);
    count += walk_number_tree(n);
  }
  return count;
}

/* `active`: ports at work, receptions and archives that wait; the router and
   the deliverer may be at work on one more each. */
static inline void walk_hold_counts(struct service *s, DWORD waiting,
                                    DWORD offered, DWORD resting) {
  DWORD known = walk_count(&s->routing) + walk_count(&s->delivering) +
                walk_count(&s->archiving);
  list_each(link, &s->ports) {
    const struct port *p = list_entry(link, struct port, link);
    if (p->attempt == NULL) continue;
    hold(p->attempt->port == p, "%s has another's attempt", p->name);
    if (!p->attempt->written_off) known++;
  }
  hold(s->active >= known && s->active <= known + 2, "active is %u of %u",
       s->active, known);
  hold(walk_all_waiting(s) == waiting, "%u wait, and %u in trees", waiting,
       walk_all_waiting(s));
  hold(walk_offered(s) == offered, "%u are offered, and %u in trees", offered,
       walk_offered(s));
  hold(walk_count(&s->decided) == resting, "%u rest of %u", resting,
       walk_count(&s->decided));
  hold(s->connections == 1 + stage_hearers(), "%u connections", s->connections);
}

/* The number of jobs in the queue. cmocka jumps out of a failure with the lock
   held: the test is over then. */
static inline DWORD walk_hold_all(void) {
  struct service *s = service_current();
  struct job *j;
  DWORD count = 0, waiting = 0, offered = 0, resting = 0, last = 0;
  pthread_mutex_lock(&s->lock);
  RB_FOREACH(j, job_ids, &s->jobs) {
    hold(j->id > last, "job %u after %u", j->id, last);
    last = j->id;
    walk_hold_job(s, j);
    count++;
    waiting += j->wait != WAIT_NOTHING && j->wait != WAIT_CALL;
    offered += j->is_offered;
    resting += walk_rests(j);
  }
  walk_hold_counts(s, waiting, offered, resting);
  pthread_mutex_unlock(&s->lock);
  mem_unref(s);
  return count;
}

/* ---- the events of one job ---- */

enum walk_at {
  AT_NOTHING,
  AT_QUEUE,   /* waits, or is paused */
  AT_CALL,    /* in progress */
  AT_END,     /* the last event but one was raised */
  AT_REST,    /* retries exceeded */
  AT_ROUTER,  /* a reception: its call is over */
  AT_ROUTING, /* and it is stored or routed */
  AT_GONE
};

struct walk_job {
  enum walk_at at;
  bool received;
  bool asked;  /* to end, and FEI_ABORTING said so */
  bool cancel; /* FEI_ABORTING said that a user did */
};

static inline bool walk_is_end(DWORD event_id) {
  switch (event_id) {
    case FEI_COMPLETED:
    case FEI_HANDLED:
    case FEI_BUSY:
    case FEI_NO_ANSWER:
    case FEI_BAD_ADDRESS:
    case FEI_NO_DIAL_TONE:
    case FEI_DISCONNECTED:
    case FEI_FATAL_ERROR:
    case FEI_NOT_FAX_CALL:
    case FEI_CALL_DELAYED:
    case FEI_CALL_BLACKLISTED:
    case FEI_LINE_UNAVAILABLE:
    case FEI_ABORTING:
      return true;
    default:
      return false;
  }
}

/* After the end of a call: the queue status says where the job went. */
static inline enum walk_at walk_after_call(const struct walk_job *w,
                                           const struct fax_event *e) {
  DWORD status = e->queue_status & ~(DWORD)(JS_PAUSED | JS_NOLINE);
  if (w->received) return AT_ROUTER;
  if (status == JS_RETRIES_EXCEEDED && !w->cancel) return AT_REST;
  if (status == JS_PENDING || status == JS_RETRYING) {
    bool back = !w->cancel && e->event_id != FEI_HANDLED;
    return back ? AT_QUEUE : AT_NOTHING;
  }
  bool ended = status == (JS_INPROGRESS | JS_DELETING) ||
               e->event_id == FEI_COMPLETED || e->event_id == FEI_HANDLED ||
               e->event_id == FEI_DISCONNECTED;
  return ended ? AT_END : AT_NOTHING;
}

static inline enum walk_at walk_in_call(struct walk_job *w,
                                        const struct fax_event *e) {
  bool active = (e->queue_status & JS_INPROGRESS) != 0;
  switch (e->event_id) {
    case FEI_DIALING:
    case FEI_SENDING:
      return w->received ? AT_NOTHING : AT_CALL;
    case FEI_RECEIVING:
      return w->received ? AT_CALL : AT_NOTHING;
    case FEI_FAX_JOB_CHANGED:
      return w->received ? AT_NOTHING : AT_CALL;
    default:
      break;
  }
  if (e->event_id == FEI_ABORTING && active && !w->asked) {
    w->asked = true;
    w->cancel = (e->queue_status & JS_DELETING) != 0;
    return AT_CALL;
  }
  return walk_is_end(e->event_id) ? walk_after_call(w, e) : AT_NOTHING;
}

/* Where the event leads; AT_NOTHING: nowhere. */
static inline enum walk_at walk_next(struct walk_job *w,
                                     const struct fax_event *e) {
  DWORD id = e->event_id;
  switch (w->at) {
    case AT_NOTHING:
      w->received = id == FEI_ANSWERED;
      return id == FEI_JOB_QUEUED ? AT_QUEUE
             : w->received        ? AT_CALL
                                  : AT_NOTHING;
    case AT_QUEUE:
      w->asked = w->cancel = false;
      if (id == FEI_FAX_JOB_CHANGED) return AT_QUEUE;
      if (id == FEI_INITIALIZING && !w->received) return AT_CALL;
      if (id == FEI_ROUTING && w->received) return AT_ROUTING;
      return id == FEI_DELETED ? AT_GONE : AT_NOTHING;
    case AT_CALL:
      return walk_in_call(w, e);
    case AT_REST:
      if (id == FEI_FAX_JOB_CHANGED) return AT_QUEUE;
      return id == FEI_DELETED ? AT_GONE : AT_NOTHING;
    case AT_ROUTER:
      return id == FEI_ROUTING ? AT_ROUTING : AT_NOTHING;
    case AT_ROUTING:
      if (id == FEI_FAX_RECEIVED) return AT_ROUTING;
      if (id == FEI_FAX_JOB_CHANGED)
        return e->queue_status == JS_RETRIES_EXCEEDED ? AT_REST : AT_QUEUE;
      return id == FEI_DELETED ? AT_GONE : AT_NOTHING;
    case AT_END:
      return id == FEI_DELETED ? AT_GONE : AT_NOTHING;
    case AT_GONE:
      break;
  }
  return AT_NOTHING;
}

#endif
