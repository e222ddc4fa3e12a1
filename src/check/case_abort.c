/* SPDX-License-Identifier: MIT
   Cases: operations that are aborted before, during and after, and a service
   that stops in the middle. */
#include "check/check.h"

enum { MOMENTS = 6, THREADS = 4 };

static struct job *call(void) {
  struct job *j = job_start(0);

  job_send(j, settings.number, settings.document);
  return j;
}

/* It may have been over before; else it says so (FSP-31). */
static void aborted_well(struct job *j) {
  DWORD status;

  job_wait(j, UINT32_MAX);
  status = job_result(j);
  if (!j->ok && status != FS_USER_ABORT)
    fail("after the abort FaxDevReportStatus says 0x%08x, not FS_USER_ABORT",
         (unsigned)status);
  job_end(j);
}

static void before_send(void) {
  struct job *j;

  module_begin();
  answer_open();
  j = job_start(0);
  job_abort(j);
  job_send(j, settings.number, settings.document);
  job_wait(j, UINT32_MAX);
  if (j->ok) fail("FaxDevSend succeeded");
  aborted_well(j);
  answer_close();
  module_end();
}

static void at_packets(void) {
  module_begin();
  answer_open();
  for (unsigned i = 1; i <= MOMENTS; i++) {
    struct job *j = call();
    job_wait(j, i);
    job_abort(j);
    aborted_well(j);
    answer_settle();
  }
  answer_close();
  module_end();
}

static void on_a_page(void) {
  struct job *j;

  module_begin();
  answer_open();
  j = call();
  if (job_wait_page(j, 1)) skip("its packets name no page");
  job_abort(j);
  aborted_well(j);
  answer_close();
  module_end();
}

/* Nobody answers where the FSP's own lines are called. */
static void unanswered(void) {
  struct job *j;

  module_begin();
  j = call();
  job_wait_for(j, 200);
  job_abort(j);
  aborted_well(j);
  module_end();
}

static void twice(void) {
  struct job *j;

  module_begin();
  answer_open();
  j = call();
  job_wait(j, 2);
  job_abort(j);
  job_abort(j);
  aborted_well(j);
  answer_close();
  module_end();
}

static void *abort_one(void *job) {
  job_abort(job);
  return NULL;
}

static void together(void) {
  pthread_t threads[THREADS];
  struct job *j;

  module_begin();
  answer_open();
  j = call();
  job_wait(j, 2);
  for (int i = 0; i < THREADS; i++)
    if (pthread_create(&threads[i], NULL, abort_one, j) != 0)
      fail("the check itself cannot start a thread");
  for (int i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
  aborted_well(j);
  answer_close();
  module_end();
}

/* The request and the end of the send can cross each other. */
static void after_send(void) {
  struct job *j;

  module_begin();
  answer_open();
  j = call();
  job_wait(j, UINT32_MAX);
  job_abort(j);
  job_result(j);
  job_end(j);
  answer_close();
  module_end();
}

/* A job that the service aborts before it asks for more (FSP-28). */
static void before_end(void) {
  struct job *j;

  module_begin();
  j = job_start(0);
  job_abort(j);
  job_end(j);
  module_end();
}

/* What a stop of the service does: abort, end, shut down, and nothing waits. */
static void stopped(void) {
  struct job *j;

  module_begin();
  answer_open();
  j = call();
  job_wait(j, 3);
  job_abort(j);
  job_wait(j, UINT32_MAX);
  job_result(j);
  job_end(j);
  answer_close();
  module_end();
}

const struct check_case abort_cases[] = {
    {"FSP-28", "EndJob once after an abort before the send", before_end, false,
     false, false, false},
    {"FSP-31", "an abort before FaxDevSend", before_send, false, false, true,
     false},
    {"FSP-31", "an abort at each of the first packets", at_packets, false,
     false, true, false},
    {"FSP-31", "an abort on a page", on_a_page, false, false, true, false},
    {"FSP-31", "an abort of a call that nobody answers", unanswered, false,
     false, true, false},
    {"FSP-31", "an abort, and another", twice, false, false, true, false},
    {"FSP-26", "aborts by several threads at once", together, false, false,
     true, false},
    {"FSP-31", "an abort when FaxDevSend has returned", after_send, false,
     false, true, false},
    {"FSP-12", "the service stops in the middle of a call", stopped, false,
     false, true, false},
    {NULL, NULL, NULL, false, false, false, false}};
