/* SPDX-License-Identifier: MIT
   The file of one fax of the archive, as it is or in another form. */
#include "document/document.h"
#include "service/archive/archive.h"
#include "service/archive/list.h"

/* Takes the fax. What is made of it is made in the spool, which a start
   sweeps. */
static DWORD read_file(struct connection *c, struct fax_archived *fax,
                       const struct fax_file *ask, BYTE **data_out,
                       DWORD *size_out) {
  char *beside = mem_format("%s/view", c->service->spool);
  DWORD error = beside != NULL
                    ? document_view(fax->path, ask, beside, data_out, size_out)
                    : ERROR_NOT_ENOUGH_MEMORY;
  mem_free(beside);
  mem_free_tagged(fax, MEM_BUFFER);
  return error;
}

DWORD archive_file(struct connection *c, DWORD id, const struct fax_file *ask,
                   BYTE **data_out, DWORD *size_out) {
  struct fax_archived *fax;
  DWORD error = archive_read(c, id, &fax);
  return error == ERROR_SUCCESS ? read_file(c, fax, ask, data_out, size_out)
                                : error;
}

DWORD inbox_file(struct connection *c, DWORD job, const struct fax_file *ask,
                 BYTE **data_out, DWORD *size_out) {
  struct fax_archived *fax;
  DWORD error = access_check(c, FAX_JOB_QUERY);
  if (error == ERROR_SUCCESS)
    error = archive_find_one(c, FAX_ARCHIVE_RECEIVED, "job_id", job, &fax);
  if (error == ERROR_NOT_FOUND)
    error = error_say(ERROR_INVALID_PARAMETER,
                      "there is no fax of job %u in the inbox", job);
  return error == ERROR_SUCCESS ? read_file(c, fax, ask, data_out, size_out)
                                : error;
}
