/* SPDX-License-Identifier: MIT
   A stand-in for the service that drives the loopback provider by its exports,
   on the virtual clock: lines, their operations on threads, what was posted. */
#ifndef FAX_SPEC_LOOPBACK_STAGE_H
#define FAX_SPEC_LOOPBACK_STAGE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <dlfcn.h>
#include <fax/fax_clock.h>
#include <fax/fax_operation.h>
#include <fax/faxdev.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/thread.h"
#include "folder.h"
#include "pages.h"

#define STAGE_FIRST_DEVICE 11
#define STAGE_KEY 77

struct stage {
  void *library;
  HANDLE rings, heap;
  DWORD lines;
  bool memory_failed;
  PFAX_LINECALLBACK callback;
  char directory[FOLDER_SIZE], source[96];
  BOOL (*options)(const char *const *, char *, size_t);
  BOOL (*create)(LPDWORD, LPTSTR, LPDWORD, HANDLE, ULONG_PTR);
  BOOL(*initialize)
  (HLINEAPP, HANDLE, PFAX_LINECALLBACK *, PFAX_SERVICE_CALLBACK);
  BOOL (*start)(HLINE, DWORD, PHANDLE, HANDLE, ULONG_PTR);
  BOOL (*end)(HANDLE);
  BOOL (*send)(HANDLE, PFAX_SEND, PFAX_SEND_CALLBACK);
  BOOL (*receive)(HANDLE, HCALL, PFAX_RECEIVE);
  BOOL (*report)(HANDLE, PFAX_DEV_STATUS, DWORD, LPDWORD);
  BOOL (*abort)(HANDLE);
  HRESULT (*shutdown)(void);
};

/* An operation on a line, and what came of it. */
struct act {
  struct stage *stage;
  DWORD line; /* from one */
  HANDLE handle, port;
  const char *number; /* NULL: it receives */
  long fail_after;    /* allocations from its begin on that succeed; 0: all */
  char target[96];
  pthread_t thread;
  struct fax_cancel *over;
  BOOL ok;
  DWORD error;
  union {
    FAX_RECEIVE order;
    char room[sizeof(FAX_RECEIVE) + FAXDEVRECEIVE_SIZE];
  } receive;
  union {
    FAX_DEV_STATUS status;
    char room[sizeof(FAX_DEV_STATUS) + FAXDEVREPORTSTATUS_SIZE];
  } last;
  DWORD seen[64]; /* StatusId of the packets */
  size_t seen_count;
  DWORD pages_seen;
  char csi[32], caller[32];
};

static inline void stage_find(struct stage *s, const char *name, void *at) {
  void *symbol = dlsym(s->library, name);
  assert_non_null(symbol);
  memcpy(at, &symbol, sizeof symbol);
}

static inline void stage_load(struct stage *s) {
  char path[600];
  ssize_t n = readlink("/proc/self/exe", path, 500);
  assert_true(n > 0);
  path[n] = '\0';
  for (int up = 0; up < 2; up++) *strrchr(path, '/') = '\0';
  strcat(path, "/fax/fsp/loopback.so");
  s->library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (s->library == NULL) fail_msg("%s", dlerror());
  stage_find(s, "fax_provider_options", &s->options);
  stage_find(s, "FaxDevVirtualDeviceCreation", &s->create);
  stage_find(s, "FaxDevInitialize", &s->initialize);
  stage_find(s, "FaxDevStartJob", &s->start);
  stage_find(s, "FaxDevEndJob", &s->end);
  stage_find(s, "FaxDevSend", &s->send);
  stage_find(s, "FaxDevReceive", &s->receive);
  stage_find(s, "FaxDevReportStatus", &s->report);
  stage_find(s, "FaxDevAbortOperation", &s->abort);
  stage_find(s, "FaxDevShutdown", &s->shutdown);
}

static inline void stage_open(struct stage *s, const char *const *options) {
  char message[200] = "", prefix[FAXDEV_NAME_PREFIX_SIZE];
  DWORD first = 0;
  memset(s, 0, sizeof *s);
  stage_load(s);
  assert_true(FaxClockVirtual(1700000000 * FAX_SECOND));
  assert_true(folder_make(s->directory));
  snprintf(s->source, sizeof s->source, "%s/sent.tif", s->directory);
  assert_true(pages_make(s->source, PAGES_SHORT, 2, PAGES_A4_STANDARD, 98));
  s->rings = FaxCreateCompletionPort();
  s->heap = FaxHeapCreate();
  assert_true(s->options(options, message, sizeof message));
  assert_true(s->create(&s->lines, prefix, &first, s->rings, STAGE_KEY));
  assert_string_equal(prefix, "loopback line ");
  assert_int_equal(first, STAGE_FIRST_DEVICE);
  assert_true(s->initialize(0, s->heap, &s->callback, NULL));
}

static inline void stage_close(struct stage *s) {
  struct fax_packet packet;
  DWORD taken;
  assert_false(FaxGetCompletions(s->rings, &packet, 1, &taken, 0));
  assert_int_equal(s->shutdown(), S_OK);
  assert_true(FaxCloseCompletionPort(s->rings));
  assert_true(FaxHeapDestroy(s->heap));
  unlink(s->source);
  assert_int_equal(rmdir(s->directory), 0);
  assert_true(FaxClockReal());
  dlclose(s->library);
  assert_int_equal(mem_live(), 0);
}

static inline void stage_enable(struct stage *s, DWORD line, bool receive) {
  s->callback(NULL, STAGE_FIRST_DEVICE + line - 1, LINE_DEVSPECIFIC, 0, receive,
              1, 0);
}

/* The next ring: how many times so far; its line goes to *line_out. */
static inline DWORD stage_ring(struct stage *s, DWORD *line_out) {
  struct fax_packet packet;
  DWORD taken;
  assert_true(FaxGetCompletions(s->rings, &packet, 1, &taken, FAX_FOREVER));
  LINEMESSAGE *m = packet.packet;
  assert_int_equal(packet.key, STAGE_KEY);
  assert_int_equal(packet.bytes, sizeof *m);
  assert_int_equal(m->dwMessageID, 0);
  assert_int_equal(m->dwParam1, LINEDEVSTATE_RINGING);
  *line_out = m->hDevice - STAGE_FIRST_DEVICE + 1;
  DWORD rings = (DWORD)m->dwParam3;
  assert_null(FaxLocalFree(m));
  return rings;
}

/* ---- operations ---- */

/* Allocations succeed again; did one fail? */
static inline void stage_memory_back(struct stage *s) {
  s->memory_failed |= mem_failed() != 0;
  mem_fail_after(-1);
}

static inline void act_run(void *arg) {
  struct act *a = arg;
  if (a->fail_after != 0) mem_fail_after(a->fail_after - 1);
  if (a->number != NULL) {
    FAX_SEND order = {.SizeOfStruct = sizeof order,
                      .FileName = a->stage->source,
                      .CallerNumber = (char[]){"+1 555 0100"},
                      .ReceiverNumber = (char *)(uintptr_t)a->number};
    a->ok = a->stage->send(a->handle, &order, NULL);
  } else {
    FAX_RECEIVE *r = &a->receive.order;
    r->SizeOfStruct = sizeof *r;
    r->FileName = (char *)(r + 1);
    strcpy(r->FileName, a->target);
    a->ok = a->stage->receive(a->handle, 0, r);
  }
  a->error = FaxGetLastError();
  if (a->fail_after != 0) stage_memory_back(a->stage);
  FaxCancelSet(a->over);
}

static inline void act_start(struct act *a, struct stage *s, DWORD line,
                             const char *number) {
  memset(a, 0, sizeof *a);
  a->stage = s;
  a->line = line;
  a->number = number;
  a->port = FaxCreateCompletionPort();
  a->over = FaxCancelCreate();
  assert_non_null(a->port);
  assert_non_null(a->over);
  assert_true(
      s->start(0, STAGE_FIRST_DEVICE + line - 1, &a->handle, a->port, line));
  if (number == NULL) {
    snprintf(a->target, sizeof a->target, "%s/%u.tif", s->directory,
             (unsigned)line);
    int fd = open(a->target, O_WRONLY | O_CREAT, 0600);
    assert_true(fd >= 0);
    close(fd);
  }
}

static inline void act_go(struct act *a) {
  assert_int_equal(thread_start(&a->thread, "act", act_run, a), 0);
}

static inline void act_begin(struct act *a, struct stage *s, DWORD line,
                             const char *number) {
  act_start(a, s, line, number);
  act_go(a);
}

static inline void act_keep(struct act *a, const struct fax_packet *packet) {
  FAX_DEV_STATUS *status = packet->packet;
  assert_int_equal(packet->key, a->line);
  assert_int_equal(status->SizeOfStruct, sizeof *status);
  assert_true(packet->bytes >= sizeof *status);
  assert_int_equal(status->ErrorCode, NO_ERROR);
  assert_true(a->seen_count < 64);
  a->seen[a->seen_count++] = status->StatusId;
  if (status->PageCount > a->pages_seen) a->pages_seen = status->PageCount;
  if (status->CSI != NULL) snprintf(a->csi, sizeof a->csi, "%s", status->CSI);
  if (status->CallerId != NULL)
    snprintf(a->caller, sizeof a->caller, "%s", status->CallerId);
  assert_true(FaxHeapFree(a->stage->heap, status));
}

/* Until this status came. */
static inline void act_wait(struct act *a, DWORD status) {
  struct fax_packet packet;
  DWORD taken;
  do {
    assert_true(FaxGetCompletions(a->port, &packet, 1, &taken, FAX_FOREVER));
    act_keep(a, &packet);
  } while (a->seen[a->seen_count - 1] != status);
}

/* The end, as the service makes it. */
static inline void act_end(struct act *a) {
  struct fax_packet packet;
  DWORD taken, size = 0;
  FaxClockWait(FAX_FOREVER, a->over);
  pthread_join(a->thread, NULL);
  while (FaxGetCompletions(a->port, &packet, 1, &taken, 0))
    act_keep(a, &packet);
  assert_true(a->stage->report(a->handle, NULL, 0, &size));
  assert_in_range(size, sizeof(FAX_DEV_STATUS), sizeof a->last);
  assert_false(a->stage->report(a->handle, &a->last.status, size - 1, &size));
  assert_int_equal(FaxGetLastError(), ERROR_INSUFFICIENT_BUFFER);
  assert_true(
      a->stage->report(a->handle, &a->last.status, sizeof a->last, &size));
  assert_int_equal(a->last.status.SizeOfStruct, sizeof(FAX_DEV_STATUS));
  assert_int_equal(a->last.status.ErrorCode, a->error);
  assert_int_equal(a->ok, a->last.status.StatusId == FS_COMPLETED);
  assert_int_equal(a->ok, a->error == ERROR_SUCCESS);
  assert_true(a->stage->end(a->handle));
  assert_false(a->stage->end(a->handle));
  assert_int_equal(FaxGetLastError(), ERROR_INVALID_HANDLE);
  assert_true(FaxCloseCompletionPort(a->port));
  FaxCancelFree(a->over);
}

/* The end with that status; the received file goes with it. */
static inline void act_expect(struct act *a, DWORD status) {
  act_end(a);
  assert_int_equal(a->last.status.StatusId, status);
  if (a->number == NULL) unlink(a->target);
}

static inline void act_expect_pages(struct act *a, const struct stage *s,
                                    unsigned pages) {
  act_end(a);
  assert_int_equal(a->last.status.StatusId, FS_COMPLETED);
  assert_int_equal(pages_count(a->target), pages);
  for (unsigned i = 0; i < pages; i++)
    assert_true(pages_same(s->source, i, a->target, i));
  unlink(a->target);
}

#endif
