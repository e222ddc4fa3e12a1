/* SPDX-License-Identifier: MIT
   A machine falls silent: the other one ends within 60 s of line time with the
   name of the timer that ran out. Some moments of each kind of call; all of
   them are in spec/line/silence.c. */
#include "../line/silence.h"
#include "test.h"

#define MOMENTS 12

static void fall_silent(bool t38, bool ecm, bool mute_sender) {
  long length = silence_length(t38, ecm, PAGES_SHORT);
  assert_true(length > 10 * T38_SECOND);
  for (long i = 0; i < MOMENTS; i++) {
    struct silence s = {.t38 = t38,
                        .ecm = ecm,
                        .mute_sender = mute_sender,
                        .at = length * i / MOMENTS,
                        .pattern = PAGES_SHORT};
    int heard = mute_sender ? 1 : 0;
    assert_true(silence_run(&s));
    assert_true(s.ended);
    assert_true(s.honest);
    if (!silence_is_named(s.status[heard], s.cause[heard]))
      fail_msg("at step %ld: %s", s.at, s.cause[heard]);
    assert_int_equal(mem_live(), 0);
  }
}

static void test_silent_sender(void **state) {
  (void)state;
  for (int kind = 0; kind < 4; kind++)
    fall_silent((kind & 2) != 0, (kind & 1) != 0, true);
}

static void test_silent_receiver(void **state) {
  (void)state;
  for (int kind = 0; kind < 4; kind++)
    fall_silent((kind & 2) != 0, (kind & 1) != 0, false);
}

/* spandsp alone waits for ever for the rest of a page with error correction. */
static void test_watchdog_no_packets(void **state) {
  struct t38_pair p;
  (void)state;
  assert_true(t38_set_up(&p, 1));
  p.receiver.config.no_packets_limit = 12;
  assert_true(pages_make(p.source, PAGES_LETTER, 1, PAGES_A4_FINE, 196));
  p.to_receiver.silent_from = 14 * T38_SECOND;
  assert_true(t38_call(&p));
  assert_int_equal(t38_got(&p)->status, FS_DISCONNECTED);
  assert_string_equal(t38_got(&p)->progress.cause, "no_packets");
  assert_in_range(p.receiver.ended, 26 * T38_SECOND, 26 * T38_SECOND + 2);
  assert_string_equal(t38_sent(&p)->progress.cause, "no_confirmation");
  t38_tear_down(&p);
}

/* A peer that only keeps the line open with "no signal". */
static void test_watchdog_no_progress(void **state) {
  struct t38_pair p;
  uint16_t seq = 0;
  long step = 0;
  (void)state;
  assert_true(t38_set_up(&p, 1));
  p.sender.config.no_progress_limit = 20;
  assert_true(pages_make(p.source, PAGES_SHORT, 1, PAGES_A4_FINE, 196));
  assert_true(t38_open_end(&p.sender));
  for (; !fax_t30_done(p.sender.machine); step++) {
    fax_t30_advance(p.sender.machine, T38_STEP);
    fax_t30_ifp_in(p.sender.machine, (const uint8_t *)"", 1, seq++);
    p.to_receiver.count = 0;
  }
  assert_in_range(step, 20 * T38_SECOND, 20 * T38_SECOND + 2);
  assert_string_equal(t38_sent(&p)->progress.cause, "no_fax_answered");
  assert_int_equal(t38_sent(&p)->status, FS_NOT_FAX_CALL);
  t38_tear_down(&p);
}

/* Everything was confirmed, the goodbye is lost: the receiver's call is
   complete, after no_hangup's patience or spandsp's. */
static void test_missing_goodbye(void **state) {
  struct t38_pair p;
  (void)state;
  assert_true(t38_set_up(&p, 1));
  p.receiver.config.release_limit = 4;
  assert_true(pages_make(p.source, PAGES_SHORT, 1, PAGES_A4_FINE, 196));
  assert_true(t38_open_end(&p.sender) && t38_open_end(&p.receiver));
  for (; !fax_t30_done(p.receiver.machine); p.step++) {
    assert_true(p.step < 100 * T38_SECOND);
    if (t38_sent(&p)->progress.phase == FAX_PHASE_RELEASE &&
        p.to_receiver.silent_from > p.step)
      p.to_receiver.silent_from = p.step;
    fax_t30_advance(p.sender.machine, T38_STEP);
    fax_t30_advance(p.receiver.machine, T38_STEP);
    t38_deliver(&p.to_receiver, &p.receiver);
    t38_deliver(&p.to_sender, &p.sender);
  }
  assert_int_equal(t38_sent(&p)->status, FS_COMPLETED);
  assert_int_equal(t38_got(&p)->status, FS_COMPLETED);
  assert_null(t38_got(&p)->progress.cause);
  t38_tear_down(&p);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_silent_sender),
      cmocka_unit_test(test_silent_receiver),
      cmocka_unit_test(test_watchdog_no_packets),
      cmocka_unit_test(test_watchdog_no_progress),
      cmocka_unit_test(test_missing_goodbye),
  };
  test_start();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
