/* SPDX-License-Identifier: MIT
   A small provider that is right until the option fault=NAME makes it wrong in
   one way: what fax-fsp-check has to find. The number 100 answers. */
#include <fax/fax_clock.h>
#include <fax/fax_operation.h>
#include <fax/faxdev.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FIRST 50
#define OWN_STATUS 0x1001

struct job {
  HANDLE port;
  ULONG_PTR key;
  struct fax_cancel *abort;
  _Atomic DWORD status;
  _Atomic DWORD error;
};

static const char *fault = "";
static HANDLE heap, ring_port;
static ULONG_PTR ring_key;
static struct job last; /* a copy of the job that was begun last */
static void *kept;

static BOOL is(const char *name) {
  return strcmp(fault, name) == 0;
}

static void hang(void) {
  for (;;) pause();
}

static void *live_on(void *arg) {
  (void)arg;
  hang();
  return NULL;
}

BOOL fax_provider_options(const char *const *options, char *message,
                          size_t size) {
  static char text[64];
  for (; *options != NULL; options++) {
    if (strncmp(*options, "fault=", 6) == 0) {
      snprintf(text, sizeof text, "%s", *options + 6);
      fault = text;
    } else if (!is("takes_any_option")) {
      snprintf(message, size, "there is fault= only");
      FaxSetLastError(ERROR_INVALID_PARAMETER);
      return FALSE;
    }
  }
  return TRUE;
}

BOOL fax_provider_string(DWORD id, char *text, size_t size) {
  snprintf(text, size, "a text");
  return id == 1;
}

FAX_EXPORT BOOL FaxDevVirtualDeviceCreation(LPDWORD count, LPTSTR name,
                                            LPDWORD first, HANDLE port,
                                            ULONG_PTR key) {
  ring_port = port;
  ring_key = key;
  *count = is("no_devices") ? 0 : 2;
  *first = is("no_prefix") ? 0 : FIRST;
  strcpy(name, is("bad_name") ? "\xc3\x28" : "faulty ");
  return TRUE;
}

static void line(HANDLE handle, DWORD device, DWORD message, DWORD_PTR instance,
                 DWORD_PTR p1, DWORD_PTR p2, DWORD_PTR p3) {
  (void)handle, (void)message, (void)instance, (void)p1, (void)p2, (void)p3;
  if (is("hangs_in_callback") && device == FIRST + 1) hang();
}

FAX_EXPORT BOOL FaxDevInitialize(HLINEAPP app, HANDLE heap_handle,
                                 PFAX_LINECALLBACK *callback,
                                 PFAX_SERVICE_CALLBACK service) {
  pthread_t thread;
  (void)app, (void)service;
  heap = heap_handle;
  *callback = line;
  if (is("hangs_in_initialize")) hang();
  if (is("leaves_thread")) pthread_create(&thread, NULL, live_on, NULL);
  return TRUE;
}

static DWORD post(const struct job *job, DWORD status) {
  FAX_DEV_STATUS *s = is("foreign_block") ? calloc(1, sizeof *s + 8)
                                          : FaxHeapAlloc(heap, sizeof *s + 8);
  s->SizeOfStruct = is("wrong_struct") ? 7 : sizeof *s;
  s->StatusId = status;
  s->ErrorCode = is("early_error") ? ERROR_BUSY : NO_ERROR;
  s->CSI = memcpy(s + 1, "1", 2);
  if (is("foreign_text")) s->CSI = fault == NULL ? NULL : (char *)&last;
  if (is("no_utf8")) memcpy(s + 1, "\xff", 2);
  FaxPostCompletion(is("foreign_port") ? heap : job->port,
                    is("wrong_size") ? 10 : (DWORD)(sizeof *s + 8),
                    is("foreign_key") ? job->key + 1 : job->key, s);
  return status;
}

FAX_EXPORT HRESULT FaxDevShutdown(void) {
  if (is("packet_after_end") && last.port != NULL) post(&last, FS_DIALING);
  last.port = NULL;
  return S_OK;
}

FAX_EXPORT BOOL FaxDevStartJob(HLINE line_handle, DWORD device, PHANDLE handle,
                               HANDLE port, ULONG_PTR key) {
  struct job *job = calloc(1, sizeof *job);
  (void)line_handle;
  if (device - FIRST > 1) {
    free(job);
    FaxSetLastError(ERROR_BAD_UNIT);
    return FALSE;
  }
  job->port = port;
  job->key = key;
  job->abort = FaxCancelCreate();
  job->status = FS_INITIALIZING;
  last.port = port;
  last.key = key;
  *handle = is("null_handle") ? NULL : job;
  if (is("one_handle")) *handle = &last;
  return !is("start_fails");
}

FAX_EXPORT BOOL FaxDevEndJob(HANDLE handle) {
  struct job *job = handle;
  if (is("leaks_job")) return TRUE;
  if (is("hangs_in_end")) hang();
  if (job == &last) return TRUE;
  FaxCancelFree(job->abort);
  free(job);
  return TRUE;
}

FAX_EXPORT BOOL FaxDevAbortOperation(HANDLE handle) {
  struct job *job = handle;
  if (is("hangs_in_abort")) hang();
  if (!is("deaf")) FaxCancelSet(job->abort);
  return TRUE;
}

static BOOL end(struct job *job, DWORD status, DWORD error) {
  job->status = status;
  job->error = error;
  if (!is("no_last_error")) FaxSetLastError(error);
  return error == NO_ERROR;
}

static void ring(void) {
  LINEMESSAGE *m = FaxLocalAlloc(sizeof *m);
  m->hDevice = FIRST + 7;
  m->dwParam1 = LINEDEVSTATE_RINGING;
  FaxPostCompletion(ring_port, sizeof *m, ring_key, m);
}

/* What goes wrong before the call is over. */
static void misbehave(struct job *job) {
  struct fax_progress p = FAX_PROGRESS_INIT;
  if (is("crashes_in_send")) raise(SIGSEGV);
  if (is("exits_in_send")) _exit(0);
  if (is("leaks")) kept = FaxHeapAlloc(heap, 16);
  if (is("leaks_file")) dup(0);
  if (is("rings_nowhere")) ring();
  if (is("reports_nonsense")) {
    p.remote_id = "\xff";
    FaxOperationReport(job->port, job->key, &p);
  }
  if (is("reports_events_without_end")) {
    struct fax_t30_event event = {.frame = "DIS"};
    memset(event.details, 'x', sizeof event.details);
    p.timeline = &event;
    p.timeline_count = 1;
    FaxOperationReport(job->port, job->key, &p);
  }
  if (is("reports_foreign_key"))
    FaxOperationReport(job->port, job->key + 1, &p);
}

FAX_EXPORT BOOL FaxDevSend(HANDLE handle, PFAX_SEND send,
                           PFAX_SEND_CALLBACK callback) {
  struct job *job = handle;
  BOOL wanted = callback(handle, 0, is("wrong_callback"), 0);
  misbehave(job);
  job->status = post(job, FS_DIALING);
  if (strcmp(send->ReceiverNumber, "100") != 0)
    return end(job, FS_BAD_ADDRESS, ERROR_INVALID_PARAMETER);
  if (access(send->FileName, R_OK) != 0 && !is("needs_no_document"))
    return end(job, FS_FATAL_ERROR, ERROR_FILE_NOT_FOUND);
  job->status = post(job, FS_TRANSMITTING);
  if (is("deaf")) hang();
  if ((!FaxClockWait(FaxClockNow() + 30 * FAX_MILLISECOND, job->abort) ||
       !wanted) &&
      !is("heedless"))
    return end(job, is("aborts_as_busy") ? FS_BUSY : FS_USER_ABORT,
               ERROR_OPERATION_ABORTED);
  if (is("never_sends")) return end(job, FS_BUSY, ERROR_BUSY);
  if (is("own_status")) {
    end(job, OWN_STATUS, NO_ERROR);
    return FALSE;
  }
  if (is("contradicts")) return end(job, FS_BUSY, NO_ERROR);
  if (is("ends_twice")) {
    post(job, FS_COMPLETED);
    post(job, FS_COMPLETED);
  }
  return end(job, FS_COMPLETED, NO_ERROR);
}

FAX_EXPORT BOOL FaxDevReceive(HANDLE handle, HCALL call, PFAX_RECEIVE receive) {
  struct job *job = handle;
  (void)call;
  if (is("writes_behind_block"))
    memset((char *)(receive + 1) + FAXDEVRECEIVE_SIZE, 0, 1);
  if (is("crashes_in_receive")) abort();
  if (FaxCancelled(job->abort))
    return end(job, FS_USER_ABORT, ERROR_OPERATION_ABORTED);
  return end(job, is("receives_nothing") ? FS_COMPLETED : FS_LINE_UNAVAILABLE,
             is("receives_nothing") ? NO_ERROR : ERROR_BUSY);
}

FAX_EXPORT BOOL FaxDevReportStatus(HANDLE handle, PFAX_DEV_STATUS status,
                                   DWORD size, LPDWORD required) {
  struct job *job = handle;
  *required = is("reports_small_size") ? 4 : sizeof *status;
  if (status == NULL && size == 0) return !is("refuses_question");
  if (size < sizeof *status && !is("takes_small_buffer")) {
    FaxSetLastError(ERROR_INSUFFICIENT_BUFFER);
    return FALSE;
  }
  if (is("report_fails")) return FALSE;
  memset(status, 0, sizeof *status);
  status->SizeOfStruct = sizeof *status + is("reports_wrong_struct");
  status->StatusId = job->status;
  status->ErrorCode = job->error;
  if (is("writes_behind_buffer"))
    memset((char *)(status + 1) + FAXDEVREPORTSTATUS_SIZE, 0, 1);
  return TRUE;
}
