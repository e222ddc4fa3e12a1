/* SPDX-License-Identifier: MIT
   What became of jobs: the newest ends in memory, all of them in the store, for
   as long as results are kept. The age is that of the clock which no change of
   the date moves, as far as one run knows it. */
#include "service/durable/durable.h"

/* So many stay in memory once the store has them: whoever waits for a job asks
   for its result soon. */
#define NEWEST 256
/* So many leave it while the lock is held. */
#define AT_ONCE 64
/* The store is rid of old ones so often, by so many changes, each of some
   thousands: more than come meanwhile, and the writer is soon back for those
   who wait. Of what it has too long nobody is told. */
#define EXPIRY (INT64_C(3600) * FAX_SECOND)
#define CHANGES 8

/* With the lock. */
static int64_t keep(const struct service *s) {
  return s->config.keep_results * FAX_SECOND;
}

/* ---- leaving ---- */

static bool is_stored(const struct service *s, const struct job *j) {
  return list_empty(&j->unsaved) && j->saved <= store_settled(s->store);
}

static bool may_leave(const struct service *s, const struct job *j,
                      fax_deadline now, fax_deadline *next_inout) {
  if (j->gone + keep(s) <= now) return true;
  sooner(next_inout, j->gone + keep(s));
  return s->finished_count > NEWEST && is_stored(s, j);
}

void result_keep(struct service *s, struct job *j) {
  RB_INSERT(job_ids, &s->results, j);
  list_append(&s->finished, &j->link);
  s->finished_count++;
}

/* Only blocks of memory: a finished job has no document. */
static void leave(struct service *s, struct job *j) {
  list_remove(&j->link);
  RB_REMOVE(job_ids, &s->results, j);
  s->finished_count--;
  mem_unref(j);
}

static DWORD put_expiry(struct store_changes *c, int64_t before) {
  DWORD error = ERROR_SUCCESS;
  for (int n = 0; n < CHANGES && error == ERROR_SUCCESS; n++)
    error = store_expire(c, STORE_JOBS, time_to_filetime(before));
  return error;
}

static void expire(struct service *s) {
  struct store_changes *c;
  int64_t before = service_wall(s) - keep(s);
  if (before <= 0 || s->store == NULL || store_changes_new(&c) != ERROR_SUCCESS)
    return;
  if (put_expiry(c, before) != ERROR_SUCCESS)
    store_changes_drop(c); /* the next time does it */
  else
    store_commit(s->store, c, STORE_TRY, NULL, NULL);
}

/* The list is in the order of leaving. */
bool results_step(struct service *s, fax_deadline now,
                  fax_deadline *next_inout) {
  DWORD n = 0;
  while (n < AT_ONCE && !list_empty(&s->finished)) {
    struct job *j = list_entry(s->finished.next, struct job, link);
    if (!may_leave(s, j, now, next_inout)) break;
    leave(s, j);
    n++;
  }
  if (n != 0) return true;
  if (s->expire_at > now) {
    sooner(next_inout, s->expire_at);
    return false;
  }
  s->expire_at = now + EXPIRY;
  expire(s);
  return true;
}

/* ---- reading ---- */

struct reading {
  struct job *job; /* NULL: there is none */
  DWORD error;
};

static bool on_job(void *arg, const void *row) {
  struct reading *r = arg;
  r->error = durable_job(row, &r->job);
  return false; /* there is one of that id */
}

static bool on_attempt(void *arg, const void *row) {
  struct reading *r = arg;
  const struct store_attempt *a = row;
  r->error = attempt_append(r->job, &a->attempt);
  return r->error == ERROR_SUCCESS;
}

DWORD durable_attempts(struct service *s, struct job *j) {
  const struct store_condition of = {.member = "job_id", .number = j->id};
  const struct store_query query = {
      .table = STORE_ATTEMPTS, .conditions = &of, .condition_count = 1};
  struct reading r = {.job = j};
  DWORD error = store_find(s->store, &query, on_attempt, &r);
  return error != ERROR_SUCCESS ? error : r.error;
}

/* Without the lock. */
static int64_t kept_since(struct service *s) {
  pthread_mutex_lock(&s->lock);
  int64_t seconds = keep(s);
  pthread_mutex_unlock(&s->lock);
  return service_wall(s) - seconds;
}

/* over: of those that are over and kept; else any. */
static DWORD read_job(struct service *s, DWORD id, bool over,
                      struct job **job_out) {
  const struct store_condition conditions[] = {
      {.member = "id", .number = id},
      {.member = "state", .number = STORE_OVER},
      {.member = "gone", .relation = STORE_FROM, .number = kept_since(s)}};
  const struct store_query query = {.table = STORE_JOBS,
                                    .conditions = conditions,
                                    .condition_count = over ? 3 : 1};
  struct reading r = {NULL, ERROR_SUCCESS};
  DWORD error = store_find(s->store, &query, on_job, &r);
  if (error != ERROR_SUCCESS) return error;
  if (r.error == ERROR_SUCCESS) *job_out = r.job;
  return r.error;
}

static DWORD read_whole(struct service *s, DWORD id, bool over,
                        struct job **job_out) {
  struct job *j = NULL;
  DWORD error = read_job(s, id, over, &j);
  if (error == ERROR_SUCCESS && j != NULL) error = durable_attempts(s, j);
  if (error != ERROR_SUCCESS) {
    mem_unref(j);
    return error;
  }
  *job_out = j;
  return ERROR_SUCCESS;
}

DWORD result_read(struct service *s, DWORD id, struct job **job_out) {
  return read_whole(s, id, true, job_out);
}

DWORD job_read_stored(struct service *s, DWORD id, struct job **job_out) {
  return read_whole(s, id, false, job_out);
}
