/* SPDX-License-Identifier: MIT
   Cases: receptions for which no call is there (FSP-42). */
#include "check/check.h"

/* Fails at once, or waits for a call until it is aborted. */
static void without_call(void) {
  struct job *j;

  module_begin();
  j = job_start(0);
  job_receive(j);
  if (!job_wait_for(j, 500)) job_abort(j);
  job_wait(j, UINT32_MAX);
  job_result(j);
  if (j->ok && document_pages(j->file) == 0)
    fail("FaxDevReceive succeeded, and the file has no page (FSP-41)");
  job_end(j);
  module_end();
}

static void aborted_before(void) {
  struct job *j;
  DWORD status;

  module_begin();
  j = job_start(0);
  job_abort(j);
  job_receive(j);
  job_wait(j, UINT32_MAX);
  status = job_result(j);
  if (j->ok) fail("FaxDevReceive succeeded");
  if (status != FS_USER_ABORT && status != FS_LINE_UNAVAILABLE)
    fail("after the abort FaxDevReportStatus says 0x%08x, not FS_USER_ABORT",
         (unsigned)status);
  job_end(j);
  module_end();
}

static void aborted_twice(void) {
  struct job *j;

  module_begin();
  j = job_start(0);
  job_receive(j);
  job_abort(j);
  job_abort(j);
  job_wait(j, UINT32_MAX);
  job_result(j);
  job_end(j);
  module_end();
}

const struct check_case receive_cases[] = {
    {"FSP-42", "Receive without a call fails, or waits for an abort",
     without_call, false, false, false, false},
    {"FSP-31", "an abort before FaxDevReceive", aborted_before, false, false,
     false, false},
    {"FSP-31", "two aborts of FaxDevReceive", aborted_twice, false, false,
     false, false},
    {NULL, NULL, NULL, false, false, false, false}};
