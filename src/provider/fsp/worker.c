/* SPDX-License-Identifier: MIT
   The thread of one operation: StartJob, Send or Receive, ReportStatus, EndJob,
   in this order (FSP-20). Holds no lock in a call of the FSP. */
#include "base/log.h"
#include "base/mem.h"
#include "base/sign.h"
#include "provider/fsp/fsp.h"

/* What FaxDevStartJob has to replace. */
static char no_handle;

/* The operation whose FaxDevSend runs on this thread. */
static _Thread_local struct fsp_job *sending;

/* FSP-39; FSP-38 asks no more of it, there are no call events here. */
static BOOL CALLBACK send_callback(HANDLE fax_handle, HCALL call,
                                   DWORD reserved1, DWORD reserved2) {
  bool wanted;

  (void)call;
  (void)reserved1;
  (void)reserved2;
  sign_note();
  if (sending == NULL) return !key_terminated(fax_handle);
  pthread_mutex_lock(&sending->fsp->lock);
  wanted = sending->abort_wanted;
  pthread_mutex_unlock(&sending->fsp->lock);
  return !wanted;
}

static bool abort_wanted(struct fsp_job *job) {
  bool wanted;

  pthread_mutex_lock(&job->fsp->lock);
  wanted = job->abort_wanted;
  pthread_mutex_unlock(&job->fsp->lock);
  return wanted;
}

/* False: nothing was started, and FaxDevEndJob must not follow (FSP-30). */
static bool start_job(struct fsp_job *job) {
  struct fsp *fsp = job->fsp;
  HANDLE handle = &no_handle;

  FaxSetLastError(ERROR_SUCCESS);
  if (!fsp->exports.start_job(0, fax_op_told(job->op)->device_id, &handle,
                              fsp->port_handle, job->key)) {
    verdict_of_start(job, FaxGetLastError(), abort_wanted(job));
    return false;
  }
  if (handle == &no_handle) {
    verdict_fault(job, "FaxDevStartJob succeeded and gave no handle");
    return false;
  }
  pthread_mutex_lock(&fsp->lock);
  job->handle = handle;
  job->open = true;
  pthread_mutex_unlock(&fsp->lock);
  return true;
}

/* False: it was aborted before it began. */
static bool begin(struct fsp_job *job) {
  pthread_mutex_lock(&job->fsp->lock);
  job->busy = !job->abort_wanted;
  pthread_mutex_unlock(&job->fsp->lock);
  return job->busy;
}

/* No abort is asked for any more; one being asked for now has come back when
   this returns, so that it never meets a handle that has ended. */
static void finish(struct fsp_job *job) {
  struct fsp *fsp = job->fsp;

  pthread_mutex_lock(&fsp->lock);
  job->busy = false;
  list_remove(&job->aborting);
  while (job->abort_running)
    clock_cond_wait(&fsp->changed, &fsp->lock, FAX_FOREVER);
  pthread_mutex_unlock(&fsp->lock);
}

/* Into job->report; false: it failed, or what it wrote is no status. */
static bool report(struct fsp_job *job) {
  const DWORD size = sizeof(FAX_DEV_STATUS) + FAXDEVREPORTSTATUS_SIZE;
  DWORD required = 0;

  if (!job->fsp->exports.report_status(job->handle, job->report, size,
                                       &required))
    return false;
  if (job->report->SizeOfStruct != sizeof(FAX_DEV_STATUS)) return false;
  blocks_status_trim(job->report, size);
  return true;
}

static void operate(struct fsp_job *job) {
  const struct fsp_exports *e = &job->fsp->exports;
  bool ok, reported;

  if (fax_op_kind(job->op) == FAX_OP_SEND) {
    sending = job;
    ok = e->send(job->handle, job->send, send_callback);
    sending = NULL;
  } else {
    ok = e->receive(job->handle, 0, job->receive);
  }
  finish(job);
  reported = report(job);
  verdict_of_operation(job, ok, reported, abort_wanted(job));
}

static void end_job(struct fsp_job *job) {
  pthread_mutex_lock(&job->fsp->lock);
  job->ending = true;
  pthread_mutex_unlock(&job->fsp->lock);
  if (!job->fsp->exports.end_job(job->handle))
    log_line(LOG_OTHER, FAX_LOG_WARN, "provider",
             "FaxDevEndJob failed provider=%s", job->fsp->name);
  pthread_mutex_lock(&job->fsp->lock);
  job->open = false;
  pthread_mutex_unlock(&job->fsp->lock);
}

/* What this thread does can be looked at, by op_work. */
static void begin_work(struct fsp_job *job) {
  clockid_t cpu;

  sign_watch(&job->signs);
  if (pthread_getcpuclockid(pthread_self(), &cpu) != 0) return;
  pthread_mutex_lock(&job->fsp->lock);
  job->cpu = cpu;
  job->at_work = true;
  pthread_mutex_unlock(&job->fsp->lock);
}

void fsp_job_work(void *arg) {
  struct fsp_job *job = arg;

  begin_work(job);
  if (abort_wanted(job)) {
    verdict_aborted(job);
  } else if (start_job(job)) {
    if (begin(job))
      operate(job);
    else
      verdict_aborted(job);
    end_job(job);
  }
  pthread_mutex_lock(&job->fsp->lock);
  job->closed = true;
  job->at_work = false;
  pthread_mutex_unlock(&job->fsp->lock);
  /* A port that the FSP closed carries nothing: then the end comes from here.
   */
  if (status_note(job->fsp, &job->end) != ERROR_SUCCESS) {
    fsp_job_end(job);
    mem_unref(job->end.job);
  }
}
