/* SPDX-License-Identifier: MIT
   Changes of jobs on their way to the store. What cannot be handed over for
   want of memory is tried again by the scheduler. */
#include "service/archive/archive.h"
#include "service/attempt/attempt.h"
#include "service/durable/durable.h"
#include "service/durable/reception.h"
#include "service/key/key.h"
#include "service/record/record.h"

/* The file goes when the store no longer has the job in its queue: a document
   that a row names is there. */
static void let_go(void *document, DWORD error, const char *why) {
  struct document *d = document;
  (void)why;
  if (d == NULL) return;
  if (error != ERROR_SUCCESS) d->keep = true; /* the row still names it */
  mem_unref(d);
}

static DWORD put_attempt(struct store_changes *c, DWORD job_id,
                         const struct fax_attempt *attempt) {
  struct store_attempt row = {.job_id = job_id, .attempt = *attempt};
  return store_put(c, STORE_ATTEMPTS, &row);
}

/* The one that goes on: without an end, with what was confirmed. */
static DWORD put_running(struct store_changes *c, const struct job *j) {
  const struct attempt *a = j->attempt;
  struct fax_attempt record = attempt_blank(a->number, a->port->device_id);
  record.started = time_to_filetime(a->started);
  record.pages_confirmed = a->progress.pages_confirmed;
  record.doubt = attempt_doubt(a);
  record.first_page = a->first_noted;
  return put_attempt(c, j->id, &record);
}

static bool is_running(const struct job *j) {
  return j->attempt != NULL && !j->attempt->ended;
}

/* It was told as part of an earlier one: lines that stay away are one entry. */
static DWORD remove_running(struct store_changes *c, const struct job *j) {
  struct store_attempt row = {.job_id = j->id,
                              .attempt.number = j->running_saved};
  return store_remove(c, STORE_ATTEMPTS, &row);
}

/* Those that ended since they were saved last, and the one that goes on. */
static DWORD put_attempts(struct store_changes *c, const struct job *j) {
  for (DWORD i = j->attempts_saved; i < j->attempt_count; i++) {
    DWORD error = put_attempt(c, j->id, j->attempts[i]);
    if (error != ERROR_SUCCESS) return error;
  }
  if (is_running(j)) return put_running(c, j);
  if (j->running_saved > j->attempt_count) return remove_running(c, j);
  return ERROR_SUCCESS;
}

/* Its job is over, which is when it begins to run out. */
static DWORD put_key(struct store_changes *c, const struct job *j) {
  if (j->key == NULL || j->key->ended == 0) return ERROR_SUCCESS;
  struct store_key row = key_row(j->key);
  return store_put(c, STORE_KEYS, &row);
}

static DWORD changes_of(struct service *s, const struct job *j,
                        struct store_changes **out) {
  struct store_changes *c;
  struct store_job row = durable_row(j);
  DWORD error = store_changes_new(&c);
  if (error != ERROR_SUCCESS) return error;
  error = store_put(c, STORE_JOBS, &row);
  if (error == ERROR_SUCCESS) error = put_attempts(c, j);
  if (error == ERROR_SUCCESS) error = put_key(c, j);
  if (error == ERROR_SUCCESS) error = reception_over(c, j);
  if (error == ERROR_SUCCESS && j->archived != NULL)
    error = archive_put(c, j->archived);
  if (error == ERROR_SUCCESS) error = record_put(s, c, j);
  if (error != ERROR_SUCCESS) {
    store_changes_drop(c);
    return error;
  }
  *out = c;
  return ERROR_SUCCESS;
}

/* A reception is the line's until its pages lie in the inbox. */
static bool is_kept(const struct job *j) {
  return j->type == JT_SEND || j->outcome != FAX_OUTCOME_PENDING;
}

static void later(struct service *s, struct job *j) {
  if (!list_empty(&j->unsaved)) return;
  list_append(&s->unsaved, &j->unsaved);
  mem_ref(j);
  service_queued(s);
}

/* Its fax goes to the archive by the list that has its end. */
static DWORD ask_for_copy(struct service *s, struct job *j) {
  if (!j->to_archive || j->leaving == NULL) return ERROR_SUCCESS;
  DWORD error = archive_sent(s, j, j->leaving);
  if (error == ERROR_SUCCESS) j->to_archive = false;
  return error;
}

void job_save(struct service *s, struct job *j) {
  struct store_changes *c;
  if (s->store == NULL || !is_kept(j)) return;
  if (ask_for_copy(s, j) != ERROR_SUCCESS ||
      changes_of(s, j, &c) != ERROR_SUCCESS) {
    later(s, j);
    return;
  }
  j->attempts_saved = j->attempt_count;
  j->running_saved = is_running(j) ? j->attempt->number : 0;
  if (j->verdict == NULL) record_done(j); /* else it may change */
  struct document *d = j->leaving;
  j->leaving = NULL;
  struct archived *archived = archive_hand_over(j, d);
  if (archived != NULL)
    j->saved = store_commit(s->store, c, STORE_INSIST, archive_saved, archived);
  else
    j->saved = store_commit(s->store, c, STORE_INSIST, let_go, d);
}

struct intent {
  struct fax_op *op; /* counted */
  DWORD page;
};

static void intent_answered(void *arg, DWORD error, const char *why) {
  struct intent *i = arg;
  (void)why;
  op_committed(i->op, i->page, error);
  fax_op_unref(i->op);
  mem_free(i);
}

/* A row, and no more: the job's is there, and comes again with each change. */
bool attempt_save(struct service *s, const struct attempt *a, DWORD page) {
  struct intent *i = mem_alloc(sizeof *i);
  struct store_changes *c;
  if (i == NULL || store_changes_new(&c) != ERROR_SUCCESS) {
    mem_free(i);
    return false;
  }
  if (put_running(c, a->job) != ERROR_SUCCESS) {
    store_changes_drop(c);
    mem_free(i);
    return false;
  }
  *i = (struct intent){fax_op_ref(a->op), page};
  store_commit(s->store, c, STORE_INSIST, intent_answered, i);
  return true;
}

bool durable_is_well(const struct service *s) {
  char why[1];
  return s->store == NULL ||
         store_health(s->store, why, sizeof why) == ERROR_SUCCESS;
}

void durable_probe(struct service *s, struct job *j) {
  if (store_settled(s->store) < s->probe) return; /* the writer insists */
  job_save(s, j);
  s->probe = j->saved;
}

static void save_next(struct service *s) {
  struct job *j = list_entry(s->unsaved.next, struct job, unsaved);
  list_remove(&j->unsaved);
  job_save(s, j);
  mem_unref(j); /* it has no document that this could remove */
}

bool unsaved_step(struct service *s, fax_deadline now,
                  fax_deadline *next_inout) {
  if (list_empty(&s->unsaved)) return false;
  if (now < s->save_again) {
    sooner(next_inout, s->save_again);
    return false;
  }
  s->save_again = clock_after(now, MEMORY_PAUSE);
  save_next(s);
  return true;
}

void unsaved_last(struct service *s) {
  const struct list *last = s->unsaved.previous;
  for (bool more = !list_empty(&s->unsaved); more;) {
    more = s->unsaved.next != last;
    save_next(s);
  }
}
