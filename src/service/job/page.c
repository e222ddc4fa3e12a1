/* SPDX-License-Identifier: MIT
   FaxGetPageData: the first page of an outgoing job (JOB-69..71). */
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

DWORD job_page(struct connection *c, DWORD id, BYTE **data_out, DWORD *size_out,
               DWORD *width_out, DWORD *height_out) {
  struct document *d = NULL;
  DWORD error = service_enter(c->service);
  if (error != ERROR_SUCCESS) return error;
  error = document_of(c, id, &d);
  service_leave(c->service);
  if (error != ERROR_SUCCESS) return error;
  error = document_page(d->path, data_out, size_out, width_out, height_out);
  mem_unref(d);
  return error;
}
