/* SPDX-License-Identifier: MIT
   A job's fax as a fax of the archive, on its way into the store with the job.
 */
#include <string.h>
#include <time.h>

#include "service/archive/archive.h"
#include "service/dialling/dialling.h"

static void archived_destroy(void *object) {
  struct archived *a = object;
  mem_free_tagged(a->fax, MEM_BUFFER);
  mem_free(a->called);
  mem_unref(a->document);
  mem_unref(a->leaving);
}

char *archive_called(const struct service *s, const char *number) {
  return number != NULL ? dialling_number(s->dialling, number) : NULL;
}

/* ---- what the job says ---- */

static DWORD device_of(const struct job *j) {
  if (j->type != JT_SEND) return j->device_id;
  if (j->attempt_count == 0) return 0;
  return j->attempts[j->attempt_count - 1]->device_id;
}

static struct fax_archived fax_of(const struct job *j, const char *path) {
  const FAX_JOB_PARAM *p = j->params;
  bool sent = j->type == JT_SEND;
  struct fax_archived fax = {
      .size = sizeof fax,
      .folder = sent ? FAX_ARCHIVE_SENT : FAX_ARCHIVE_RECEIVED,
      .time = time_to_filetime(j->finished),
      .job_id = j->id,
      .user = sent ? j->user : NULL,
      .number = p != NULL ? p->RecipientNumber : j->caller_id,
      .remote_id = j->remote_id,
      .pages = j->pages,
      .bytes = j->bytes > 0xffffffff ? 0xffffffff : (DWORD)j->bytes,
      .path = path,
      .complete = sent || j->complete,
      .quality = j->quality,
      .bad_rows = j->bad_rows,
      .device_id = device_of(j)};
  if (p == NULL) return fax;
  fax.subject = p->DocumentName;
  fax.sender = p->SenderName;
  fax.recipient = p->RecipientName;
  return fax;
}

DWORD archived_new(struct service *s, const struct fax_archived *fax,
                   const char *called, struct archived **archived_out) {
  struct archived *a = mem_new(sizeof *a, archived_destroy);
  void *block;
  if (a == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  list_init(&a->link);
  a->service = s;
  a->called = mem_text(called);
  DWORD error = record_pack(&record_archived, fax, 1, MEM_BUFFER, &block);
  if (error == ERROR_SUCCESS) a->fax = block;
  if (a->called == NULL && called != NULL) error = ERROR_NOT_ENOUGH_MEMORY;
  if (error != ERROR_SUCCESS) {
    mem_unref(a);
    return error;
  }
  *archived_out = a;
  return ERROR_SUCCESS;
}

static DWORD entry_new(struct service *s, const struct job *j, const char *path,
                       struct archived **archived_out) {
  struct fax_archived fax = fax_of(j, path);
  fax.id = s->next_archived;
  char *called = archive_called(s, fax.number);
  DWORD error = called == NULL && fax.number != NULL
                    ? ERROR_NOT_ENOUGH_MEMORY
                    : archived_new(s, &fax, called, archived_out);
  mem_free(called);
  if (error == ERROR_SUCCESS) s->next_archived++;
  return error;
}

/* ---- sent ---- */

/* YYYYMMDD-HHMMSS-BOOT-JOB.tif, UTC: one name for one job of all runs. */
static char *archive_name(const struct service *s, const struct job *j) {
  char text[32];
  time_t seconds = (time_t)(j->finished / FAX_SECOND);
  struct tm tm;
  gmtime_r(&seconds, &tm);
  strftime(text, sizeof text, "%Y%m%d-%H%M%S", &tm);
  return mem_format("%s/%s-%llx-%u.tif",
                    s->configuration->record->ArchiveDirectory, text,
                    (unsigned long long)s->boot, j->id);
}

static DWORD sent_new(struct service *s, const struct job *j,
                      struct archived **archived_out) {
  char *path = archive_name(s, j);
  if (path == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  DWORD error = entry_new(s, j, path, archived_out);
  mem_free(path);
  return error;
}

/* The row names the document as one of the queue does, and the file stays as
   long. */
DWORD archive_sent(struct service *s, struct job *j, struct document *d) {
  struct archived *a;
  DWORD error = sent_new(s, j, &a);
  if (error != ERROR_SUCCESS) return error;
  a->state = STORE_WANTED;
  a->document = mem_ref(d);
  d->waiting++;
  j->archived = mem_ref(a);
  list_append(&s->archiving, &a->link);
  s->active++;
  return ERROR_SUCCESS;
}

/* ---- received ---- */

/* Without memory the next start finds it in the inbox. */
void archive_received(struct service *s, struct job *j) {
  struct archived *a;
  if (entry_new(s, j, j->path, &a) != ERROR_SUCCESS) return;
  a->state = j->complete ? STORE_HELD : STORE_KEPT;
  j->archived = a;
  archive_grown(s, a->fax);
}

void archive_over(struct job *j) {
  if (j->archived != NULL && j->archived->state == STORE_HELD)
    j->archived->state = STORE_KEPT;
}

/* ---- into the store ---- */

static const char *file_of(const struct document *d) {
  const char *slash = d != NULL ? strrchr(d->path, '/') : NULL;
  return slash != NULL ? slash + 1 : NULL;
}

struct store_archived archive_kept(const struct fax_archived *fax,
                                   const char *called) {
  return (struct store_archived){
      .fax = *fax,
      .own = {.state = STORE_KEPT, .pending = FAX_UNKNOWN, .called = called}};
}

struct store_archived archive_row(const struct archived *a) {
  struct store_archived row = archive_kept(a->fax, a->called);
  row.own.state = a->state;
  if (a->state != STORE_WANTED) return row;
  row.own.pending = a->state;
  row.own.document = file_of(a->document);
  return row;
}

DWORD archive_put(struct store_changes *c, const struct archived *a) {
  struct store_archived row = archive_row(a);
  return store_put(c, STORE_ARCHIVE, &row);
}

/* What is still being routed will be put once more. */
struct archived *archive_hand_over(struct job *j, struct document *leaving) {
  struct archived *a = j->archived;
  if (a == NULL || a->state == STORE_HELD) return NULL;
  j->archived = NULL;
  if (a->state != STORE_WANTED) {
    mem_unref(a);
    return NULL;
  }
  a->leaving = leaving;
  mem_ref(a->service); /* archive_saved's */
  return a;
}

/* Refused: the store has the job as it was, and so has it the next start. A
   store that is closed may tell so under the lock, and then the list ends with
   the service. */
static void give_up(struct archived *a) {
  struct service *s = a->service;
  pthread_mutex_lock(&s->lock);
  bool listed = !list_empty(&a->link);
  list_remove(&a->link);
  if (listed) s->active--;
  service_changed(s);
  pthread_mutex_unlock(&s->lock);
  if (listed) mem_unref(a);
}

static void go_on(struct archived *a) {
  struct service *s = a->service;
  pthread_mutex_lock(&s->lock);
  a->saved = true;
  service_changed(s);
  pthread_mutex_unlock(&s->lock);
}

void archive_saved(void *archived, DWORD error, const char *why) {
  struct archived *a = archived;
  struct service *s = a->service;
  struct document *leaving = a->leaving;
  (void)why;
  a->leaving = NULL;
  if (leaving != NULL && error != ERROR_SUCCESS) leaving->keep = true;
  mem_unref(leaving);
  if (error == ERROR_SUCCESS)
    go_on(a);
  else if (error != ERROR_SHUTDOWN_IN_PROGRESS)
    give_up(a);
  mem_unref(a);
  mem_unref(s);
}
