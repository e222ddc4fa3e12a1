/* SPDX-License-Identifier: MIT
   The files of faxes that were sent, once the store knows that they are wanted:
   a second name of the document in the archive's folder, or a copy. Written by
   the deliverer's thread. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/disk.h"
#include "document/document.h"
#include "service/archive/archive.h"

/* Seconds until one that could be kept nowhere is tried again. */
#define TRY_AGAIN 300.0

/* One of that name is this one: an earlier try made it. */
static DWORD keep(const struct document *d, const char *path) {
  if (access(path, F_OK) == 0) return disk_sync_folder_of(path);
  return document_keep(d->path, path);
}

static DWORD move_to(struct archived *a, const char *path) {
  struct fax_archived fax = *a->fax;
  void *block;
  fax.path = path;
  DWORD error = record_pack(&record_archived, &fax, 1, MEM_BUFFER, &block);
  if (error != ERROR_SUCCESS) return error;
  mem_free_tagged(a->fax, MEM_BUFFER);
  a->fax = block;
  return ERROR_SUCCESS;
}

/* In a folder of the service's own, for want of the archive's. */
static DWORD keep_here(struct archived *a) {
  const char *name = strrchr(a->fax->path, '/');
  char *folder = mem_format("%s/unarchived", a->service->directory);
  char *path = mem_format("%s/unarchived%s", a->service->directory, name);
  DWORD error = ERROR_NOT_ENOUGH_MEMORY;
  if (folder != NULL && path != NULL) error = document_folder(folder);
  if (error == ERROR_SUCCESS) error = keep(a->document, path);
  if (error == ERROR_SUCCESS) error = move_to(a, path);
  if (error == ERROR_SUCCESS)
    log_line(LOG_OUTBOUND, FAX_LOG_ERROR, "archive", "job %u: kept as %s",
             a->fax->job_id, path);
  mem_free(folder);
  mem_free(path);
  return error;
}

static void say(struct archived *a) {
  if (a->said) return;
  a->said = true;
  log_line(LOG_OUTBOUND, FAX_LOG_ERROR, "archive", "job %u: not archived: %s",
           a->fax->job_id, error_message());
}

/* Somebody took it out of the spool. */
static bool is_lost(const struct archived *a) {
  if (access(a->document->path, F_OK) == 0 || errno != ENOENT) return false;
  log_line(LOG_OUTBOUND, FAX_LOG_ERROR, "archive",
           "job %u: lost: there is no %s any more", a->fax->job_id,
           a->document->path);
  return true;
}

/* Without the lock. A fax that was to be kept is kept: if all fails, in the
   spool. */
static DWORD write_file(struct archived *a) {
  DWORD error = keep(a->document, a->fax->path);
  if (error == ERROR_SUCCESS) return error;
  say(a);
  return keep_here(a);
}

/* ---- the row of one whose file is there ---- */

/* store_done_fn: the document is not needed for it any more. Takes. */
static void let_go(void *archived, DWORD error, const char *why) {
  struct archived *a = archived;
  struct service *s = a->service;
  (void)why;
  if (error == ERROR_SUCCESS) {
    pthread_mutex_lock(&s->lock);
    a->document->waiting--;
    pthread_mutex_unlock(&s->lock);
  }
  mem_unref(a);
  mem_unref(s);
}

static DWORD change(const struct archived *a, struct store_changes **out) {
  struct store_archived row = archive_row(a);
  struct store_changes *c;
  DWORD error = store_changes_new(&c);
  if (error != ERROR_SUCCESS) return error;
  error = a->lost ? store_remove(c, STORE_ARCHIVE, &row)
                  : store_put(c, STORE_ARCHIVE, &row);
  if (error != ERROR_SUCCESS)
    store_changes_drop(c);
  else
    *out = c;
  return error;
}

/* ---- with the lock ---- */

static struct archived *first(struct list *list) {
  return list_empty(list) ? NULL
                          : list_entry(list->next, struct archived, link);
}

/* The store takes them in their order, and so the first is the next. */
static struct archived *next_copy(struct service *s, fax_deadline *next_inout) {
  struct archived *a = first(&s->archiving);
  if (a != NULL && a->saved) return a;
  a = first(&s->unarchived);
  if (a == NULL) return NULL;
  if (a->again <= FaxClockNow()) {
    s->active++;
    return a;
  }
  sooner(next_inout, a->again);
  return NULL;
}

/* Takes, on success. Without memory its row stays as it is. */
static DWORD done(struct service *s, struct archived *a) {
  struct store_changes *c;
  a->state = STORE_KEPT;
  DWORD error = change(a, &c);
  a->state = error == ERROR_SUCCESS ? STORE_KEPT : STORE_WANTED;
  if (error != ERROR_SUCCESS) return error;
  if (!a->lost) archive_grown(s, a->fax);
  mem_ref(s); /* let_go's */
  store_commit(s->store, c, STORE_INSIST, let_go, a);
  return ERROR_SUCCESS;
}

static void again(struct service *s, struct archived *a) {
  a->again = clock_after(FaxClockNow(), TRY_AGAIN);
  list_append(&s->unarchived, &a->link);
}

bool archive_step(struct service *s, fax_deadline *next_inout) {
  struct archived *a = next_copy(s, next_inout);
  if (a == NULL) return false;
  list_remove(&a->link); /* it counts as active until it is written */
  pthread_mutex_unlock(&s->lock);
  DWORD error = write_file(a);
  if (error != ERROR_SUCCESS) a->lost = is_lost(a);
  pthread_mutex_lock(&s->lock);
  s->active--;
  if (error == ERROR_SUCCESS || a->lost) error = done(s, a);
  if (error != ERROR_SUCCESS) again(s, a);
  service_changed(s);
  return true;
}

static void drop_all(struct service *s, struct list *list) {
  struct archived *a;
  while ((a = first(list)) != NULL) {
    list_remove(&a->link);
    pthread_mutex_unlock(&s->lock);
    mem_unref(a);
    pthread_mutex_lock(&s->lock);
  }
}

void archive_close(struct service *s) {
  drop_all(s, &s->archiving);
  drop_all(s, &s->unarchived);
}
