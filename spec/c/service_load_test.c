/* SPDX-License-Identifier: MIT
   C FSPs that come and go while the service runs, by FaxLoadProvider (FSP-1,
   FSP-7, FSP-11, FSP-12). */
#include "service_load.h"

/* ---- coming and going ---- */

/* FSP-11 */
static void one_comes_and_goes(void **unused) {
  DWORD ids[FSP_LINES];
  (void)unused;
  for (int i = 1; i <= 3; i++) {
    HANDLE mine = load(forward);
    stage_skip(&st, FEI_MODEM_POWERED_ON, 0);
    assert_int_equal(port_count(), FSP_LINES);
    assert_int_equal(FaxProviderDeviceCount(mine), FSP_LINES);
    assert_true(FaxProviderDevices(mine, ids, FSP_LINES));
    assert_int_equal(ids[0], FSP_FIRST);
    completes(send_by(0, FSP_COMPLETES));
    stage_skip(&st, FEI_IDLE, 0);
    assert_true(FaxClose(mine));
    assert_int_equal(port_count(), 0);
    stage_skip(&st, FEI_MODEM_POWERED_OFF, 0);
    await_end(ERROR_SUCCESS);
    assert_int_equal(shut_down, i);
    assert_int_equal(FaxProviderDeviceCount(mine), 0);
    assert_fails(FaxClose(mine), ERROR_INVALID_HANDLE);
  }
}

/* FSP-12: its call goes on, nothing new begins, and it ends after that. */
static void a_call_ends_before_its_provider(void **unused) {
  HANDLE port;
  FAX_PORT_INFO *info;
  (void)unused;
  HANDLE mine = load(forward);
  assert_true(FaxOpenPort(st.server, FSP_FIRST, PORT_OPEN_QUERY, &port));
  DWORD job = hold_call();
  assert_true(FaxClose(mine));
  assert_int_equal(port_count(), 1);
  fsp_ring(FSP_FIRST + 1, 9);
  DWORD waits = send_by(0, FSP_COMPLETES);
  assert_int_equal(stage_queue_status(&st, waits), JS_NOLINE);
  assert_int_equal(shut_down, 0);
  assert_int_equal(state_of("mine"), FAX_PROVIDER_LEAVING);
  fsp_let();
  completes(job);
  await_end(ERROR_SUCCESS);
  assert_int_equal(shut_down, 1);
  assert_int_equal(port_count(), 0);
  assert_fails(FaxGetPort(port, &info), ERROR_BAD_UNIT);
  FaxClose(port);
  load(forward);
  completes(waits);
  assert_int_equal(state_of("mine"), FAX_PROVIDER_RUNNING);
}

static void a_service_that_stops_ends_it(void **unused) {
  (void)unused;
  load(forward);
  hold_call();
  stage_stop_within(60);
  await_end(ERROR_SUCCESS);
  assert_int_equal(shut_down, 1);
}

/* ---- replacing one ---- */

/* FSP-1: a shared object has its data once. */
static void a_module_serves_one_at_a_time(void **unused) {
  HANDLE other;
  (void)unused;
  HANDLE mine = load(forward);
  assert_fails(load_as("other", forward, &other), ERROR_BUSY);
  assert_non_null(strstr(FaxGetLastErrorMessage(), "by the provider mine"));
  assert_int_equal(initialized, 1); /* nothing of it was called */
  DWORD job = hold_call();
  FaxClose(mine);
  assert_fails(load_as("mine", forward, &other), ERROR_BUSY);
  fsp_let();
  completes(job);
  await_end(ERROR_SUCCESS);
  load(forward);
}

/* FSP-7: the one that leaves has no claim to its devices. A job that waited for
   one goes to the new one; the old call ends under the old code. */
static void another_file_takes_its_place(void **unused) {
  HANDLE old_port, port;
  FAX_PORT_INFO *info;
  (void)unused;
  HANDLE mine = load(forward);
  assert_true(FaxOpenPort(st.server, FSP_FIRST, PORT_OPEN_QUERY, &old_port));
  DWORD job = hold_call();
  config_pause(&st, TRUE);
  DWORD waits = send_by(FSP_FIRST + 1, FSP_COMPLETES);
  FaxClose(mine);
  HANDLE next = load(copy);
  config_pause(&st, FALSE);
  assert_int_equal(port_count(), FSP_LINES);
  assert_true(FaxOpenPort(st.server, FSP_FIRST, PORT_OPEN_QUERY, &port));
  assert_true(FaxGetPort(port, &info));
  assert_int_equal(info->State, FPS_AVAILABLE);
  FaxFreeBuffer(info);
  assert_fails(FaxGetPort(old_port, &info), ERROR_BAD_UNIT);
  FaxClose(port);
  FaxClose(old_port);
  completes(waits);
  assert_int_equal(shut_down, 0);
  fsp_let();
  completes(job);
  await_end(ERROR_SUCCESS);
  assert_int_equal(port_count(), FSP_LINES);
  FaxClose(next);
  await_end(ERROR_SUCCESS);
  assert_int_equal(shut_down, 2);
}

/* The dynamic linker knows a file by its path, even if it is another one now.
   The new one has no FaxDevShutdown: by that it is known. */
static void another_file_at_the_same_path_is_another_one(void **unused) {
  (void)unused;
  HANDLE mine = load(copy);
  DWORD job = hold_call();
  FaxClose(mine);
  stage_copy_fsp(&st, "no_shutdown", "copy.so", copy, sizeof copy);
  for (int i = 0; i < 3; i++) {
    HANDLE next = load(copy);
    completes(send_by(FSP_FIRST + 1, FSP_COMPLETES));
    FaxClose(next);
    await_end(ERROR_SUCCESS);
    assert_int_equal(shut_down, 0);
  }
  fsp_let();
  completes(job);
  await_end(ERROR_SUCCESS);
  assert_int_equal(shut_down, 1);
  initialized = shut_down; /* the others cannot be counted */
}

/* ---- those that do not come back ---- */

/* The scheduler goes on; the end is told when the time is up, and the module is
   in use until it has come back. */
static void a_shutdown_that_hangs_holds_up_nobody(void **unused) {
  (void)unused;
  HANDLE mine = load(forward), again;
  hold(&hold_shutdown);
  fax_deadline began = FaxClockNow();
  FaxClose(mine);
  HANDLE other = load_named("other", copy);
  completes(send_by(0, FSP_COMPLETES));
  await_end(ERROR_TIMEOUT);
  assert_int_equal(FaxClockNow() - began, 30 * FAX_SECOND);
  assert_fails(load_as("mine", forward, &again), ERROR_BUSY);
  let(&hold_shutdown);
  FaxClose(other);
  await_end(ERROR_SUCCESS); /* the other one's */
  while (!load_as("mine", forward, &again)) {
    assert_int_equal(FaxGetLastError(), ERROR_BUSY);
    FaxClockWait(FaxClockNow() + FAX_SECOND, NULL);
  }
  made[made_count++] = again;
  stage_stop_within(60);
  freed(&hold_shutdown);
}

static void a_stop_names_the_one_that_hangs(void **unused) {
  (void)unused;
  HANDLE mine = load(forward);
  hold(&hold_shutdown);
  FaxClose(mine);
  fsp_wait(inside);
  fax_deadline now = FaxClockNow();
  assert_fails(FaxServiceStop(now + 5 * FAX_SECOND, now), ERROR_TIMEOUT);
  assert_non_null(strstr(FaxGetLastErrorMessage(), "the provider mine"));
  let(&hold_shutdown);
  await_end(ERROR_SUCCESS);
  /* Those who heard of the ends are joined with their ports. */
  while (thread_live() > st.threads + 2 * stage_hearers())
    FaxClockWait(FaxClockNow() + FAX_SECOND, NULL);
  freed(&hold_shutdown);
}

/* Its line is taken out; a new one may have it, and the rest goes on. */
static void a_call_that_hangs_keeps_its_module_only(void **unused) {
  (void)unused;
  fsp.freed = FaxCancelCreate();
  HANDLE mine = load(forward);
  DWORD job = send_by(FSP_FIRST, FSP_STUCK);
  stage_skip(&st, FEI_SENDING, job);
  assert_true(FaxAbort(st.server, job));
  stage_skip(&st, FEI_MODEM_POWERED_OFF, 0);
  FaxClose(mine);
  assert_int_equal(port_count(), 0);
  HANDLE next = load(copy);
  assert_int_equal(port_count(), FSP_LINES);
  completes(send_by(FSP_FIRST + 1, FSP_COMPLETES));
  FaxClose(next);
  await_end(ERROR_SUCCESS);
  FaxCancelSet(fsp.freed);
  await_end(ERROR_SUCCESS);
  assert_int_equal(shut_down, 2);
  assert_int_equal(port_count(), 0);
  FaxCancelFree(fsp.freed);
  fsp.freed = NULL;
}

/* ---- while it is being loaded ---- */

static void load_on_thread(void *unused) {
  (void)unused;
  loader_error = load_as("mine", forward, &made[made_count])
                     ? ERROR_SUCCESS
                     : FaxGetLastError();
  if (loader_error == ERROR_SUCCESS) made_count++;
}

/* The service works meanwhile, and the name is taken. */
static void a_load_holds_up_nobody(void **unused) {
  HANDLE other;
  (void)unused;
  pthread_t thread = begin_load(load_on_thread);
  assert_int_equal(port_count(), 0);
  assert_int_equal(state_of("mine"), FAX_PROVIDER_LOADING);
  assert_fails(load_as("mine", copy, &other), ERROR_ALREADY_EXISTS);
  end_load(thread);
  assert_int_equal(loader_error, ERROR_SUCCESS);
  assert_int_equal(port_count(), FSP_LINES);
}

static void a_stop_waits_for_a_load(void **unused) {
  (void)unused;
  stage_only_here();
  pthread_t thread = begin_load(load_on_thread);
  fax_deadline now = FaxClockNow();
  assert_fails(FaxServiceStop(now + 5 * FAX_SECOND, now), ERROR_TIMEOUT);
  assert_non_null(strstr(FaxGetLastErrorMessage(), "the provider mine"));
  end_load(thread);
  assert_int_equal(loader_error, ERROR_SHUTDOWN_IN_PROGRESS);
  assert_int_equal(shut_down, 1);
}

/* ---- what is refused ---- */

static void wrong_parameters_are_refused(void **unused) {
  struct fax_connect narrow = {
      .size = sizeof narrow, .rights = FAX_PORT_QUERY, .user = NULL};
  struct fax_load right = {.size = sizeof right,
                           .provider = {.name = "mine", .path = forward}};
  struct fax_load l = right;
  HANDLE server, out = st.server;
  (void)unused;
  assert_fails(FaxLoadProvider(NULL, &l, &out), ERROR_INVALID_PARAMETER);
  assert_fails(FaxLoadProvider(st.server, NULL, &out), ERROR_INVALID_PARAMETER);
  assert_fails(FaxLoadProvider(st.server, &l, NULL), ERROR_INVALID_PARAMETER);
  l.size--;
  assert_fails(FaxLoadProvider(st.server, &l, &out), ERROR_INVALID_PARAMETER);
  static const char *const names[] = {NULL, "", "a/b", "\xff"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    l = right, l.provider.name = names[i];
    assert_fails(FaxLoadProvider(st.server, &l, &out), ERROR_INVALID_PARAMETER);
  }
  l = right, l.port = st.server;
  assert_fails(FaxLoadProvider(st.server, &l, &out), ERROR_INVALID_PARAMETER);
  l = right, l.provider.path = st.document;
  assert_fails(FaxLoadProvider(st.server, &l, &out), ERROR_MOD_NOT_FOUND);
  assert_true(FaxConnect(&narrow, &server));
  assert_fails(FaxLoadProvider(server, &right, &out), ERROR_ACCESS_DENIED);
  FaxClose(server);
  assert_null(out);
  assert_int_equal(port_count(), 0);
  assert_int_equal(initialized, 0);
  if (!FaxLoadProvider(st.server, &right, &out)) /* nobody listens */
    fail_msg("%s", FaxGetLastErrorMessage());
  FaxClose(out);
}

/* FSP-7: all or nothing. */
static void a_clash_of_devices_is_refused(void **unused) {
  HANDLE other;
  (void)unused;
  load(forward);
  assert_fails(load_as("other", copy, &other), ERROR_ALREADY_EXISTS);
  assert_int_equal(port_count(), FSP_LINES);
  assert_int_equal(shut_down, 1);
  completes(send_by(0, FSP_COMPLETES));
}

/* The other threads may fail, too, and go on. What was loaded before memory ran
   out is unloaded as any other. */
static void no_memory_leaves_nothing(void **unused) {
  bool failed = true;
  (void)unused;
  stage_only_here();
  for (long n = 0; failed; n++) {
    HANDLE mine = NULL;
    mem_fail_after(n);
    BOOL done = load_as("mine", forward, &mine);
    DWORD error = FaxGetLastError();
    failed = mem_failed();
    mem_fail_after(-1);
    assert_true(n < 1000);
    assert_int_equal(port_count(), done ? FSP_LINES : 0);
    if (!done && error == ERROR_BUSY) {
      n--;
      failed = true;
    } else if (!done) {
      assert_int_equal(error, ERROR_NOT_ENOUGH_MEMORY);
      continue;
    }
    FaxClose(mine);
    await_end(ERROR_SUCCESS);
  }
}

#define test(function) \
  cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void) {
  const struct CMUnitTest tests[] = {
      test(one_comes_and_goes),
      test(a_call_ends_before_its_provider),
      test(a_service_that_stops_ends_it),
      test(a_module_serves_one_at_a_time),
      test(another_file_takes_its_place),
      test(another_file_at_the_same_path_is_another_one),
      test(a_shutdown_that_hangs_holds_up_nobody),
      test(a_stop_names_the_one_that_hangs),
      test(a_call_that_hangs_keeps_its_module_only),
      test(a_load_holds_up_nobody),
      test(a_stop_waits_for_a_load),
      test(wrong_parameters_are_refused),
      test(a_clash_of_devices_is_refused),
      test(no_memory_leaves_nothing),
  };
  test_start();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
