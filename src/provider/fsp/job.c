/* SPDX-License-Identifier: MIT
   One operation at an FSP: made, aborted, ended. The calls into the FSP are in
   worker.c and control.c. */
#include <time.h>

#include "base/error.h"
#include "base/mem.h"
#include "base/thread.h"
#include "provider/fsp/fsp.h"

static void job_destroy(void *object) {
  struct fsp_job *job = object;

  mem_free(job->send);
  mem_free(job->receive);
  mem_free(job->report);
  progress_clear(&job->last);
  progress_clear(&job->weak);
  mem_unref(job->op);
}

static DWORD job_new(struct fsp *fsp, struct fax_op *op,
                     struct fsp_job **job_out) {
  struct fsp_job *job = mem_new(sizeof *job, job_destroy);
  DWORD code;

  if (job == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  progress_init(&job->last);
  progress_init(&job->weak);
  progress_init(&job->end.progress);
  list_init(&job->keyed);
  list_init(&job->link);
  list_init(&job->aborting);
  list_init(&job->joining);
  list_init(&job->end.link);
  job->end.of_end = true;
  job->asked = FAX_UNKNOWN;
  job->fsp = fsp;
  job->op = fax_op_ref(op);
  job->status = FS_FATAL_ERROR;
  code = blocks_make(job);
  if (code != ERROR_SUCCESS) {
    mem_unref(job);
    return code;
  }
  *job_out = job;
  return ERROR_SUCCESS;
}

/* Under fsp->lock: both the worker's number is known and its work is over. */
static void join_if_over(struct fsp_job *job) {
  if (!job->over || !job->worker_known) return;
  list_append(&job->fsp->join_due, &job->joining);
  clock_cond_broadcast(&job->fsp->changed);
}

static bool list_job(struct fsp_job *job) {
  struct fsp *fsp = job->fsp;
  bool open;

  pthread_mutex_lock(&fsp->lock);
  open = !fsp->stopping;
  if (open) list_append(&fsp->jobs, &job->link);
  pthread_mutex_unlock(&fsp->lock);
  return open;
}

static void unlist_job(struct fsp_job *job) {
  struct fsp *fsp = job->fsp;

  key_remove(job);
  pthread_mutex_lock(&fsp->lock);
  list_remove(&job->link);
  list_remove(&job->aborting);
  clock_cond_broadcast(&fsp->changed);
  pthread_mutex_unlock(&fsp->lock);
}

/* The list of jobs has the first reference: the control thread lets go of it
   when it has joined the worker. The end packet has another. */
DWORD fsp_job_start(struct fsp *fsp, struct fax_op *op) {
  struct fsp_job *job;
  pthread_t worker;
  DWORD code = job_new(fsp, op, &job);

  if (code != ERROR_SUCCESS) return code;
  if (!list_job(job)) {
    mem_unref(job);
    return ERROR_SHUTDOWN_IN_PROGRESS;
  }
  key_enter(job);
  job->end.job = mem_ref(job);
  code = thread_start(&worker, "fax-operation", fsp_job_work, job);
  if (code != ERROR_SUCCESS) {
    unlist_job(job);
    mem_unref(job->end.job);
    mem_unref(job);
    return ERROR_NOT_ENOUGH_MEMORY;
  }
  pthread_mutex_lock(&fsp->lock);
  job->worker = worker;
  job->worker_known = true;
  join_if_over(job);
  pthread_mutex_unlock(&fsp->lock);
  return ERROR_SUCCESS;
}

void fsp_job_abort(struct fsp_job *job) {
  job->abort_wanted = true;
  if (!job->busy || job->abort_asked) return;
  job->abort_asked = true;
  list_append(&job->fsp->abort_due, &job->aborting);
  clock_cond_broadcast(&job->fsp->changed);
}

/* Puts the weak beneath the rest: what the extension said goes before it. */
static void merge_weak(struct fsp_job *job) {
  struct fax_progress known = job->weak; /* borrows */

  pthread_mutex_lock(&job->fsp->lock);
  if (job->page_said) known.page = FAX_UNKNOWN;
  if (job->id_said) known.remote_id = NULL;
  if (job->why_said || job->last.evidence != NULL) known.evidence = NULL;
  pthread_mutex_unlock(&job->fsp->lock);
  progress_merge(&job->last, &known);
}

bool fsp_job_keep_ring(struct fsp *fsp, DWORD device_id, DWORD rings) {
  bool kept = false;

  pthread_mutex_lock(&fsp->lock);
  list_each(link, &fsp->jobs) {
    struct fsp_job *job = list_entry(link, struct fsp_job, link);
    if (!job->ending || job->over ||
        fax_op_told(job->op)->device_id != device_id)
      continue;
    if (job->rang < rings || job->rang == 0) job->rang = rings != 0 ? rings : 1;
    kept = true;
  }
  pthread_mutex_unlock(&fsp->lock);
  return kept;
}

void fsp_job_end(struct fsp_job *job) {
  struct fsp *fsp = job->fsp;
  DWORD device_id = fax_op_told(job->op)->device_id, rang;

  key_remove(job);
  merge_weak(job);
  fax_op_end(job->op, job->status, &job->last);
  pthread_mutex_lock(&fsp->lock);
  job->over = true;
  rang = job->rang;
  join_if_over(job);
  pthread_mutex_unlock(&fsp->lock);
  if (rang != 0) fax_provider_ring(fsp->provider, device_id, rang, NULL);
}

/* ---- what the service asks of the provider ---- */

static DWORD start(struct fax_provider *p, struct fax_op *op) {
  return fsp_job_start(fax_provider_data(p), op);
}

static void abort_op(struct fax_provider *p, struct fax_op *op) {
  struct fsp *fsp = fax_provider_data(p);

  pthread_mutex_lock(&fsp->lock);
  list_each(link, &fsp->jobs) {
    struct fsp_job *job = list_entry(link, struct fsp_job, link);
    if (job->op == op && !job->over) fsp_job_abort(job);
  }
  pthread_mutex_unlock(&fsp->lock);
}

/* With the lock. */
static bool look_at(struct fsp_job *job, struct op_work *work_out) {
  struct timespec used;

  if (!job->at_work || clock_gettime(job->cpu, &used) != 0) return false;
  work_out->signs = atomic_load(&job->signs);
  work_out->cpu = used.tv_sec * FAX_SECOND + used.tv_nsec;
  return true;
}

bool op_work(struct fax_provider *p, struct fax_op *op,
             struct op_work *work_out) {
  struct fsp *fsp = fax_provider_data(p);
  bool found = false;

  if (p->ops != &fsp_ops) return false;
  pthread_mutex_lock(&fsp->lock);
  list_each(link, &fsp->jobs) {
    struct fsp_job *job = list_entry(link, struct fsp_job, link);
    if (job->op == op) found = look_at(job, work_out);
  }
  pthread_mutex_unlock(&fsp->lock);
  return found;
}

static void enable(struct fax_provider *p, DWORD device_id, BOOL receive,
                   BOOL send) {
  struct fsp *fsp = fax_provider_data(p);
  DWORD index = device_id - fsp->first_device;

  if (fsp->line_callback == NULL || index >= fsp->device_count) return;
  pthread_mutex_lock(&fsp->lock);
  fsp->devices[index].receive = receive;
  fsp->devices[index].send = send;
  fsp->devices[index].due = true;
  fsp->device_due = true;
  clock_cond_broadcast(&fsp->changed);
  pthread_mutex_unlock(&fsp->lock);
}

const struct fax_provider_ops fsp_ops = {
    .start = start, .abort = abort_op, .enable = enable, .stop = fsp_stop};
