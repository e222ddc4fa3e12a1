/* SPDX-License-Identifier: MIT
   Cases: jobs that are begun, asked and ended, and never dial. */
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "check/check.h"

enum { WARM = 16, REPEATS = 256 };

static void starts_and_ends(void) {
  module_begin();
  job_end(job_start(0));
  module_end();
}

static void starts_two(void) {
  struct job *one, *two;

  module_begin();
  if (module.device_count < 2) skip("it has one device");
  one = job_start(0);
  two = job_start(1);
  job_end(one);
  job_end(two);
  module_end();
}

static void reports_early(void) {
  FAX_DEV_STATUS *status;
  struct job *j;

  module_begin();
  j = job_start(0);
  job_report(j, &status);
  if (status_is_final(status->StatusId))
    fail("before anything began it says 0x%08x", (unsigned)status->StatusId);
  free(status);
  job_end(j);
  module_end();
}

/* FSP-56: the size that it needs, for a call without a buffer. */
static DWORD ask_size(struct job *j) {
  DWORD required = 0;
  BOOL done = FALSE;

  WATCHED("FaxDevReportStatus", settings.limit,
          done = module.report_status(j->handle, NULL, 0, &required));
  if (!done)
    fail("FaxDevReportStatus without a buffer failed: %s",
         FaxErrorText(FaxGetLastError()));
  if (required < sizeof(FAX_DEV_STATUS))
    fail("it needs %u bytes, less than a FAX_DEV_STATUS has",
         (unsigned)required);
  return required;
}

static void tells_size(void) {
  struct job *j;
  DWORD size, required = 0;
  unsigned char *block;
  BOOL done = FALSE;

  module_begin();
  j = job_start(0);
  size = ask_size(j);
  block = malloc(size + 64);
  memset(block, 0x5a, size + 64);
  WATCHED(
      "FaxDevReportStatus", settings.limit,
      done = module.report_status(j->handle, (void *)block, size, &required));
  if (!done) fail("FaxDevReportStatus refused %u bytes", (unsigned)size);
  for (DWORD i = 0; i < 64; i++)
    if (block[size + i] != 0x5a)
      fail("it wrote behind the %u bytes that it asked for", (unsigned)size);
  status_check(RULE_REPORT, (void *)block, size);
  free(block);
  job_end(j);
  module_end();
}

static void refuses_small(void) {
  unsigned char block[sizeof(FAX_DEV_STATUS) + FAXDEVREPORTSTATUS_SIZE];
  const DWORD size = sizeof(FAX_DEV_STATUS) / 2;
  DWORD required = 0;
  BOOL done = TRUE;
  struct job *j;

  module_begin();
  j = job_start(0);
  memset(block, 0x5a, sizeof block);
  WATCHED(
      "FaxDevReportStatus", settings.limit,
      done = module.report_status(j->handle, (void *)block, size, &required));
  if (done) fail("it succeeded with %u bytes", (unsigned)size);
  if (FaxGetLastError() == ERROR_SUCCESS)
    fail("it refused %u bytes without a last error (FSP-15)", (unsigned)size);
  for (size_t i = size; i < sizeof block; i++)
    if (block[i] != 0x5a) fail("it wrote behind %u bytes", (unsigned)size);
  job_end(j);
  module_end();
}

static void begin_and_end(void) {
  FAX_DEV_STATUS *status;
  struct job *j = job_start(0);

  job_report(j, &status);
  free(status);
  job_end(j);
}

/* The memory of the whole process: so often that a block each would show. */
static void leaves_nothing(void) {
  size_t blocks, files, bytes, now;

  module_begin();
  for (int i = 0; i < WARM; i++) begin_and_end();
  blocks = blocks_alive(BLOCK_HEAP);
  files = count_folder("/proc/self/fd");
  bytes = mallinfo2().uordblks;
  for (int i = 0; i < REPEATS; i++) begin_and_end();
  now = mallinfo2().uordblks;
  if (blocks_alive(BLOCK_HEAP) >= blocks + REPEATS)
    fail("each job leaves a block of the heap");
  if (count_folder("/proc/self/fd") >= files + REPEATS)
    fail("each job leaves a file open");
  if (now >= bytes + REPEATS * 16u)
    fail("%d jobs leave %zu bytes allocated", REPEATS, now - bytes);
  module_end();
}

static void refuses_device(void) {
  HANDLE handle = NULL;
  BOOL done = TRUE;

  module_begin();
  WATCHED("FaxDevStartJob", settings.limit,
          done = module.start_job(0, module.first_device + module.device_count,
                                  &handle, module.port, 1));
  if (done) fail("FaxDevStartJob took a device that it did not announce");
  if (FaxGetLastError() == ERROR_SUCCESS)
    fail("FaxDevStartJob failed without a last error (FSP-15)");
  module_end();
}

static void refuses_second_end(void) {
  struct job *j;
  BOOL done = TRUE;

  module_begin();
  j = job_start(0);
  job_end(j);
  WATCHED("FaxDevEndJob", settings.limit, done = module.end_job(j->handle));
  if (done) fail("FaxDevEndJob took the same handle twice");
  module_end();
}

const struct check_case job_cases[] = {
    {"FSP-22", "StartJob gives a handle, EndJob ends it", starts_and_ends, true,
     false, false, false},
    {"FSP-22", "two jobs at once have handles of their own", starts_two, false,
     false, false, false},
    {"FSP-27", "ReportStatus before the operation has begun", reports_early,
     false, false, false, false},
    {"FSP-56", "ReportStatus tells the size that it needs", tells_size, false,
     false, false, false},
    {"FSP-58", "ReportStatus refuses a buffer that is too small", refuses_small,
     false, false, false, false},
    {"FSP-29", "EndJob frees what StartJob made", leaves_nothing, false, false,
     false, false},
    {"FSP-30", "StartJob refuses a device that is not there", refuses_device,
     false, true, false, false},
    {"FSP-28", "EndJob refuses a job that has ended", refuses_second_end, false,
     true, false, false},
    {NULL, NULL, NULL, false, false, false, false}};
