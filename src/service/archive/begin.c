/* SPDX-License-Identifier: MIT
   The archive at the start: what a crash left half-way goes on, and a fax that
   lies in the inbox without a row gets one. */
#include <dirent.h>
#include <errno.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/disk.h"
#include "document/document.h"
#include "service/archive/archive.h"
#include "service/durable/reception.h"
#include "service/routing/inbox.h"

struct archive_loading {
  struct service *s;
  struct store_changes *changes;
  bool changed; /* there is something in them */
  void *known;  /* tree (tsearch) of the inbox's names that have rows */
  char **found; /* names that have none */
  size_t found_count, found_room;
};

static int by_name(const void *a, const void *b) {
  return strcmp(a, b);
}

static void free_name(void *name) {
  mem_free(name);
}

static void loading_free(struct archive_loading *l) {
  tdestroy(l->known, free_name);
  for (size_t i = 0; i < l->found_count; i++) mem_free(l->found[i]);
  mem_free(l->found);
  store_changes_drop(l->changes);
  mem_free(l);
}

DWORD archive_load_new(struct service *s,
                       struct archive_loading **loading_out) {
  DWORD last;
  struct archive_loading *l = mem_alloc(sizeof *l);
  if (l == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  l->s = s;
  DWORD error = store_changes_new(&l->changes);
  if (error == ERROR_SUCCESS)
    error = store_last(s->store, STORE_ARCHIVE, &last);
  if (error != ERROR_SUCCESS) {
    loading_free(l);
    return error;
  }
  s->next_archived = last + 1;
  *loading_out = l;
  return ERROR_SUCCESS;
}

static DWORD put(struct archive_loading *l, const struct store_archived *row) {
  l->changed = true;
  return store_put(l->changes, STORE_ARCHIVE, row);
}

/* ---- rows ---- */

/* The name of a file in the inbox, or NULL. */
static const char *name_in_inbox(const struct service *s, const char *path) {
  size_t length = strlen(s->inbox);
  if (strncmp(path, s->inbox, length) != 0 || path[length] != '/') return NULL;
  return path + length + 1;
}

static DWORD know(struct archive_loading *l, const char *path) {
  const char *name = name_in_inbox(l->s, path);
  if (name == NULL || tfind(name, &l->known, by_name) != NULL)
    return ERROR_SUCCESS;
  char *copy = mem_text(name);
  if (copy != NULL && tsearch(copy, &l->known, by_name) != NULL)
    return ERROR_SUCCESS;
  mem_free(copy);
  return ERROR_NOT_ENOUGH_MEMORY;
}

/* Its job is over: receptions do not outlive their run. */
static DWORD load_kept(struct archive_loading *l,
                       const struct store_archived *row) {
  struct store_archived kept = archive_kept(&row->fax, row->own.called);
  archive_grown(l->s, &row->fax);
  DWORD error = know(l, row->fax.path);
  if (error == ERROR_SUCCESS && row->own.state != STORE_KEPT)
    error = put(l, &kept);
  return error;
}

static DWORD load_wanted(struct service *s, const struct store_archived *row,
                         struct document *d) {
  struct archived *a;
  struct fax_archived fax = row->fax;
  fax.size = sizeof fax;
  DWORD error = archived_new(s, &fax, row->own.called, &a);
  if (error != ERROR_SUCCESS) return error;
  a->state = STORE_WANTED;
  a->document = mem_ref(d);
  a->saved = true;
  d->keep = false;
  d->waiting++;
  list_append(&s->archiving, &a->link);
  s->active++;
  return ERROR_SUCCESS;
}

/* Without that a power cut could bring back the file of a row that has gone. A
   folder that has gone itself brings none. */
static bool is_gone_for_good(const struct fax_archived *fax) {
  DWORD error = disk_sync_folder_of(fax->path);
  if (error != ERROR_SUCCESS && error != ERROR_FILE_NOT_FOUND) {
    log_line(LOG_INIT, FAX_LOG_WARN, "archive",
             "the removal of fax %u is not safe yet: %s", fax->id,
             error_message());
    error_clear();
    return false;
  }
  return true;
}

/* The file may be gone already. What cannot go is in the archive again; what
   went, and may come back, is looked at by the next start. */
static DWORD load_leaving(struct archive_loading *l,
                          const struct store_archived *row) {
  if (disk_unlink(row->fax.path) != 0 && errno != ENOENT) {
    error_errno(errno, "%s", row->fax.path);
    log_line(LOG_INIT, FAX_LOG_ERROR, "archive", "fax %u was not removed: %s",
             row->fax.id, error_message());
    return load_kept(l, row);
  }
  if (!is_gone_for_good(&row->fax)) return ERROR_SUCCESS;
  l->changed = true;
  return store_remove(l->changes, STORE_ARCHIVE, row);
}

DWORD archive_load(struct archive_loading *l, const struct store_archived *row,
                   struct document *d) {
  switch (row->own.state) {
    case STORE_WANTED:
      return load_wanted(l->s, row, d);
    case STORE_LEAVING:
      return load_leaving(l, row);
    default:
      return load_kept(l, row);
  }
}

/* ---- the inbox ---- */

static DWORD note(struct archive_loading *l, const char *name) {
  if (l->found_count == l->found_room) {
    size_t room = l->found_room * 2 + 64;
    char **found = mem_resize(l->found, room * sizeof *found);
    if (found == NULL) return ERROR_NOT_ENOUGH_MEMORY;
    l->found = found;
    l->found_room = room;
  }
  char *copy = mem_text(name);
  if (copy == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  l->found[l->found_count++] = copy;
  return ERROR_SUCCESS;
}

static DWORD look(struct archive_loading *l) {
  struct fax_archived unused;
  struct dirent *entry;
  DWORD error = ERROR_SUCCESS;
  DIR *folder = opendir(l->s->inbox);
  if (folder == NULL) return error_errno(errno, "%s", l->s->inbox);
  while (error == ERROR_SUCCESS && (entry = readdir(folder)) != NULL)
    if (inbox_parse(entry->d_name, &unused) &&
        tfind(entry->d_name, &l->known, by_name) == NULL)
      error = note(l, entry->d_name);
  closedir(folder);
  return error;
}

/* What the store knows of the job is better than what the name says. */
struct knowing {
  struct archive_loading *l;
  struct fax_archived *fax;
  DWORD error;
};

static DWORD enter(struct archive_loading *l, const struct fax_archived *fax) {
  char *called = archive_called(l->s, fax->number);
  struct store_archived row = archive_kept(fax, called);
  DWORD error = called == NULL && fax->number != NULL ? ERROR_NOT_ENOUGH_MEMORY
                                                      : put(l, &row);
  mem_free(called);
  if (error == ERROR_SUCCESS) archive_grown(l->s, fax);
  return error;
}

static bool on_job(void *arg, const void *row) {
  struct knowing *k = arg;
  const struct store_job *j = row;
  struct fax_archived fax = *k->fax;
  if (j->path == NULL || strcmp(j->path, fax.path) != 0) return false;
  fax.remote_id = j->remote_id;
  fax.number = j->caller_id;
  fax.bad_rows = j->bad_rows;
  fax.quality = j->quality;
  k->error = enter(k->l, &fax);
  k->fax = NULL;
  return false;
}

/* The process ended before the job was stored. */
static DWORD enter_reception(struct archive_loading *l,
                             const struct fax_archived *of) {
  struct reception who = reception_read(l->s, of->job_id);
  struct fax_archived fax = *of;
  fax.remote_id = who.remote_id;
  fax.number = who.caller_id;
  DWORD error = enter(l, &fax);
  reception_free(&who);
  return error;
}

static DWORD adopt_file(struct archive_loading *l, struct fax_archived *fax) {
  const struct store_condition job = {"id", STORE_IS, NULL, fax->job_id};
  const struct store_query query = {
      .table = STORE_JOBS, .conditions = &job, .condition_count = 1};
  struct knowing k = {.l = l, .fax = fax};
  struct stat st;
  if (stat(fax->path, &st) != 0) return ERROR_SUCCESS;
  fax->bytes = (DWORD)st.st_size;
  if (document_count(fax->path, &fax->pages) != ERROR_SUCCESS) fax->pages = 0;
  fax->id = l->s->next_archived++;
  DWORD error = store_find(l->s->store, &query, on_job, &k);
  if (error == ERROR_SUCCESS) error = k.error;
  if (error == ERROR_SUCCESS && k.fax != NULL) error = enter_reception(l, fax);
  return error;
}

static DWORD adopt(struct archive_loading *l, const char *name) {
  struct fax_archived fax;
  char *path = mem_format("%s/%s", l->s->inbox, name);
  if (path == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  inbox_parse(name, &fax);
  fax.path = path;
  DWORD error = adopt_file(l, &fax);
  mem_free(path);
  return error;
}

static int by_text(const void *a, const void *b) {
  return strcmp(*(char *const *)a, *(char *const *)b);
}

/* What has no row was put there by a process that ended before it could: its
   name may not be safe yet, and is about to be shown. */
static void make_names_safe(const struct archive_loading *l) {
  if (disk_sync_folder(l->s->inbox) == ERROR_SUCCESS) return;
  log_line(LOG_INIT, FAX_LOG_WARN, "archive", "%s is not safe yet: %s",
           l->s->inbox, error_message());
  error_clear();
}

/* In the order of their times, with which the names begin. */
static DWORD adopt_all(struct archive_loading *l) {
  DWORD error = look(l);
  if (l->found_count != 0) make_names_safe(l);
  if (l->found_count > 1)
    qsort(l->found, l->found_count, sizeof *l->found, by_text);
  for (size_t i = 0; error == ERROR_SUCCESS && i < l->found_count; i++)
    error = adopt(l, l->found[i]);
  return error;
}

DWORD archive_adopt(struct service *s, const char *name) {
  struct archive_loading l = {.s = s};
  DWORD error = store_changes_new(&l.changes);
  if (error == ERROR_SUCCESS) error = adopt(&l, name);
  if (error == ERROR_SUCCESS)
    store_commit(s->store, l.changes, STORE_INSIST, NULL, NULL);
  else
    store_changes_drop(l.changes);
  return error;
}

DWORD archive_load_end(struct archive_loading *l, bool whole) {
  struct service *s = l->s;
  DWORD error = whole ? adopt_all(l) : ERROR_CANCELLED;
  if (error == ERROR_SUCCESS && l->changed) {
    store_commit(s->store, l->changes, STORE_INSIST, NULL, NULL);
    l->changes = NULL;
  }
  loading_free(l);
  return error;
}
