/* SPDX-License-Identifier: MIT
   Cases: faxes that are sent, and those that cannot be. */
#include <stdio.h>
#include <stdlib.h>

#include "check/check.h"

enum { MOST_AT_ONCE = 4, IN_A_ROW = 8 };

static struct job *send_to(const char *number) {
  struct job *j = job_start(0);

  job_send(j, number, settings.document);
  return j;
}

/* Success, or it fails the case. */
static void sent_well(struct job *j) {
  DWORD status;

  job_wait(j, UINT32_MAX);
  status = job_result(j);
  if (!j->ok)
    fail("%s was not reached: status 0x%08x, %s", settings.number,
         (unsigned)status, FaxErrorText(j->error));
  job_end(j);
}

static void sends(void) {
  module_begin();
  answer_open();
  sent_well(send_to(settings.number));
  answer_close();
  module_end();
}

static void sends_again(void) {
  module_begin();
  answer_open();
  for (int i = 0; i < 3; i++) {
    sent_well(send_to(settings.number));
    answer_settle(); /* else its own line is still in use */
  }
  answer_close();
  module_end();
}

/* Success is not asked for: the called line may be busy with the first. */
static void sends_at_once(void) {
  struct job *jobs[MOST_AT_ONCE];
  DWORD count;

  module_begin();
  count =
      module.device_count < MOST_AT_ONCE ? module.device_count : MOST_AT_ONCE;
  if (count < 2) skip("it has one device");
  answer_open();
  for (DWORD i = 0; i < count; i++) jobs[i] = job_start(i);
  for (DWORD i = 0; i < count; i++)
    job_send(jobs[i], settings.number, settings.document);
  for (DWORD i = 0; i < count; i++) {
    job_wait(jobs[i], UINT32_MAX);
    job_result(jobs[i]);
    job_end(jobs[i]);
  }
  answer_close();
  module_end();
}

static void reports_meanwhile(void) {
  FAX_DEV_STATUS *status;
  struct job *j;
  bool over = false;

  module_begin();
  answer_open();
  j = send_to(settings.number);
  while (!over) {
    job_report(j, &status);
    free(status);
    over = job_wait_for(j, 5);
  }
  sent_well(j);
  answer_close();
  module_end();
}

static void receives(void) {
  unsigned good;

  module_begin();
  answer_open();
  sent_well(send_to(settings.number));
  good = answer_close();
  if (good == 0) skip("no line of its own rang for %s", settings.number);
  module_end();
}

static void fails_well(struct job *j, const char *what) {
  job_wait(j, UINT32_MAX);
  job_result(j);
  if (j->ok) fail("%s was sent", what);
  job_end(j);
}

static void refuses_number(void) {
  module_begin();
  answer_open();
  fails_well(send_to(settings.bad_number), settings.bad_number);
  answer_close();
  module_end();
}

static void refuses_document(void) {
  char nowhere[512];
  struct job *j;

  module_begin();
  answer_open();
  snprintf(nowhere, sizeof nowhere, "%s/nowhere.tif", settings.folder);
  j = job_start(0);
  job_send(j, settings.number, nowhere);
  fails_well(j, "a document that is not there");
  answer_close();
  module_end();
}

static void minds_callback(void) {
  struct job *j;

  module_begin();
  answer_open();
  j = job_start(0);
  j->refuse = true;
  job_send(j, settings.number, settings.document);
  job_wait(j, UINT32_MAX);
  job_result(j);
  if (!j->called) skip("it does not call FaxSendCallback (FSP-38)");
  if (j->ok) fail("it was told to terminate, and FaxDevSend succeeded");
  job_end(j);
  answer_close();
  module_end();
}

/* Failed sends: cheap, and all of the way. */
static void leaves_nothing(void) {
  size_t blocks, files;

  module_begin();
  fails_well(send_to(settings.bad_number), settings.bad_number);
  blocks = blocks_alive(BLOCK_HEAP);
  files = count_folder("/proc/self/fd");
  for (int i = 0; i < IN_A_ROW; i++)
    fails_well(send_to(settings.bad_number), settings.bad_number);
  if (blocks_alive(BLOCK_HEAP) >= blocks + IN_A_ROW)
    fail("each leaves a block of the heap");
  if (count_folder("/proc/self/fd") >= files + IN_A_ROW)
    fail("each leaves a file open");
  module_end();
}

const struct check_case send_cases[] = {
    {"FSP-40", "a fax to the good number is sent", sends, false, false, true,
     false},
    {"FSP-64", "a call to a line of its own is received", receives, false,
     false, true, false},
    {"FSP-26", "ReportStatus on another thread during Send", reports_meanwhile,
     false, false, true, false},
    {"FSP-21", "three faxes in a row on one device", sends_again, false, false,
     true, false},
    {"FSP-20", "faxes on several devices at once", sends_at_once, false, false,
     true, false},
    {"FSP-39", "FaxSendCallback that says no ends the send", minds_callback,
     false, false, true, false},
    {"FSP-34", "a document that is not there is a failure", refuses_document,
     false, false, true, false},
    {"FSP-40", "a fax to the bad number fails", refuses_number, false, false,
     false, true},
    {"FSP-29", "faxes that fail leave nothing behind", leaves_nothing, false,
     false, false, true},
    {NULL, NULL, NULL, false, false, false, false}};
