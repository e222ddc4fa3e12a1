/* SPDX-License-Identifier: MIT
   What the store has of jobs, at the start: results, and, for a service that
   takes them on, the queue as it was. */
#include <dirent.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/disk.h"
#include "document/document.h"
#include "service/dialling/dialling.h"
#include "service/durable/durable.h"
#include "service/key/key.h"

struct loading {
  struct service *s;
  bool adopt;
  void *documents; /* tree (tsearch) of struct document by path */
  void *waiting;   /* tree of the names that rows of the queue name */
  DWORD left;      /* jobs that are left to whoever takes them on */
  DWORD error;
};

static int by_path(const void *a, const void *b) {
  const struct document *x = a, *y = b;
  return strcmp(x->path, y->path);
}

static int by_name(const void *a, const void *b) {
  return strcmp(a, b);
}

/* ---- documents ---- */

static DWORD add_document(struct loading *l, const struct store_job *row,
                          char *path, struct document **document_out) {
  struct document *d;
  DWORD error = document_new(row->id, path, &d);
  if (error != ERROR_SUCCESS) return error;
  d->pages = row->pages;
  d->bytes = row->bytes;
  if (tsearch(d, &l->documents, by_path) == NULL) {
    mem_unref(d);
    return ERROR_NOT_ENOUGH_MEMORY;
  }
  *document_out = d;
  return ERROR_SUCCESS;
}

/* Jobs of one broadcast have one. */
static DWORD document_of(struct loading *l, const struct store_job *row,
                         struct document **document_out) {
  const char *name = row->document != NULL ? row->document : "";
  char *path = mem_format("%s/%s", l->s->spool, name);
  if (path == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  struct document key = {.path = path};
  void *found = tfind(&key, &l->documents, by_path);
  if (found == NULL) return add_document(l, row, path, document_out);
  mem_free(path);
  *document_out = mem_ref(*(struct document **)found);
  return ERROR_SUCCESS;
}

static DWORD note_name(struct loading *l, const char *name) {
  if (name == NULL || tfind(name, &l->waiting, by_name) != NULL)
    return ERROR_SUCCESS;
  char *copy = mem_text(name);
  if (copy != NULL && tsearch(copy, &l->waiting, by_name) != NULL)
    return ERROR_SUCCESS;
  mem_free(copy);
  return ERROR_NOT_ENOUGH_MEMORY;
}

/* ---- jobs ---- */

static DWORD note_number(const struct loading *l, struct job *j) {
  if (j->params == NULL) return ERROR_SUCCESS;
  j->called = dialling_number(l->s->dialling, j->params->RecipientNumber);
  return j->called != NULL ? ERROR_SUCCESS : ERROR_NOT_ENOUGH_MEMORY;
}

static DWORD load_job(struct loading *l, const struct store_job *row) {
  struct job *j;
  DWORD error = note_name(l, row->document);
  if (error != ERROR_SUCCESS) return error;
  if (!l->adopt) {
    l->left++;
    return ERROR_SUCCESS;
  }
  error = durable_job(row, &j);
  if (error != ERROR_SUCCESS) return error;
  error = note_number(l, j);
  if (error == ERROR_SUCCESS) error = document_of(l, row, &j->document);
  if (error != ERROR_SUCCESS) {
    mem_unref(j);
    return error;
  }
  j->document->recipients++;
  j->document->waiting++;
  j->attempts_saved = row->attempts; /* so many are to be read */
  RB_INSERT(job_ids, &l->s->jobs, j);
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
    j->attempts_saved = j->attempt_count;
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

/* ---- the spool ---- */

static bool remove_document(const struct service *s, const char *name) {
  char *path = mem_format("%s/%s", s->spool, name);
  bool removed = path != NULL && disk_unlink(path) == 0;
  mem_free(path);
  return removed;
}

/* Of a submission that did not come to its end: nobody was told that it had. */
static void sweep(struct loading *l) {
  DIR *folder = opendir(l->s->spool);
  struct dirent *entry;
  DWORD n = 0;
  if (folder == NULL) return;
  while ((entry = readdir(folder)) != NULL) {
    if (strstr(entry->d_name, ".tif") == NULL ||
        tfind(entry->d_name, &l->waiting, by_name) != NULL)
      continue;
    if (remove_document(l->s, entry->d_name)) n++;
  }
  closedir(folder);
  if (n != 0)
    log_line(LOG_INIT, FAX_LOG_INFO, "service",
             "removed %u documents that no job has", n);
}

static void keep_document(void *document) {
  (void)document; /* its jobs have it */
}

static void free_name(void *name) {
  mem_free(name);
}

static DWORD load(struct loading *l) {
  DWORD last = 0;
  DWORD error = store_last(l->s->store, STORE_JOBS, &last);
  if (error == ERROR_SUCCESS) error = load_jobs(l);
  if (error == ERROR_SUCCESS) error = load_attempts(l->s);
  if (error == ERROR_SUCCESS) error = load_keys(l);
  l->s->next_job = last + 1;
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
  DWORD error = store_open(s->directory, &s->store);
  if (error != ERROR_SUCCESS) return error;
  error = load(&l);
  tdestroy(l.documents, keep_document);
  tdestroy(l.waiting, free_name);
  return error;
}

bool durable_close(struct service *s, fax_deadline until) {
  return store_close(s->store, until);
}
