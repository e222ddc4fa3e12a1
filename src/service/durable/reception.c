/* SPDX-License-Identifier: MIT
   A call that comes in, in the store while it goes on: who calls. Its pages lie
   in `incoming`; after a crash they are put into the inbox with what is here.
 */
#include <string.h>
#include <unistd.h>

#include "service/durable/reception.h"
#include "store/store.h"

static const char *file_of(const struct job *j) {
  const char *slash = strrchr(j->document->path, '/');
  return slash != NULL ? slash + 1 : j->document->path;
}

void reception_save(const struct attempt *a) {
  const struct job *j = a->job;
  struct store_changes *c;
  struct store_reception row = {
      .job_id = j->id,
      .file = file_of(j),
      .remote_id = a->progress.remote_id,
      .caller_id = j->caller_id != NULL ? j->caller_id : a->caller_id};
  if (a->service->store == NULL || j->type == JT_SEND || a->ended) return;
  if (row.caller_id == NULL && row.remote_id == NULL) return;
  if (store_changes_new(&c) != ERROR_SUCCESS) return;
  if (store_put(c, STORE_RECEPTIONS, &row) == ERROR_SUCCESS)
    store_commit(a->service->store, c, STORE_INSIST, NULL, NULL);
  else
    store_changes_drop(c);
}

DWORD reception_over(struct store_changes *c, const struct job *j) {
  struct store_reception row = {.job_id = j->id};
  if (j->type == JT_SEND) return ERROR_SUCCESS;
  return store_remove(c, STORE_RECEPTIONS, &row);
}

/* ---- after a crash ---- */

static bool copy(void *arg, const void *found) {
  const struct store_reception *row = found;
  struct reception *r = arg;
  r->caller_id = mem_text(row->caller_id);
  r->remote_id = mem_text(row->remote_id);
  return false;
}

struct reception reception_read(struct service *s, DWORD job_id) {
  const struct store_condition same = {"job_id", STORE_IS, NULL, job_id};
  const struct store_query query = {
      .table = STORE_RECEPTIONS, .conditions = &same, .condition_count = 1};
  struct reception r = {NULL, NULL};
  if (store_find(s->store, &query, copy, &r) != ERROR_SUCCESS) error_clear();
  return r;
}

void reception_free(struct reception *r) {
  mem_free(r->caller_id);
  mem_free(r->remote_id);
}

struct sweeping {
  const struct service *s;
  struct store_changes *changes;
  DWORD error;
};

static bool sweep(void *arg, const void *found) {
  const struct store_reception *row = found;
  struct sweeping *w = arg;
  char *path = mem_format("%s/%s", w->s->incoming, row->file);
  bool stays = path == NULL || access(path, F_OK) == 0;
  mem_free(path);
  if (!stays) w->error = store_remove(w->changes, STORE_RECEPTIONS, row);
  return w->error == ERROR_SUCCESS;
}

void reception_sweep(struct service *s) {
  struct sweeping w = {.s = s};
  if (store_changes_new(&w.changes) != ERROR_SUCCESS) return;
  if (store_each(s->store, STORE_RECEPTIONS, sweep, &w) == ERROR_SUCCESS &&
      w.error == ERROR_SUCCESS)
    store_commit(s->store, w.changes, STORE_INSIST, NULL, NULL);
  else
    store_changes_drop(w.changes); /* the next start does it */
}
