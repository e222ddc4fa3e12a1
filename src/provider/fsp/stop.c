/* SPDX-License-Identifier: MIT
   The threads of an FSP, from their start to their end, and its unloading. What
   cannot be ended in time stays as it is, loaded and in memory. */
#include "base/error.h"
#include "base/handle.h"
#include "base/mem.h"
#include "base/thread.h"
#include "provider/fsp/fsp.h"

void fsp_thread_ends(struct fsp *fsp) {
  pthread_mutex_lock(&fsp->lock);
  fsp->running--;
  clock_cond_broadcast(&fsp->changed);
  pthread_mutex_unlock(&fsp->lock);
}

/* Nothing reaches the status thread any more; it ends when all is taken. */
static void close_port(struct fsp *fsp) {
  mem_unref(handle_close(fsp->port_handle, HANDLE_COMPLETION));
  completion_close(fsp->port);
}

static DWORD start_thread(struct fsp *fsp, enum fsp_thread which,
                          const char *name, thread_fn *run) {
  DWORD code;

  pthread_mutex_lock(&fsp->lock);
  fsp->running++;
  pthread_mutex_unlock(&fsp->lock);
  code = thread_start(&fsp->threads[which], name, run, fsp);
  if (code == ERROR_SUCCESS)
    mem_ref(fsp->provider);
  else
    fsp_thread_ends(fsp);
  return code;
}

static void join(struct fsp *fsp, enum fsp_thread which) {
  thread_join(fsp->threads[which]);
  mem_unref(fsp->provider);
}

/* The control thread first: it makes no call on its own, while the other may
   tell the service of a ring that was waiting. */
DWORD fsp_threads_start(struct fsp *fsp) {
  DWORD code = start_thread(fsp, FSP_CONTROL, "fax-control", control_run);

  if (code != ERROR_SUCCESS) return code;
  code = start_thread(fsp, FSP_STATUS, "fax-status", status_run);
  if (code == ERROR_SUCCESS) return code;
  pthread_mutex_lock(&fsp->lock);
  fsp->quit = true;
  clock_cond_broadcast(&fsp->changed);
  pthread_mutex_unlock(&fsp->lock);
  join(fsp, FSP_CONTROL);
  return code;
}

void fsp_unload(struct fsp *fsp) {
  close_port(fsp);
  mem_unref(handle_close(fsp->heap_handle, HANDLE_HEAP));
  fsp->heap = mem_unref(fsp->heap);
  if (fsp->module != NULL) module_close(fsp->module);
  fsp->module = NULL;
}

/* With the lock: until no operation is left (FSP-12), and the FSP has shut
   down. False: the time is up. */
static bool wait_idle(struct fsp *fsp, fax_deadline until) {
  while (!list_empty(&fsp->jobs))
    if (!clock_cond_wait(&fsp->changed, &fsp->lock, until) &&
        !list_empty(&fsp->jobs))
      return false;
  fsp->shutdown_due = true;
  clock_cond_broadcast(&fsp->changed);
  while (!fsp->shut_down)
    if (!clock_cond_wait(&fsp->changed, &fsp->lock, until) && !fsp->shut_down)
      return false;
  fsp->quit = true;
  clock_cond_broadcast(&fsp->changed);
  return true;
}

static bool wait_threads(struct fsp *fsp, fax_deadline until) {
  bool ended = true;

  pthread_mutex_lock(&fsp->lock);
  while (fsp->running > 0 && ended)
    ended =
        clock_cond_wait(&fsp->changed, &fsp->lock, until) || fsp->running == 0;
  pthread_mutex_unlock(&fsp->lock);
  return ended;
}

BOOL fsp_stop(struct fax_provider *p, fax_deadline until) {
  struct fsp *fsp = fax_provider_data(p);
  bool idle;

  if (fsp->module == NULL) return TRUE; /* stopped before */
  pthread_mutex_lock(&fsp->lock);
  fsp->stopping = true;
  list_each(link, &fsp->jobs)
      fsp_job_abort(list_entry(link, struct fsp_job, link));
  idle = wait_idle(fsp, until);
  pthread_mutex_unlock(&fsp->lock);
  if (!idle) return FALSE;
  close_port(fsp);
  if (!wait_threads(fsp, until)) return FALSE;
  join(fsp, FSP_STATUS);
  join(fsp, FSP_CONTROL);
  fsp_unload(fsp);
  return TRUE;
}
