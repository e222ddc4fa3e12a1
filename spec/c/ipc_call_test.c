/* SPDX-License-Identifier: MIT
   Calls over the socket: the service is in this process, but reached as from
   another. */
#include <stdio.h>
#include <string.h>

#include "service_stage.h"

static struct stage st;
static HANDLE other;

static int set_up(void **unused) {
  (void)unused;
  stage_start_virtual(&st, NULL, NULL);
  stage_document(&st, 2);
  char path[sizeof st.directory + 16];
  snprintf(path, sizeof path, "%s/fax.sock", st.directory);
  struct fax_connect connect = {
      .size = sizeof connect, .rights = FAX_ALL_ACCESS, .socket = path};
  assert_true(FaxConnect(&connect, &other));
  return 0;
}

static int tear_down(void **unused) {
  (void)unused;
  assert_true(FaxClose(other));
  stage_stop_virtual(&st);
  return 0;
}

static DWORD submit(const char *number) {
  FAX_JOB_PARAM params = {.SizeOfStruct = sizeof params,
                          .RecipientNumber = number};
  DWORD job = 0;
  if (!FaxSendDocument(other, st.document, &params, NULL, &job))
    fail_msg("%s", FaxGetLastErrorMessage());
  return job;
}

static void a_fax_is_sent_over_it(void **unused) {
  FAX_JOB_ENTRY *jobs;
  DWORD count;
  (void)unused;
  DWORD job = submit("102");
  assert_true(FaxEnumJobs(other, &jobs, &count));
  assert_true(count >= 1); /* and the other line may have answered */
  assert_int_equal(jobs[0].JobId, job);
  assert_string_equal(jobs[0].RecipientNumber, "102");
  assert_int_equal(jobs[0].SizeOfStruct, sizeof *jobs);
  FaxFreeBuffer(jobs);
  stage_skip(&st, FEI_DELETED, job);
  struct fax_job_result *result;
  assert_true(FaxGetJobResult(other, job, &result));
  assert_int_equal(result->outcome, FAX_OUTCOME_COMPLETED);
  assert_int_equal(result->pages_confirmed, 2);
  assert_true(result->attempts[0].timeline_count > 10);
  FaxFreeBuffer(result);
}

/* The same code and the same sentence as in the process itself. */
static void errors_come_back(void **unused) {
  char here[300];
  FAX_JOB_ENTRY *job;
  (void)unused;
  assert_fails(FaxGetJob(st.server, 99, &job), ERROR_INVALID_PARAMETER);
  snprintf(here, sizeof here, "%s", FaxGetLastErrorMessage());
  assert_fails(FaxGetJob(other, 99, &job), ERROR_INVALID_PARAMETER);
  assert_string_equal(FaxGetLastErrorMessage(), here);
  assert_fails(FaxGetJob(other, 99, NULL), ERROR_INVALID_PARAMETER);
}

/* ---- documents ---- */

static void write_file(char *path, size_t size, const char *name,
                       const char *text) {
  snprintf(path, size, "%s/%s", st.directory, name);
  FILE *f = fopen(path, "w");
  assert_non_null(f);
  assert_true(fputs(text, f) >= 0);
  assert_int_equal(fclose(f), 0);
}

static BOOL prepare(HANDLE server, const char *file, HANDLE *document) {
  struct fax_document ask = {
      .size = sizeof ask, .files = &file, .file_count = 1};
  return FaxPrepareDocument(server, &ask, document);
}

/* Opened here, rendered there. */
static void a_foreign_document_goes_along(void **unused) {
  char path[128];
  HANDLE document;
  (void)unused;
  write_file(path, sizeof path, "letter.ps", "%!PS\nshowpage\nshowpage\n");
  if (!prepare(other, path, &document))
    fail_msg("%s", FaxGetLastErrorMessage());
  FAX_JOB_PARAM params = {.SizeOfStruct = sizeof params,
                          .RecipientNumber = "102"};
  struct fax_submission sub = {.size = sizeof sub,
                               .document = document,
                               .params = &params,
                               .retries = FAX_UNKNOWN,
                               .retry_delay = FAX_UNKNOWN,
                               .ecm = FAX_UNKNOWN,
                               .hold = TRUE};
  DWORD id;
  struct fax_job_result *result;
  if (!FaxSubmit(other, &sub, &id)) fail_msg("%s", FaxGetLastErrorMessage());
  assert_true(FaxGetJobResult(other, id, &result));
  assert_int_equal(result->pages, 2);
  FaxFreeBuffer(result);
  assert_true(FaxClose(document));
  assert_fails(FaxSubmit(other, &sub, &id), ERROR_INVALID_HANDLE);
  assert_true(FaxAbort(st.server, id));
}

/* The sentence names the file as the caller does. */
static void a_bad_document_is_named(void **unused) {
  static const char *const texts[] = {"", "no document", "%PDF-1.4 cut off"};
  char path[128], here[512];
  HANDLE document;
  (void)unused;
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    write_file(path, sizeof path, "bad.pdf", texts[i]);
    assert_false(prepare(st.server, path, &document));
    DWORD error = FaxGetLastError();
    snprintf(here, sizeof here, "%s", FaxGetLastErrorMessage());
    assert_fails(prepare(other, path, &document), error);
    assert_string_equal(FaxGetLastErrorMessage(), here);
  }
  assert_false(prepare(st.server, "/nowhere/x.pdf", &document));
  snprintf(here, sizeof here, "%s", FaxGetLastErrorMessage());
  assert_fails(prepare(other, "/nowhere/x.pdf", &document),
               ERROR_FILE_NOT_FOUND);
  assert_string_equal(FaxGetLastErrorMessage(), here);
  assert_fails(prepare(other, "/", &document), ERROR_INVALID_DATA);
}

/* More of them than descriptors go with one call; as in the process itself
   those before the first that is refused are queued. */
static void many_are_queued_together(void **unused) {
  enum { JOBS = 40 };
  const char *file = st.document, *missing = "/nonexistent.tif";
  FAX_JOB_PARAM params = {.SizeOfStruct = sizeof params,
                          .RecipientNumber = "102"};
  struct fax_submission subs[JOBS];
  DWORD ids[JOBS], count;
  FAX_JOB_ENTRY *jobs;
  (void)unused;
  for (int i = 0; i < JOBS; i++) {
    subs[i] = stage_of_file(&file, &params);
    subs[i].hold = TRUE;
  }
  if (!FaxSubmitAll(other, subs, JOBS, ids))
    fail_msg("%s", FaxGetLastErrorMessage());
  assert_true(FaxEnumJobs(st.server, &jobs, &count));
  assert_int_equal(count, JOBS);
  for (DWORD i = 0; i < count; i++) assert_int_equal(jobs[i].JobId, ids[i]);
  FaxFreeBuffer(jobs);
  subs[2] = stage_of_file(&missing, &params);
  assert_fails(FaxSubmitAll(other, subs, JOBS, ids), ERROR_FILE_NOT_FOUND);
  assert_int_not_equal(ids[0], 0);
  assert_int_equal(ids[1], ids[0] + 1);
  for (int i = 2; i < JOBS; i++) assert_int_equal(ids[i], 0);
  assert_true(FaxEnumJobs(st.server, &jobs, &count));
  assert_int_equal(count, JOBS + 2);
  FaxFreeBuffer(jobs);
}

static BOOL CALLBACK name_and_hang_up(HANDLE server, DWORD n, LPVOID context,
                                      PFAX_JOB_PARAM params,
                                      PFAX_COVERPAGE_INFO cover) {
  (void)context, (void)cover;
  params->RecipientNumber = "102";
  if (n == 3) assert_true(FaxClose(server));
  return TRUE;
}

/* Half of a broadcast is none. */
static void what_was_not_committed_is_not_queued(void **unused) {
  FAX_JOB_ENTRY *jobs;
  DWORD count, id;
  (void)unused;
  assert_fails(FaxSendDocumentForBroadcast(other, st.document, &id,
                                           name_and_hang_up, NULL),
               ERROR_INVALID_HANDLE);
  assert_true(FaxEnumJobs(st.server, &jobs, &count));
  assert_int_equal(count, 0);
  FaxFreeBuffer(jobs);
  char path[sizeof st.directory + 16];
  snprintf(path, sizeof path, "%s/fax.sock", st.directory);
  struct fax_connect connect = {
      .size = sizeof connect, .rights = FAX_ALL_ACCESS, .socket = path};
  assert_true(FaxConnect(&connect, &other)); /* for the end of the test */
}

int main(void) {
  test_start();
  const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
      TEST(a_fax_is_sent_over_it),
      TEST(errors_come_back),
      TEST(many_are_queued_together),
      TEST(what_was_not_committed_is_not_queued),
      TEST(a_foreign_document_goes_along),
      TEST(a_bad_document_is_named)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
