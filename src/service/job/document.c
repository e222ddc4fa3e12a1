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
  if (d->path != NULL && !d->keep && d->waiting == 0) disk_unlink(d->path);
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

static DWORD check(const struct fax_document *ask) {
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
  DWORD id = job_number(s);
  return document_new(
      id,
      mem_format("%s/%llx-%u.tif", s->spool, (unsigned long long)s->boot, id),
      document_out);
}

/* Without the lock: the files become pages in the spool. */
static DWORD prepare(struct document *d, const struct fax_document *ask) {
  struct document_options options = {.resolution = ask->resolution,
                                     .paper = ask->paper,
                                     .patience = ask->patience};
  struct document_info info;
  DWORD error =
      document_source(ask->files, ask->file_count, &options, d->source);
  if (error == ERROR_SUCCESS)
    error = document_prepare(ask->files, ask->file_count, &options, d->path,
                             &info, NULL);
  if (error != ERROR_SUCCESS) return error;
  d->keep = false;
  d->pages = info.pages;
  d->bytes = info.bytes;
  return ERROR_SUCCESS;
}

DWORD document_make(struct connection *c, HANDLE owner,
                    const struct fax_document *ask, HANDLE *handle_out,
                    struct document **document_out) {
  struct document *d;
  DWORD error = check(ask);
  if (error == ERROR_SUCCESS) error = access_check(c, FAX_JOB_SUBMIT);
  if (error == ERROR_SUCCESS) error = service_enter(c->service);
  if (error != ERROR_SUCCESS) return error;
  error = number(c->service, &d);
  service_leave(c->service);
  if (error != ERROR_SUCCESS) return error;
  error = prepare(d, ask);
  if (error == ERROR_SUCCESS && handle_out != NULL)
    error = handle_open(HANDLE_DOCUMENT, d, owner, handle_out);
  if (error == ERROR_SUCCESS && document_out != NULL)
    *document_out = d;
  else
    mem_unref(d);
  return error;
}
