/* SPDX-License-Identifier: MIT
   A provider for the specs of child processes: right, but for the calls whose
   number says how they go wrong, and for what fault=NAME does to its start and
   its end. Options: lines (4), pages (3: of each document), fault, file. */
#include <errno.h>
#include <fax/fax_clock.h>
#include <fax/fax_operation.h>
#include <fax/faxdev.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <sys/syscall.h>
#include <unistd.h>

#define FIRST 300
#define MOST 16

FAX_EXPORT const DWORD fax_provider_isolate = 2;

struct job {
  DWORD device;
  HANDLE port;
  ULONG_PTR key;
  struct fax_cancel *abort;
  struct fax_operation told;
  DWORD status;
};

static char fault[64], file[256];
static DWORD lines = 4, pages = 3;
static HANDLE ring_port;
static ULONG_PTR ring_key;
static int enabled[MOST]; /* 0: not told; 1 + receive + 2 * send */

static BOOL is(const char *name) {
  return strcmp(fault, name) == 0;
}

static BOOL begins(const char *number, const char *word) {
  return strncmp(number, word, strlen(word)) == 0;
}

/* ---- what goes wrong ---- */

/* As a real one, which neither libfax, which blocks it, nor a sanitizer, which
   catches it, keeps back. */
static void crash(void) {
  sigset_t set;
  signal(SIGSEGV, SIG_DFL);
  sigemptyset(&set);
  sigaddset(&set, SIGSEGV);
  pthread_sigmask(SIG_UNBLOCK, &set, NULL);
  raise(SIGSEGV);
}

static void hang(void) {
  for (;;) pause();
}

static void spin(void) {
  volatile unsigned n = 0;
  for (;;) n++;
}

/* Computes for a second, and looks at its abort flag now and then. */
static void compute(struct fax_cancel *abort) {
  struct timespec used = {0, 0};
  while (used.tv_sec == 0 && !FaxCancelled(abort))
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
}

static void *write_garbage(void *arg) {
  static const char line[] = "{\"method\":\"status\",\"params\":[]}\n";
  (void)arg;
  if (write(3, line, sizeof line - 1) < 0) abort();
  return NULL;
}

/* ---- the start ---- */

BOOL fax_provider_options(const char *const *options, char *message,
                          size_t size) {
  for (; *options != NULL; options++) {
    if (sscanf(*options, "lines=%u", &lines) == 1) continue;
    if (sscanf(*options, "pages=%u", &pages) == 1) continue;
    if (sscanf(*options, "fault=%63s", fault) == 1) continue;
    if (sscanf(*options, "file=%255s", file) == 1) continue;
    snprintf(message, size, "no such option: %s", *options);
    FaxSetLastError(ERROR_INVALID_PARAMETER);
    return FALSE;
  }
  if (is("crash_if_file") && access(file, F_OK) == 0) crash();
  if (is("fewer_if_file") && access(file, F_OK) == 0) lines--;
  return TRUE;
}

FAX_EXPORT BOOL FaxDevVirtualDeviceCreation(LPDWORD count, LPTSTR name,
                                            LPDWORD first, HANDLE port,
                                            ULONG_PTR key) {
  ring_port = port;
  ring_key = key;
  *count = lines;
  *first = FIRST;
  strcpy(name, "hosted line ");
  return TRUE;
}

static void line_told(HANDLE handle, DWORD device, DWORD message,
                      DWORD_PTR instance, DWORD_PTR receive, DWORD_PTR send,
                      DWORD_PTR p3) {
  (void)handle, (void)message, (void)instance, (void)p3;
  enabled[(device - FIRST) % MOST] = 1 + (receive != 0) + 2 * (send != 0);
}

FAX_EXPORT BOOL FaxDevInitialize(HLINEAPP app, HANDLE heap,
                                 PFAX_LINECALLBACK *callback,
                                 PFAX_SERVICE_CALLBACK service) {
  (void)app, (void)heap, (void)service;
  *callback = line_told;
  if (is("crash_in_initialize")) crash();
  if (is("hang_in_initialize")) hang();
  if (is("wait_in_initialize")) FaxClockWait(FaxClockNow() + FAX_SECOND, NULL);
  if (is("fail_in_initialize")) {
    FaxSetLastError(ERROR_BAD_CONFIGURATION);
    return FALSE;
  }
  return TRUE;
}

FAX_EXPORT HRESULT FaxDevShutdown(void) {
  if (is("hang_in_shutdown")) hang();
  if (is("crash_in_shutdown")) crash();
  return S_OK;
}

/* ---- calls ---- */

FAX_EXPORT BOOL FaxDevStartJob(HLINE line, DWORD device, PHANDLE handle,
                               HANDLE port, ULONG_PTR key) {
  struct job *job = calloc(1, sizeof *job);
  (void)line;
  job->device = device;
  job->port = port;
  job->key = key;
  job->abort = FaxCancelCreate();
  job->told.size = sizeof job->told;
  FaxOperationQuery(port, key, &job->told);
  *handle = job;
  return TRUE;
}

FAX_EXPORT BOOL FaxDevEndJob(HANDLE handle) {
  struct job *job = handle;
  FaxCancelFree(job->abort);
  free(job);
  return TRUE;
}

FAX_EXPORT BOOL FaxDevAbortOperation(HANDLE handle) {
  struct job *job = handle;
  FaxCancelSet(job->abort);
  return TRUE;
}

static void report(const struct job *job, DWORD confirmed) {
  struct fax_progress p = FAX_PROGRESS_INIT;
  p.page = job->told.first_page + confirmed;
  p.pages_confirmed = confirmed;
  FaxOperationReport(job->port, job->key, &p);
}

static void say(const struct job *job, const char *cause,
                const char *evidence) {
  struct fax_progress p = FAX_PROGRESS_INIT;
  p.cause = cause;
  p.evidence = evidence;
  FaxOperationReport(job->port, job->key, &p);
}

static void ring(DWORD device) {
  LINEMESSAGE *m = FaxLocalAlloc(sizeof *m);
  m->hDevice = device;
  m->dwParam1 = LINEDEVSTATE_RINGING;
  m->dwParam3 = 1;
  FaxPostCompletion(ring_port, sizeof *m, ring_key, m);
}

static void say_enabled(const struct job *job) {
  char text[2 * MOST + 1];
  for (DWORD i = 0; i < lines && i < MOST; i++)
    snprintf(text + 2 * i, 3, "%d ", enabled[i]);
  say(job, "told", text);
}

static void say_file(const struct job *job, const char *path) {
  char text[256] = "";
  for (size_t i = 0; path[i] != '\0' && i < sizeof text / 3; i++)
    snprintf(text + 3 * i, 4, "%02x ", (unsigned char)path[i]);
  say(job, "told", text);
}

static BOOL end(struct job *job, DWORD status) {
  job->status = status;
  return status == FS_COMPLETED;
}

static BOOL wait_for_page(struct fax_cancel *abort) {
  fax_deadline time = FaxClockIsVirtual() ? FAX_SECOND : FAX_SECOND / 100;
  return FaxClockWait(FaxClockNow() + time, abort);
}

/* One page after another, a second each, unless it is to go wrong there. */
static BOOL send_pages(struct job *job, BOOL crashes) {
  for (DWORD page = job->told.first_page; page <= pages; page++) {
    if (!wait_for_page(job->abort)) return end(job, FS_USER_ABORT);
    report(job, page + 1 - job->told.first_page);
    if (crashes && page == 1) {
      wait_for_page(NULL); /* until it was told, on the virtual clock */
      crash();
    }
  }
  return end(job, FS_COMPLETED);
}

/* The end of each page is noted before; in the first call it crashes with that
   of page 2 in doubt. */
static BOOL send_noted(struct job *job) {
  DWORD first = job->told.first_page;
  FaxOperationCommit(job->port, job->key, 0, 0);
  for (DWORD page = first; page <= pages; page++) {
    if (!FaxOperationCommit(job->port, job->key, page, FAX_FOREVER))
      return end(job, FS_FATAL_ERROR);
    if (page == 2 && first == 1) crash();
    report(job, page + 1 - first);
  }
  return end(job, FS_COMPLETED);
}

FAX_EXPORT BOOL FaxDevSend(HANDLE handle, PFAX_SEND send,
                           PFAX_SEND_CALLBACK callback) {
  struct job *job = handle;
  const char *number = send->ReceiverNumber;
  pthread_t thread;
  (void)callback;
  if (begins(number, "crash")) crash();
  if (begins(number, "exit")) exit(3);
  if (begins(number, "spin")) spin();
  if (begins(number, "deaf")) {
    say(job, "deaf", "it does not hear");
    hang();
  }
  if (begins(number, "stop")) kill(getpid(), SIGSTOP);
  /* Past TSan, for which it would be a race: the descriptor is the host's. */
  if (begins(number, "close")) syscall(SYS_close, 3), hang();
  if (begins(number, "garbage") &&
      pthread_create(&thread, NULL, write_garbage, NULL) == 0)
    hang();
  if (begins(number, "wait")) {
    say(job, "waits", "it waits");
    FaxClockWait(FAX_FOREVER, job->abort);
    return end(job, FS_USER_ABORT);
  }
  if (begins(number, "compute")) {
    compute(job->abort);
    return end(job, FaxCancelled(job->abort) ? FS_USER_ABORT : FS_COMPLETED);
  }
  if (begins(number, "enabled")) {
    say_enabled(job);
    return end(job, FS_NO_ANSWER);
  }
  if (begins(number, "file")) {
    say_file(job, send->FileName);
    return end(job, FS_NO_ANSWER);
  }
  if (begins(number, "ring"))
    for (DWORD i = 0; i < lines; i++) ring(FIRST + i);
  if (begins(number, "noted")) return send_noted(job);
  return send_pages(job, begins(number, "page1"));
}

FAX_EXPORT BOOL FaxDevReceive(HANDLE handle, HCALL call, PFAX_RECEIVE receive) {
  (void)call, (void)receive;
  return end(handle, FS_NOT_FAX_CALL);
}

FAX_EXPORT BOOL FaxDevReportStatus(HANDLE handle, PFAX_DEV_STATUS status,
                                   DWORD size, LPDWORD required) {
  struct job *job = handle;
  (void)size;
  memset(status, 0, sizeof *status);
  status->SizeOfStruct = sizeof *status;
  status->StatusId = job->status;
  *required = sizeof *status;
  return TRUE;
}
