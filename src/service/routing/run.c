/* SPDX-License-Identifier: MIT
   Running the routing methods of a port for one fax, and what becomes of the
   job then (RT-3, -31, -32; JOB-24, -25). The job was decided when the fax came
   into the inbox; here it is only about when it leaves the queue. */
#include "service/routing/method.h"

/* What came of one try. */
struct tried {
  DWORD failed; /* methods, by their bits */
  bool stopped; /* the service ends: there are some that did not run */
};

static DWORD bit(const struct method *m) {
  return (DWORD)1 << m->number;
}

/* The first in the order of now that the port wants. */
static const struct method *next_method(const struct service *s,
                                        const struct port_routing *r,
                                        DWORD not_these) {
  list_each(link, &s->methods) {
    const struct method *m = list_entry(link, struct method, link);
    if (routing_enabled(r, m) && (not_these & bit(m)) == 0) return m;
  }
  return NULL;
}

bool routing_wanted(const struct service *s, const struct job *j) {
  const struct port *p = port_find((struct service *)s, j->device_id);
  return p != NULL && next_method(s, p->routing, j->methods_done) != NULL;
}

/* Its texts are the job's, which do not change any more. */
static struct fax_received fax_of(const struct job *j) {
  return (struct fax_received){.size = sizeof(struct fax_received),
                               .path = j->path,
                               .pages = j->pages,
                               .complete = TRUE,
                               .bad_rows = j->bad_rows,
                               .time = time_to_filetime(j->finished),
                               .device_id = j->device_id,
                               .job_id = j->id,
                               .tsid = j->remote_id,
                               .caller_id = j->caller_id,
                               .quality = j->quality};
}

/* Without the lock; takes r. */
static DWORD run(const struct method *m, const struct fax_received *fax,
                 struct port_routing *r) {
  DWORD size;
  const BYTE *data = routing_data(r, m, &size);
  error_clear();
  DWORD error = m->what->run(m->what, fax, data, size);
  if (error == ERROR_SUCCESS)
    log_line(LOG_INBOUND, FAX_LOG_INFO, "routing",
             "routed job=%u by=%s path=%s", fax->job_id, m->what->function_name,
             fax->path);
  else
    log_line(LOG_INBOUND, FAX_LOG_ERROR, "routing",
             "not routed job=%u by=%s error=%u: %s", fax->job_id,
             m->what->function_name, error, error_message());
  mem_unref(r);
  return error;
}

/* Each that is wanted once, whether others fail or not (RT-32). */
static struct tried run_all(struct service *s, struct job *j) {
  const struct port *p = port_find(s, j->device_id);
  struct tried tried = {0, false};
  const struct method *m;
  while (p != NULL &&
         (m = next_method(s, p->routing, j->methods_done | tried.failed))) {
    if (s->deliverer_stop) {
      tried.stopped = true;
      break;
    }
    struct fax_received fax = fax_of(j);
    struct port_routing *r = mem_ref(p->routing);
    pthread_mutex_unlock(&s->lock);
    DWORD error = run(m, &fax, r);
    pthread_mutex_lock(&s->lock);
    if (error == ERROR_SUCCESS)
      j->methods_done |= bit(m);
    else
      tried.failed |= bit(m);
  }
  return tried;
}

static void give_up(struct service *s, struct job *j) {
  j->state = JOB_RETRIES_EXCEEDED;
  job_rest(s, j);
  log_line(LOG_INBOUND, FAX_LOG_WARN, "routing",
           "not to be tried again job=%u path=%s", j->id, j->path);
}

/* RT-31: as a call that failed, by the configuration of now. */
static void try_again(struct service *s, struct job *j) {
  const struct configuration *c = s->configuration;
  j->type = JT_ROUTING;
  j->failures++;
  if (j->failures > c->record->Retries) {
    give_up(s, j);
  } else {
    j->state = JOB_RETRYING;
    j->not_before = clock_after(FaxClockNow(), c->retry_delay);
    wait_begin(s, j);
  }
  event_raise(s, FEI_FAX_JOB_CHANGED, j, NULL);
}

struct document *routing_deliver(struct service *s, struct job *j) {
  struct tried tried = run_all(s, j);
  if (j->state == JOB_FINISHED) return NULL; /* the service did not wait */
  if (tried.failed != 0 && !s->deliverer_stop) {
    try_again(s, j);
    return NULL;
  }
  if (tried.failed != 0 || tried.stopped)
    log_line(LOG_INBOUND, FAX_LOG_WARN, "routing",
             "the service stops: not routed job=%u path=%s", j->id, j->path);
  return job_finish(s, j, j->outcome);
}
