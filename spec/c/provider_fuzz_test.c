/* SPDX-License-Identifier: MIT
   A little of what the fuzzer of an FSP's packets does for long: spec/fuzz. */
#include "test.h"

#include "../fuzz/packet_round.h"
#include "base/where.h"

static void spoilt_packets_do_no_harm(void **unused) {
  struct fuzz f = {.seed = 3};
  char *path;
  (void)unused;
  size_t live = mem_live();
  assert_int_equal(where_companion("fsp/forward.so", &path), ERROR_SUCCESS);
  assert_int_equal(packet_open(&f, path), ERROR_SUCCESS);
  fuzz_rounds(&f, 100000, 0, packet_round, NULL);
  assert_true(packet.told > 1000 && packet.rings > 1000);
  packet_close(&f);
  mem_free(path);
  assert_int_equal(mem_live(), live);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(spoilt_packets_do_no_harm)};
  test_start();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
