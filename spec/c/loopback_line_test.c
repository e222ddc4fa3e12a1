/* SPDX-License-Identifier: MIT
   The bad line of the exchange: each impairment by the samples that it leaves,
   and what a fax makes of them. */
#include <math.h>

#include "../../fsp/loopback/analog.c"
#include "../../fsp/loopback/channel.c"
#include "../../fsp/loopback/datagrams.c"
#include "../../fsp/loopback/delay.c"
#include "../../fsp/loopback/frames.c"
#include "../../fsp/loopback/impairments.c"
#include "../../fsp/loopback/packets.c"
#include "loopback_call.h"

#define N CHANNEL_BLOCK
#define FRAMES 20000 /* enough for a share to be within a few percent */

/* ---- samples ---- */

static struct impairments set_of(const char *const *options) {
  struct impairments set = IMPAIRMENTS_NONE;
  for (; *options != NULL; options += 2)
    if (!impairments_read(&set, options[0], options[1]))
      fail_msg("%s=%s", options[0], options[1]);
  return set;
}

#define SET(...) set_of((const char *const[]){__VA_ARGS__, NULL})

/* What both sides hear of `blocks` blocks, 2 * N samples each; the caller says
   a sawtooth, the other one nothing. Gives: free(). */
static int16_t *hear(const struct impairments *set, uint64_t seed, int blocks) {
  struct channel *c = channel_new(set, seed);
  int16_t *heard = calloc((size_t)blocks * 2 * N, sizeof *heard);
  int16_t said[N], silence[N] = {0};
  assert_non_null(c);
  assert_non_null(heard);
  for (int b = 0; b < blocks; b++) {
    for (int i = 0; i < N; i++) said[i] = (int16_t)((b * N + i) % 20000);
    channel_pass(c, said, silence, heard + 2 * b * N, heard + (2 * b + 1) * N);
  }
  channel_free(c);
  return heard;
}

/* Sample i of what the called side hears. */
static int16_t at_called(const int16_t *heard, int i) {
  return heard[(2 * (i / N) + 1) * N + i % N];
}

static void test_a_line_that_is_not_bad(void **state) {
  struct impairments set = IMPAIRMENTS_NONE;
  (void)state;
  assert_false(impairments_any(&set));
  int16_t *heard = hear(&set, 1, 100);
  for (int i = 0; i < 100 * N; i++)
    assert_int_equal(at_called(heard, i), i % 20000);
  free(heard);
}

static void test_level(void **state) {
  struct impairments weak = SET("level", "-20"), loud = SET("level", "20");
  (void)state;
  int16_t *a = hear(&weak, 1, 50), *b = hear(&loud, 1, 50);
  for (int i = 0; i < 50 * N; i++) {
    assert_in_range(at_called(a, i) + 1, i / 10, i / 10 + 1);
    int expected = i < 3277 ? i * 10 : INT16_MAX;
    assert_in_range(abs(at_called(b, i) - expected), 0, 1);
  }
  free(a);
  free(b);
}

static void test_noise(void **state) {
  struct impairments set = SET("noise", "-30");
  double power = 0;
  (void)state;
  int16_t *heard = hear(&set, 1, 1000);
  for (int b = 0; b < 1000; b++)
    for (int i = 0; i < N; i++)
      power += (double)heard[2 * b * N + i] * heard[2 * b * N + i];
  /* A full-scale sine has 3.14 dBm0. */
  double level = 10 * log10(power / (1000 * N) / (32767.0 * 32767 / 2)) + 3.14;
  if (fabs(level + 30) > 0.1) fail_msg("noise of %f dBm0", level);
  free(heard);
}

static void test_echo(void **state) {
  struct impairments set = SET("echo", "-20", "echo_delay", "50");
  (void)state;
  int16_t *heard = hear(&set, 1, 60);
  for (int i = 0; i < 60 * N; i++) {
    int back = heard[2 * (i / N) * N + i % N], said = i < 400 ? 0 : i - 400;
    assert_in_range(back + 1, said / 10, said / 10 + 1);
    assert_int_equal(at_called(heard, i), i);
  }
  free(heard);
}

static void test_companding(void **state) {
  struct impairments a = SET("companding", "alaw"),
                     u = SET("companding", "ulaw");
  int differ = 0;
  (void)state;
  int16_t *by_a = hear(&a, 1, 125), *by_u = hear(&u, 1, 125);
  for (int i = 0; i < 125 * N; i++) {
    int step = i / 16 + 16; /* of 16 steps in each doubling */
    assert_in_range(abs(at_called(by_a, i) - i) * 2, 0, step);
    assert_in_range(abs(at_called(by_u, i) - i) * 2, 0, step);
    differ += at_called(by_a, i) != at_called(by_u, i);
  }
  assert_in_range(differ, 10000, 20000);
  free(by_a);
  free(by_u);
}

static void test_delay(void **state) {
  struct impairments set = SET("delay", "25", "delay_called", "1000");
  (void)state;
  int16_t *heard = hear(&set, 1, 60);
  for (int i = 0; i < 60 * N; i++)
    assert_int_equal(at_called(heard, i), i < 200 ? 0 : i - 200);
  free(heard);
}

/* 30 samples are heard twice at one second, and 30 are lost at the next. */
static void test_slip(void **state) {
  struct impairments set = SET("slip", "30", "slip_every", "1");
  (void)state;
  int16_t *heard = hear(&set, 1, 200);
  for (int i = 0; i < 200 * N; i++) {
    int behind = (i + 1) / CHANNEL_RATE % 2 == 1 ? 30 : 0;
    assert_int_equal(at_called(heard, i), (i - behind) % 20000);
  }
  free(heard);
}

/* ---- frames ---- */

/* Sends frames whose samples are their numbers, from 1 on, and tells how often
   each number was heard. `list` has FRAMES places. */
static void count_frames(const struct impairments *set, int *list) {
  struct frames *p = calloc(1, sizeof *p);
  int16_t block[N];
  memset(list, 0, FRAMES * sizeof *list);
  frames_init(p, set, 5);
  for (int f = 1; f < FRAMES; f++) {
    for (int i = 0; i < N; i++) block[i] = (int16_t)f;
    frames_pass(p, block);
    list[block[0]]++;
  }
  free(p);
}

static int frames_heard(const int *list, int times) {
  int count = 0;
  for (int f = 1; f < FRAMES; f++) count += list[f] == times;
  return count;
}

static void test_loss(void **state) {
  struct impairments silence = SET("loss", "5"),
                     repeat = SET("loss", "5", "conceal", "repeat");
  static int list[FRAMES];
  (void)state;
  count_frames(&silence, list);
  int lost = frames_heard(list, 0);
  assert_in_range(lost, FRAMES / 25, FRAMES / 16);
  assert_int_equal(list[0], lost);
  count_frames(&repeat, list);
  assert_int_equal(frames_heard(list, 0), lost);
  assert_int_equal(list[0], 0);
}

/* Gilbert and Elliott: 1 % begin a burst of 4 on average, of which 3/4 are
   lost. The share lost is 0.01 / (0.01 + 0.25) * 0.75. */
static void test_bursts(void **state) {
  struct impairments set =
      SET("burst_begin", "1", "burst_end", "25", "burst_loss", "75");
  struct packets p;
  int lost = 0, bursts = 0;
  (void)state;
  packets_init(&p, &set, 5);
  for (int f = 0; f < 10 * FRAMES; f++) {
    bool before = p.in_burst;
    lost += packets_lose(&p);
    bursts += p.in_burst && !before;
  }
  double share = lost / (10.0 * FRAMES), length = lost / 0.75 / bursts;
  if (fabs(share - 0.0288) > 0.002) fail_msg("%f are lost", share);
  if (fabs(length - 4) > 0.2) fail_msg("a burst is %f frames long", length);
}

/* Nothing is lost or heard twice, and none is moved farther than 60 ms. */
static void test_jitter(void **state) {
  struct impairments set = SET("jitter", "10", "jitter_by", "60");
  struct frames *p = calloc(1, sizeof *p);
  int16_t block[N];
  int moved = 0;
  (void)state;
  frames_init(p, &set, 5);
  for (int f = 1; f < 10000; f++) {
    for (int i = 0; i < N; i++) block[i] = (int16_t)f;
    frames_pass(p, block);
    if (f <= 4) continue;
    int place = f - 4;
    moved += block[0] != place;
    assert_in_range(abs(block[0] - place), 0, 3 * 4);
  }
  assert_in_range(moved, 1500, 2100);
  free(p);
  static int list[FRAMES];
  count_frames(&set, list);
  list[0] = 0;
  assert_in_range(frames_heard(list, 1), FRAMES - 9, FRAMES);
  assert_int_equal(frames_heard(list, 2), 0);
}

static void test_duplicates(void **state) {
  struct impairments set = SET("duplicate", "5");
  static int list[FRAMES];
  (void)state;
  count_frames(&set, list);
  int twice = frames_heard(list, 2);
  assert_in_range(twice, FRAMES / 25, FRAMES / 16);
  assert_in_range(frames_heard(list, 0), twice - 1, twice);
}

static void test_corruption(void **state) {
  struct impairments set = SET("corrupt", "5");
  struct frames *p = calloc(1, sizeof *p);
  int frames = 0, samples = 0;
  (void)state;
  frames_init(p, &set, 5);
  for (int f = 0; f < FRAMES; f++) {
    int16_t block[N] = {0};
    int bad = 0;
    frames_pass(p, block);
    for (int i = 0; i < N; i++) bad += block[i] != 0;
    frames += bad != 0;
    samples += bad;
  }
  assert_in_range(frames, FRAMES / 25, FRAMES / 16);
  assert_in_range(samples / frames, N / 11, N / 10);
  free(p);
}

/* ---- chance ---- */

static void test_seeds(void **state) {
  struct impairments noise = SET("noise", "-40"),
                     more = SET("noise", "-40", "loss", "3");
  size_t bytes = 400 * 2 * N * sizeof(int16_t);
  (void)state;
  int16_t *first = hear(&noise, 7, 400), *again = hear(&noise, 7, 400),
          *other = hear(&noise, 8, 400), *spoiled = hear(&more, 7, 400);
  assert_memory_equal(first, again, bytes);
  assert_int_not_equal(memcmp(first, other, bytes), 0);
  /* Each direction has a noise of its own. */
  int same = 0, lost = 0;
  for (int i = 0; i < 400 * N; i++) {
    int back = first[2 * (i / N) * N + i % N];
    same += back == at_called(first, i) - i % 20000;
    if (at_called(spoiled, i) == at_called(first, i)) continue;
    assert_int_equal(at_called(spoiled, i), 0); /* lost, the rest unchanged */
    lost++;
  }
  assert_in_range(same, 1, 400 * N / 20);
  assert_in_range(lost, 2 * N, 30 * N);
  free(first);
  free(again);
  free(other);
  free(spoiled);
}

static void test_values(void **state) {
  static const char *const wrong[][2] = {
      {"level", "21"},     {"level", "-60.001"},
      {"level", ""},       {"level", "1e1"},
      {"level", "+1"},     {"noise", "1"},
      {"loss", "-1"},      {"loss", "100.1"},
      {"loss", "0.0001"},  {"loss", "5%"},
      {"loss", "1."},      {"slip", "1.5"},
      {"slip", "8001"},    {"jitter_by", "201"},
      {"companding", "a"}, {"conceal", "music"},
      {"seed", "-1"},      {"seed", "4294967296"},
      {"seed", ""},        {"cut", "-1"},
      {"colour", "1"},     {"loss", "99999999999999999999"}};
  struct impairments set = IMPAIRMENTS_NONE, before = set;
  (void)state;
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    if (impairments_read(&set, wrong[i][0], wrong[i][1]))
      fail_msg("%s=%s", wrong[i][0], wrong[i][1]);
    assert_memory_equal(&set, &before, sizeof set);
  }
  set = SET("level", "-12.5", "loss", "0.125", "seed", "4294967295", "slip",
            "40", "conceal", "repeat", "cut", "2.5");
  assert_int_equal(set.level, -12500);
  assert_int_equal(set.loss, 125);
  assert_int_equal(set.seed, UINT32_MAX);
  assert_int_equal(set.slip, 40);
  assert_int_equal(set.cut, 2500);
  assert_true(set.repeat);
}

/* ---- calls ---- */

/* Lines on which error correction gets every pixel through. */
static void test_pages_are_exact(void **state) {
  (void)state;
  CALL(true, "seed=2");
  CALL(true, "companding=alaw");
  CALL(true, "companding=ulaw", "level=-10");
  CALL(true, "noise=-52");
  CALL(true, "to.102.echo=-20", "delay=100");
  CALL(true, "slip=40", "slip_every=7");
}

/* Lines that are too bad: no side calls it completed, and both end in time. */
static void test_failures_are_honest(void **state) {
  static const char *const bad[] = {"loss=5", "noise=-25", "level=-30",
                                    "to.102.corrupt=20", "jitter=20"};
  (void)state;
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    struct ending e = CALL(false, bad[i], "seed=3");
    assert_int_not_equal(e.sent, FS_COMPLETED);
    assert_int_not_equal(e.received, FS_COMPLETED);
    assert_in_range(e.lasted / FAX_SECOND, 10, 240);
  }
}

static void test_cut(void **state) {
  (void)state;
  struct ending e = CALL(false, "cut=6.5");
  assert_int_equal(e.sent, FS_DISCONNECTED);
  assert_int_equal(e.received, FS_DISCONNECTED);
  assert_in_range(e.lasted / FAX_MILLISECOND, 6500, 6560);
}

/* One side cannot be heard any more: the other one finds out by itself. */
static void test_mute(void **state) {
  (void)state;
  struct ending e = CALL(false, "mute_called=8");
  assert_int_not_equal(e.sent, FS_COMPLETED);
  assert_in_range(e.lasted / FAX_SECOND, 9, 120);
  e = CALL(false, "mute_caller=8");
  assert_int_not_equal(e.received, FS_COMPLETED);
  assert_in_range(e.lasted / FAX_SECOND, 9, 120);
}

/* The options of a number are its own, whatever comes first. */
static void test_options_of_a_number(void **state) {
  (void)state;
  struct ending e = CALL(false, "to.(10) 2.cut=5", "cut=3");
  assert_in_range(e.lasted / FAX_MILLISECOND, 5000, 5060);
  e = CALL(false, "to.103.cut=5", "cut=3");
  assert_in_range(e.lasted / FAX_MILLISECOND, 3000, 3060);
}

/* Twice with the same seed the same to the millisecond; others differ. */
static void test_the_same_every_time(void **state) {
  static const char *const seeds[] = {"seed=1", "seed=2", "seed=3", "seed=4"};
  fax_deadline lasted = 0;
  int differ = 0;
  (void)state;
  for (int i = 0; i < 4; i++) {
    struct ending first = CALL(false, "loss=1", "noise=-50", seeds[i]),
                  again = CALL(false, "loss=1", "noise=-50", seeds[i]);
    is_same(first, again);
    differ += first.lasted != lasted;
    lasted = first.lasted;
  }
  assert_in_range(differ, 3, 4);
}

static void test_no_memory(void **state) {
  long n = 1;
  (void)state;
  while (call_without_memory("noise=-60", n)) assert_true(++n < 200);
  assert_true(n > 3);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_a_line_that_is_not_bad),
      cmocka_unit_test(test_level),
      cmocka_unit_test(test_noise),
      cmocka_unit_test(test_echo),
      cmocka_unit_test(test_companding),
      cmocka_unit_test(test_delay),
      cmocka_unit_test(test_slip),
      cmocka_unit_test(test_loss),
      cmocka_unit_test(test_bursts),
      cmocka_unit_test(test_jitter),
      cmocka_unit_test(test_duplicates),
      cmocka_unit_test(test_corruption),
      cmocka_unit_test(test_seeds),
      cmocka_unit_test(test_values),
      cmocka_unit_test(test_pages_are_exact),
      cmocka_unit_test(test_failures_are_honest),
      cmocka_unit_test(test_cut),
      cmocka_unit_test(test_mute),
      cmocka_unit_test(test_options_of_a_number),
      cmocka_unit_test(test_the_same_every_time),
      cmocka_unit_test(test_no_memory),
  };
  test_start();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
