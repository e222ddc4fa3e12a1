/* SPDX-License-Identifier: MIT
   FaxGetPageData: the first page as libtiff reads it (JOB-69..71); documents
   that are made once for many jobs (FaxPrepareDocument). */
#include <fax/fax_archive.h>

#include "service_config.h"

static struct stage st;

/* The bytes as a file, for libtiff. */
static void save(const char *name, const BYTE *data, DWORD size, char *path,
                 size_t room) {
  snprintf(path, room, "%s/%s", st.directory, name);
  FILE *file = fopen(path, "w");
  assert_non_null(file);
  assert_int_equal(fwrite(data, 1, size, file), size);
  assert_int_equal(fclose(file), 0);
}

/* ---- page data ---- */

/* It is TIFF Class F, MMR in one strip, and one page. */
static void check_form(const char *path) {
  uint16_t compression = 0;
  float x = 0, y = 0;
  TIFF *tiff = TIFFOpen(path, "r");
  assert_non_null(tiff);
  assert_int_equal(TIFFGetField(tiff, TIFFTAG_COMPRESSION, &compression), 1);
  assert_int_equal(compression, COMPRESSION_CCITTFAX4);
  assert_int_equal(TIFFNumberOfStrips(tiff), 1);
  assert_int_equal(TIFFNumberOfDirectories(tiff), 1);
  assert_int_equal(TIFFGetField(tiff, TIFFTAG_XRESOLUTION, &x), 1);
  assert_int_equal(TIFFGetField(tiff, TIFFTAG_YRESOLUTION, &y), 1);
  assert_in_range((int)x, 203, 205);
  assert_in_range((int)y, 195, 197);
  TIFFClose(tiff);
}

static void check_page(DWORD job) {
  BYTE *data = NULL;
  DWORD size = 0, width = 0, height = 0;
  char path[128];
  if (!FaxGetPageData(st.server, job, &data, &size, &width, &height))
    fail_msg("%s", FaxGetLastErrorMessage());
  assert_int_equal(width, PAGES_WIDTH);
  assert_int_equal(height, 2292); /* as stage_document makes it */
  save("page.tif", data, size, path, sizeof path);
  FaxFreeBuffer(data);
  check_form(path);
  assert_true(pages_same(path, 0, st.document, 0));
  assert_false(pages_same(path, 0, st.document, 1));
}

/* JOB-69, -70, -71: queued, paused, active, and given up. */
static void the_first_page_is_the_one_that_is_sent(void **unused) {
  (void)unused;
  script_start_virtual(&st, 3, NULL);
  HANDLE pages = config_prepare(&st);
  DWORD active = config_send(&st, pages, FSP_ON_LET FSP_BLACKLISTED);
  stage_skip(&st, FEI_SENDING, active);
  config_pause(&st, TRUE);
  DWORD queued = config_send(&st, pages, FSP_COMPLETES);
  check_page(active);
  check_page(queued);
  assert_true(FaxSetJob(st.server, queued, JC_PAUSE, NULL));
  check_page(queued);
  assert_true(FaxClose(pages)); /* the jobs keep it */
  check_page(queued);
  fsp_let();
  stage_skip(&st, FEI_CALL_BLACKLISTED, active);
  check_page(active);
  assert_true(FaxAbort(st.server, active));
  assert_true(FaxAbort(st.server, queued));
  assert_int_equal(stage_files(&st, "spool"), 0);
  BYTE *data;
  DWORD size, width, height;
  assert_fails(FaxGetPageData(st.server, queued, &data, &size, &width, &height),
               ERROR_INVALID_PARAMETER); /* gone */
  stage_stop_virtual(&st);
}

/* Group 3 and standard resolution go to the line as they are, and come out of
   here as MMR. */
static void any_coding_is_given_as_mmr(void **unused) {
  char path[128];
  BYTE *data;
  DWORD size, width, height;
  uint16_t compression = 0;
  (void)unused;
  fsp_set(1);
  stage_start_with(&st, "forward", NULL, NULL);
  TIFF *tiff = TIFFOpen(st.document, "w");
  uint8_t row[PAGES_STRIDE];
  pages_set_tags(tiff, 300, 98, 0, 1);
  TIFFSetField(tiff, TIFFTAG_COMPRESSION, COMPRESSION_CCITTFAX3);
  for (uint32_t y = 0; y < 300; y++) {
    pages_row(PAGES_LETTER, 0, y, 300, row);
    assert_int_equal(TIFFWriteScanline(tiff, row, y, 0), 1);
  }
  TIFFClose(tiff);
  HANDLE pages = config_prepare(&st);
  config_pause(&st, TRUE);
  DWORD job = config_send(&st, pages, FSP_COMPLETES);
  assert_true(FaxGetPageData(st.server, job, &data, &size, &width, &height));
  assert_int_equal(height, 300);
  save("page.tif", data, size, path, sizeof path);
  FaxFreeBuffer(data);
  assert_true(pages_same(path, 0, st.document, 0));
  tiff = TIFFOpen(path, "r");
  TIFFGetField(tiff, TIFFTAG_COMPRESSION, &compression);
  TIFFClose(tiff);
  assert_int_equal(compression, COMPRESSION_CCITTFAX4);
  assert_true(FaxReadDocument(st.server, job, &data, &size));
  save("all.tif", data, size, path, sizeof path);
  FaxFreeBuffer(data);
  assert_true(pages_same(path, 0, st.document, 0));
  assert_true(FaxClose(pages));
  stage_stop(&st);
}

/* JOB-69: not of a reception; JOB-71: all four pointers. SEC-9. */
static void page_data_checks_its_arguments(void **unused) {
  BYTE *data;
  DWORD size, width, height;
  (void)unused;
  script_start(&st, 2, NULL);
  config_pause(&st, TRUE);
  DWORD job = stage_send(&st, FSP_COMPLETES);
  DWORD error = ERROR_INVALID_PARAMETER;
  HANDLE s = st.server;
  assert_fails(FaxGetPageData(NULL, job, &data, &size, &width, &height), error);
  assert_fails(FaxGetPageData(s, job, NULL, &size, &width, &height), error);
  assert_fails(FaxGetPageData(s, job, &data, NULL, &width, &height), error);
  assert_fails(FaxGetPageData(s, job, &data, &size, NULL, &height), error);
  assert_fails(FaxGetPageData(s, job, &data, &size, &width, NULL), error);
  assert_fails(FaxGetPageData(s, 999, &data, &size, &width, &height), error);
  fsp.reception = FSP_PART;
  fsp_ring(FSP_FIRST, 9);
  struct fax_event *e = stage_until(&st, FEI_FAX_RECEIVED, 0);
  assert_fails(FaxGetPageData(s, e->job_id, &data, &size, &width, &height),
               ERROR_INVALID_DATA);
  FaxLocalFree(e);
  struct fax_connect other = {
      .size = sizeof other, .rights = FAX_PORT_QUERY, .user = "bob"};
  assert_true(stage_connect_as(&st, &other, &s));
  assert_fails(FaxGetPageData(s, job, &data, &size, &width, &height), error);
  assert_true(FaxClose(s));
  other.rights = FAX_JOB_QUERY;
  assert_true(stage_connect_as(&st, &other, &s));
  assert_true(FaxGetPageData(s, job, &data, &size, &width, &height));
  FaxFreeBuffer(data);
  assert_true(FaxClose(s));
  stage_stop(&st);
}

/* ---- prepared documents ---- */

/* Made once: the file may go, jobs share the pages, the last one removes them.
 */
static void a_prepared_document_serves_many_jobs(void **unused) {
  DWORD jobs[3];
  FAX_JOB_ENTRY *entry;
  (void)unused;
  script_start(&st, 2, NULL);
  HANDLE pages = config_prepare(&st);
  assert_int_equal(unlink(st.document), 0);
  config_pause(&st, TRUE);
  for (int i = 0; i < 3; i++) {
    jobs[i] = config_send(&st, pages, FSP_COMPLETES);
    if (i > 0) assert_true(jobs[i] > jobs[i - 1]);
    assert_true(FaxGetJob(st.server, jobs[i], &entry));
    assert_int_equal(entry->PageCount, 2);
    assert_true(entry->Size > 0);
    FaxFreeBuffer(entry);
  }
  assert_int_equal(stage_files(&st, "spool"), 1);
  assert_true(FaxClose(pages));
  assert_true(FaxAbort(st.server, jobs[0]));
  assert_int_equal(stage_files(&st, "spool"), 1);
  config_pause(&st, FALSE);
  bool one = false;
  for (int left = 2; left > 0;) {
    struct fax_event *e = stage_until(&st, FEI_DELETED, 0);
    if (e->job_id != jobs[0]) {
      assert_int_equal(e->outcome, FAX_OUTCOME_COMPLETED);
      left--;
    } else {
      one = true;
    }
    FaxLocalFree(e);
  }
  assert_true(one);
  stage_stop_within(20);
  assert_int_equal(stage_files(&st, "spool"), 0);
  stage_end(&st);
}

/* With no job its pages go with the handle, or with the connection's. */
static void a_document_goes_with_its_handle(void **unused) {
  HANDLE other;
  (void)unused;
  script_start(&st, 1, NULL);
  HANDLE pages = config_prepare(&st);
  assert_int_equal(stage_files(&st, "spool"), 1);
  assert_true(FaxClose(pages));
  assert_int_equal(stage_files(&st, "spool"), 0);
  assert_fails(FaxClose(pages), ERROR_INVALID_HANDLE);
  assert_true(FaxConnectFaxServer(NULL, &other));
  HANDLE mine = st.server;
  st.server = other;
  pages = config_prepare(&st);
  st.server = mine;
  assert_true(FaxClose(other));
  assert_int_equal(stage_files(&st, "spool"), 0);
  assert_fails(FaxClose(pages), ERROR_INVALID_HANDLE);
  stage_stop(&st);
}

static void preparing_checks_its_arguments(void **unused) {
  const char *file = st.document, *missing = "/nonexistent/fax.tif", *none = "";
  struct fax_document d = {.size = sizeof d, .files = &file, .file_count = 1};
  HANDLE pages = &st;
  (void)unused;
  script_start(&st, 1, NULL);
  DWORD error = ERROR_INVALID_PARAMETER;
  assert_fails(FaxPrepareDocument(st.server, NULL, &pages), error);
  assert_fails(FaxPrepareDocument(st.server, &d, NULL), error);
  assert_fails(FaxPrepareDocument(NULL, &d, &pages), error);
  assert_null(pages);
  d.size--;
  assert_fails(FaxPrepareDocument(st.server, &d, &pages), error);
  d.size++;
  d.file_count = 0;
  assert_fails(FaxPrepareDocument(st.server, &d, &pages), error);
  d.file_count = 1;
  d.files = &none;
  assert_fails(FaxPrepareDocument(st.server, &d, &pages), error);
  d.files = &missing;
  assert_fails(FaxPrepareDocument(st.server, &d, &pages), ERROR_FILE_NOT_FOUND);
  d.files = &file;
  d.paper = FAX_PAPER_LEGAL + 1;
  assert_fails(FaxPrepareDocument(st.server, &d, &pages), error);
  d.paper = 0;
  struct fax_connect query = {
      .size = sizeof query, .rights = FAX_JOB_QUERY, .user = "bob"};
  HANDLE server;
  assert_true(stage_connect_as(&st, &query, &server));
  assert_fails(FaxPrepareDocument(server, &d, &pages), ERROR_ACCESS_DENIED);
  assert_true(FaxClose(server));
  assert_int_equal(stage_files(&st, "spool"), 0);
  /* a handle of another kind is no document */
  FAX_JOB_PARAM p = {.SizeOfStruct = sizeof p,
                     .RecipientNumber = FSP_COMPLETES};
  struct fax_submission sub = stage_of_document(st.server, &p);
  assert_false(FaxSubmit(st.server, &sub, NULL));
  stage_stop(&st);
}

/* ---- no memory ---- */

static HANDLE prepared;
static DWORD kept;

/* Alone with the allocator: the queue is paused, nobody listens. */
static void start_alone(void) {
  script_start_virtual(&st, 1, NULL);
  config_pause(&st, TRUE);
  prepared = config_prepare(&st);
  assert_true(FaxCloseCompletionPort(st.events));
  st.events = FaxCreateCompletionPort();
  config_pause(&st, TRUE); /* the subscription ends with the next event */
}

static DWORD read_poor(void *unused) {
  BYTE *data;
  DWORD size, width, height;
  (void)unused;
  if (!FaxGetPageData(st.server, kept, &data, &size, &width, &height))
    return FaxGetLastError();
  FaxFreeBuffer(data);
  return ERROR_SUCCESS;
}

static void want_of_memory_gives_no_page(void **unused) {
  (void)unused;
  stage_only_here();
  start_alone();
  kept = config_send(&st, prepared, FSP_COMPLETES);
  assert_int_equal(read_poor(NULL), ERROR_SUCCESS);
  config_sweep(read_poor, NULL);
  assert_true(FaxClose(prepared));
  stage_stop_virtual(&st);
}

static void pause_and_resume(void) {
  assert_true(FaxSetJob(st.server, kept, JC_PAUSE, NULL));
  assert_true(FaxSetJob(st.server, kept, JC_RESUME, NULL));
}

/* What cannot be handed to the store is handed over later. */
static void a_command_needs_no_memory(void **unused) {
  (void)unused;
  stage_only_here();
  start_alone();
  kept = config_send(&st, prepared, FSP_COMPLETES);
  mem_fail_after(0);
  pause_and_resume();
  assert_true(FaxSetJob(st.server, kept, JC_DELETE, NULL));
  mem_fail_after(-1);
  assert_int_equal(stage_queue_status(&st, kept), FAX_UNKNOWN);
  kept = config_send(&st, prepared, FSP_COMPLETES);
  FaxClockWait(FaxClockNow() + 10 * FAX_SECOND, NULL);
  for (bool failed = true; failed;) {
    static long n;
    size_t live = mem_live();
    mem_fail_after(n++);
    pause_and_resume();
    failed = mem_failed();
    mem_fail_after(-1);
    FaxClockWait(FaxClockNow() + 10 * FAX_SECOND,
                 NULL); /* all is handed over */
    assert_int_equal(mem_live(), live);
  }
  assert_true(FaxClose(prepared));
  stage_stop_virtual(&st);
}

/* Results stay: what is queued is not given back, so the sweep is by hand. */
static void want_of_memory_queues_nothing(void **unused) {
  FAX_JOB_PARAM p = {.SizeOfStruct = sizeof p,
                     .RecipientNumber = FSP_COMPLETES,
                     .SenderName = "me"};
  FAX_JOB_ENTRY *jobs;
  DWORD id = 0, count;
  long n = 0;
  (void)unused;
  stage_only_here();
  start_alone();
  struct fax_submission sub = stage_of_document(prepared, &p);
  sub.device_id = FSP_FIRST;
  for (bool done = false; !done; n++) {
    config_settle();
    size_t live = mem_live();
    mem_fail_after(n);
    done = FaxSubmit(st.server, &sub, &id);
    DWORD error = FaxGetLastError();
    config_settle();
    mem_fail_after(-1);
    if (done) break;
    assert_int_equal(error, ERROR_NOT_ENOUGH_MEMORY);
    assert_int_equal(mem_live(), live);
    assert_int_equal(id, 0);
    assert_true(FaxEnumJobs(st.server, &jobs, &count));
    FaxFreeBuffer(jobs);
    assert_int_equal(count, 0);
  }
  assert_true(n > 2);
  assert_int_equal(stage_queue_status(&st, id), JS_PENDING);
  assert_true(FaxClose(prepared));
  stage_stop_virtual(&st);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_first_page_is_the_one_that_is_sent),
      cmocka_unit_test(any_coding_is_given_as_mmr),
      cmocka_unit_test(page_data_checks_its_arguments),
      cmocka_unit_test(a_prepared_document_serves_many_jobs),
      cmocka_unit_test(a_document_goes_with_its_handle),
      cmocka_unit_test(preparing_checks_its_arguments),
      cmocka_unit_test(want_of_memory_gives_no_page),
      cmocka_unit_test(a_command_needs_no_memory),
      cmocka_unit_test(want_of_memory_queues_nothing),
  };
  test_start();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
