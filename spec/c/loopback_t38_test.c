/* SPDX-License-Identifier: MIT
   T.38 on the exchange: what becomes of the datagrams on a bad way, and what a
   fax makes of that. */
#include <math.h>

#include "../../fsp/loopback/datagrams.c"
#include "../../fsp/loopback/impairments.c"
#include "../../fsp/loopback/numbers.c"
#include "../../fsp/loopback/packets.c"
#include "loopback_call.h"

#define SENT 20000
#define MS (CHANNEL_RATE / 1000)
#define EVERY (20 * MS)

/* ---- datagrams ---- */

/* What arrived of SENT datagrams, one every 20 ms, whose bytes are their
   numbers. */
struct arrived {
  int count, number[2 * SENT];
  int64_t at[2 * SENT];
  int times[SENT];
};

static void take_all(struct datagrams *d, int64_t now, struct arrived *a) {
  struct datagram *one;
  while ((one = datagrams_take(d, now)) != NULL) {
    int n;
    assert_int_equal(one->len, sizeof n);
    memcpy(&n, one->bytes, sizeof n);
    assert_in_range(n, 0, SENT - 1);
    a->number[a->count] = n;
    a->at[a->count++] = now;
    a->times[n]++;
    free(one);
  }
}

/* Each millisecond is looked at. Gives: free(). */
static struct arrived *pass(const char *const *options, int32_t mute) {
  struct impairments set = IMPAIRMENTS_NONE;
  struct arrived *a = calloc(1, sizeof *a);
  struct datagrams d;
  assert_non_null(a);
  for (; *options != NULL; options++)
    if (!impairments_pair(&set, *options)) fail_msg("%s", *options);
  datagrams_init(&d, &set, 5, set.delay, mute);
  for (int64_t now = 0; now < (int64_t)(SENT + 200) * EVERY; now += MS) {
    int n = (int)(now / EVERY);
    if (now % EVERY == 0 && n < SENT)
      datagrams_put(&d, now, (const uint8_t *)&n, sizeof n);
    take_all(&d, now, a);
  }
  assert_null(d.first);
  datagrams_free(&d);
  return a;
}

#define PASS(...) pass((const char *const[]){__VA_ARGS__, NULL}, 0)

static int count_of(const struct arrived *a, int times) {
  int count = 0;
  for (int n = 0; n < SENT; n++) count += a->times[n] == times;
  return count;
}

static void test_a_way_that_is_not_bad(void **state) {
  (void)state;
  struct arrived *a = PASS("noise=-30", "level=-60", "slip=40", "echo=-3");
  assert_int_equal(a->count, SENT);
  for (int i = 0; i < SENT; i++) {
    assert_int_equal(a->number[i], i);
    assert_int_equal(a->at[i], (int64_t)i * EVERY);
  }
  free(a);
}

static void test_delay(void **state) {
  (void)state;
  struct arrived *a = PASS("delay=133");
  for (int i = 0; i < SENT; i++)
    assert_int_equal(a->at[i], (int64_t)i * EVERY + 133 * MS);
  free(a);
}

/* They leave at each multiple of 50 ms, two or three together. */
static void test_interval(void **state) {
  (void)state;
  struct arrived *a = PASS("interval=50");
  assert_int_equal(a->count, SENT);
  for (int i = 0; i < SENT; i++) {
    assert_int_equal(a->number[i], i);
    assert_int_equal(a->at[i], ((int64_t)i * 20 + 49) / 50 * 50 * MS);
  }
  free(a);
}

static void test_loss(void **state) {
  (void)state;
  struct arrived *a = PASS("loss=5"), *b = PASS("corrupt=5");
  assert_in_range(count_of(a, 0), SENT / 25, SENT / 16);
  assert_in_range(count_of(b, 0), SENT / 25, SENT / 16);
  assert_int_equal(count_of(a, 0) + count_of(a, 1), SENT);
  assert_int_not_equal(memcmp(a->times, b->times, sizeof a->times), 0);
  free(a);
  free(b);
}

/* The same share as of frames: see test_bursts there. */
static void test_bursts(void **state) {
  (void)state;
  struct arrived *a = PASS("burst_begin=1", "burst_end=25", "burst_loss=75");
  double share = count_of(a, 0) / (double)SENT;
  if (fabs(share - 0.0288) > 0.006) fail_msg("%f are lost", share);
  free(a);
}

static void test_duplicates(void **state) {
  (void)state;
  struct arrived *a = PASS("duplicate=5");
  assert_in_range(count_of(a, 2), SENT / 25, SENT / 16);
  assert_int_equal(count_of(a, 0), 0);
  for (int i = 1; i < a->count; i++)
    assert_in_range(a->number[i] - a->number[i - 1], 0, 1);
  free(a);
}

/* Late by at most so much, and behind others then; nothing is lost. */
static void test_order(void **state) {
  int late = 0, behind = 0;
  (void)state;
  struct arrived *a = PASS("jitter=10", "jitter_by=100");
  assert_int_equal(a->count, SENT);
  for (int i = 0; i < SENT; i++) {
    int64_t by = a->at[i] - (int64_t)a->number[i] * EVERY;
    assert_in_range(by, 0, 100 * MS);
    late += by != 0;
    behind += i > 0 && a->number[i] < a->number[i - 1];
  }
  assert_in_range(late, SENT / 12, SENT / 8);
  assert_in_range(behind, SENT / 20, SENT / 8);
  free(a);
}

static void test_mute(void **state) {
  (void)state;
  struct arrived *a = pass((const char *const[]){NULL}, 2500);
  assert_int_equal(a->count, 2500 / 20);
  free(a);
}

/* One more impairment changes nothing of the others. */
static void test_chances_are_apart(void **state) {
  (void)state;
  struct arrived *a = PASS("loss=5"),
                 *b = PASS("loss=5", "duplicate=10", "jitter=30", "seed=9");
  for (int n = 0; n < SENT; n++)
    assert_int_equal(a->times[n] == 0, b->times[n] == 0);
  free(a);
  free(b);
}

/* ---- the options of the numbers ---- */

static void test_rows(void **state) {
  (void)state;
  for (size_t i = 0; i < test_numbers_count; i++) {
    struct impairments set = IMPAIRMENTS_NONE;
    if (!impairments_row(&set, test_numbers[i].line, 7))
      fail_msg("%s: %s", test_numbers[i].code, test_numbers[i].line);
  }
  struct impairments set = IMPAIRMENTS_NONE;
  assert_true(
      impairments_row(&set, "loss=t noise=-n cut=n conceal=repeat", 45));
  assert_int_equal(set.loss, 4500);
  assert_int_equal(set.noise, -45000);
  assert_int_equal(set.cut, 45000);
  assert_true(set.repeat);
  assert_false(impairments_row(&set, "loss=1 loss=t0", 1));
}

/* ---- calls ---- */

/* The noise would end each of them if it were audio. */
#define T38 "transport=t38", "noise=-25"

static void test_pages_are_exact(void **state) {
  (void)state;
  CALL(true, T38);
  CALL(true, T38, "redundancy=0");
  CALL(true, T38, "loss=15", "seed=3");
  CALL(true, T38, "fec_entries=3", "loss=3");
  CALL(true, T38, "delay=400", "duplicate=20");
  CALL(true, T38, "jitter=20", "jitter_by=100");
  CALL(true, T38, "corrupt=10", "interval=60");
  CALL(true, T38, "burst_begin=1", "burst_end=40");
}

static void test_ways_that_are_too_bad(void **state) {
  (void)state;
  struct ending e = CALL(false, T38, "loss=60");
  assert_int_not_equal(e.sent, FS_COMPLETED);
  assert_int_not_equal(e.received, FS_COMPLETED);
  e = CALL(false, T38, "cut=9.5");
  assert_int_equal(e.sent, FS_DISCONNECTED);
  assert_in_range(e.lasted / FAX_MILLISECOND, 9500, 9560);
}

/* Who is mute cannot be heard hanging up either: the other side's watchdog ends
   the call. */
static void test_who_is_mute(void **state) {
  static const char *const sides[] = {"mute_caller=12", "mute_called=12"};
  (void)state;
  for (int i = 0; i < 2; i++) {
    struct ending e = CALL(false, T38, sides[i]);
    assert_int_not_equal(e.sent, FS_COMPLETED);
    assert_int_not_equal(e.received, FS_COMPLETED);
    assert_in_range(e.lasted / FAX_SECOND, 12, 72);
  }
}

static void test_the_same_every_time(void **state) {
  static const char *const seeds[] = {"seed=1", "seed=2", "seed=3"};
  (void)state;
  fax_deadline lasted = 0;
  int differ = 0;
  for (int i = 0; i < 3; i++) {
    struct ending first = CALL(false, T38, "redundancy=0", "loss=3", seeds[i]),
                  again = CALL(false, T38, "redundancy=0", "loss=3", seeds[i]);
    is_same(first, again);
    differ += first.lasted != lasted;
    lasted = first.lasted;
  }
  assert_in_range(differ, 2, 3);
}

/* Without memory for the change the call goes on in audio. */
static void test_no_memory(void **state) {
  long n = 1;
  (void)state;
  while (call_without_memory("transport=t38", n)) assert_true(++n < 1000);
  assert_true(n > 10);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_a_way_that_is_not_bad),
      cmocka_unit_test(test_delay),
      cmocka_unit_test(test_interval),
      cmocka_unit_test(test_loss),
      cmocka_unit_test(test_bursts),
      cmocka_unit_test(test_duplicates),
      cmocka_unit_test(test_order),
      cmocka_unit_test(test_mute),
      cmocka_unit_test(test_chances_are_apart),
      cmocka_unit_test(test_rows),
      cmocka_unit_test(test_pages_are_exact),
      cmocka_unit_test(test_ways_that_are_too_bad),
      cmocka_unit_test(test_who_is_mute),
      cmocka_unit_test(test_the_same_every_time),
      cmocka_unit_test(test_no_memory),
  };
  mem_debug(1);
  return cmocka_run_group_tests(tests, NULL, NULL);
}
