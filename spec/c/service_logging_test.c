/* SPDX-License-Identifier: MIT
   The categories of the log: what is read and set, and what then stands in the
   service's log file. */
#include <fcntl.h>

#include "base/log.h"
#include "service_stage.h"

enum { CATEGORIES = 4, LEVELS = 4 };

static struct stage st;

static int begin(void **unused) {
  (void)unused;
  stage_start(&st, NULL, NULL);
  stage_document(&st, 1);
  return 0;
}

static int end(void **unused) {
  (void)unused;
  stage_stop(&st);
  return 0;
}

static DWORD level_of(DWORD category) {
  FAX_LOG_CATEGORY *categories;
  DWORD count;
  assert_true(FaxGetLoggingCategories(st.server, &categories, &count));
  assert_int_equal(count, CATEGORIES);
  assert_int_equal(categories[category - 1].Category, category);
  DWORD level = categories[category - 1].Level;
  FaxFreeBuffer(categories);
  return level;
}

static void set(DWORD category, DWORD level) {
  FAX_LOG_CATEGORY one = {NULL, category, level};
  if (!FaxSetLoggingCategories(st.server, &one, 1))
    fail_msg("%s", FaxGetLastErrorMessage());
}

static void set_all(DWORD level) {
  for (DWORD category = 1; category <= CATEGORIES; category++)
    set(category, level);
}

/* All that stands in the log file by now; the caller frees it. */
static char *read_log(void) {
  char path[96];
  assert_true(log_flush(60));
  snprintf(path, sizeof path, "%s/fax.log", st.directory);
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  assert_true(fd >= 0);
  off_t size = lseek(fd, 0, SEEK_END);
  char *text = mem_alloc((size_t)size + 1);
  assert_int_equal(pread(fd, text, (size_t)size, 0), size);
  close(fd);
  return text;
}

static bool logged(const char *what) {
  char *text = read_log();
  bool found = strstr(text, what) != NULL;
  mem_free(text);
  return found;
}

/* ---- reading and setting ---- */

/* LOG-1, -3 */
static void all_four_are_given(void **unused) {
  static const char *const names[] = {"Initialization", "Outbound", "Inbound",
                                      "Unknown"};
  FAX_LOG_CATEGORY *categories;
  DWORD count;
  (void)unused;
  assert_true(FaxGetLoggingCategories(st.server, &categories, &count));
  assert_int_equal(count, CATEGORIES);
  for (DWORD i = 0; i < count; i++) {
    assert_int_equal(categories[i].Category, FAXLOG_CATEGORY_INIT + i);
    assert_string_equal(categories[i].Name, names[i]);
    assert_int_equal(categories[i].Level, FAXLOG_LEVEL_MED);
  }
  FaxFreeBuffer(categories);
}

/* LOG-4, -5: whatever is not named stays; Name is not read. */
static void a_partial_list_changes_its_own(void **unused) {
  const FAX_LOG_CATEGORY two[] = {
      {(LPCTSTR)1, FAXLOG_CATEGORY_UNKNOWN, FAXLOG_LEVEL_MAX},
      {NULL, FAXLOG_CATEGORY_OUTBOUND, FAXLOG_LEVEL_NONE}};
  (void)unused;
  assert_true(FaxSetLoggingCategories(st.server, two, 2));
  assert_true(logged("config: levels of the log changed user="));
  assert_int_equal(level_of(FAXLOG_CATEGORY_INIT), FAXLOG_LEVEL_MED);
  assert_int_equal(level_of(FAXLOG_CATEGORY_OUTBOUND), FAXLOG_LEVEL_NONE);
  assert_int_equal(level_of(FAXLOG_CATEGORY_INBOUND), FAXLOG_LEVEL_MED);
  assert_int_equal(level_of(FAXLOG_CATEGORY_UNKNOWN), FAXLOG_LEVEL_MAX);
  FAX_LOG_CATEGORY *categories; /* what was read can be set */
  DWORD count;
  assert_true(FaxGetLoggingCategories(st.server, &categories, &count));
  set_all(FAXLOG_LEVEL_MIN);
  assert_true(FaxSetLoggingCategories(st.server, categories, count));
  FaxFreeBuffer(categories);
  assert_int_equal(level_of(FAXLOG_CATEGORY_OUTBOUND), FAXLOG_LEVEL_NONE);
  assert_int_equal(level_of(FAXLOG_CATEGORY_INBOUND), FAXLOG_LEVEL_MED);
}

static void refused(HANDLE server, const FAX_LOG_CATEGORY *categories,
                    DWORD count, DWORD code) {
  assert_fails(FaxSetLoggingCategories(server, categories, count), code);
  for (DWORD category = 1; category <= CATEGORIES; category++)
    assert_int_equal(level_of(category), FAXLOG_LEVEL_MED);
}

/* LOG-5, -6, -8 */
static void a_wrong_list_changes_nothing(void **unused) {
  const FAX_LOG_CATEGORY right = {NULL, 1, FAXLOG_LEVEL_MAX};
  const FAX_LOG_CATEGORY wrong[] = {{NULL, 0, 1},
                                    {NULL, CATEGORIES + 1, 1},
                                    {NULL, 0xffffffff, 1},
                                    {NULL, 2, LEVELS},
                                    {NULL, 2, 0xffffffff}};
  (void)unused;
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    const FAX_LOG_CATEGORY list[] = {right, wrong[i]};
    refused(st.server, list, 2, ERROR_INVALID_PARAMETER);
  }
  refused(st.server, &right, 0, ERROR_INVALID_PARAMETER);
  refused(st.server, NULL, 1, ERROR_INVALID_PARAMETER);
  refused(NULL, &right, 1, ERROR_INVALID_PARAMETER);
  refused(st.events, &right, 1, ERROR_INVALID_HANDLE);
}

static void each_needs_its_right(void **unused) {
  const FAX_LOG_CATEGORY right = {NULL, 1, FAXLOG_LEVEL_MAX};
  FAX_LOG_CATEGORY *categories;
  struct fax_connect all_but = {
      .size = sizeof all_but,
      .rights = FAX_ALL_ACCESS & ~(DWORD)FAX_CONFIG_SET,
      .user = NULL};
  HANDLE server;
  DWORD count;
  (void)unused;
  assert_true(stage_connect_as(&st, &all_but, &server));
  refused(server, &right, 1, ERROR_ACCESS_DENIED);
  assert_true(FaxClose(server));
  all_but.rights = FAX_ALL_ACCESS & ~(DWORD)FAX_CONFIG_QUERY;
  assert_true(stage_connect_as(&st, &all_but, &server));
  assert_fails(FaxGetLoggingCategories(server, &categories, &count),
               ERROR_ACCESS_DENIED);
  assert_true(FaxSetLoggingCategories(server, &right, 1));
  assert_true(FaxClose(server));
}

static void a_wrong_read_writes_nothing(void **unused) {
  FAX_LOG_CATEGORY *categories = (FAX_LOG_CATEGORY *)&st;
  DWORD count = 77;
  (void)unused;
  assert_fails(FaxGetLoggingCategories(st.server, NULL, &count),
               ERROR_INVALID_PARAMETER);
  assert_fails(FaxGetLoggingCategories(st.server, &categories, NULL),
               ERROR_INVALID_PARAMETER);
  assert_fails(FaxGetLoggingCategories(NULL, &categories, &count),
               ERROR_INVALID_PARAMETER);
  assert_fails(FaxGetLoggingCategories(st.events, &categories, &count),
               ERROR_INVALID_HANDLE);
  mem_fail_after(0);
  BOOL done = FaxGetLoggingCategories(st.server, &categories, &count);
  mem_fail_after(-1);
  assert_false(done);
  assert_int_equal(FaxGetLastError(), ERROR_NOT_ENOUGH_MEMORY);
  assert_ptr_equal(categories, &st);
  assert_int_equal(count, 77);
}

static void a_stopped_service_has_none(void **unused) {
  const FAX_LOG_CATEGORY one = {NULL, 1, FAXLOG_LEVEL_MAX};
  FAX_LOG_CATEGORY *categories;
  DWORD count;
  (void)unused;
  stage_start(&st, NULL, NULL);
  stage_stop_within(20);
  assert_fails(FaxGetLoggingCategories(st.server, &categories, &count),
               stage_gone());
  assert_fails(FaxSetLoggingCategories(st.server, &one, 1), stage_gone());
  stage_end(&st);
}

/* ---- what stands in the file ---- */

/* LOG-2: errors with MIN; warnings and information too with MED. */
static void a_level_holds_for_its_category(void **unused) {
  static const int most[LEVELS] = {-1, FAX_LOG_ERROR, FAX_LOG_INFO,
                                   FAX_LOG_DEBUG};
  (void)unused;
  for (DWORD category = 1; category <= CATEGORIES; category++) {
    set_all(FAXLOG_LEVEL_NONE);
    for (DWORD level = 0; level < LEVELS; level++) {
      set(category, level);
      for (DWORD c = 1; c <= CATEGORIES; c++)
        for (int l = FAX_LOG_ERROR; l <= FAX_LOG_DEBUG; l++) {
          char line[64];
          snprintf(line, sizeof line, "at=%u.%u of=%u.%d", category, level, c,
                   l);
          log_line((enum log_category)c, (enum fax_log_level)l, "spec", "%s",
                   line);
          if (logged(line) != (c == category && l <= most[level]))
            fail_msg("%s", line);
        }
    }
  }
}

static DWORD queue_one(const char *billing) {
  FAX_JOB_PARAM p = {.SizeOfStruct = sizeof p,
                     .RecipientNumber = "102",
                     .BillingCode = billing};
  DWORD job;
  if (!FaxSendDocument(st.server, st.document, &p, NULL, &job))
    fail_msg("%s", FaxGetLastErrorMessage());
  return job;
}

static void send_one(const char *billing) {
  stage_skip(&st, FEI_DELETED, queue_one(billing));
}

static void only(DWORD category) {
  set_all(FAXLOG_LEVEL_NONE);
  set(category, FAXLOG_LEVEL_MED);
}

/* Each of the service's own lines belongs where its name says. */
static void a_call_has_two_sides(void **unused) {
  (void)unused;
  only(FAXLOG_CATEGORY_OUTBOUND);
  send_one(NULL);
  assert_true(logged(" sends job="));
  assert_false(logged(" receives job="));
  stage_stop(&st);
  begin(NULL);
  only(FAXLOG_CATEGORY_INBOUND);
  stage_skip_both(&st, queue_one(NULL), FEI_FAX_RECEIVED);
  assert_true(logged(" receives job="));
  assert_false(logged(" sends job="));
  assert_false(logged(" queued job="));
  assert_true(logged(" started ")); /* before that */
}

static void the_start_and_the_stop_are_initialization(void **unused) {
  (void)unused;
  for (DWORD category = 1; category <= CATEGORIES; category++) {
    char path[96], text[4096];
    stage_start(&st, NULL, NULL);
    only(category);
    stage_stop_within(20);
    snprintf(path, sizeof path, "%s/fax.log", st.directory);
    FILE *f = fopen(path, "r");
    assert_non_null(f);
    text[fread(text, 1, sizeof text - 1, f)] = '\0';
    fclose(f);
    assert_non_null(strstr(text, "service: started"));
    bool stopped = strstr(text, "service: stopped") != NULL;
    assert_int_equal(stopped, category == FAXLOG_CATEGORY_INIT);
    stage_end(&st);
  }
}

/* LOG-7; and no line can be forged by it. */
static void the_billing_code_is_logged(void **unused) {
  (void)unused;
  send_one("cc-17\n2026-01-01T00:00:00.000Z error job: forged\x1b[2J");
  assert_true(
      logged(" billing=cc-17\\n2026-01-01T00:00:00.000Z error job: "
             "forged\\x1b[2J\n"));
}

/* ---- the level that the service starts with ---- */

static DWORD start_level;

static void with_level(struct fax_service_config *config) {
  config->log_level = start_level;
}

static void the_service_starts_with_its_own_level(void **unused) {
  static const DWORD expected[] = {FAXLOG_LEVEL_MIN, FAXLOG_LEVEL_MED,
                                   FAXLOG_LEVEL_MED, FAXLOG_LEVEL_MAX};
  (void)unused;
  for (start_level = 0; start_level < LEVELS; start_level++) {
    stage_start(&st, NULL, with_level);
    for (DWORD category = 1; category <= CATEGORIES; category++)
      assert_int_equal(level_of(category), expected[start_level]);
    log_line(LOG_OTHER, FAX_LOG_WARN, "spec", "a warning");
    log_line(LOG_OTHER, FAX_LOG_INFO, "spec", "an information");
    assert_int_equal(logged("a warning"), start_level >= FAX_LOG_WARN);
    /* "warn" is finer than what the documents can say, until one is set */
    assert_int_equal(logged("an information"), start_level >= FAX_LOG_INFO);
    set(FAXLOG_CATEGORY_UNKNOWN, FAXLOG_LEVEL_MED);
    log_line(LOG_OTHER, FAX_LOG_INFO, "spec", "more of it");
    assert_true(logged("more of it"));
    stage_stop(&st);
  }
}

/* ---- a log that nobody reads ---- */

static void to_stderr(struct fax_service_config *config) {
  config->log_file = "-";
  config->log_level = FAX_LOG_DEBUG;
}

/* Neither calls nor the stop wait for it. */
static void a_stalled_log_stops_nobody(void **unused) {
  char block[4096] = "";
  int ends[2];
  (void)unused;
  assert_int_equal(pipe2(ends, O_CLOEXEC | O_NONBLOCK), 0);
  while (write(ends[1], block, sizeof block) > 0) continue;
  int before = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
  assert_true(dup2(ends[1], STDERR_FILENO) >= 0);
  stage_start(&st, NULL, to_stderr);
  stage_document(&st, 1);
  send_one("cc-18");
  assert_false(log_flush(0));
  stage_stop_within(20);
  close(ends[0]); /* its thread, which was left behind, comes back */
  while (thread_live() > st.threads + stage_hearers()) sched_yield();
  dup2(before, STDERR_FILENO);
  close(before);
  close(ends[1]);
  st.fds -= 3;
  stage_end(&st);
}

int main(void) {
#define WITH_SERVICE(f) cmocka_unit_test_setup_teardown(f, begin, end)
  const struct CMUnitTest tests[] = {
      WITH_SERVICE(all_four_are_given),
      WITH_SERVICE(a_partial_list_changes_its_own),
      WITH_SERVICE(a_wrong_list_changes_nothing),
      WITH_SERVICE(each_needs_its_right),
      WITH_SERVICE(a_wrong_read_writes_nothing),
      cmocka_unit_test(a_stopped_service_has_none),
      WITH_SERVICE(a_level_holds_for_its_category),
      WITH_SERVICE(a_call_has_two_sides),
      cmocka_unit_test(the_start_and_the_stop_are_initialization),
      WITH_SERVICE(the_billing_code_is_logged),
      cmocka_unit_test(the_service_starts_with_its_own_level),
      cmocka_unit_test(a_stalled_log_stops_nobody),
  };
  test_start();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
