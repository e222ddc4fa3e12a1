/* SPDX-License-Identifier: MIT
   The pages of a job as a file in the spool. Jobs of one broadcast share one;
   the last user removes it. */
#include "document/document.h"

#include "base/disk.h"
#include "base/handle.h"
#include "service/job/submit.h"
#include "service/state.h"

static void document_destroy(void *object) {
  struct document *d = object;
  bool keep = d->keep || d->waiting != 0;
  if (d->file != NULL && keep) spool_keep(d->file);
  if (d->file == NULL && !keep) disk_unlink(d->path);
  spool_drop(d->file);
  document_draft_drop(&d->draft);
  mem_free(d->path);
}

DWORD document_new(DWORD id, char *path, struct document **document_out) {
  struct document *d =
      path != NULL ? mem_new(sizeof *d, document_destroy) : NULL;
  if (d == NULL) {
    mem_free(path);
    return ERROR_NOT_ENOUGH_MEMORY;
  }
  d->id = id;
  d->path = path;
  d->keep = true; /* there is no file yet */
  *document_out = d;
  return ERROR_SUCCESS;
}

DWORD document_bind(struct service *s, struct document *d, const char *name) {
  struct spool_file *f;
  DWORD error = spool_use(s->documents, name, &f);
  if (error != ERROR_SUCCESS) return error;
  char *path = mem_text(spool_path(f));
  if (path == NULL) {
    spool_drop(f);
    return ERROR_NOT_ENOUGH_MEMORY;
  }
  mem_free(d->path);
  d->path = path;
  d->file = f;
  d->keep = false;
  return ERROR_SUCCESS;
}

bool document_looked_at(struct service *s, struct document *d) {
  if (d->file == NULL || d->looked) return true;
  mem_ref(d);
  pthread_mutex_unlock(&s->lock);
  bool sound = spool_sound(d->file);
  pthread_mutex_lock(&s->lock);
  d->looked = true;
  d->sound = sound;
  pthread_mutex_unlock(&s->lock);
  mem_unref(d);
  pthread_mutex_lock(&s->lock);
  return false;
}

DWORD document_id(const struct document *d) {
  return d->id;
}

DWORD document_check(const char *const *files, DWORD count) {
  if (files == NULL || count == 0)
    return error_say(ERROR_INVALID_PARAMETER, "there is no document to send");
  for (DWORD i = 0; i < count; i++)
    if (files[i] == NULL || *files[i] == '\0')
      return error_say(ERROR_INVALID_PARAMETER,
                       "the name of document %u is empty", i + 1);
  return ERROR_SUCCESS;
}

DWORD document_check_asked(const struct fax_document *ask) {
  if (ask->size != sizeof *ask)
    return error_say(ERROR_INVALID_PARAMETER,
                     "struct fax_document has the wrong size");
  DWORD error = document_check(ask->files, ask->file_count);
  if (error != ERROR_SUCCESS) return error;
  if (ask->resolution > FAX_RESOLUTION_STANDARD || ask->paper > FAX_PAPER_LEGAL)
    return error_say(ERROR_INVALID_PARAMETER,
                     "no such resolution or paper: %u, %u", ask->resolution,
                     ask->paper);
  return ERROR_SUCCESS;
}

/* With the lock. */
static DWORD number(struct service *s, struct document **document_out) {
  if (s->state != SERVICE_RUNNING)
    return error_say(ERROR_SHUTDOWN_IN_PROGRESS, "the fax service is stopping");
  return document_new(job_number(s), mem_text(s->spool), document_out);
}

/* Without the lock: the files become pages. Those that are in the spool already
   need not be kept twice. */
static DWORD prepare(struct service *s, struct document *d,
                     const struct fax_document *ask) {
  struct document_options options = {.resolution = ask->resolution,
                                     .paper = ask->paper,
                                     .patience = ask->patience};
  char name[SPOOL_NAME];
  char *beside = mem_format("%s/new-%u", s->spool, d->id);
  if (beside == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  DWORD error =
      document_draft(ask->files, ask->file_count, &options, beside, &d->draft);
  mem_free(beside);
  if (error != ERROR_SUCCESS) return error;
  d->pages = d->draft.info.pages;
  d->bytes = d->draft.info.bytes;
  spool_name(d->draft.digest, name);
  error = document_bind(s, d, name);
  if (error != ERROR_SUCCESS) return error;
  d->looked = d->sound = true;
  if (spool_sound(d->file)) document_draft_drop(&d->draft);
  return ERROR_SUCCESS;
}

DWORD document_draw(struct connection *c, const struct fax_document *ask,
                    struct document **document_out) {
  struct document *d;
  DWORD error = document_check_asked(ask);
  if (error == ERROR_SUCCESS) error = access_check(c, FAX_JOB_SUBMIT);
  if (error == ERROR_SUCCESS) error = service_enter(c->service);
  if (error != ERROR_SUCCESS) return error;
  error = number(c->service, &d);
  service_leave(c->service);
  if (error != ERROR_SUCCESS) return error;
  error = prepare(c->service, d, ask);
  if (error == ERROR_SUCCESS)
    *document_out = d;
  else
    mem_unref(d);
  return error;
}

/* By the thread of each submission: the disk makes one of what many ask for at
   once, and of one after the other it does not. */
DWORD document_secure(const struct document *d) {
  return d->draft.path != NULL ? disk_sync_file(d->draft.path) : ERROR_SUCCESS;
}

void document_arrived(struct document *d) {
  if (d->draft.path == NULL) return;
  spool_there(d->file);
  document_draft_moved(&d->draft);
}

/* Of many jobs: their submissions find it there. */
static DWORD publish(struct document *d) {
  if (d->draft.path == NULL) return ERROR_SUCCESS;
  DWORD error = spool_publish(d->file, d->draft.path);
  if (error == ERROR_SUCCESS) document_arrived(d);
  return error;
}

static DWORD note_source(struct document *d, const struct fax_document *ask) {
  struct document_options options = {.resolution = ask->resolution,
                                     .paper = ask->paper};
  return document_source(ask->files, ask->file_count, &options, d->source);
}

DWORD document_make(struct connection *c, HANDLE owner,
                    const struct fax_document *ask, HANDLE *handle_out,
                    struct document **document_out) {
  struct document *d;
  DWORD error = document_draw(c, ask, &d);
  if (error != ERROR_SUCCESS) return error;
  error = note_source(d, ask);
  if (error == ERROR_SUCCESS) error = publish(d);
  if (error == ERROR_SUCCESS && handle_out != NULL)
    error = handle_open(HANDLE_DOCUMENT, d, owner, handle_out);
  if (error == ERROR_SUCCESS && document_out != NULL)
    *document_out = d;
  else
    mem_unref(d);
  return error;
}
