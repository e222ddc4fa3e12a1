/* SPDX-License-Identifier: MIT
   Submissions that are refused: each with its error, and nothing left behind.
 */
#include "service_fsp.h"
#include "service_stage.h"

static struct stage st;

static void refused(const FAX_JOB_PARAM *params, const char *file,
                    DWORD expected) {
  FAX_JOB_PARAM copy = *params;
  FAX_JOB_ENTRY *jobs;
  DWORD id = 77, count;
  BOOL sent = FaxSendDocument(st.server, file, &copy, NULL, &id);
  if (sent || FaxGetLastError() != expected)
    fail_msg("%s: %u instead of %u: %s", file, FaxGetLastError(), expected,
             FaxGetLastErrorMessage());
  assert_true(FaxGetLastErrorMessage()[0] != '\0');
  assert_int_equal(id, 77);
  assert_true(FaxEnumJobs(st.server, &jobs, &count));
  assert_int_equal(count, 0);
  FaxFreeBuffer(jobs);
  assert_int_equal(stage_files(&st, "spool"), 0);
  assert_int_equal(stage_files(&st, "incoming"), 0);
}

static void put(const char *name, const char *text, char *path, size_t size) {
  snprintf(path, size, "%s/%s", st.directory, name);
  FILE *file = fopen(path, "w");
  assert_non_null(file);
  fputs(text, file);
  assert_int_equal(fclose(file), 0);
}

/* JOB-6, JOB-11 */
static void a_document_that_cannot_be_sent_leaves_no_job(void **unused) {
  FAX_JOB_PARAM p = {.SizeOfStruct = sizeof p, .RecipientNumber = "102"};
  char path[128];
  (void)unused;
  stage_start(&st, NULL, NULL);
  stage_document(&st, 1);
  snprintf(path, sizeof path, "%s/missing.tif", st.directory);
  refused(&p, path, ERROR_FILE_NOT_FOUND);
  refused(&p, "", ERROR_INVALID_PARAMETER);
  refused(&p, st.directory, ERROR_INVALID_DATA);
  put("empty", "", path, sizeof path);
  refused(&p, path, ERROR_INVALID_DATA);
  put("garbage", "no document at all", path, sizeof path);
  refused(&p, path, ERROR_INVALID_DATA);
  put("garbage.tif", "II*\001garbage", path, sizeof path);
  refused(&p, path, ERROR_INVALID_DATA);
  assert_int_equal(truncate(st.document, 300), 0);
  refused(&p, st.document, ERROR_INVALID_DATA);
  stage_stop(&st);
}

static void refused_with(void (*change)(FAX_JOB_PARAM *), DWORD expected) {
  FAX_JOB_PARAM p = {.SizeOfStruct = sizeof p, .RecipientNumber = "102"};
  change(&p);
  refused(&p, st.document, expected);
}

static char long_text[10001];

static void no_number(FAX_JOB_PARAM *p) {
  p->RecipientNumber = NULL;
}
static void empty_number(FAX_JOB_PARAM *p) {
  p->RecipientNumber = "";
}
static void no_digit(FAX_JOB_PARAM *p) {
  p->RecipientNumber = "Bob";
}
static void long_number(FAX_JOB_PARAM *p) {
  p->RecipientNumber = long_text;
}
static void foreign_number(FAX_JOB_PARAM *p) {
  p->RecipientNumber = "1\xc3\xa4";
}
static void control_number(FAX_JOB_PARAM *p) {
  p->RecipientNumber = "1\n2";
}
static void latin_text(FAX_JOB_PARAM *p) {
  p->RecipientName = "M\xfcller";
}
static void latin_document(FAX_JOB_PARAM *p) {
  p->DocumentName = "\xff";
}
static void long_name(FAX_JOB_PARAM *p) {
  p->SenderName = long_text;
}
static void small(FAX_JOB_PARAM *p) {
  p->SizeOfStruct--;
}
static void empty_size(FAX_JOB_PARAM *p) {
  p->SizeOfStruct = 0;
}
static void no_action(FAX_JOB_PARAM *p) {
  p->ScheduleAction = 3;
}
static void no_date(FAX_JOB_PARAM *p) {
  p->ScheduleAction = JSA_SPECIFIC_TIME;
}
static void february(FAX_JOB_PARAM *p) {
  p->ScheduleAction = JSA_SPECIFIC_TIME;
  p->ScheduleTime = (SYSTEMTIME){.wYear = 2027, .wMonth = 2, .wDay = 30};
}
static void call_handle(FAX_JOB_PARAM *p) {
  p->CallHandle = (HCALL)1;
}
static void reserved(FAX_JOB_PARAM *p) {
  p->Reserved[2] = 1;
}
static void no_report(FAX_JOB_PARAM *p) {
  p->DeliveryReportType = 3;
}
static void mail(FAX_JOB_PARAM *p) {
  p->DeliveryReportType = DRT_EMAIL;
}
static void address(FAX_JOB_PARAM *p) {
  p->DeliveryReportAddress = "a@b";
}

/* JOB-2, -3, -5, -66, -68 */
static void wrong_parameters_leave_no_job(void **unused) {
  static const struct {
    void (*change)(FAX_JOB_PARAM *);
    DWORD expected;
  } cases[] = {{no_number, ERROR_INVALID_PARAMETER},
               {empty_number, ERROR_INVALID_PARAMETER},
               {no_digit, ERROR_INVALID_PARAMETER},
               {long_number, ERROR_INVALID_PARAMETER},
               {foreign_number, ERROR_INVALID_PARAMETER},
               {control_number, ERROR_INVALID_PARAMETER},
               {latin_text, ERROR_INVALID_PARAMETER},
               {latin_document, ERROR_INVALID_PARAMETER},
               {long_name, ERROR_INVALID_PARAMETER},
               {small, ERROR_INVALID_PARAMETER},
               {empty_size, ERROR_INVALID_PARAMETER},
               {no_action, ERROR_INVALID_PARAMETER},
               {no_date, ERROR_INVALID_PARAMETER},
               {february, ERROR_INVALID_PARAMETER},
               {call_handle, ERROR_NOT_SUPPORTED},
               {reserved, ERROR_INVALID_PARAMETER},
               {no_report, ERROR_INVALID_PARAMETER},
               {mail, ERROR_UNSUPPORTED_TYPE},
               {address, ERROR_INVALID_PARAMETER}};
  (void)unused;
  memset(long_text, '1', sizeof long_text - 1);
  stage_start(&st, NULL, NULL);
  stage_document(&st, 1);
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    refused_with(cases[i].change, cases[i].expected);
  stage_stop(&st);
}

static void not_submitted(const struct fax_submission *sub, DWORD expected) {
  assert_fails(FaxSubmit(st.server, sub, NULL), expected);
  assert_int_equal(stage_files(&st, "spool"), 0);
}

/* fax_service.h: struct fax_submission */
static void wrong_options_leave_no_job(void **unused) {
  FAX_JOB_PARAM p = {.SizeOfStruct = sizeof p, .RecipientNumber = "102"};
  const char *file = st.document, *none = NULL;
  (void)unused;
  stage_start(&st, NULL, NULL);
  stage_document(&st, 1);
  const struct fax_submission right = {.size = sizeof right,
                                       .files = &file,
                                       .file_count = 1,
                                       .params = &p,
                                       .ecm = 1};
  struct fax_submission sub = right;
  sub.size--;
  not_submitted(&sub, ERROR_INVALID_PARAMETER);
  sub = right, sub.file_count = 0;
  not_submitted(&sub, ERROR_INVALID_PARAMETER);
  sub = right, sub.files = NULL;
  not_submitted(&sub, ERROR_INVALID_PARAMETER);
  sub = right, sub.files = &none;
  not_submitted(&sub, ERROR_INVALID_PARAMETER);
  sub = right, sub.params = NULL;
  not_submitted(&sub, ERROR_INVALID_PARAMETER);
  sub = right, sub.retries = 100;
  not_submitted(&sub, ERROR_INVALID_PARAMETER);
  sub = right, sub.resolution = 2;
  not_submitted(&sub, ERROR_INVALID_PARAMETER);
  sub = right, sub.paper = 4;
  not_submitted(&sub, ERROR_INVALID_PARAMETER);
  sub = right, sub.ecm = 2;
  not_submitted(&sub, ERROR_INVALID_PARAMETER);
  sub = right, sub.transport = 3;
  not_submitted(&sub, ERROR_INVALID_PARAMETER);
  sub = right, sub.device_id = 99;
  not_submitted(&sub, ERROR_BAD_UNIT);
  stage_stop(&st);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_document_that_cannot_be_sent_leaves_no_job),
      cmocka_unit_test(wrong_parameters_leave_no_job),
      cmocka_unit_test(wrong_options_leave_no_job),
  };
  test_start();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
