/* SPDX-License-Identifier: MIT
   The counters: what each counts, how many there can be, who may read them. The
   form of the text is held by spec/metrics_spec.lua. */
#include <fax/fax_history.h>

#include "service_runs.h"

static int set_up(void **unused) {
  (void)unused;
  runs_begin(1);
  config.retries = 1;
  config.retry_delay = 600;
  start();
  document(1);
  return 0;
}

static int stop_it(void **state) {
  stop();
  return tear_down(state);
}

/* The value of the sample that begins so; -1: there is none. */
static double value(const char *sample) {
  char *text;
  double found = -1;
  char line[256];
  snprintf(line, sizeof line, "\n%s ", sample);
  if (!FaxGetMetrics(st.server, &text))
    fail_msg("%s", FaxGetLastErrorMessage());
  const char *at = strstr(text, line);
  if (at != NULL) found = atof(at + strlen(line));
  FaxFreeBuffer(text);
  return found;
}

static void is(const char *sample, double want) {
  double found = value(sample);
  if (found != want) fail_msg("%s: %g, not %g", sample, found, want);
}

static void calls_are_counted(void **unused) {
  (void)unused;
  is("fax_jobs_finished_total{outcome=\"completed\",cause=\"none\"}", -1);
  DWORD job = stage_send(&st, FSP_BUSY_FIRST FSP_COMPLETES);
  stage_skip(&st, FEI_DELETED, job);
  job = stage_send(&st, FSP_BUSY);
  stage_skip(&st, FEI_BUSY, job);
  is("fax_jobs{state=\"retrying\"}", 1);
  FaxClockWait(FaxClockNow() + 100 * FAX_SECOND, NULL);
  is("fax_queue_oldest_seconds", 100);
  stage_skip(&st, FEI_BUSY, job);
  is("fax_queue_oldest_seconds", 0);
  is("fax_jobs{state=\"retrying\"}", 0);
  is("fax_jobs{state=\"retries_exceeded\"}", 1);
  is("fax_jobs_finished_total{outcome=\"completed\",cause=\"none\"}", 1);
  is("fax_retries_total", 2);
  is("fax_pages_total{direction=\"sent\"}", 1);
  is("fax_submissions_total", 2);
  assert_true(FaxAbort(st.server, job)); /* it was counted as it was decided */
  stage_skip(&st, FEI_DELETED, job);
  is("fax_jobs_finished_total{outcome=\"cancelled\",cause=\"none\"}", -1);
  is("fax_jobs{state=\"retries_exceeded\"}", 0);
}

static void the_line_is_counted(void **unused) {
  (void)unused;
  double before = 0, after = 0;
  DWORD job = stage_send(&st, FSP_SLOWLY FSP_COMPLETES);
  for (int n = 0; n < FSP_LINES; n++) {
    char sample[128];
    struct service *s = service_current();
    pthread_mutex_lock(&s->lock);
    snprintf(sample, sizeof sample,
             "fax_line_seconds_total{device_id=\"%u\",device=\"%s\"}",
             FSP_FIRST + n, port_find(s, FSP_FIRST + n)->name);
    pthread_mutex_unlock(&s->lock);
    mem_unref(s);
    before += value(sample);
    if (n == 0) stage_skip(&st, FEI_DELETED, job);
    after += value(sample);
  }
  assert_true(before == 0 || before == 60);
  assert_true(after == 60);
  FaxClockWait(FaxClockNow() + FAX_SECOND, NULL); /* its port is free again */
  is("fax_ports{state=\"FPS_AVAILABLE\"}", FSP_LINES);
}

static void watchdogs_are_counted(void **unused) {
  (void)unused;
  DWORD job = stage_send(&st, FSP_WAITS);
  stage_skip(&st, FEI_ABORTING, job);
  is("fax_watchdogs_total{watchdog=\"operation_limit\"}", 1);
  FaxAbort(st.server, job); /* no watchdog, nor is this */
  stage_skip(&st, FEI_DELETED, job);
  is("fax_watchdogs_total{watchdog=\"operation_limit\"}", 1);
}

static void refusals_are_counted(void **unused) {
  (void)unused;
  stage_only_here();
  FAX_JOB_PARAM params = {.SizeOfStruct = sizeof params};
  DWORD job;
  assert_false(FaxSendDocument(st.server, st.document, &params, NULL, &job));
  char sample[128];
  snprintf(sample, sizeof sample,
           "fax_submissions_refused_total{reason=\"%s\"}",
           FaxErrorName(FaxGetLastError()));
  is(sample, 1);
  is("fax_submissions_total", 0);
  FAX_JOB_PARAM good = params;
  good.RecipientNumber = FSP_SLOWLY FSP_COMPLETES;
  const char *file = st.document;
  struct fax_submission all[3];
  DWORD ids[3];
  for (int i = 0; i < 3; i++)
    all[i] = (struct fax_submission){.size = sizeof all[i],
                                     .files = &file,
                                     .file_count = 1,
                                     .params = i < 2 ? &good : &params,
                                     .ecm = FAX_UNKNOWN};
  assert_false(FaxSubmitAll(st.server, all, 3, ids)); /* up to the third */
  is(sample, 2);
  is("fax_submissions_total", 2);
  is("fax_store_healthy", 1);
  assert_true(value("fax_store_transactions_total") >= 0);
}

/* FAX_CONFIG_QUERY */
static void not_everybody_reads_them(void **unused) {
  (void)unused;
  struct fax_connect narrow = {.size = sizeof narrow,
                               .rights = FAX_ALL_ACCESS & ~FAX_CONFIG_QUERY};
  HANDLE stranger;
  char *text;
  assert_true(stage_connect_as(&st, &narrow, &stranger));
  assert_fails(FaxGetMetrics(stranger, &text), ERROR_ACCESS_DENIED);
  assert_fails(FaxGetMetrics(st.server, NULL), ERROR_INVALID_PARAMETER);
  assert_fails(FaxGetMetrics(NULL, &text), ERROR_INVALID_PARAMETER);
  FaxClose(stranger);
}

/* However many texts providers make up. */
static void names_are_bounded(void **unused) {
  (void)unused;
  static struct metrics_names names;
  char text[64];
  assert_int_equal(metrics_slot(&names, NULL), METRICS_NONE);
  assert_int_equal(metrics_slot(&names, ""), METRICS_NONE);
  for (int n = 0; n < 3 * METRICS_NAMES; n++) {
    snprintf(text, sizeof text, "cause_%d", n);
    DWORD slot = metrics_slot(&names, text);
    assert_int_equal(slot, n < METRICS_NAMES ? n + 1 : METRICS_OTHER);
    assert_string_equal(metrics_text(&names, slot),
                        n < METRICS_NAMES ? text : "other");
  }
  assert_int_equal(metrics_slot(&names, "cause_0"), 1);
  static struct metrics_names fresh;
  memset(text, 'x', sizeof text - 1);
  text[sizeof text - 1] = '\0';
  assert_int_equal(metrics_slot(&fresh, text), METRICS_OTHER);
  assert_int_equal(metrics_slot(&fresh, "\xff"), METRICS_OTHER);
  assert_int_equal(fresh.count, 0);
}

static DWORD read_all(void *unused) {
  (void)unused;
  char *text;
  if (!FaxGetMetrics(st.server, &text)) return FaxGetLastError();
  FaxFreeBuffer(text);
  return ERROR_SUCCESS;
}

static void without_memory(void **unused) {
  (void)unused;
  DWORD job = stage_send(&st, FSP_COMPLETES);
  stage_skip(&st, FEI_DELETED, job);
  config_sweep(read_all, NULL);
}

int main(void) {
  test_start();
  const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, stop_it)
      TEST(calls_are_counted),
      TEST(the_line_is_counted),
      TEST(watchdogs_are_counted),
      TEST(refusals_are_counted),
      TEST(not_everybody_reads_them),
      cmocka_unit_test(names_are_bounded),
      TEST(without_memory)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
