/* SPDX-License-Identifier: MIT
   The attempts that a job keeps, each one block. */
#include "service/state.h"

struct fax_attempt attempt_blank(DWORD number, DWORD device_id) {
  return (struct fax_attempt){.number = number,
                              .device_id = device_id,
                              .pages_confirmed = FAX_UNKNOWN,
                              .rate = FAX_UNKNOWN,
                              .ecm = FAX_UNKNOWN,
                              .encoding = FAX_UNKNOWN,
                              .bad_rows = FAX_UNKNOWN,
                              .longest_bad_run = FAX_UNKNOWN,
                              .quality = FAX_UNKNOWN,
                              .transport = FAX_UNKNOWN,
                              .cause_class = FAX_UNKNOWN,
                              .decision = FAX_UNKNOWN,
                              .delay = FAX_UNKNOWN,
                              .doubt = 0,
                              .first_page = FAX_UNKNOWN};
}

DWORD attempt_append(struct job *j, const struct fax_attempt *record) {
  void *block;
  struct fax_attempt **list =
      mem_resize(j->attempts, (j->attempt_count + 1) * sizeof *j->attempts);
  if (list == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  j->attempts = list;
  DWORD error = record_pack(&record_attempt, record, 1, MEM_BUFFER, &block);
  if (error == ERROR_SUCCESS) j->attempts[j->attempt_count++] = block;
  return error;
}

DWORD attempt_replace(struct job *j, DWORD at,
                      const struct fax_attempt *record) {
  void *block;
  DWORD error = record_pack(&record_attempt, record, 1, MEM_BUFFER, &block);
  if (error != ERROR_SUCCESS) return error;
  mem_free_tagged(j->attempts[at], MEM_BUFFER);
  j->attempts[at] = block;
  return ERROR_SUCCESS;
}
