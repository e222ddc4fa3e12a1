/* SPDX-License-Identifier: MIT
   The control thread of an FSP: calls that the service asks for and must not
   wait for, and what has to wait for a worker. An FSP that does not come back
   from one of these holds up its own control thread, nobody else. */
#include "base/mem.h"
#include "base/thread.h"
#include "provider/fsp/fsp.h"

/* Each of these is called with fsp->lock held, and lets go of it for the call.
   False: there was nothing to do. */

static bool abort_next(struct fsp *fsp) {
  struct fsp_job *job;
  BOOL taken;

  if (list_empty(&fsp->abort_due)) return false;
  job = list_entry(fsp->abort_due.next, struct fsp_job, aborting);
  list_remove(&job->aborting);
  job->abort_running = true; /* keeps the job: its worker waits for it */
  pthread_mutex_unlock(&fsp->lock);
  taken = fsp->exports.abort_operation(job->handle);
  pthread_mutex_lock(&fsp->lock);
  job->abort_running = false;
  if (!taken) job->abort_asked = false; /* the next request tries again */
  clock_cond_broadcast(&fsp->changed);
  return true;
}

/* FSP-60: one call for each device. */
static bool enable_next(struct fsp *fsp) {
  if (!fsp->device_due) return false;
  fsp->device_due = false;
  for (DWORD i = 0; i < fsp->device_count; i++) {
    struct fsp_device device = fsp->devices[i];
    if (!device.due) continue;
    fsp->devices[i].due = false;
    pthread_mutex_unlock(&fsp->lock);
    fsp->line_callback(NULL, fsp->first_device + i, LINE_DEVSPECIFIC, 0,
                       device.receive, device.send, 0);
    pthread_mutex_lock(&fsp->lock);
  }
  return true;
}

static bool join_next(struct fsp *fsp) {
  struct fsp_job *job;

  if (list_empty(&fsp->join_due)) return false;
  job = list_entry(fsp->join_due.next, struct fsp_job, joining);
  list_remove(&job->joining);
  pthread_mutex_unlock(&fsp->lock);
  thread_join(job->worker);
  pthread_mutex_lock(&fsp->lock);
  list_remove(&job->link);
  clock_cond_broadcast(&fsp->changed);
  pthread_mutex_unlock(&fsp->lock);
  mem_unref(job);
  pthread_mutex_lock(&fsp->lock);
  return true;
}

static bool shut_down(struct fsp *fsp) {
  if (!fsp->shutdown_due || fsp->shut_down) return false;
  pthread_mutex_unlock(&fsp->lock);
  /* FSP-11: whatever it returns. */
  if (fsp->exports.shutdown != NULL) fsp->exports.shutdown();
  pthread_mutex_lock(&fsp->lock);
  fsp->shut_down = true;
  clock_cond_broadcast(&fsp->changed);
  return true;
}

void control_run(void *arg) {
  struct fsp *fsp = arg;

  pthread_mutex_lock(&fsp->lock);
  while (!fsp->quit)
    if (!abort_next(fsp) && !enable_next(fsp) && !join_next(fsp) &&
        !shut_down(fsp))
      clock_cond_wait(&fsp->changed, &fsp->lock, FAX_FOREVER);
  pthread_mutex_unlock(&fsp->lock);
  fsp_thread_ends(fsp);
}
