/* SPDX-License-Identifier: MIT
   What the tests of src/provider share: a play of what happened, in order, that
   a test can wait for; the service's callbacks, which write it; and an FSP that
   does everything right until a test replaces one of its parts. */
#ifndef FAX_SPEC_PROVIDER_STAGE_H
#define FAX_SPEC_PROVIDER_STAGE_H

#include "test.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include <fax/faxwin.h>

#include "base/clock.h"
#include "base/error.h"
#include "fsp/script.h"
#include "provider/provider.h"

enum { PLAY_SIZE = 1 << 16, FIRST_DEVICE = 10 };

/* How long a test waits for what must come; a failed test, no timing. */
#define PATIENCE (60 * FAX_SECOND)

FAX_EXPORT struct fsp_script fsp_script;

struct stage {
  pthread_mutex_t lock;
  struct clock_cond changed;
  char play[PLAY_SIZE]; /* "create initialize start ..." */
  bool gate_open;
  struct fax_progress last; /* of the last status or end; numbers only */
  char cause[64], evidence[256], remote_id[64], advice[64];

  /* What the FSP was given. */
  HANDLE ring_port, heap, port;
  ULONG_PTR ring_key, key;
  PFAX_SEND_CALLBACK callback;
  BOOL result;      /* of Send and Receive */
  DWORD status;     /* of ReportStatus */
  bool waits;       /* Send and Receive wait for the gate */
  bool abort_opens; /* AbortOperation opens it */
};

static struct stage stage = {.lock = PTHREAD_MUTEX_INITIALIZER};

__attribute__((format(printf, 1, 2))) static inline void note(
    const char *format, ...) {
  va_list args;
  size_t used;

  pthread_mutex_lock(&stage.lock);
  used = strlen(stage.play);
  va_start(args, format);
  vsnprintf(stage.play + used, sizeof stage.play - used, format, args);
  va_end(args);
  strncat(stage.play, " ", sizeof stage.play - strlen(stage.play) - 1);
  clock_cond_broadcast(&stage.changed);
  pthread_mutex_unlock(&stage.lock);
}

static inline int count_of(const char *word) {
  int count = 0;
  char spaced[128];

  snprintf(spaced, sizeof spaced, "%s ", word);
  for (const char *p = stage.play; (p = strstr(p, spaced)) != NULL; p++)
    if (p == stage.play || p[-1] == ' ') count++;
  return count;
}

static inline int played(const char *word) {
  int count;

  pthread_mutex_lock(&stage.lock);
  count = count_of(word);
  pthread_mutex_unlock(&stage.lock);
  return count;
}

/* Waits until `word` was written `times` times. */
static inline void await_times(const char *word, int times) {
  fax_deadline until = FaxClockNow() + PATIENCE;
  bool came = true;

  pthread_mutex_lock(&stage.lock);
  while (count_of(word) < times && came)
    came = clock_cond_wait(&stage.changed, &stage.lock, until);
  pthread_mutex_unlock(&stage.lock);
  if (!came) fail_msg("%s did not come: %s", word, stage.play);
}

static inline void await(const char *word) {
  await_times(word, 1);
}

static inline void open_gate(void) {
  pthread_mutex_lock(&stage.lock);
  stage.gate_open = true;
  clock_cond_broadcast(&stage.changed);
  pthread_mutex_unlock(&stage.lock);
}

static inline void pass_gate(void) {
  pthread_mutex_lock(&stage.lock);
  while (!stage.gate_open)
    clock_cond_wait(&stage.changed, &stage.lock, FAX_FOREVER);
  pthread_mutex_unlock(&stage.lock);
}

/* ---- the service's side ---- */

static inline void keep_text(char *to, size_t size, const char *text) {
  snprintf(to, size, "%s", text == NULL ? "" : text);
}

static inline void keep(const struct fax_progress *progress) {
  pthread_mutex_lock(&stage.lock);
  stage.last = *progress;
  keep_text(stage.cause, sizeof stage.cause, progress->cause);
  keep_text(stage.evidence, sizeof stage.evidence, progress->evidence);
  keep_text(stage.remote_id, sizeof stage.remote_id, progress->remote_id);
  keep_text(stage.advice, sizeof stage.advice, progress->advice);
  pthread_mutex_unlock(&stage.lock);
}

static inline void on_status(void *arg, DWORD status,
                             const struct fax_progress *progress) {
  (void)arg;
  if (progress != NULL) keep(progress);
  note("status:%x", (unsigned)status);
}

static inline void on_caller(void *arg, const char *caller_id,
                             const char *routing) {
  (void)arg;
  note("caller:%s:%s", caller_id != NULL ? caller_id : "-",
       routing != NULL ? routing : "-");
}

static inline void on_ended(void *arg, DWORD status,
                            const struct fax_progress *last) {
  (void)arg;
  keep(last);
  note("ended:%x", (unsigned)status);
}

static inline void on_released(void *arg) {
  (void)arg;
  note("released");
}

static inline void on_ring(void *arg, const struct fax_provider *p,
                           DWORD device, DWORD rings, const char *caller_id) {
  (void)arg;
  (void)p;
  (void)caller_id;
  note("ring:%u:%u", (unsigned)device, (unsigned)rings);
}

static const struct provider_events stage_events = {
    on_status, on_caller, on_ended, on_released, on_ring, NULL};

/* ---- an FSP that does everything right ---- */

static inline BOOL right_options(const char *const *options, char *message,
                                 size_t size) {
  (void)message;
  (void)size;
  note("options");
  for (; *options != NULL; options++) note("option:%s", *options);
  return TRUE;
}

static inline BOOL right_create(LPDWORD count, LPTSTR name, LPDWORD first,
                                HANDLE port, ULONG_PTR key) {
  note("create");
  *count = 2;
  strcpy(name, "line ");
  *first = FIRST_DEVICE;
  stage.ring_port = port;
  stage.ring_key = key;
  return TRUE;
}

static inline void right_line(HANDLE handle, DWORD device, DWORD message,
                              DWORD_PTR instance, DWORD_PTR p1, DWORD_PTR p2,
                              DWORD_PTR p3) {
  assert_null(handle);
  assert_int_equal(instance, 0);
  assert_int_equal(p3, 0);
  note("line:%u:%u:%u:%u", (unsigned)device, (unsigned)message, (unsigned)p1,
       (unsigned)p2);
}

static inline BOOL right_initialize(HLINEAPP app, HANDLE heap,
                                    PFAX_LINECALLBACK *callback,
                                    PFAX_SERVICE_CALLBACK service) {
  (void)app;
  (void)service;
  note("initialize");
  stage.heap = heap;
  *callback = right_line;
  return TRUE;
}

static inline BOOL right_start(HLINE line, DWORD device, PHANDLE handle,
                               HANDLE port, ULONG_PTR key) {
  (void)line;
  pthread_mutex_lock(&stage.lock);
  stage.port = port;
  stage.key = key;
  pthread_mutex_unlock(&stage.lock);
  *handle = (HANDLE)(uintptr_t)device;
  note("start:%u", (unsigned)device);
  return TRUE;
}

static inline BOOL right_end(HANDLE handle) {
  note("end:%u", (unsigned)(uintptr_t)handle);
  return TRUE;
}

static inline BOOL right_send(HANDLE handle, PFAX_SEND send,
                              PFAX_SEND_CALLBACK callback) {
  (void)handle;
  (void)send;
  (void)callback;
  note("send");
  if (stage.waits) pass_gate();
  return stage.result;
}

static inline BOOL right_receive(HANDLE handle, HCALL call,
                                 PFAX_RECEIVE receive) {
  (void)handle;
  (void)call;
  (void)receive;
  note("receive");
  if (stage.waits) pass_gate();
  return stage.result;
}

static inline BOOL right_report(HANDLE handle, PFAX_DEV_STATUS status,
                                DWORD size, LPDWORD required) {
  (void)handle;
  (void)size;
  note("report");
  memset(status, 0, sizeof *status);
  status->SizeOfStruct = sizeof *status;
  status->StatusId = stage.status;
  *required = sizeof *status;
  return TRUE;
}

static inline BOOL right_abort(HANDLE handle) {
  (void)handle;
  note("abort");
  if (stage.abort_opens) open_gate();
  return TRUE;
}

static inline HRESULT right_shutdown(void) {
  note("shutdown");
  return S_OK;
}

/* Before each test: the stage empty, the FSP right. */
static inline int set_stage(void **state) {
  static const struct fsp_script right = {
      right_options,  right_create, right_initialize,
      right_start,    right_end,    right_send,
      right_receive,  right_report, right_abort,
      right_shutdown, NULL};

  (void)state;
  memset(&stage, 0, sizeof stage);
  pthread_mutex_init(&stage.lock, NULL);
  clock_cond_init(&stage.changed);
  stage.result = TRUE;
  stage.status = FS_COMPLETED;
  fsp_script = right;
  return 0;
}

/* After all tests: the memory is given back. */
static inline int nothing_left(void **state) {
  (void)state;
  if (mem_live() != 0 || mem_faults() != 0)
    print_error("%zu blocks are left, %zu faults\n", mem_live(), mem_faults());
  return mem_live() != 0 || mem_faults() != 0 ? -1 : 0;
}

static inline DWORD load_named(const char *name, struct fax_provider **p_out) {
  struct fax_provider_config config = {.name = name};

  return provider_load(&config, &stage_events, NULL, p_out);
}

static inline struct fax_provider *load(void) {
  struct fax_provider *p = NULL;

  assert_int_equal(load_named("forward", &p), 0);
  return p;
}

static inline void stop(struct fax_provider *p) {
  assert_true(provider_stop(p, FaxClockNow() + PATIENCE));
  mem_unref(p);
}

static inline struct op_order an_order(enum fax_op_kind kind) {
  struct op_order order = {
      .kind = kind,
      .file = "/spool/page.tif",
      .caller_name = "Ann",
      .receiver_name = "Bob",
      .told = {.size = sizeof order.told,
               .job_id = 7,
               .device_id = FIRST_DEVICE,
               .ecm = 1,
               .first_page = 1,
               .called_number = "100",
               .local_id = "+1 555",
               .branding = "header"},
  };

  return order;
}

static inline struct fax_op *start_op(struct fax_provider *p,
                                      enum fax_op_kind kind) {
  struct op_order order = an_order(kind);
  struct fax_op *op;

  assert_int_equal(op_new(&order, NULL, &op), 0);
  assert_int_equal(op_start(p, op), 0);
  return op;
}

static inline void finish(struct fax_provider *p, struct fax_op *op) {
  await("released");
  fax_op_unref(op);
  stop(p);
}

#endif
