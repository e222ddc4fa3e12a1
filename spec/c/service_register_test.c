/* SPDX-License-Identifier: MIT
   What registration does to a service that runs (FSP-16, FSP-18). */
#include "service_load.h"

/* FSP-16 */
static void registration_acts_at_once(void **unused) {
  HANDLE other;
  (void)unused;
  assert_true(FaxRegisterServiceProvider("mine", "Mine", forward, ""));
  assert_int_equal(port_count(), FSP_LINES);
  assert_fails(load_as("mine", copy, &other), ERROR_ALREADY_EXISTS);
  DWORD job = hold_call();
  assert_true(FaxUnregisterServiceProvider("mine"));
  assert_fails(FaxUnregisterServiceProvider("mine"), ERROR_NOT_FOUND);
  assert_int_equal(port_count(), 1);
  fsp_let();
  completes(job);
}

/* What was loaded otherwise is not registered, and not taken away. */
static void only_what_is_registered_is_taken_away(void **unused) {
  (void)unused;
  load(forward);
  assert_true(FaxRegisterServiceProvider("mine", "Mine", copy, ""));
  assert_int_equal(initialized, 1);
  assert_true(FaxUnregisterServiceProvider("mine"));
  assert_int_equal(port_count(), FSP_LINES);
  stage_stop_within(60);
  log_says("registered provider mine: one of this name is loaded already",
           true);
}

/* FSP-18, -9: the failure is recorded, and the registration stays. */
static void one_that_fails_is_registered(void **unused) {
  (void)unused;
  fsp_script.initialize = fail_initialize;
  assert_true(FaxRegisterServiceProvider("mine", "Mine", forward, ""));
  assert_fails(FaxRegisterServiceProvider("mine", "Mine", forward, ""),
               ERROR_ALREADY_EXISTS);
  assert_int_equal(port_count(), 0);
  assert_int_equal(state_of("mine"), FAX_PROVIDER_FAILED);
  assert_true(FaxUnregisterServiceProvider("mine"));
  assert_int_equal(state_of("mine"), FAX_UNKNOWN);
  assert_true(FaxRegisterServiceProvider("mine", "Mine", forward, ""));
  stage_stop_within(60);
  log_says(
      "registered provider mine is not used: mine: FaxDevInitialize "
      "failed with error 5 (ERROR_ACCESS_DENIED)",
      true);
}

/* The same file, while the old one still has a call: it comes when that is
   over. */
static void one_waits_for_its_module(void **unused) {
  (void)unused;
  assert_true(FaxRegisterServiceProvider("mine", "Mine", forward, ""));
  DWORD job = hold_call();
  assert_true(FaxUnregisterServiceProvider("mine"));
  assert_true(FaxRegisterServiceProvider("mine", "Mine", forward, ""));
  assert_true(FaxRegisterServiceProvider("broken", "Broken", st.document, ""));
  assert_int_equal(initialized, 1);
  assert_int_equal(state_of("mine"), FAX_PROVIDER_FAILED);
  DWORD waits = send_by(0, FSP_COMPLETES);
  assert_int_equal(stage_queue_status(&st, waits), JS_NOLINE);
  fsp_let();
  completes(job);
  completes(waits);
  assert_int_equal(initialized, 2);
  assert_int_equal(port_count(), FSP_LINES);
  assert_int_equal(state_of("mine"), FAX_PROVIDER_RUNNING);
  assert_int_equal(state_of("broken"), FAX_PROVIDER_FAILED);
}

static void one_that_was_to_wait_and_is_not_wanted_does_not_come(
    void **unused) {
  (void)unused;
  assert_true(FaxRegisterServiceProvider("mine", "Mine", forward, ""));
  DWORD job = hold_call();
  assert_true(FaxUnregisterServiceProvider("mine"));
  assert_true(FaxRegisterServiceProvider("mine", "Mine", forward, ""));
  assert_true(FaxUnregisterServiceProvider("mine"));
  fsp_let();
  completes(job);
  while (shut_down == 0) FaxClockWait(FaxClockNow() + FAX_SECOND, NULL);
  stage_stop_within(60);
  assert_int_equal(initialized, 1);
}

static void register_on_thread(void *unused) {
  (void)unused;
  loader_error = FaxRegisterServiceProvider("mine", "Mine", forward, "")
                     ? ERROR_SUCCESS
                     : FaxGetLastError();
}

static void one_that_is_unregistered_meanwhile_does_not_come(void **unused) {
  (void)unused;
  pthread_t thread = begin_load(register_on_thread);
  assert_true(FaxUnregisterServiceProvider("mine"));
  end_load(thread);
  assert_int_equal(loader_error, ERROR_SUCCESS);
  assert_int_equal(port_count(), 0);
  assert_int_equal(shut_down, 1);
}

#define test(function) \
  cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void) {
  const struct CMUnitTest tests[] = {
      test(registration_acts_at_once),
      test(only_what_is_registered_is_taken_away),
      test(one_that_fails_is_registered),
      test(one_waits_for_its_module),
      test(one_that_was_to_wait_and_is_not_wanted_does_not_come),
      test(one_that_is_unregistered_meanwhile_does_not_come),
  };
  test_start();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
