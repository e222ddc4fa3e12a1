/* SPDX-License-Identifier: MIT
   Submissions that share one commit: each is checked and has its document and
   its number when it is added, all are handed to the store together, and only
   when they are safe there they enter the queue. */
#include <string.h>

#include "service/durable/durable.h"
#include "service/job/owner.h"
#include "service/job/patience.h"
#include "service/job/submit.h"
#include "service/key/key.h"
#include "service/log.h"

struct batch { /* counted */
  struct connection *connection;
  struct job **jobs;
  DWORD **ids; /* borrowed: where the caller wants the numbers; may be NULL */
  DWORD count, room;
  DWORD last;                   /* the number of what was added last */
  struct fax_patience patience; /* of the last submission */
};

static void drop_jobs(struct batch *b) {
  for (DWORD i = 0; i < b->count; i++) mem_unref(b->jobs[i]);
  b->count = 0;
}

static void batch_destroy(void *object) {
  struct batch *b = object;
  if (b->count != 0) durable_undo(b->connection->service, b->jobs, b->count);
  drop_jobs(b);
  mem_free(b->jobs);
  mem_free(b->ids);
  mem_unref(b->connection);
}

DWORD batch_open(struct connection *c, struct batch **batch_out) {
  struct batch *b = mem_new(sizeof *b, batch_destroy);
  if (b == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  b->connection = mem_ref(c);
  *batch_out = b;
  return ERROR_SUCCESS;
}

/* ---- one that is added ---- */

/* BC-10. With the lock. */
static DWORD check_state(const struct service *s, const struct document *d) {
  DWORD most = s->config.recipients_limit;
  if (s->state != SERVICE_RUNNING)
    return error_say(ERROR_SHUTDOWN_IN_PROGRESS, "the fax service is stopping");
  if (most != 0 && d->recipients >= most)
    return error_say(FAX_ERR_RECIPIENTS_LIMIT,
                     "a document goes to %u recipients at most", most);
  return ERROR_SUCCESS;
}

/* A document that was made for this job gives it its number. */
static DWORD admit(struct service *s, struct job *j,
                   const struct fax_submission *sub, bool own) {
  struct document *d = j->document;
  DWORD error = service_enter(s);
  if (error != ERROR_SUCCESS) return error;
  error = check_state(s, d);
  if (error == ERROR_SUCCESS) error = owner_check(s, j, sub);
  if (error == ERROR_SUCCESS)
    error = submit_find_only(s, sub->device_id, &j->only);
  if (error == ERROR_SUCCESS) {
    j->id = j->turn = own ? d->id : job_number(s);
    j->submitted = FaxClockWall();
    j->admitted = j->since = FaxClockNow();
    d->recipients++;
    d->waiting++;
    owner_enter(s, j);
  }
  service_leave(s);
  return error;
}

/* Before there is more that would have to be taken back. */
static DWORD reserve(struct batch *b) {
  if (b->count < b->room) return ERROR_SUCCESS;
  DWORD room = b->room == 0 ? 1 : 2 * b->room;
  struct job **jobs = mem_resize(b->jobs, room * sizeof(struct job *));
  if (jobs == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  b->jobs = jobs;
  DWORD **ids = mem_resize(b->ids, room * sizeof(DWORD *));
  if (ids == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  b->ids = ids;
  b->room = room;
  return ERROR_SUCCESS;
}

/* With a document that is ready; the job takes a reference of the key. */
static DWORD enter(struct batch *b, const struct fax_submission *sub,
                   struct document *d, bool own, struct submission_key *key,
                   DWORD *id) {
  struct job *j;
  DWORD error = reserve(b);
  if (error == ERROR_SUCCESS)
    error = submit_make_job(b->connection, sub, d, &j);
  if (error != ERROR_SUCCESS) return error;
  error = admit(b->connection->service, j, sub, own);
  if (error != ERROR_SUCCESS) {
    mem_unref(j);
    return error;
  }
  j->key = mem_ref(key);
  b->last = j->id;
  b->jobs[b->count] = j;
  b->ids[b->count++] = id;
  b->patience = sub->patience;
  return ERROR_SUCCESS;
}

static DWORD make_document(struct connection *c,
                           const struct fax_submission *sub,
                           struct document **document_out) {
  struct fax_document ask = {.size = sizeof ask,
                             .files = sub->files,
                             .file_count = sub->file_count,
                             .resolution = sub->resolution,
                             .paper = sub->paper,
                             .patience = sub->patience};
  return document_draw(c, &ask, document_out);
}

static DWORD enter_made(struct batch *b, const struct fax_submission *sub,
                        struct document *document, struct submission_key *key,
                        DWORD *id) {
  struct document *d = mem_ref(document);
  DWORD error = submit_check_new(b->connection->service, sub);
  if (error == ERROR_SUCCESS) error = owner_check_early(b->connection, sub);
  if (error == ERROR_SUCCESS && d == NULL)
    error = make_document(b->connection, sub, &d);
  if (error == ERROR_SUCCESS) error = document_secure(d);
  if (error == ERROR_SUCCESS)
    error = enter(b, sub, d, document == NULL, key, id);
  mem_unref(d);
  return error;
}

/* ---- all of them ---- */

/* With the lock: the job is safe. A service that has stopped meanwhile has
   accepted it all the same: it is in the store. */
static void enter_queue(struct service *s, struct job *j) {
  if (j->key != NULL) key_settle(s, j->key, j->id);
  if (s->ending) {
    owner_leave(s, j);
    return;
  }
  job_enter(s, mem_ref(j));
  event_raise(s, FEI_JOB_QUEUED, j, j->only); /* JOB-10 */
  log_line(LOG_OUTBOUND, FAX_LOG_INFO, "job",
           "queued job=%u pages=%u user=%s billing=%s", j->id, j->pages,
           j->user,
           j->params->BillingCode != NULL ? j->params->BillingCode : "-");
}

static DWORD store(struct batch *b) {
  struct service *s = b->connection->service;
  struct durable_wait *wait;
  DWORD error = durable_submit(s, b->jobs, b->count, enter_queue, &wait);
  if (error == ERROR_SUCCESS) return durable_await(wait, &b->patience);
  durable_undo(s, b->jobs, b->count);
  return error;
}

DWORD batch_commit(struct batch *b) {
  if (b->count == 0) return ERROR_SUCCESS;
  DWORD error = store(b);
  metrics_submission(b->connection->service, b->count, error);
  for (DWORD i = 0; i < b->count; i++)
    if (error == ERROR_SUCCESS && b->ids[i] != NULL)
      *b->ids[i] = b->jobs[i]->id;
  drop_jobs(b);
  return error;
}

/* ---- with a key ---- */

static void release(struct service *s, struct submission_key *key) {
  pthread_mutex_lock(&s->lock);
  key_settle(s, key, 0);
  pthread_mutex_unlock(&s->lock);
}

static DWORD add_held(struct batch *b, const struct fax_submission *sub,
                      struct document *document, struct submission_key *key,
                      DWORD *id) {
  DWORD error = enter_made(b, sub, document, key, id);
  if (error != ERROR_SUCCESS) release(b->connection->service, key);
  mem_unref(key);
  return error;
}

/* The first of two is under way. With jobs of our own in hand they are queued
   before that is waited for: the first may be among them, or wait for one. */
static DWORD claim(struct batch *b, const struct fax_submission *sub,
                   const struct key_claim *claim, enum key_answer *answer_out,
                   struct submission_key **key_out, DWORD *id_out) {
  struct service *s = b->connection->service;
  struct patience patience = patience_begin(&sub->patience);
  for (;;) {
    DWORD error = service_enter(s);
    if (error != ERROR_SUCCESS) return error;
    error = key_claim(s, claim, answer_out, key_out, id_out);
    bool busy = error == ERROR_SUCCESS && *answer_out == KEY_BUSY;
    if (busy && b->count == 0)
      error = patience_wait(&patience, &s->changed, &s->lock);
    service_leave(s);
    if (!busy) return error;
    if (error == ERROR_SUCCESS && b->count != 0) error = batch_commit(b);
    if (error != ERROR_SUCCESS) return error;
  }
}

static DWORD source_of(const struct fax_submission *sub,
                       const struct document *document, char *source_out) {
  struct document_options options = {.resolution = sub->resolution,
                                     .paper = sub->paper};
  DWORD error = ERROR_SUCCESS;
  if (document != NULL)
    memcpy(source_out, document->source, DIGEST_TEXT);
  else
    error = document_source(sub->files, sub->file_count, &options, source_out);
  return error;
}

static DWORD add_with_key(struct batch *b, const struct fax_submission *sub,
                          struct document *document, DWORD *id) {
  struct key_claim c = {.user = b->connection->user,
                        .key = sub->key,
                        .number = sub->params->RecipientNumber};
  enum key_answer answer = KEY_BUSY;
  struct submission_key *key;
  DWORD first;
  DWORD error = ERROR_SUCCESS;
  if (document == NULL) error = document_check(sub->files, sub->file_count);
  if (error == ERROR_SUCCESS) error = source_of(sub, document, c.source);
  if (error == ERROR_SUCCESS) error = claim(b, sub, &c, &answer, &key, &first);
  if (error != ERROR_SUCCESS) return error;
  if (answer == KEY_NEW) return add_held(b, sub, document, key, id);
  b->last = first;
  if (id != NULL) *id = first;
  return ERROR_SUCCESS;
}

static DWORD add(struct batch *b, const struct fax_submission *sub,
                 struct document *document, DWORD *id) {
  struct connection *c = b->connection;
  DWORD error = submit_check(sub);
  if (error == ERROR_SUCCESS) error = access_check(c, FAX_JOB_SUBMIT);
  if (error != ERROR_SUCCESS) return error;
  if (sub->key != NULL) return add_with_key(b, sub, document, id);
  return enter_made(b, sub, document, NULL, id);
}

DWORD batch_add(struct batch *b, const struct fax_submission *sub,
                struct document *document, DWORD *id) {
  DWORD error = add(b, sub, document, id);
  if (error != ERROR_SUCCESS)
    metrics_submission(b->connection->service, 1, error);
  return error;
}

DWORD batch_last(const struct batch *b) {
  return b->last;
}
