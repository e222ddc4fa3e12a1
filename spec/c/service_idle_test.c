/* SPDX-License-Identifier: MIT
   A service that ends by itself when nobody wants anything of it; one that is
   asked to stop and not waited for; what it may be started with; its notes. */
#include "service_schedule.h"

/* The moment of the service's end, after the start of the clock. */
static int64_t ends_after(void) {
  struct fax_event *e = stage_until(&st, FEI_FAXSVC_ENDED, 0);
  FaxLocalFree(e);
  return (FaxClockWall() - STAGE_NOON) / FAX_SECOND;
}

/* The service has stopped by itself, and nobody has its handle. */
static void clean_up(void) {
  stage_stop_within(20);
  assert_true(FaxCloseCompletionPort(st.events));
  st.sequence = 0;
}

static void it_ends_when_nobody_wants_anything(void **unused) {
  (void)unused;
  config.idle = 60;
  start();
  config_wait(600); /* a client is there */
  assert_true(FaxServiceRunning());
  FaxClose(st.server);
  assert_int_equal(ends_after(), 660);
  clean_up();
}

/* What waits for a time, or is called, is something to do; what is paused, or
   given up, is not. */
static void jobs_keep_it(void **unused) {
  (void)unused;
  config.idle = 60;
  config.retry_delay = 1800;
  config.retries = 1;
  open_queue();
  struct fax_submission sub = to(B);
  sub.hold = TRUE;
  submit(sub);
  DWORD busy = submit(to(FSP_BUSY));
  FaxClose(pages);
  FaxClose(st.server);
  stage_skip(&st, FEI_BUSY, busy);
  stage_skip(&st, FEI_BUSY, busy);
  assert_int_equal(ends_after(), 1860);
  clean_up();
}

/* Another configuration may have it, too. */
static void a_new_client_begins_the_time_anew(void **unused) {
  char *left;
  (void)unused;
  start();
  FaxClose(st.server);
  config_wait(600);
  config.idle = 100;
  assert_true(FaxServiceReload(&config, &left));
  assert_null(left);
  config_wait(60);
  assert_true(FaxConnectFaxServer(NULL, &st.server));
  FaxClose(st.server);
  assert_int_equal(ends_after(), 760);
  clean_up();
}

/* A call that takes a minute ends, or is aborted by whoever asks again. */
static void asking_for_a_stop_does_not_wait(void **unused) {
  (void)unused;
  for (int again = 0; again < 2; again++) {
    open_queue();
    DWORD job = submit(to(A));
    stage_skip(&st, FEI_INITIALIZING, job);
    fax_deadline now = FaxClockNow();
    FaxServiceAskStop(clock_after(now, 400), clock_after(now, 300));
    assert_true(FaxClockNow() < now + FAX_SECOND);
    assert_false(FaxServiceRunning());
    FaxServiceAskStop(clock_after(now, 900), clock_after(now, 900));
    if (again == 1) FaxServiceAskStop(clock_after(now, 5), now);
    struct fax_event *e = stage_until(&st, FEI_DELETED, job);
    assert_int_equal(e->outcome,
                     again == 1 ? FAX_OUTCOME_STOPPED : FAX_OUTCOME_COMPLETED);
    FaxLocalFree(e);
    stage_skip(&st, FEI_FAXSVC_ENDED, 0);
    assert_true((FaxClockNow() - now >= 60 * FAX_SECOND) == (again == 0));
    FaxClose(pages);
    FaxClose(st.server);
    clean_up();
  }
  FaxServiceAskStop(0, 0); /* none runs */
}

static void a_configuration_is_checked_without_a_start(void **unused) {
  struct fax_dialling rules = {.size = sizeof rules, .country = "x"};
  (void)unused;
  assert_true(FaxServiceCheck(&config));
  config.dialling = &rules;
  assert_fails(FaxServiceCheck(&config), ERROR_INVALID_PARAMETER);
  assert_string_equal(FaxGetLastErrorMessage(),
                      "dialling.country is \"x\": 1 to 3 digits are wanted");
  config.dialling = NULL;
  config.archive_days = 0x80000000;
  assert_fails(FaxServiceCheck(&config), ERROR_INVALID_PARAMETER);
  assert_string_equal(FaxGetLastErrorMessage(),
                      "archive_days is 2147483648: up to 36500 are allowed");
  config.archive_days = 36500;
  assert_true(FaxServiceCheck(&config));
  config.log_format = FAX_LOG_JSON + 1;
  assert_fails(FaxServiceCheck(&config), ERROR_INVALID_PARAMETER);
  assert_fails(FaxServiceCheck(NULL), ERROR_INVALID_PARAMETER);
  assert_false(FaxServiceRunning());
}

static void notes_come_to_the_log(void **unused) {
  char path[128], text[4096];
  (void)unused;
  assert_fails(FaxServiceNote(FAX_LOG_INFO, "spec", "text"),
               ERROR_SERVICE_NOT_ACTIVE);
  start();
  assert_true(FaxServiceNote(FAX_LOG_WARN, "spec", "two\nlines 100 %s"));
  assert_fails(FaxServiceNote(FAX_LOG_DEBUG + 1, "spec", "text"),
               ERROR_INVALID_PARAMETER);
  assert_fails(FaxServiceNote(FAX_LOG_INFO, NULL, "text"),
               ERROR_INVALID_PARAMETER);
  assert_fails(FaxServiceNote(FAX_LOG_INFO, "spec", NULL),
               ERROR_INVALID_PARAMETER);
  stop();
  snprintf(path, sizeof path, "%s/fax.log", st.directory);
  FILE *file = fopen(path, "r");
  size_t size = fread(text, 1, sizeof text - 1, file);
  fclose(file);
  text[size] = '\0';
  assert_non_null(strstr(text, "Z warn spec: two\\nlines 100 %s\n"));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      scheduled(it_ends_when_nobody_wants_anything),
      scheduled(jobs_keep_it),
      scheduled(a_new_client_begins_the_time_anew),
      scheduled(asking_for_a_stop_does_not_wait),
      scheduled(a_configuration_is_checked_without_a_start),
      scheduled(notes_come_to_the_log),
  };
  test_start();
  st.here = true;
  return cmocka_run_group_tests(tests, NULL, NULL);
}
