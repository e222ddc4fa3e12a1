/* SPDX-License-Identifier: MIT
   The result of a job, decided or not. It outlives the queue's entry. */
#include "service/state.h"

static struct fax_job_result result_of(const struct job *j,
                                       const struct fax_attempt *attempts) {
  struct fax_job_result r = {.size = sizeof r,
                             .job_id = j->id,
                             .job_type = j->type,
                             .outcome = j->outcome,
                             .submitted = time_to_filetime(j->submitted),
                             .pages = j->pages,
                             .pages_confirmed = j->confirmed,
                             .user = j->user,
                             .path = j->path,
                             .remote_id = j->remote_id,
                             .bad_rows = j->bad_rows,
                             .cause = j->cause,
                             .attempt_count = j->attempt_count,
                             .attempts = attempts};
  if (j->finished != 0) r.finished = time_to_filetime(j->finished);
  r.number = j->params != NULL ? j->params->RecipientNumber : j->caller_id;
  r.document = j->params != NULL ? j->params->DocumentName : NULL;
  return r;
}

/* With the lock, unless nobody else has the job. */
static DWORD pack(const struct job *j, void **block_out) {
  struct fax_attempt *attempts =
      mem_alloc((j->attempt_count + 1) * sizeof *attempts);
  if (attempts == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  for (DWORD i = 0; i < j->attempt_count; i++) attempts[i] = *j->attempts[i];
  struct fax_job_result r = result_of(j, attempts);
  DWORD error = record_pack(&record_job_result, &r, 1, MEM_BUFFER, block_out);
  mem_free(attempts);
  return error;
}

static DWORD no_job(DWORD id) {
  return error_say(ERROR_INVALID_PARAMETER, "there is no job %u", id);
}

/* One that left the memory is nobody's but the caller's. */
static DWORD stored(struct connection *c, DWORD id, void **block_out) {
  struct job *j;
  DWORD error = result_read(c->service, id, &j);
  if (error != ERROR_SUCCESS) return error;
  if (j == NULL || !access_sees_job(c, j))
    error = no_job(id);
  else
    error = pack(j, block_out);
  mem_unref(j);
  return error;
}

DWORD job_result(struct connection *c, DWORD id,
                 struct fax_job_result **result_out) {
  void *block;
  DWORD error = service_enter(c->service);
  if (error != ERROR_SUCCESS) return error;
  const struct job *j = job_find_any(c->service, id);
  bool here = j != NULL;
  if (here) error = access_sees_job(c, j) ? pack(j, &block) : no_job(id);
  service_leave(c->service);
  if (!here) error = stored(c, id, &block);
  if (error == ERROR_SUCCESS) *result_out = block;
  return error;
}
