/* SPDX-License-Identifier: MIT
   FaxGetPageData, FaxReadDocument: the first page of an outgoing job
   (JOB-69..71), and all of them. */
#include "document/document.h"
#include "service/state.h"

/* With the lock: the document of the job, held. */
static DWORD document_of(struct connection *c, DWORD id,
                         struct document **document_out) {
  const struct job *j = job_find(c->service, id);
  if (j == NULL || !access_sees_job(c, j))
    return error_say(ERROR_INVALID_PARAMETER, "there is no job %u", id);
  if (j->type != JT_SEND)
    return error_say(ERROR_INVALID_DATA, "job %u is not to be sent", id);
  *document_out = mem_ref(j->document);
  return ERROR_SUCCESS;
}

static DWORD find_document(struct connection *c, DWORD id,
                           struct document **document_out) {
  DWORD error = service_enter(c->service);
  if (error != ERROR_SUCCESS) return error;
  error = document_of(c, id, document_out);
  service_leave(c->service);
  return error;
}

DWORD job_page(struct connection *c, DWORD id, BYTE **data_out, DWORD *size_out,
               DWORD *width_out, DWORD *height_out) {
  struct document *d = NULL;
  DWORD error = find_document(c, id, &d);
  if (error != ERROR_SUCCESS) return error;
  error = document_page(d->path, data_out, size_out, width_out, height_out);
  mem_unref(d);
  return error;
}

DWORD document_file(const struct document *d, const struct fax_file *ask,
                    BYTE **data_out, DWORD *size_out) {
  return document_view(d->path, ask, d->path, data_out, size_out);
}

DWORD job_file(struct connection *c, DWORD id, const struct fax_file *ask,
               BYTE **data_out, DWORD *size_out) {
  struct document *d = NULL;
  DWORD error = find_document(c, id, &d);
  if (error != ERROR_SUCCESS) return error;
  error = document_file(d, ask, data_out, size_out);
  mem_unref(d);
  return error;
}
