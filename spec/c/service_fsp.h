/* SPDX-License-Identifier: MIT
   An FSP whose calls end as the test says: by the number that is dialled, and
   by what is to be received. Loaded as "forward" (spec/c/fsp). */
#ifndef FAX_SPEC_SERVICE_FSP_H
#define FAX_SPEC_SERVICE_FSP_H

#include <fax/fax_clock.h>
#include <fax/fax_operation.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "fsp/script.h"
#include "pages.h"

#ifndef FSP_LINE_COUNT
#define FSP_LINE_COUNT 2
#endif
enum { FSP_FIRST = 10, FSP_LINES = FSP_LINE_COUNT };

/* ReceiverNumber */
#define FSP_COMPLETES "1"
#define FSP_BUSY "2"
#define FSP_LINE_AWAY "3"   /* FS_LINE_UNAVAILABLE */
#define FSP_WAITS "4"       /* for an abort, then FS_USER_ABORT */
#define FSP_STUCK "5"       /* until fsp_free_stuck */
#define FSP_TOO_LATE "6"    /* waits for an abort, and completes */
#define FSP_ONE_PAGE "7"    /* one more page; FS_DISCONNECTED but the last */
#define FSP_ALL_BUT_BYE "8" /* all pages, then FS_DISCONNECTED */
#define FSP_LACKS_ONE "9"   /* all but one page, and FS_COMPLETED */
#define FSP_BLACKLISTED "10"
#define FSP_ABORTS "11"    /* FS_USER_ABORT that nobody asked for */
#define FSP_LINE_BACK "12" /* FS_LINE_UNAVAILABLE, from then on complete */
#define FSP_OWN_CODE "13"
#define FSP_REPEATS "14" /* page 1 whatever it is asked, FS_DISCONNECTED */
#define FSP_DELAYED "15"
#define FSP_NO_ANSWER "16"
#define FSP_HANDLED "17"
#define FSP_BAD_NUMBER "18"
#define FSP_NO_TONE "19"
#define FSP_HANGS_UP "20"
#define FSP_FATAL "21"
#define FSP_NO_FAX "22"

/* In front of one of these: what comes before that end. */
#define FSP_ON_LET "00"   /* waits for fsp_let, or is aborted: FS_USER_ABORT */
#define FSP_ON_ABORT "01" /* waits for an abort */
#define FSP_SLOWLY "02"   /* takes a minute, or is aborted: FS_USER_ABORT */
#define FSP_LATE "03"     /* waits for an abort, and ten seconds more */
#define FSP_BUSY_FIRST "04" /* FS_BUSY in the first call of the run */
#define FSP_CONFIRMS "05"   /* one page more is confirmed */

#define FSP_NOTES "06"    /* the end of the next page is noted */
#define FSP_MAY_NOTE "07" /* it says that it will do so */
#define FSP_ANEW "08"     /* it begins with page 1, whatever it is asked */
#define FSP_HELD_PAGE 77  /* that a call that waits shows */

enum fsp_reception {
  FSP_WHOLE,   /* two pages */
  FSP_PART,    /* one page, then FS_DISCONNECTED */
  FSP_NOTHING, /* FS_DISCONNECTED */
  FSP_GARBAGE, /* FS_COMPLETED, and no fax in the file */
  FSP_NO_CALL, /* FS_LINE_UNAVAILABLE */
  FSP_HELD     /* one page, waits for an abort, FS_USER_ABORT */
};

struct fsp_call {
  DWORD device, status, confirmed, first;
  bool let;
  struct fax_cancel *aborted;
  HANDLE port;
  ULONG_PTR key;
};

static struct {
  struct fsp_call calls[FSP_LINES];
  HANDLE port; /* for rings */
  ULONG_PTR key;
  HANDLE heap;
  enum fsp_reception reception;
  const char *before; /* a reception ends: one of the above; NULL: nothing */
  DWORD pages;        /* of the documents that are sent */
  DWORD rings_on;     /* so many calls are followed by another at once */
  struct fax_cancel *freed;
  atomic_uint started, lines_told, first_page, away, busy, used[FSP_LINES];
  atomic_uint enabled[FSP_LINES];  /* as told last: 1 to receive, 2 to send */
  char branding[64], local_id[64]; /* of the last call that sent */
} fsp;

/* For what fsp_let looks at in calls. */
static pthread_mutex_t fsp_lock = PTHREAD_MUTEX_INITIALIZER;

FAX_EXPORT struct fsp_script fsp_script;

static inline void fsp_wait(struct fax_cancel *cancel) {
  while (!FaxCancelled(cancel)) FaxClockWait(FAX_FOREVER, cancel);
}

static inline BOOL fsp_create(LPDWORD count, LPTSTR name, LPDWORD first,
                              HANDLE port, ULONG_PTR key) {
  *count = FSP_LINES;
  strcpy(name, "script");
  *first = FSP_FIRST;
  fsp.port = port;
  fsp.key = key;
  return TRUE;
}

static inline void fsp_line(HANDLE handle, DWORD device, DWORD message,
                            DWORD_PTR instance, DWORD_PTR p1, DWORD_PTR p2,
                            DWORD_PTR p3) {
  (void)handle, (void)message, (void)instance, (void)p3;
  atomic_store(&fsp.enabled[device - FSP_FIRST],
               (p1 != 0 ? 1u : 0) + (p2 != 0 ? 2u : 0));
  atomic_fetch_add(&fsp.lines_told, 1);
}

static inline BOOL fsp_initialize(HLINEAPP app, HANDLE heap,
                                  PFAX_LINECALLBACK *callback,
                                  PFAX_SERVICE_CALLBACK service) {
  (void)app, (void)service;
  fsp.heap = heap;
  *callback = fsp_line;
  return TRUE;
}

static inline BOOL fsp_start(HLINE line, DWORD device, PHANDLE handle,
                             HANDLE port, ULONG_PTR key) {
  struct fsp_call *c = &fsp.calls[device - FSP_FIRST];
  (void)line;
  atomic_fetch_add(&fsp.started, 1);
  atomic_fetch_add(&fsp.used[device - FSP_FIRST], 1);
  pthread_mutex_lock(&fsp_lock);
  *c = (struct fsp_call){.device = device,
                         .status = FS_FATAL_ERROR,
                         .aborted = FaxCancelCreate(),
                         .port = port,
                         .key = key};
  pthread_mutex_unlock(&fsp_lock);
  if (c->aborted == NULL) return FALSE;
  *handle = c;
  return TRUE;
}

static inline void fsp_ring(DWORD device, DWORD rings) {
  LINEMESSAGE *m = FaxLocalAlloc(sizeof *m);
  if (m == NULL) return;
  m->hDevice = device;
  m->dwParam1 = LINEDEVSTATE_RINGING;
  m->dwParam3 = rings;
  if (!FaxPostCompletion(fsp.port, sizeof *m, fsp.key, m)) FaxLocalFree(m);
}

static inline BOOL fsp_end(HANDLE handle) {
  struct fsp_call *c = handle;
  DWORD device = c->device;
  pthread_mutex_lock(&fsp_lock);
  FaxCancelFree(c->aborted);
  c->aborted = NULL;
  pthread_mutex_unlock(&fsp_lock);
  if (fsp.rings_on != 0) {
    fsp.rings_on--;
    fsp_ring(device, 9);
  }
  return TRUE;
}

/* Lets the call on that line go on, if it is held. With the lock. */
static inline void fsp_let_call(int i) {
  if (fsp.calls[i].aborted == NULL) return;
  fsp.calls[i].let = true;
  FaxCancelSet(fsp.calls[i].aborted);
}

static inline void fsp_let_line(int i) {
  pthread_mutex_lock(&fsp_lock);
  fsp_let_call(i);
  pthread_mutex_unlock(&fsp_lock);
}

/* All that wait now: not the one that begins on another line when the first of
   them ends. */
static inline void fsp_let(void) {
  pthread_mutex_lock(&fsp_lock);
  for (int i = 0; i < FSP_LINES; i++) fsp_let_call(i);
  pthread_mutex_unlock(&fsp_lock);
}

static inline BOOL fsp_over(struct fsp_call *c, DWORD status) {
  c->status = status;
  return status == FS_COMPLETED || status == FS_HANDLED;
}

static inline BOOL fsp_confirm(struct fsp_call *c, DWORD pages, DWORD status) {
  struct fax_progress p = FAX_PROGRESS_INIT;
  p.pages_confirmed = pages;
  FaxOperationReport(c->port, c->key, &p);
  return fsp_over(c, status);
}

static inline void fsp_post(const struct fsp_call *c, DWORD status,
                            DWORD page) {
  FAX_DEV_STATUS *s = FaxHeapAlloc(fsp.heap, sizeof *s);
  if (s == NULL) return;
  memset(s, 0, sizeof *s);
  s->SizeOfStruct = sizeof *s;
  s->StatusId = status;
  s->PageCount = page;
  if (!FaxPostCompletion(c->port, sizeof *s, c->key, s))
    FaxHeapFree(fsp.heap, s);
}

static inline BOOL fsp_sleep(const struct fsp_call *c, int seconds, bool deaf) {
  return FaxClockWait(FaxClockNow() + seconds * INT64_C(1000000000),
                      deaf ? NULL : c->aborted);
}

static inline bool fsp_was_let(const struct fsp_call *c) {
  pthread_mutex_lock(&fsp_lock);
  bool let = c->let;
  pthread_mutex_unlock(&fsp_lock);
  return let;
}

/* What comes before the end; *number_inout gets the rest. Else the status with
   which it is over. */
static inline DWORD fsp_before(struct fsp_call *c, const char **number_inout) {
  while (**number_inout == '0') {
    char kind = (*number_inout)[1];
    *number_inout += 2;
    if (kind == FSP_CONFIRMS[1]) {
      fsp_confirm(c, ++c->confirmed, FS_FATAL_ERROR);
    } else if (kind == FSP_NOTES[1]) {
      DWORD page = c->first + c->confirmed;
      if (!FaxOperationCommit(c->port, c->key, page, FAX_FOREVER))
        return FS_FATAL_ERROR;
    } else if (kind == FSP_MAY_NOTE[1]) {
      FaxOperationCommit(c->port, c->key, 0, 0);
    } else if (kind == FSP_ANEW[1]) {
      c->first = 1;
    } else if (kind == FSP_BUSY_FIRST[1]) {
      if (atomic_fetch_add(&fsp.busy, 1) == 0) return FS_BUSY;
    } else if (kind == FSP_SLOWLY[1]) {
      if (!fsp_sleep(c, 60, false) && !fsp_was_let(c)) return FS_USER_ABORT;
    } else {
      fsp_post(c, FS_TRANSMITTING, FSP_HELD_PAGE); /* it has come this far */
      fsp_wait(c->aborted);
      if (kind == FSP_LATE[1]) fsp_sleep(c, 10, true);
      if (kind == FSP_ON_LET[1] && !fsp_was_let(c)) return FS_USER_ABORT;
    }
  }
  return 0;
}

/* The ends that are a status and no more. */
static inline DWORD fsp_status(const char *number) {
  static const struct {
    const char *number;
    DWORD status;
  } ends[] = {{FSP_COMPLETES, FS_COMPLETED},
              {FSP_BUSY, FS_BUSY},
              {FSP_LINE_AWAY, FS_LINE_UNAVAILABLE},
              {FSP_BLACKLISTED, FS_CALL_BLACKLISTED},
              {FSP_ABORTS, FS_USER_ABORT},
              {FSP_OWN_CODE, 0x80000001},
              {FSP_DELAYED, FS_CALL_DELAYED},
              {FSP_NO_ANSWER, FS_NO_ANSWER},
              {FSP_HANDLED, FS_HANDLED},
              {FSP_BAD_NUMBER, FS_BAD_ADDRESS},
              {FSP_NO_TONE, FS_NO_DIAL_TONE},
              {FSP_HANGS_UP, FS_DISCONNECTED},
              {FSP_FATAL, FS_FATAL_ERROR},
              {FSP_NO_FAX, FS_NOT_FAX_CALL}};
  for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
    if (strcmp(number, ends[i].number) == 0) return ends[i].status;
  return 0;
}

static inline void fsp_note(const struct fax_operation *told) {
  pthread_mutex_lock(&fsp_lock);
  snprintf(fsp.branding, sizeof fsp.branding, "%s",
           told->branding != NULL ? told->branding : "");
  snprintf(fsp.local_id, sizeof fsp.local_id, "%s",
           told->local_id != NULL ? told->local_id : "");
  pthread_mutex_unlock(&fsp_lock);
}

static inline BOOL fsp_send(HANDLE handle, PFAX_SEND send,
                            PFAX_SEND_CALLBACK callback) {
  struct fsp_call *c = handle;
  struct fax_operation told = {.size = sizeof told};
  const char *number = send->ReceiverNumber;
  (void)callback;
  FaxOperationQuery(c->port, c->key, &told);
  atomic_store(&fsp.first_page, c->first = told.first_page);
  fsp_note(&told);
  DWORD rest = fsp.pages + 1 - told.first_page;
  fsp_post(c, FS_DIALING, 0);
  fsp_post(c, FS_TRANSMITTING, told.first_page);
  DWORD status = fsp_before(c, &number);
  if (status == 0) status = fsp_status(number);
  if (status != 0) return fsp_over(c, status);
  if (strcmp(number, FSP_LINE_BACK) == 0)
    return fsp_over(c, atomic_fetch_add(&fsp.away, 1) == 0 ? FS_LINE_UNAVAILABLE
                                                           : FS_COMPLETED);
  if (strcmp(number, FSP_ONE_PAGE) == 0)
    return fsp_confirm(c, 1, rest == 1 ? FS_COMPLETED : FS_DISCONNECTED);
  if (strcmp(number, FSP_REPEATS) == 0)
    return fsp_confirm(c, 1, FS_DISCONNECTED);
  if (strcmp(number, FSP_ALL_BUT_BYE) == 0)
    return fsp_confirm(c, rest, FS_DISCONNECTED);
  if (strcmp(number, FSP_LACKS_ONE) == 0)
    return fsp_confirm(c, rest - 1, FS_COMPLETED);
  fsp_wait(strcmp(number, FSP_STUCK) == 0 ? fsp.freed : c->aborted);
  return fsp_over(
      c, strcmp(number, FSP_TOO_LATE) == 0 ? FS_COMPLETED : FS_USER_ABORT);
}

static inline BOOL fsp_write_garbage(const char *path) {
  FILE *file = fopen(path, "w");
  if (file == NULL) return FALSE;
  fputs("II*\0 this is no fax", file);
  return fclose(file) == 0;
}

/* `before` as in front of a number. */
static inline BOOL fsp_receive_as(struct fsp_call *c, const char *path,
                                  enum fsp_reception what, const char *before) {
  fsp_post(c, FS_RECEIVING, 1);
  bool aborted = fsp_before(c, &before) != 0;
  if (what == FSP_NO_CALL) return fsp_over(c, FS_LINE_UNAVAILABLE);
  if (what == FSP_NOTHING) return fsp_over(c, FS_DISCONNECTED);
  if (what == FSP_GARBAGE) {
    fsp_write_garbage(path);
    return fsp_over(c, FS_COMPLETED);
  }
  DWORD pages = what == FSP_WHOLE && !aborted ? 2 : 1;
  if (!pages_make(path, PAGES_SHORT, pages, 300, 196))
    return fsp_over(c, FS_FATAL_ERROR);
  if (aborted) return fsp_over(c, FS_USER_ABORT);
  if (what == FSP_WHOLE) return fsp_confirm(c, 2, FS_COMPLETED);
  if (what == FSP_PART) return fsp_confirm(c, 1, FS_DISCONNECTED);
  fsp_wait(c->aborted);
  return fsp_over(c, FS_USER_ABORT);
}

static inline BOOL fsp_receive(HANDLE handle, HCALL call,
                               PFAX_RECEIVE receive) {
  (void)call;
  return fsp_receive_as(handle, receive->FileName, fsp.reception,
                        fsp.before != NULL ? fsp.before : "");
}

static inline BOOL fsp_report(HANDLE handle, PFAX_DEV_STATUS status, DWORD size,
                              LPDWORD required) {
  const struct fsp_call *c = handle;
  (void)size;
  memset(status, 0, sizeof *status);
  status->SizeOfStruct = *required = sizeof *status;
  status->StatusId = c->status;
  return TRUE;
}

static inline BOOL fsp_abort(HANDLE handle) {
  struct fsp_call *c = handle;
  FaxCancelSet(c->aborted);
  return TRUE;
}

static inline HRESULT fsp_shutdown(void) {
  return S_OK;
}

/* Before the start. */
static inline void fsp_set(DWORD pages) {
  struct fax_cancel *freed = fsp.freed;
  memset(&fsp, 0, sizeof fsp);
  fsp.freed = freed;
  fsp.pages = pages;
  fsp_script = (struct fsp_script){.create = fsp_create,
                                   .initialize = fsp_initialize,
                                   .start_job = fsp_start,
                                   .end_job = fsp_end,
                                   .send = fsp_send,
                                   .receive = fsp_receive,
                                   .report = fsp_report,
                                   .abort = fsp_abort,
                                   .shutdown = fsp_shutdown};
}

#endif
