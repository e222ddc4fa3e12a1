/* SPDX-License-Identifier: MIT
   What an FSP asks and tells beyond faxdev.h: the port and the key of its
   FaxDevStartJob name the operation. */
#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "provider/fsp/fsp.h"
#include "provider/operation.h"

/* Counted; NULL: no such operation, or it is over. */
static struct fsp_job *job_of(HANDLE port, ULONG_PTR key) {
  struct fsp_job *job = key_find(key);
  bool live;

  if (job == NULL) return NULL;
  pthread_mutex_lock(&job->fsp->lock);
  live = !job->closed && job->fsp->port_handle == port;
  pthread_mutex_unlock(&job->fsp->lock);
  return live ? job : mem_unref(job);
}

static DWORD unknown(void) {
  return error_say(ERROR_INVALID_HANDLE,
                   "port and key name no operation under way");
}

DWORD operation_query(HANDLE port, ULONG_PTR key,
                      struct fax_operation *operation_inout) {
  struct fsp_job *job;
  size_t size;

  if (operation_inout == NULL || operation_inout->size < sizeof(DWORD))
    return error_say(ERROR_INVALID_PARAMETER, "no operation, or of no size");
  job = job_of(port, key);
  if (job == NULL) return unknown();
  size = progress_common(sizeof *operation_inout,
                         offsetof(struct fax_operation, called_number),
                         operation_inout->size);
  memcpy(operation_inout, fax_op_told(job->op), size);
  operation_inout->size = (DWORD)size; /* what was filled in */
  mem_unref(job);
  return ERROR_SUCCESS;
}

/* Takes what the progress holds. */
static DWORD post(struct fsp_job *job, struct fsp_note of) {
  struct fsp_note *note = mem_alloc(sizeof *note);
  DWORD code;

  if (note == NULL) {
    progress_clear(&of.progress);
    return ERROR_NOT_ENOUGH_MEMORY;
  }
  *note = of;
  note->job = mem_ref(job);
  code = status_note(job->fsp, note);
  if (code == ERROR_SUCCESS) return code;
  progress_clear(&note->progress);
  mem_free(note);
  mem_unref(job);
  return code;
}

DWORD operation_report(HANDLE port, ULONG_PTR key,
                       const struct fax_progress *progress) {
  struct fsp_note note = {.of_end = false};
  struct fsp_job *job;
  DWORD code;

  if (progress == NULL || progress->size < sizeof(DWORD))
    return error_say(ERROR_INVALID_PARAMETER, "no progress, or of no size");
  job = job_of(port, key);
  if (job == NULL) return unknown();
  progress_init(&note.progress);
  progress_merge(&note.progress, progress);
  code = post(job, note);
  mem_unref(job);
  return code;
}

/* Behind all that was reported before: through the same port. */
static DWORD ask(struct fsp_job *job, DWORD page) {
  struct fsp_note note = {.of_commit = true, .page = page};
  DWORD code, before;

  pthread_mutex_lock(&job->fsp->lock);
  before = job->asked;
  job->asked = page;
  pthread_mutex_unlock(&job->fsp->lock);
  if (before == page) return ERROR_SUCCESS;
  progress_init(&note.progress);
  code = post(job, note);
  if (code == ERROR_SUCCESS) return code;
  pthread_mutex_lock(&job->fsp->lock);
  job->asked = FAX_UNKNOWN; /* the next time asks again */
  pthread_mutex_unlock(&job->fsp->lock);
  return code;
}

DWORD operation_commit(HANDLE port, ULONG_PTR key, DWORD page,
                       fax_deadline until) {
  struct fsp_job *job = job_of(port, key);
  DWORD code;

  if (job == NULL) return unknown();
  code = ask(job, page);
  if (code == ERROR_SUCCESS && page != 0) code = op_await(job->op, page, until);
  mem_unref(job);
  return code;
}
