/* SPDX-License-Identifier: MIT
   A short run of the fuzzers of T.38; `make fuzz` runs them for longer. And the
   packets that they found. */
#include "../fuzz/ifp.h"
#include "../fuzz/udptl.h"
#include "test.h"

static void test_udptl(void **state) {
  struct fuzz f = {.seed = 11};
  (void)state;
  fuzz_rounds(&f, 100000, 0, udptl_round, NULL);
  assert_int_equal(mem_live(), 0);
}

static void test_ifp(void **state) {
  struct fuzz f = {.seed = 11};
  struct ifp_corpus *c = malloc(sizeof *c);
  (void)state;
  assert_non_null(c);
  assert_true(ifp_open(c));
  fuzz_rounds(&f, 100000, 0, ifp_round, c);
  ifp_close(c);
  free(c);
  assert_int_equal(mem_live(), 0);
}

/* A frame of the control channel, given as it is read, in one packet. */
static void say(struct fax_t30 *t, uint16_t *seq, const uint8_t *frame,
                size_t len) {
  uint8_t packet[400] = {0xc0, 2, 0x80, (uint8_t)((len - 1) >> 8),
                         (uint8_t)(len - 1)};
  for (size_t i = 0; i < len; i++)
    for (int bit = 0; bit < 8; bit++)
      packet[5 + i] |= (uint8_t)((frame[i] >> bit & 1) << (7 - bit));
  packet[5 + len] = 0x40; /* the check is good, the signal ends */
  assert_true(fax_t30_ifp_in(t, (const uint8_t *)"\x06", 1, (*seq)++));
  assert_true(fax_t30_ifp_in(t, packet, 6 + len, (*seq)++));
}

/* Frames that spandsp writes outside of its memory for, or never ends with. */
static void test_frames_that_were_found(void **state) {
  static const uint8_t rows[][300] = {
      {3, 0xff, 0x13, 0x06},                /* FCD without a number */
      {6, 0xff, 0x13, 0x83, 0, 0x62, 0x03}, /* no such width */
      {6, 0xff, 0x13, 0x83, 0, 0x62, 0x07}, /* nor here */
      {13, 0xff, 0x13, 0x83, 0, 0x62, 0, 0, 0, 0, 0, 0, 0, 0x60}, /* JBIG */
      {250, 0xff, 0x13, 0x83, 0, 0x62}, /* too long a DCS */
      {3, 0xff, 0x13, 0x83},            /* too short */
      {250, 0xff, 0x13, 0x80, 0xff},    /* too long a DIS */
  };
  (void)state;
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct t38_pair p;
    uint16_t seq = 0;
    assert_true(t38_set_up(&p, 1));
    assert_true(t38_open_end(&p.receiver));
    fax_t30_advance(p.receiver.machine, 7 * FAX_T30_SAMPLE_RATE);
    for (int times = 0; times < 3; times++) {
      say(p.receiver.machine, &seq, rows[i] + 1, rows[i][0]);
      fax_t30_advance(p.receiver.machine, FAX_T30_SAMPLE_RATE / 4);
      /* The training, and a page: the silence of both. */
      fax_t30_ifp_in(p.receiver.machine, (const uint8_t *)"\x12", 1, seq++);
      fax_t30_ifp_in(p.receiver.machine,
                     (const uint8_t *)"\xd0\1\xf0\0\3\0\0\0\0", 9, seq++);
      fax_t30_advance(p.receiver.machine, FAX_T30_SAMPLE_RATE);
    }
    fax_t30_advance(p.receiver.machine, 60 * FAX_T30_SAMPLE_RATE);
    assert_true(fax_t30_done(p.receiver.machine));
    for (DWORD n = 0; n < t38_got(&p)->timeline_count; n++)
      assert_true(t38_got(&p)->timeline[n].sent);
    t38_tear_down(&p);
  }
}

/* Packets that are none: told apart, without harm. */
static void test_malformed_packets(void **state) {
  static const struct {
    const char *bytes;
    size_t len;
    BOOL whole;
  } rows[] = {
      {"\x06", 1, TRUE},                /* V.21 preamble */
      {"\x86", 1, FALSE},               /* an indicator with fields */
      {"\x22\x10", 2, TRUE},            /* of a later version */
      {"\x40", 1, FALSE},               /* data without */
      {"\xc0", 1, FALSE},               /* none counted */
      {"\xc0\0", 2, FALSE},             /* none */
      {"\xc0\1\x80\0", 4, FALSE},       /* half a length */
      {"\xc0\1\x80\0\1\xff", 6, FALSE}, /* one of two octets */
      {"\xc0\2\x80\0\0\xff", 6, FALSE}, /* one of two fields */
      {"\xc0\1\x80\0\0\xff", 6, TRUE},
      {"\xc0\1\x80\0\0\xff\0\0", 8, TRUE}, /* as parity leaves them */
      {"\xc0\x81\x80\0\0\xff", 6, FALSE},  /* fields without end */
      {"\xd6\1\x80\0\0\xff", 6, TRUE},     /* V.34: ignored */
  };
  struct t38_pair p;
  (void)state;
  assert_true(t38_set_up(&p, 1));
  assert_true(t38_open_end(&p.receiver));
  for (uint16_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    const uint8_t *bytes = (const uint8_t *)rows[i].bytes;
    assert_int_equal(fax_t30_ifp_in(p.receiver.machine, bytes, rows[i].len, i),
                     rows[i].whole);
  }
  assert_false(fax_t30_ifp_in(p.receiver.machine, NULL, 3, 20));
  assert_true(fax_t30_ifp_in(p.receiver.machine, NULL, 0, 20));
  assert_int_equal(t38_got(&p)->lost_packets, 20 - sizeof rows / sizeof *rows);
  t38_tear_down(&p);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_udptl),
      cmocka_unit_test(test_ifp),
      cmocka_unit_test(test_frames_that_were_found),
      cmocka_unit_test(test_malformed_packets),
  };
  test_start();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
