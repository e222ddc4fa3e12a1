/* SPDX-License-Identifier: MIT
   A copy of each fax that was sent, in the archive's folder, when the
   configuration asks for it. Written by the router's thread. */
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
    log_line(LOG_OUTBOUND, FAX_LOG_ERROR, "archive", "no memory job=%u", j->id);
    return;
  }
  *c = (struct copy){
      .document = mem_ref(j->document), .path = path, .job_id = j->id};
  list_append(&s->archiving, &c->link);
  s->active++;
  service_changed(s);
}

/* A fax that cannot be archived stays in the spool: it was asked to be kept. */
static void write_copy(struct copy *c) {
  DWORD error = document_copy(c->document->path, c->path);
  if (error == ERROR_SUCCESS) return;
  c->document->keep = true;
  log_line(LOG_OUTBOUND, FAX_LOG_ERROR, "archive", "job %u: kept as %s: %s",
           c->job_id, c->document->path, error_message());
}

bool archive_step(struct service *s) {
  if (list_empty(&s->archiving)) return false;
  struct copy *c = list_entry(s->archiving.next, struct copy, link);
  list_remove(&c->link);
  pthread_mutex_unlock(&s->lock);
  write_copy(c);
  mem_unref(c->document);
  mem_free(c->path);
  mem_free(c);
  pthread_mutex_lock(&s->lock);
  s->active--;
  service_changed(s);
  return true;
}
