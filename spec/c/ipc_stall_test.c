/* SPDX-License-Identifier: MIT
   A provider of another process that stops to answer: it is watched as one of
   this process, when it says that it answers. On the virtual clock. */
#include "ipc_raw.h"

static struct stage st;
static struct raw r;
static size_t threads;

static void alone(struct fax_service_config *config) {
  config->provider_count = 0;
}

static int set_up(void **unused) {
  (void)unused;
  stage_start_virtual(&st, NULL, alone);
  stage_document(&st, 1);
  return 0;
}

static int tear_down(void **unused) {
  (void)unused;
  raw_close(&r);
  while (thread_live() != threads) sched_yield(); /* the server has seen it */
  stage_stop(&st);
  assert_true(FaxClockReal());
  return 0;
}

/* Its devices come before the answer is read. */
static void attach(const char *more) {
  char text[200];
  threads = thread_live();
  raw_open(&r, &st);
  assert_int_equal(raw_ask(&r, RAW_HELLO), 0);
  snprintf(text, sizeof text,
           "{\"id\":2,\"method\":\"provider.attach\",\"params\":{\"name\":"
           "\"mine\",\"stall\":10%s,\"devices\":[{\"name\":\"line\"}]}}\n",
           more);
  assert_int_equal(raw_ask(&r, text), 0);
}

static DWORD send_it(void) {
  FAX_JOB_PARAM params = {.SizeOfStruct = sizeof params,
                          .RecipientNumber = "4711"};
  DWORD job;
  if (!FaxSendDocument(st.server, st.document, &params, NULL, &job))
    fail_msg("%s", FaxGetLastErrorMessage());
  return job;
}

/* The next of the calls. */
static void hear(const char *kind) {
  json_t *whole = raw_hear(&r);
  assert_non_null(whole);
  assert_string_equal(json_string_value(json_object_get(
                          json_object_get(whole, "params"), "kind")),
                      kind);
  json_decref(whole);
}

static void who_does_not_answer_loses_its_calls(void **unused) {
  (void)unused;
  attach(",\"answers\":true");
  fax_deadline began = FaxClockNow();
  DWORD job = send_it();
  stage_skip(&st, FEI_FATAL_ERROR, job);
  assert_int_equal(FaxClockNow() - began, 10 * FAX_SECOND);
  hear("start");
  hear("tick");
}

/* Each tick has its own answer: one late enough is none. */
static void who_answers_may_take_its_time(void **unused) {
  static const char alive[] =
      "{\"id\":3,\"method\":\"provider.alive\",\"params\":{\"provider\":1}}\n";
  (void)unused;
  attach(",\"answers\":true");
  DWORD job = send_it();
  hear("start");
  for (int i = 0; i < 5; i++) {
    hear("tick");
    assert_int_equal(raw_ask(&r, alive), 0);
    FaxClockWait(FaxClockNow() + 10 * FAX_SECOND, NULL);
  }
  assert_int_equal(stage_queue_status(&st, job), JS_INPROGRESS);
  stage_skip(&st, FEI_FATAL_ERROR, job);
}

/* As it has been: a peer that knows nothing of this. */
static void who_never_said_so_is_not_watched(void **unused) {
  (void)unused;
  attach("");
  DWORD job = send_it();
  hear("start");
  FaxClockWait(FaxClockNow() + 1000 * FAX_SECOND, NULL);
  assert_int_equal(stage_queue_status(&st, job), JS_INPROGRESS);
}

int main(void) {
  test_start();
  const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
      TEST(who_does_not_answer_loses_its_calls),
      TEST(who_answers_may_take_its_time),
      TEST(who_never_said_so_is_not_watched)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
