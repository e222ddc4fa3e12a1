/* SPDX-License-Identifier: MIT
   For tests of calls with several jobs: a service on the virtual clock whose
   one line is the test's own, which says what each call comes to. */
#ifndef FAX_SPEC_SERVICE_BATCH_H
#define FAX_SPEC_SERVICE_BATCH_H

#include <fax/fax_provider.h>

#include "service_runs.h"

static HANDLE calls, attached;
static struct fax_op *op; /* the call */

#define NUMBER "+49 30 12345"
#define SAME_NUMBER "+49 (0)30 123-45" /* the same in normal form */

/* ---- the service ---- */

static inline int set_up(void **unused) {
  (void)unused;
  runs_begin(1);
  config.provider_count = 0;
  if (!stage_over_socket()) config.socket = "";
  config.calls_per_number = 1;
  config.batch = 10;
  config.retries = 2;
  config.retry_delay = 600;
  return 0;
}

/* With so many lines. */
static inline void attach(DWORD lines) {
  static const struct fax_attach_device devices[] = {
      {.name = "a", .device_id = 1}, {.name = "b", .device_id = 2}};
  struct fax_attach attach = {.size = sizeof attach,
                              .name = "mine",
                              .devices = devices,
                              .device_count = lines,
                              .port = calls,
                              .key = 5,
                              .stall = 100000};
  if (!FaxAttachProvider(st.server, &attach, &attached))
    fail_msg("%s", FaxGetLastErrorMessage());
}

static inline void begin(void) {
  start();
  calls = FaxCreateCompletionPort();
  attach(1);
}

static inline void end(void) {
  FaxClose(attached);
  stop();
  assert_true(FaxCloseCompletionPort(calls));
}

/* ---- jobs ---- */

static FAX_JOB_PARAM params;

/* What is changed of it is so for the next submission only. */
static inline FAX_JOB_PARAM *next_params(void) {
  params = (FAX_JOB_PARAM){.SizeOfStruct = sizeof params,
                           .RecipientNumber = NUMBER,
                           .RecipientName = "them",
                           .SenderName = "us",
                           .Tsid = "sender"};
  return &params;
}

static inline DWORD submit_as(DWORD pages, struct fax_submission sub) {
  const char *file = st.document;
  DWORD job;
  if (params.SizeOfStruct == 0) next_params();
  /* of another height for each number of pages, so of other pages */
  assert_true(pages_make(st.document, PAGES_SHORT, pages, 200 + pages, 196));
  sub.size = sizeof sub;
  sub.files = &file;
  sub.file_count = 1;
  sub.params = &params;
  sub.retries = sub.retry_delay = sub.ecm = FAX_UNKNOWN;
  if (!FaxSubmit(st.server, &sub, &job))
    fail_msg("%s", FaxGetLastErrorMessage());
  params.SizeOfStruct = 0;
  return job;
}

static inline DWORD submit(DWORD pages) {
  return submit_as(pages, (struct fax_submission){.size = 0});
}

static inline void hold_queue(void) {
  config_pause(&st, TRUE);
}

static inline void free_queue(void) {
  config_pause(&st, FALSE);
}

/* ---- calls ---- */

static inline struct fax_call take(DWORD kind) {
  for (;;) {
    struct fax_packet packet;
    DWORD taken;
    if (!FaxGetCompletions(calls, &packet, 1, &taken, stage_patience()))
      fail_msg("no call came");
    struct fax_call call = *(struct fax_call *)packet.packet;
    assert_null(FaxLocalFree(packet.packet));
    if (call.kind == FAX_CALL_TICK) continue;
    assert_int_equal(call.kind, kind);
    return call;
  }
}

/* The next call begins, with so many pages. */
static inline void call_of(DWORD pages) {
  op = take(FAX_CALL_START).op;
  assert_int_equal(pages_count(fax_op_file(op)), pages);
}

static inline void nothing_comes(void) {
  struct fax_packet packet;
  DWORD taken;
  config_settle();
  while (FaxGetCompletions(calls, &packet, 1, &taken, FaxClockNow())) {
    assert_int_equal(((struct fax_call *)packet.packet)->kind, FAX_CALL_TICK);
    assert_null(FaxLocalFree(packet.packet));
  }
}

/* The end of a page of the call is asked to be noted: the answer. */
static inline DWORD note(DWORD page) {
  assert_true(fax_op_commit(op, page));
  struct fax_call answer = take(FAX_CALL_COMMITTED);
  assert_int_equal(answer.page, page);
  fax_op_unref(answer.op);
  return answer.error;
}

/* The page is at work, and so many were confirmed. */
static inline void say(DWORD page, DWORD confirmed) {
  struct fax_progress p = FAX_PROGRESS_INIT;
  p.phase = FAX_PHASE_PAGE;
  p.page = page;
  p.pages_confirmed = confirmed;
  p.rate = 14400;
  fax_op_status(op, FS_TRANSMITTING, &p);
}

/* Pages `from`..`to` go, as a provider should send them. */
static inline void send_pages(DWORD from, DWORD to) {
  for (DWORD page = from; page <= to; page++) {
    say(page, page - 1);
    assert_int_equal(note(page), ERROR_SUCCESS);
    say(page, page);
  }
}

static inline void hang_up(DWORD status, const char *cause) {
  struct fax_progress last = FAX_PROGRESS_INIT;
  last.cause = cause;
  fax_op_end(op, status, &last);
  config_settle();
}

/* The service wants the call to end. */
static inline void is_aborted(void) {
  fax_op_unref(take(FAX_CALL_ABORT).op);
  assert_true(fax_op_aborted(op));
}

/* All of a call of so many pages. */
static inline void call_succeeds(DWORD pages) {
  call_of(pages);
  send_pages(1, pages);
  hang_up(FS_COMPLETED, NULL);
}

/* A service that has seen its provider note and count: from here on jobs go
   together. */
static inline void begin_and_learn(void) {
  begin();
  submit(1);
  call_succeeds(1);
}

/* ---- three jobs ---- */

static DWORD one, two, three;

/* Of one, two and three pages, in one call of six. */
static inline void call_of_three(void) {
  hold_queue();
  one = submit(1), two = submit(2), three = submit(3);
  free_queue();
  call_of(6);
}

/* ---- what became of a job ---- */

static inline void is_completed(DWORD job, DWORD attempts, DWORD confirmed) {
  struct fax_job_result *r = stage_result(&st, job);
  assert_int_equal(r->outcome, FAX_OUTCOME_COMPLETED);
  assert_int_equal(r->pages_confirmed, r->pages);
  assert_int_equal(r->attempt_count, attempts);
  const struct fax_attempt *last = &r->attempts[attempts - 1];
  assert_int_equal(last->number, attempts);
  assert_int_equal(last->status, FS_COMPLETED);
  assert_int_equal(last->pages_confirmed, confirmed);
  assert_null(last->cause);
  FaxFreeBuffer(r);
}

/* It is in the queue, as if nothing had been done with it. */
static inline void is_untouched(DWORD job) {
  struct fax_job_result *r = stage_result(&st, job);
  assert_int_equal(r->outcome, FAX_OUTCOME_PENDING);
  assert_int_equal(r->attempt_count, 0);
  assert_int_equal(r->pages_confirmed, 0);
  FaxFreeBuffer(r);
}

/* It failed once, and is tried again behind so many pages. */
static inline void is_tried_again(DWORD job, DWORD confirmed,
                                  const char *cause) {
  struct fax_job_result *r = stage_result(&st, job);
  assert_int_equal(r->outcome, FAX_OUTCOME_PENDING);
  assert_int_equal(r->pages_confirmed, confirmed);
  assert_int_equal(r->attempt_count, 1);
  assert_string_equal(r->attempts[0].cause, cause);
  FaxFreeBuffer(r);
  assert_int_equal(stage_queue_status(&st, job), JS_RETRYING);
}

#define batched(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

#endif
