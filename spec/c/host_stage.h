/* SPDX-License-Identifier: MIT
   Calls at providers in child processes, for the tests of src/host: the
   provider is spec/c/fsp/hosted.c, and the number of a call says what becomes
   of it. */
#ifndef FAX_SPEC_HOST_STAGE_H
#define FAX_SPEC_HOST_STAGE_H

#include <errno.h>
#include <fax/faxdev.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "base/thread.h"
#include "base/where.h"
#include "host/host.h"
#include "test.h"

#define FIRST_LINE 300
#define PATIENCE (60 * FAX_SECOND) /* a failed test, no timing */

/* ---- one call, as the service sees it ---- */

struct call {
  struct fax_op *op;
  bool begun, ended, released; /* begun: it has said something */
  DWORD status, confirmed;
  char cause[64], evidence[256];
};

static pthread_mutex_t stage_lock = PTHREAD_MUTEX_INITIALIZER;
static struct clock_cond stage_changed;
static char stage_rings[256];
static char stage_log[16384];

static inline void keep_text(char *to, size_t size, const char *text) {
  if (text != NULL) snprintf(to, size, "%s", text);
}

static inline void keep(struct call *c, const struct fax_progress *p) {
  if (p == NULL) return;
  keep_text(c->cause, sizeof c->cause, p->cause);
  keep_text(c->evidence, sizeof c->evidence, p->evidence);
  if (p->pages_confirmed != FAX_UNKNOWN) c->confirmed = p->pages_confirmed;
}

static inline void on_status(void *arg, DWORD status,
                             const struct fax_progress *progress) {
  struct call *c = arg;
  (void)status;
  pthread_mutex_lock(&stage_lock);
  c->begun = true;
  keep(c, progress);
  clock_cond_broadcast(&stage_changed);
  pthread_mutex_unlock(&stage_lock);
}

static inline void on_caller(void *arg, const char *caller_id,
                             const char *routing) {
  (void)arg, (void)caller_id, (void)routing;
}

static inline void on_ended(void *arg, DWORD status,
                            const struct fax_progress *last) {
  struct call *c = arg;
  pthread_mutex_lock(&stage_lock);
  assert_false(c->ended);
  c->ended = true;
  c->status = status;
  keep(c, last);
  clock_cond_broadcast(&stage_changed);
  pthread_mutex_unlock(&stage_lock);
}

static inline void on_released(void *arg) {
  struct call *c = arg;
  pthread_mutex_lock(&stage_lock);
  assert_true(c->ended && !c->released);
  c->released = true;
  clock_cond_broadcast(&stage_changed);
  pthread_mutex_unlock(&stage_lock);
}

static inline void on_ring(void *arg, const struct fax_provider *p,
                           DWORD device, DWORD rings, const char *caller_id) {
  (void)arg, (void)p, (void)caller_id;
  pthread_mutex_lock(&stage_lock);
  size_t used = strlen(stage_rings);
  snprintf(stage_rings + used, sizeof stage_rings - used, "%u:%u ", device,
           rings);
  clock_cond_broadcast(&stage_changed);
  pthread_mutex_unlock(&stage_lock);
}

static const struct provider_events stage_events = {
    on_status, on_caller, on_ended, on_released, on_ring, NULL};

static inline void stage_start(struct fax_provider *p, struct call *c,
                               DWORD line, const char *number) {
  struct op_order order = {.kind = FAX_OP_SEND,
                           .file = "/spool/page.tif",
                           .told = {.size = sizeof order.told,
                                    .job_id = 7,
                                    .device_id = FIRST_LINE + line,
                                    .first_page = 1,
                                    .called_number = number}};
  *c = (struct call){.confirmed = FAX_UNKNOWN};
  assert_int_equal(op_new(&order, c, &c->op), 0);
  assert_int_equal(op_start(p, c->op), 0);
}

static inline void await_flag(const bool *flag, const char *what) {
  fax_deadline until = FaxClockNow() + PATIENCE;
  bool in_time = true;
  pthread_mutex_lock(&stage_lock);
  while (!*flag && in_time)
    in_time = clock_cond_wait(&stage_changed, &stage_lock, until);
  bool came = *flag;
  pthread_mutex_unlock(&stage_lock);
  if (!came) fail_msg("it did not come: %s", what);
}

/* Its end, and that its device is free. */
static inline void stage_end(struct call *c, DWORD status, const char *cause,
                             const char *evidence) {
  await_flag(&c->released, "the end of a call");
  fax_op_unref(c->op);
  if (cause != NULL) assert_string_equal(c->cause, cause);
  if (evidence != NULL && strstr(c->evidence, evidence) == NULL)
    fail_msg("\"%s\" does not say \"%s\"", c->evidence, evidence);
  assert_int_equal(c->status, status);
}

static inline void stage_send(struct fax_provider *p, DWORD line,
                              const char *number, DWORD status,
                              const char *cause, const char *evidence) {
  struct call c;
  stage_start(p, &c, line, number);
  stage_end(&c, status, cause, evidence);
}

/* ---- the provider ---- */

static const struct host_limits stage_limits = HOST_LIMITS;

static inline DWORD stage_load_with(const char *const *options, DWORD isolate,
                                    const struct host_limits *limits,
                                    struct fax_provider **p_out) {
  struct fax_provider_config config = {
      .name = "hosted", .options = options, .isolate = isolate};
  return host_load_with(&config, limits, &stage_events, NULL, p_out);
}

static inline struct fax_provider *stage_load(
    DWORD isolate, const struct host_limits *limits) {
  struct fax_provider *p;
  if (stage_load_with(NULL, isolate, limits, &p) != 0)
    fail_msg("%s", error_message());
  return p;
}

static inline void stage_stop(struct fax_provider *p) {
  assert_true(provider_stop(p, FaxClockNow() + PATIENCE));
  mem_unref(p);
}

/* ---- before and after each test ---- */

static inline void stage_write(void *arg, const struct log_entry *lines,
                               size_t count) {
  (void)arg;
  pthread_mutex_lock(&stage_lock);
  for (size_t i = 0; i < count; i++) {
    size_t used = strlen(stage_log);
    snprintf(stage_log + used, sizeof stage_log - used, "%s\n", lines[i].text);
  }
  pthread_mutex_unlock(&stage_lock);
}

static inline void log_says(const char *text) {
  assert_true(log_flush(30));
  pthread_mutex_lock(&stage_lock);
  if (strstr(stage_log, text) == NULL)
    print_error("not in the log: %s\n%s", text, stage_log);
  bool said = strstr(stage_log, text) != NULL;
  pthread_mutex_unlock(&stage_lock);
  assert_true(said);
}

struct stage_before {
  size_t live, fds, threads;
};

static inline int stage_set(void **state) {
  static const struct log_sink sink = {.write = stage_write};
  static struct stage_before before;
  clock_cond_init(&stage_changed);
  stage_log[0] = stage_rings[0] = '\0';
  before = (struct stage_before){mem_live(), test_fds(), thread_live()};
  *state = &before;
  return log_set_sink(&sink, NULL, FAX_LOG_DEBUG) == ERROR_SUCCESS ? 0 : -1;
}

/* No process, descriptor, thread or block is left. */
static inline int stage_clear(void **state) {
  const struct stage_before *before = *state;
  log_end();
  assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
  assert_int_equal(errno, ECHILD);
  assert_int_equal(test_fds(), before->fds);
  assert_int_equal(thread_live(), before->threads);
  assert_int_equal(mem_live(), before->live);
  assert_int_equal(mem_faults(), 0);
  return 0;
}

static inline void stage_virtual(void) {
  assert_int_equal(clock_set_virtual(INT64_C(1767268800) * FAX_SECOND), 0);
}

#endif
