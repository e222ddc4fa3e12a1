/* SPDX-License-Identifier: MIT
   For tests of who has a line, and when: the scripted FSP with four lines, on
   the virtual clock, and one document for all jobs. */
#ifndef FAX_SPEC_SERVICE_SCHEDULE_H
#define FAX_SPEC_SERVICE_SCHEDULE_H

#define FSP_LINE_COUNT 4

#include "service_runs.h"

static HANDLE pages;

/* What becomes of a call stands before the ";". */
static inline BOOL send_by_its_beginning(HANDLE handle, PFAX_SEND send,
                                         PFAX_SEND_CALLBACK callback) {
  char number[32];
  FAX_SEND copy = *send;
  snprintf(number, sizeof number, "%.*s",
           (int)strcspn(send->ReceiverNumber, ";"), send->ReceiverNumber);
  copy.ReceiverNumber = number;
  return fsp_send(handle, &copy, callback);
}

static inline int set_up(void **unused) {
  (void)unused;
  runs_begin(1);
  fsp_script.send = send_by_its_beginning;
  config.calls_per_number = 1;
  config.retries = 2;
  config.retry_delay = 600;
  return 0;
}

static inline void open_queue(void) {
  start();
  stage_document(&st, 1);
  pages = config_prepare(&st);
}

static inline void close_queue(void) {
  FaxClose(pages);
  stop();
}

/* ---- submitting ---- */

static FAX_JOB_PARAM params = {.SizeOfStruct = sizeof params};

static inline struct fax_submission to(const char *number) {
  params.RecipientNumber = number;
  return stage_of_document(pages, &params);
}

static inline DWORD submit(struct fax_submission sub) {
  DWORD id = stage_submit(&st, &sub);
  return id;
}

/* ---- what happens ---- */

static inline void waits(DWORD job, DWORD status) {
  config_settle();
  assert_int_equal(stage_queue_status(&st, job), status);
}

/* ---- numbers ---- */

#define A FSP_SLOWLY FSP_COMPLETES ";a"
#define A_AGAIN FSP_SLOWLY FSP_COMPLETES " ; a" /* the same in normal form */
#define B FSP_SLOWLY FSP_COMPLETES ";b"
#define C FSP_SLOWLY FSP_COMPLETES ";c"

#define scheduled(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

#endif
