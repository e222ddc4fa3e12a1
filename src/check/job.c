/* SPDX-License-Identifier: MIT
   One operation, called as the service calls it (FSP-20): FaxDevSend and
   FaxDevReceive on a thread of their own, the rest on the case's. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "check/check.h"

pthread_mutex_t world = PTHREAD_MUTEX_INITIALIZER;
pthread_cond_t changed;

static struct job jobs[MOST_JOBS];
static size_t job_count;

enum { GUARD = 64, GUARD_BYTE = 0xa5 };

struct job *job_of(ULONG_PTR key) {
  for (size_t i = 0; i < job_count; i++)
    if (jobs[i].key == key) return &jobs[i];
  return NULL;
}

static struct job *enter(DWORD device) {
  struct job *j;

  pthread_mutex_lock(&world);
  if (job_count == MOST_JOBS) fail("the check itself has too many jobs");
  j = &jobs[job_count++];
  memset(j, 0, sizeof *j);
  j->device = device;
  j->key = (ULONG_PTR)j ^ (ULONG_PTR)0x33330000u;
  pthread_mutex_unlock(&world);
  return j;
}

/* FSP-22: what is there before is no handle, NULL is none either. */
static void set_handle(struct job *j, HANDLE handle, const void *before) {
  if (handle == before)
    fail("FaxDevStartJob succeeded and gave no handle (FSP-22)");
  if (handle == NULL) fail("FaxDevStartJob gave NULL for a handle (FSP-22)");
  pthread_mutex_lock(&world);
  for (size_t i = 0; i < job_count; i++)
    if (&jobs[i] != j && !jobs[i].ending && jobs[i].handle == handle)
      fail("two jobs under way have the same handle (FSP-22)");
  j->handle = handle;
  pthread_mutex_unlock(&world);
}

struct job *job_start(DWORD index) {
  static char none;
  struct job *j = enter(module.first_device + index);
  HANDLE handle = &none;
  BOOL done = FALSE;

  WATCHED("FaxDevStartJob", settings.limit,
          done = module.start_job(0, j->device, &handle, module.port, j->key));
  if (!done)
    fail("FaxDevStartJob failed on device %u: %s", (unsigned)j->device,
         FaxErrorText(FaxGetLastError()));
  set_handle(j, handle, &none);
  return j;
}

void job_told(const struct job *j, struct fax_operation *out) {
  memset(out, 0, sizeof *out);
  out->size = sizeof *out;
  out->job_id = (DWORD)(j - jobs) + 1;
  out->device_id = j->device;
  out->ecm = 1;
  out->first_page = 1;
  out->called_number = j->send != NULL ? j->send->ReceiverNumber : NULL;
  out->local_id = "+1 555 0100";
}

/* ---- the thread ---- */

static void begin(struct job *j, const char *call) {
  pthread_mutex_lock(&world);
  watch_enter(&j->watched, call, settings.call_limit);
  if (j->aborted) watch_abort(&j->watched, settings.abort_limit);
  pthread_mutex_unlock(&world);
  FaxSetLastError(ERROR_SUCCESS);
}

static struct job *by_handle(HANDLE handle) {
  for (size_t i = job_count; i > 0; i--)
    if (jobs[i - 1].handle == handle && jobs[i - 1].running)
      return &jobs[i - 1];
  return NULL;
}

static BOOL CALLBACK send_callback(HANDLE handle, HCALL call, DWORD reserved1,
                                   DWORD reserved2) {
  struct job *j;
  BOOL wanted;

  (void)call;
  pthread_mutex_lock(&world);
  j = by_handle(handle);
  if (j == NULL) fail("FaxSendCallback with a handle of no send (FSP-38)");
  if (reserved1 != 0 || reserved2 != 0)
    fail("FaxSendCallback with reserved parameters that are not 0 (FSP-38)");
  j->called = true;
  wanted = !j->refuse && !j->aborted;
  if (j->refuse) watch_abort(&j->watched, settings.abort_limit);
  pthread_cond_broadcast(&changed);
  pthread_mutex_unlock(&world);
  return wanted;
}

static void finish(struct job *j, BOOL ok, DWORD error) {
  pthread_mutex_lock(&world);
  watch_leave(&j->watched);
  j->ok = ok;
  j->error = error;
  j->running = false;
  j->over = true;
  pthread_cond_broadcast(&changed);
  pthread_mutex_unlock(&world);
}

static void *send_thread(void *arg) {
  struct job *j = arg;
  BOOL ok;

  begin(j, "FaxDevSend");
  ok = module.send(j->handle, j->send, send_callback);
  finish(j, ok, FaxGetLastError());
  return NULL;
}

static void *receive_thread(void *arg) {
  struct job *j = arg;
  BOOL ok;

  begin(j, "FaxDevReceive");
  ok = module.receive(j->handle, 0, (PFAX_RECEIVE)(void *)j->receive_block);
  finish(j, ok, FaxGetLastError());
  return NULL;
}

static void run(struct job *j, void *(*thread)(void *)) {
  pthread_mutex_lock(&world);
  j->running = true;
  pthread_mutex_unlock(&world);
  if (pthread_create(&j->thread, NULL, thread, j) != 0)
    fail("the check itself cannot start a thread");
}

void job_send(struct job *j, const char *number, const char *file) {
  PFAX_SEND s = calloc(1, sizeof *s);

  s->SizeOfStruct = sizeof *s;
  s->FileName = strdup(file);
  s->CallerName = strdup("Check");
  s->CallerNumber = strdup("+1 555 0100");
  s->ReceiverName = NULL; /* may be */
  s->ReceiverNumber = strdup(number);
  j->sends = true;
  j->send = s;
  run(j, send_thread);
}

void job_receive(struct job *j) {
  size_t size = sizeof(FAX_RECEIVE) + FAXDEVRECEIVE_SIZE;
  char *block = calloc(1, size + GUARD);
  PFAX_RECEIVE r = (PFAX_RECEIVE)(void *)block;
  int file;

  snprintf(j->file, sizeof j->file, "%s/received-%d-%zu.tif", settings.folder,
           (int)getpid(), (size_t)(j - jobs));
  file = open(j->file, O_CREAT | O_WRONLY | O_TRUNC, 0600); /* FSP-41 */
  if (file >= 0) close(file);
  memset(block + size, GUARD_BYTE, GUARD);
  r->SizeOfStruct = sizeof *r;
  r->FileName = strcpy(block + sizeof *r, j->file);
  j->receive_block = block;
  run(j, receive_thread);
}

/* ---- waiting ---- */

/* A limit of its own: what is called is watched anyway. */
static bool wait_change(int64_t until) {
  struct timespec t = {(time_t)(until / FAX_SECOND),
                       (long)(until % FAX_SECOND)};

  return pthread_cond_timedwait(&changed, &world, &t) == 0 ||
         watch_now() < until;
}

static bool wait_until(struct job *j, unsigned packets, unsigned page,
                       int64_t until) {
  bool over;

  pthread_mutex_lock(&world);
  while (!j->over && j->packets < packets && j->page < page)
    if (!wait_change(until)) break;
  over = j->over;
  pthread_mutex_unlock(&world);
  return over;
}

static int64_t far(void) {
  return watch_now() + 86400 * (int64_t)FAX_SECOND;
}

bool job_wait(struct job *j, unsigned packets) {
  return wait_until(j, packets, UINT32_MAX, far());
}

bool job_wait_page(struct job *j, unsigned page) {
  return wait_until(j, UINT32_MAX, page, far());
}

bool job_wait_for(struct job *j, unsigned milliseconds) {
  return wait_until(j, UINT32_MAX, UINT32_MAX,
                    watch_now() + milliseconds * (int64_t)FAX_MILLISECOND);
}

void job_abort(struct job *j) {
  pthread_mutex_lock(&world);
  j->aborted = true;
  if (j->running && j->watched.call != NULL)
    watch_abort(&j->watched, settings.abort_limit);
  pthread_mutex_unlock(&world);
  WATCHED("FaxDevAbortOperation", settings.limit,
          module.abort_operation(j->handle));
}

/* ---- how it ended ---- */

void job_report(struct job *j, FAX_DEV_STATUS **status_out) {
  const size_t size = sizeof(FAX_DEV_STATUS) + FAXDEVREPORTSTATUS_SIZE;
  unsigned char *block = calloc(1, size + GUARD);
  FAX_DEV_STATUS *status = (FAX_DEV_STATUS *)(void *)block;
  DWORD required = 0;
  BOOL done = FALSE;

  memset(block + size, GUARD_BYTE, GUARD);
  WATCHED(
      "FaxDevReportStatus", settings.limit,
      done = module.report_status(j->handle, status, (DWORD)size, &required));
  if (!done)
    fail("FaxDevReportStatus failed: %s", FaxErrorText(FaxGetLastError()));
  for (size_t i = 0; i < GUARD; i++)
    if (block[size + i] != GUARD_BYTE)
      fail("FaxDevReportStatus wrote behind its buffer (FSP-57)");
  status_check(RULE_REPORT, status, size);
  *status_out = status;
}

static void check_receive(const struct job *j) {
  const PFAX_RECEIVE r = (PFAX_RECEIVE)(void *)j->receive_block;
  size_t size = sizeof *r + FAXDEVRECEIVE_SIZE;
  size_t behind = sizeof *r + strlen(j->file) + 1;

  for (size_t i = 0; i < GUARD; i++)
    if ((unsigned char)j->receive_block[size + i] != GUARD_BYTE)
      fail("FaxDevReceive wrote behind its block (FSP-43)");
  text_sound(RULE_TEXTS, "ReceiverNumber", r->ReceiverNumber, r, behind, size);
  text_sound(RULE_TEXTS, "ReceiverName", r->ReceiverName, r, behind, size);
}

DWORD job_result(struct job *j) {
  const char *call = j->sends ? "FaxDevSend" : "FaxDevReceive";
  FAX_DEV_STATUS *status;
  DWORD id;

  pthread_join(j->thread, NULL);
  if (!j->sends) check_receive(j);
  held(RULE_LAST_ERROR);
  if (!j->ok && j->error == ERROR_SUCCESS)
    breach(RULE_LAST_ERROR, "%s failed without one", call);
  job_report(j, &status);
  id = status->StatusId;
  free(status);
  if (j->ok && id != FS_COMPLETED && id != FS_HANDLED)
    fail("%s said success, FaxDevReportStatus 0x%08x (FSP-40)", call,
         (unsigned)id);
  if (!j->ok && (!status_is_final(id) || id == FS_COMPLETED))
    fail("%s said failure, FaxDevReportStatus 0x%08x (FSP-40)", call,
         (unsigned)id);
  return id;
}

static void free_blocks(struct job *j) {
  if (j->send != NULL) {
    free(j->send->FileName);
    free(j->send->CallerName);
    free(j->send->CallerNumber);
    free(j->send->ReceiverNumber);
  }
  free(j->send);
  free(j->receive_block);
  j->send = NULL;
  j->receive_block = NULL;
}

void job_end(struct job *j) {
  BOOL done = FALSE;

  pthread_mutex_lock(&world);
  j->ending = true; /* its handle may be another's while it is in there */
  pthread_mutex_unlock(&world);
  WATCHED("FaxDevEndJob", settings.limit, done = module.end_job(j->handle));
  if (!done) fail("FaxDevEndJob failed: %s", FaxErrorText(FaxGetLastError()));
  pthread_mutex_lock(&world);
  j->ended = true;
  free_blocks(j);
  pthread_mutex_unlock(&world);
}
