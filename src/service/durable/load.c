/* SPDX-License-Identifier: MIT
   What the store has of jobs, at the start: results, and, for a service that
   takes them on, the queue as it was. */
#include <search.h>
#include <string.h>
#include <sys/stat.h>

#include "service/job/owner.h"
#include "service/archive/archive.h"
#include "service/dialling/dialling.h"
#include "service/durable/durable.h"
#include "service/key/key.h"
#include "service/policy/memory.h"
#include "service/record/record.h"

struct loading {
  struct service *s;
  bool adopt;
  void *documents; /* tree (tsearch) of struct document by path */
  struct archive_loading *archive;
  DWORD left; /* jobs that are left to whoever takes them on */
  DWORD error;
};

static int by_path(const void *a, const void *b) {
  const struct document *x = a, *y = b;
  return strcmp(x->path, y->path);
}

/* ---- documents ---- */

static bool has_file(const struct document *d) {
  struct stat st;
  return stat(d->path, &st) == 0 && S_ISREG(st.st_mode) &&
         (DWORDLONG)st.st_size == d->bytes;
}

static DWORD add_document(struct loading *l, const struct store_job *row,
                          const char *name, char *path,
                          struct document **document_out) {
  struct document *d;
  DWORD error = document_new(row->id, path, &d);
  if (error != ERROR_SUCCESS) return error;
  error = document_bind(l->s, d, name);
  d->keep = true; /* until its jobs are there (begin.c) */
  if (error == ERROR_SUCCESS && tsearch(d, &l->documents, by_path) == NULL)
    error = ERROR_NOT_ENOUGH_MEMORY;
  if (error != ERROR_SUCCESS) {
    mem_unref(d);
    return error;
  }
  d->pages = row->pages;
  d->bytes = row->bytes;
  d->lost = !has_file(d);
  *document_out = d;
  return ERROR_SUCCESS;
}

/* Jobs with the same pages have one. */
static DWORD document_of(struct loading *l, const struct store_job *row,
                         struct document **document_out) {
  const char *name = row->document != NULL ? row->document : "";
  char *path = mem_format("%s/%s", l->s->spool, name);
  if (path == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  struct document key = {.path = path};
  void *found = tfind(&key, &l->documents, by_path);
  if (found == NULL) return add_document(l, row, name, path, document_out);
  mem_free(path);
  *document_out = mem_ref(*(struct document **)found);
  return ERROR_SUCCESS;
}

/* It is for another service, which must find its document. */
static DWORD leave_job(struct loading *l, const struct store_job *row) {
  l->left++;
  if (row->document == NULL) return ERROR_SUCCESS;
  return spool_hold(l->s->documents, row->document);
}

/* ---- jobs ---- */

/* Whom it is for, and whose it is. */
static DWORD note_ends(const struct loading *l, struct job *j) {
  if (j->params == NULL) return ERROR_SUCCESS;
  j->called = dialling_number(l->s->dialling, j->params->RecipientNumber);
  return j->called != NULL ? owner_new(j->user, &j->owner)
                           : ERROR_NOT_ENOUGH_MEMORY;
}

static DWORD load_job(struct loading *l, const struct store_job *row) {
  struct job *j;
  if (!l->adopt) return leave_job(l, row);
  DWORD error = durable_job(row, &j);
  if (error != ERROR_SUCCESS) return error;
  error = note_ends(l, j);
  if (error == ERROR_SUCCESS) error = document_of(l, row, &j->document);
  if (error != ERROR_SUCCESS) {
    mem_unref(j);
    return error;
  }
  j->document->recipients++;
  j->document->waiting++;
  j->attempts_saved = row->attempts; /* so many are to be read */
  RB_INSERT(job_ids, &l->s->jobs, j);
  if (j->owner != NULL) owner_enter(l->s, j);
  owner_queue(j);
  return ERROR_SUCCESS;
}

static bool on_job(void *arg, const void *row) {
  struct loading *l = arg;
  l->error = load_job(l, row);
  return l->error == ERROR_SUCCESS;
}

/* Results stay where they are. */
static DWORD load_jobs(struct loading *l) {
  const struct store_condition waits = {
      .member = "state", .relation = STORE_BEFORE, .number = STORE_OVER};
  const struct store_query query = {
      .table = STORE_JOBS, .conditions = &waits, .condition_count = 1};
  DWORD error = store_find(l->s->store, &query, on_job, l);
  return error != ERROR_SUCCESS ? error : l->error;
}

static DWORD load_attempts(struct service *s) {
  struct job *j;
  DWORD error = ERROR_SUCCESS;
  RB_FOREACH(j, job_ids, &s->jobs) {
    if (j->attempts_saved == 0) continue;
    error = durable_attempts(s, j);
    if (error != ERROR_SUCCESS) break;
    j->attempts_saved = j->recorded = j->attempt_count;
  }
  return error;
}

/* After the jobs. */
static bool on_key(void *arg, const void *row) {
  struct loading *l = arg;
  l->error = key_load(l->s, row);
  return l->error == ERROR_SUCCESS;
}

static DWORD load_keys(struct loading *l) {
  DWORD error = store_each(l->s->store, STORE_KEYS, on_key, l);
  return error != ERROR_SUCCESS ? error : l->error;
}

/* ---- the archive ---- */

/* One that is still to be copied has its document as a job does. */
static DWORD load_archived(struct loading *l,
                           const struct store_archived *row) {
  struct store_job of = {.id = row->fax.job_id,
                         .document = row->own.document,
                         .pages = row->fax.pages,
                         .bytes = row->fax.bytes};
  struct document *d = NULL;
  if (row->own.state != STORE_WANTED)
    return archive_load(l->archive, row, NULL);
  DWORD error = document_of(l, &of, &d);
  if (error == ERROR_SUCCESS) error = archive_load(l->archive, row, d);
  mem_unref(d);
  return error;
}

static bool on_archived(void *arg, const void *row) {
  struct loading *l = arg;
  l->error = load_archived(l, row);
  return l->error == ERROR_SUCCESS;
}

/* ---- the spool ---- */

/* Of a submission that did not come to its end: nobody was told that it had. */
static void sweep(struct loading *l) {
  DWORD n = spool_sweep(l->s->documents);
  if (n != 0)
    log_line(LOG_INIT, FAX_LOG_INFO, "service",
             "removed %u documents that no job has", n);
}

static void keep_document(void *document) {
  (void)document; /* its jobs have it */
}

static DWORD load_archive(struct loading *l) {
  DWORD error = archive_load_new(l->s, &l->archive);
  if (error != ERROR_SUCCESS) return error;
  error = store_each(l->s->store, STORE_ARCHIVE, on_archived, l);
  if (error == ERROR_SUCCESS) error = l->error;
  DWORD end = archive_load_end(l->archive, error == ERROR_SUCCESS);
  return error != ERROR_SUCCESS ? error : end;
}

static DWORD load(struct loading *l) {
  DWORD last = 0, recorded = 0;
  DWORD error = store_last(l->s->store, STORE_JOBS, &last);
  if (error == ERROR_SUCCESS) error = record_last_job(l->s, &recorded);
  if (error == ERROR_SUCCESS) error = load_jobs(l);
  if (error == ERROR_SUCCESS) error = load_attempts(l->s);
  if (error == ERROR_SUCCESS) error = load_keys(l);
  if (error == ERROR_SUCCESS) error = load_archive(l);
  l->s->next_job = (last > recorded ? last : recorded) + 1;
  if (error == ERROR_SUCCESS) error = memory_load(l->s);
  if (error == ERROR_SUCCESS) sweep(l);
  if (error == ERROR_SUCCESS && l->left != 0)
    log_line(LOG_INIT, FAX_LOG_WARN, "service",
             "%u jobs of other programs wait: a service that runs by itself, "
             "or one with adopt, sends them",
             l->left);
  return error;
}

DWORD durable_open(struct service *s) {
  struct loading l = {.s = s, .adopt = !s->config.embedded || s->config.adopt};
  DWORD error = spool_open(s->spool, &s->documents);
  if (error == ERROR_SUCCESS) error = store_open(s->directory, &s->store);
  if (error != ERROR_SUCCESS) return error;
  error = load(&l);
  tdestroy(l.documents, keep_document);
  return error;
}

bool durable_close(struct service *s, fax_deadline until) {
  return store_close(s->store, until);
}
