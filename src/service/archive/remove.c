/* SPDX-License-Identifier: MIT
   Taking faxes out of the archive: their rows are marked, their files go, their
   rows go. So neither a row nor a file is left alone, whenever it ends; what
   was marked goes at the next start. */
#include <errno.h>
#include <string.h>

#include "base/disk.h"
#include "service/archive/list.h"

/* ---- one thread at a time ---- */

DWORD archive_enter(struct service *s) {
  DWORD error = service_enter(s);
  if (error != ERROR_SUCCESS) return error;
  while (s->removing && s->state != SERVICE_STOPPED)
    clock_cond_wait(&s->changed, &s->lock, FAX_FOREVER);
  if (s->state == SERVICE_STOPPED)
    error = error_say(ERROR_SERVICE_NOT_ACTIVE, "the fax service has stopped");
  else
    s->removing = true;
  service_leave(s);
  if (error == ERROR_SUCCESS) store_catch_up(s->store);
  return error;
}

void archive_leave(struct service *s) {
  pthread_mutex_lock(&s->lock);
  s->removing = false;
  service_changed(s);
  pthread_mutex_unlock(&s->lock);
}

/* ---- in three steps ---- */

static DWORD put(struct store_changes *c, const struct service *s,
                 const struct fax_archived *fax, DWORD state) {
  char *called = archive_called(s, fax->number);
  struct store_archived row = archive_kept(fax, called);
  row.own.state = state;
  if (state == STORE_LEAVING) row.own.pending = state;
  DWORD error = called == NULL && fax->number != NULL
                    ? ERROR_NOT_ENOUGH_MEMORY
                    : store_put(c, STORE_ARCHIVE, &row);
  mem_free(called);
  return error;
}

static DWORD mark(struct service *s, const struct archive_listing *l) {
  struct store_changes *c;
  DWORD error = store_changes_new(&c);
  if (error != ERROR_SUCCESS) return error;
  for (DWORD i = 0; error == ERROR_SUCCESS && i < l->count; i++)
    error = put(c, s, l->faxes[i], STORE_LEAVING);
  if (error == ERROR_SUCCESS) return store_commit_wait(s->store, c);
  store_changes_drop(c);
  return error;
}

static bool remove_file(const struct fax_archived *fax) {
  if (disk_unlink(fax->path) == 0 || errno == ENOENT) return true;
  error_errno(errno, "%s", fax->path);
  log_line(LOG_OTHER, FAX_LOG_ERROR, "archive", "fax %u was not removed: %s",
           fax->id, error_message());
  return false;
}

static bool same_folder(const char *a, const char *b) {
  size_t length = (size_t)(strrchr(a, '/') - a);
  return strncmp(a, b, length + 1) == 0 && strchr(b + length + 1, '/') == NULL;
}

/* Without it a power cut could bring files back that have no row. A folder that
   has gone itself brings none. */
static DWORD sync_folders(const struct archive_listing *l) {
  const char *synced = NULL;
  for (DWORD i = 0; i < l->count; i++) {
    const char *path = l->faxes[i]->path;
    if (synced != NULL && same_folder(synced, path)) continue;
    DWORD error = disk_sync_folder_of(path);
    if (error != ERROR_SUCCESS && error != ERROR_FILE_NOT_FOUND) return error;
    synced = path;
  }
  return ERROR_SUCCESS;
}

static void shrink(struct service *s, const struct fax_archived *fax) {
  pthread_mutex_lock(&s->lock);
  s->archived_bytes[fax->folder] -= fax->bytes;
  event_raise_removed(s, fax);
  pthread_mutex_unlock(&s->lock);
}

/* Which files could not be removed: their rows are as before. */
static DWORD settle(struct service *s, const struct archive_listing *l,
                    const bool *stays, DWORD *count_out) {
  struct store_changes *c;
  DWORD error = store_changes_new(&c), count = 0;
  for (DWORD i = 0; error == ERROR_SUCCESS && i < l->count; i++) {
    struct store_archived row = {.fax = *l->faxes[i]};
    error = stays[i] ? put(c, s, l->faxes[i], STORE_KEPT)
                     : store_remove(c, STORE_ARCHIVE, &row);
    count += !stays[i];
  }
  if (error != ERROR_SUCCESS) {
    store_changes_drop(c); /* the next start does it */
    return error;
  }
  store_commit(s->store, c, STORE_INSIST, NULL, NULL);
  *count_out += count;
  return ERROR_SUCCESS;
}

DWORD archive_take_out(struct service *s, const struct archive_listing *l,
                       DWORD *count_inout) {
  bool stays[ARCHIVE_AT_ONCE] = {false};
  if (l->count == 0) return ERROR_SUCCESS;
  DWORD error = mark(s, l);
  if (error != ERROR_SUCCESS) return error;
  for (DWORD i = 0; i < l->count; i++) {
    stays[i] = !remove_file(l->faxes[i]);
    if (!stays[i]) shrink(s, l->faxes[i]);
  }
  error = sync_folders(l); /* else the next start does it */
  return error == ERROR_SUCCESS ? settle(s, l, stays, count_inout) : error;
}

/* ---- by their ids ---- */

static DWORD look(struct service *s, DWORD id, struct archive_listing *l,
                  bool *held_inout) {
  struct store_condition conditions[] = {{"id", STORE_IS, NULL, id},
                                         {"state", STORE_IS, NULL, STORE_KEPT}};
  struct store_query query = {
      .table = STORE_ARCHIVE, .conditions = conditions, .condition_count = 2};
  struct archive_listing held = {0};
  DWORD before = l->count, error = archive_find(s, &query, l);
  if (error != ERROR_SUCCESS || l->count != before) return error;
  conditions[1].number = STORE_HELD;
  error = archive_find(s, &query, &held);
  *held_inout |= held.count != 0;
  archive_listing_free(&held);
  return error;
}

/* An id that is named twice is found again before it is marked: once is
   enough. */
static bool is_new(const DWORD *ids, DWORD at) {
  for (DWORD i = at - at % ARCHIVE_AT_ONCE; i < at; i++)
    if (ids[i] == ids[at]) return false;
  return true;
}

static DWORD remove_some(struct service *s, const DWORD *ids, DWORD from,
                         DWORD count, bool *held_inout, DWORD *removed_inout) {
  struct archive_listing l = {0};
  DWORD error = ERROR_SUCCESS;
  for (DWORD i = from;
       error == ERROR_SUCCESS && i < count && i < from + ARCHIVE_AT_ONCE; i++)
    if (is_new(ids, i)) error = look(s, ids[i], &l, held_inout);
  if (error == ERROR_SUCCESS) error = archive_take_out(s, &l, removed_inout);
  archive_listing_free(&l);
  return error;
}

DWORD archive_remove(struct connection *c, const DWORD *ids, DWORD count,
                     DWORD *removed_out) {
  struct service *s = c->service;
  DWORD removed = 0;
  bool held = false;
  DWORD error = access_check(c, FAX_JOB_MANAGE);
  if (error == ERROR_SUCCESS) error = archive_enter(s);
  if (error != ERROR_SUCCESS) return error;
  for (DWORD i = 0; error == ERROR_SUCCESS && i < count; i += ARCHIVE_AT_ONCE)
    error = remove_some(s, ids, i, count, &held, &removed);
  archive_leave(s);
  if (error == ERROR_SUCCESS && held)
    error = error_say(ERROR_SHARING_VIOLATION,
                      "a fax that is still being routed stays");
  if (error == ERROR_SUCCESS) *removed_out = removed;
  return error;
}
