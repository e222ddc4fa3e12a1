/* SPDX-License-Identifier: MIT
   A short run of the fuzzer of clients; `make fuzz` runs it for longer. */
#include <fax/fax_clock.h>
#include <fax/fax_service.h>

#include "../fuzz/ipc.h"
#include "base/handle.h"
#include "base/thread.h"
#include "test.h"

static void test_fuzz(void **state) {
  struct fuzz f = {.seed = 11};
  struct ipc_fuzz x;
  size_t live = mem_live(), fds = test_fds(), threads = thread_live();
  size_t handles = handle_count();
  (void)state;
  ipc_fuzz_open(&x);
  fuzz_rounds(&f, 5000, 0, ipc_fuzz_round, &x);
  ipc_fuzz_close(&x);
  assert_int_equal(mem_live(), live);
  assert_int_equal(mem_faults(), 0);
  assert_int_equal(handle_count(), handles);
  assert_int_equal(thread_live(), threads);
  assert_int_equal(test_fds(), fds);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_fuzz)};
  test_start();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
