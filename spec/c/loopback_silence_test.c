/* SPDX-License-Identifier: MIT
   One side of a call through the service falls silent: it ends within 60 s of
   line time by a watchdog or timer, its jobs are decided by what was confirmed,
   its ports are idle. Some moments of each kind of call; 100 of each are in
   spec/line/service.c. */
#include "../line/service.h"
#include "test.h"

#define MOMENTS 8

static void fall_silent(bool t38, bool ecm, bool mute_sender) {
  struct service s = {.t38 = t38,
                      .ecm = ecm,
                      .mute_sender = mute_sender,
                      .pattern = PAGES_SHORT,
                      .moments = MOMENTS};
  int failed = 0;
  double length = service_length(&s);
  assert_true(length > 10);
  for (long i = 0; i < MOMENTS; i++)
    s.at[i] = 1.5 + length * (double)i / MOMENTS;
  assert_true(service_open(&s));
  for (long i = 0; i < MOMENTS; i++) {
    struct service_call c = service_run(&s, i);
    if (!service_good(&s, &c))
      fail_msg("at %.2f s: %d %d %d, %s %.2f s, %s %.2f s", s.at[i], c.decided,
               c.idle, c.honest, c.cause[0], c.after[0], c.cause[1],
               c.after[1]);
    failed += c.status[0] != FS_COMPLETED;
  }
  assert_in_range(failed, MOMENTS - 1, MOMENTS); /* or only the goodbye lacks */
  assert_true(service_close(&s));
  assert_int_equal(mem_live(), 0);
}

static void test_silent_caller(void **state) {
  (void)state;
  for (int kind = 0; kind < 4; kind++)
    fall_silent((kind & 2) != 0, (kind & 1) != 0, true);
}

static void test_silent_called(void **state) {
  (void)state;
  for (int kind = 0; kind < 4; kind++)
    fall_silent((kind & 2) != 0, (kind & 1) != 0, false);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_silent_caller),
      cmocka_unit_test(test_silent_called),
  };
  test_start();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
