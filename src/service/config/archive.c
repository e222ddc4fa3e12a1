/* SPDX-License-Identifier: MIT
   A copy of each fax that was sent, in the archive's folder, when the
   configuration asks for it. Written by the deliverer's thread. */
#include <string.h>
#include <time.h>

#include "document/document.h"
#include "service/state.h"

struct copy {
  struct list link;
  struct document *document;
  char *path;
  DWORD job_id;
};

/* YYYYMMDD-HHMMSS-BOOT-JOB.tif, UTC: one name for one job of all runs. */
static char *archive_name(const struct service *s, const struct job *j) {
  char text[32];
  time_t seconds = (time_t)(FaxClockWall() / FAX_SECOND);
  struct tm tm;
  gmtime_r(&seconds, &tm);
  strftime(text, sizeof text, "%Y%m%d-%H%M%S", &tm);
  return mem_format("%s/%s-%llx-%u.tif",
                    s->configuration->record->ArchiveDirectory, text,
                    (unsigned long long)s->boot, j->id);
}

void archive_later(struct service *s, const struct job *j) {
  struct copy *c = mem_alloc(sizeof *c);
  char *path = archive_name(s, j);
  if (c == NULL || path == NULL) {
    mem_free(c);
    mem_free(path);
    j->document->keep = true;
    log_line(LOG_OUTBOUND, FAX_LOG_ERROR, "archive",
             "job %u: no memory: kept as %s", j->id, j->document->path);
    return;
  }
  *c = (struct copy){
      .document = mem_ref(j->document), .path = path, .job_id = j->id};
  list_append(&s->archiving, &c->link);
  s->active++;
  service_changed(s);
}

/* In a folder of the service's own, where nothing looks for it. */
static DWORD keep_copy(const struct service *s, const struct copy *c) {
  char *folder = mem_format("%s/unarchived", s->directory);
  char *path =
      mem_format("%s/unarchived%s", s->directory, strrchr(c->path, '/'));
  DWORD error = ERROR_NOT_ENOUGH_MEMORY;
  if (folder != NULL && path != NULL) error = document_folder(folder);
  if (error == ERROR_SUCCESS) error = document_copy(c->document->path, path);
  if (error == ERROR_SUCCESS)
    log_line(LOG_OUTBOUND, FAX_LOG_ERROR, "archive", "job %u: kept as %s",
             c->job_id, path);
  mem_free(folder);
  mem_free(path);
  return error;
}

/* Without the lock. A fax that was to be kept is kept: if all fails, in the
   spool. */
static void write_copy(const struct service *s, struct copy *c) {
  if (document_copy(c->document->path, c->path) == ERROR_SUCCESS) return;
  log_line(LOG_OUTBOUND, FAX_LOG_ERROR, "archive", "job %u: not archived: %s",
           c->job_id, error_message());
  if (keep_copy(s, c) == ERROR_SUCCESS) return;
  c->document->keep = true;
  log_line(LOG_OUTBOUND, FAX_LOG_ERROR, "archive", "job %u: kept as %s",
           c->job_id, c->document->path);
}

/* With the lock. */
static struct copy *next_copy(struct service *s) {
  if (list_empty(&s->archiving)) return NULL;
  struct copy *c = list_entry(s->archiving.next, struct copy, link);
  list_remove(&c->link);
  s->active--;
  return c;
}

/* Without the lock. */
static void copy_free(struct copy *c) {
  mem_unref(c->document);
  mem_free(c->path);
  mem_free(c);
}

bool archive_step(struct service *s) {
  struct copy *c = next_copy(s);
  if (c == NULL) return false;
  s->active++; /* until it is written */
  pthread_mutex_unlock(&s->lock);
  write_copy(s, c);
  copy_free(c);
  pthread_mutex_lock(&s->lock);
  s->active--;
  service_changed(s);
  return true;
}

void archive_abandon(struct service *s) {
  struct copy *c;
  while ((c = next_copy(s)) != NULL) {
    c->document->keep = true;
    log_line(LOG_OUTBOUND, FAX_LOG_ERROR, "archive", "job %u: kept as %s",
             c->job_id, c->document->path);
    pthread_mutex_unlock(&s->lock);
    copy_free(c);
    pthread_mutex_lock(&s->lock);
  }
}
