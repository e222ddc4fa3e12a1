/* SPDX-License-Identifier: MIT
   UDPTL: the bytes as T.38 has them, what is recovered and what is not, and
   input from anybody. */
#include <fax/fax_udptl.h>
#include <stdlib.h>
#include <string.h>

#include "test.h"

#define MOST 5000

/* One direction: packet n is made of its number, so that any mix-up shows. */
struct stream {
  struct fax_udptl_config config;
  struct fax_udptl *from, *to;
  uint32_t seed;
  DWORD expected; /* number of the next packet */
  DWORD got, lost;
};

static uint32_t draw(uint32_t *seed) {
  *seed = *seed * 1664525u + 1013904223u;
  return *seed >> 8;
}

static size_t make_packet(DWORD number, uint8_t *to) {
  uint32_t seed = number;
  size_t len = 5 + number * 7 % 40;
  memcpy(to, &number, sizeof number);
  for (size_t i = 4; i < len; i++) to[i] = (uint8_t)(draw(&seed) | 1);
  return len;
}

static void on_ifp(void *arg, const uint8_t *ifp, size_t len, uint16_t seq,
                   DWORD lost) {
  struct stream *s = arg;
  uint8_t wanted[64];
  s->expected += lost;
  size_t size = make_packet(s->expected, wanted);
  assert_int_equal(seq, (uint16_t)s->expected);
  assert_true(len >= size); /* mended ones have zeros behind */
  assert_memory_equal(ifp, wanted, size);
  for (size_t i = size; i < len; i++) assert_int_equal(ifp[i], 0);
  s->expected++;
  s->got++;
  s->lost += lost;
}

static void open_stream(struct stream *s, DWORD redundancy, DWORD entries,
                        DWORD span) {
  memset(s, 0, sizeof *s);
  s->config = (struct fax_udptl_config){.size = sizeof s->config,
                                        .redundancy = redundancy,
                                        .fec_entries = entries,
                                        .fec_span = span,
                                        .ifp = on_ifp,
                                        .arg = s};
  s->from = fax_udptl_new(&s->config);
  s->to = fax_udptl_new(&s->config);
  assert_non_null(s->from);
  assert_non_null(s->to);
}

static void close_stream(struct stream *s) {
  fax_udptl_free(s->from);
  fax_udptl_free(s->to);
  assert_int_equal(mem_live(), 0);
}

static size_t next_datagram(struct stream *s, DWORD number, uint8_t *to) {
  uint8_t packet[64];
  size_t len = make_packet(number, packet);
  size_t n = fax_udptl_send(s->from, packet, len, to, 1000);
  assert_in_range(n, len + 5, 400);
  return n;
}

static struct fax_udptl_numbers count(const struct fax_udptl *u) {
  struct fax_udptl_numbers n = {.size = sizeof n};
  assert_true(fax_udptl_count(u, &n));
  return n;
}

/* ---- the bytes ---- */

static void no_ifp(void *arg, const uint8_t *ifp, size_t len, uint16_t seq,
                   DWORD lost) {
  (void)arg;
  (void)ifp;
  (void)len;
  (void)seq;
  (void)lost;
}

static void expect_bytes(struct fax_udptl *u, const char *ifp,
                         const char *wanted, size_t size) {
  uint8_t datagram[400];
  size_t n = fax_udptl_send(u, (const uint8_t *)ifp, strlen(ifp), datagram,
                            sizeof datagram);
  assert_int_equal(n, size);
  assert_memory_equal(datagram, wanted, size);
}

#define BYTES(text) text, sizeof text - 1

static void test_redundancy_on_the_wire(void **state) {
  struct fax_udptl_config c = {
      .size = sizeof c, .redundancy = 2, .ifp = no_ifp};
  struct fax_udptl *u = fax_udptl_new(&c);
  char text[201];
  (void)state;
  expect_bytes(u, "A", BYTES("\0\0\1A\0\0"));
  expect_bytes(u, "BB", BYTES("\0\1\2BB\0\1\1A"));
  expect_bytes(u, "C", BYTES("\0\2\1C\0\2\2BB\1A"));
  expect_bytes(u, "D", BYTES("\0\3\1D\0\2\1C\2BB"));
  memset(text, 'x', 200);
  text[200] = '\0';
  uint8_t datagram[400];
  assert_int_equal(fax_udptl_send(u, (uint8_t *)text, 200, datagram, 400), 210);
  assert_memory_equal(datagram, "\0\4\x80\xc8x",
                      5); /* a length of two octets */
  fax_udptl_free(u);
}

/* Entry m of n covers the packets n, 2n, ... before the datagram's own + m. */
static void test_parity_on_the_wire(void **state) {
  struct fax_udptl_config c = {
      .size = sizeof c, .fec_entries = 2, .fec_span = 2, .ifp = no_ifp};
  struct fax_udptl *u = fax_udptl_new(&c);
  (void)state;
  expect_bytes(u, "\x01", BYTES("\0\0\1\x01\x80\1\2\0"));
  expect_bytes(u, "\x02", BYTES("\0\1\1\x02\x80\1\2\0"));
  expect_bytes(u, "\x04", BYTES("\0\2\1\x04\x80\1\2\1\1\x03"));
  expect_bytes(u, "\x08", BYTES("\0\3\1\x08\x80\1\2\1\1\x06"));
  expect_bytes(u, "\x10\x20", BYTES("\0\4\2\x10\x20\x80\1\2\2\1\x05\1\x0a"));
  expect_bytes(u, "\x40", BYTES("\0\5\1\x40\x80\1\2\2\1\x0a\2\x14\x20"));
  fax_udptl_free(u);
}

/* ---- what is recovered ---- */

/* Losses of `run` in a row, each behind twenty that came. */
static void lose_in_runs(struct stream *s, unsigned run) {
  uint8_t datagram[1000];
  for (DWORD number = 0; number < MOST; number++) {
    size_t n = next_datagram(s, number, datagram);
    if (number % (20 + run) < 20)
      assert_true(fax_udptl_receive(s->to, datagram, n));
  }
}

static void test_runs_of_losses(void **state) {
  (void)state;
  for (unsigned run = 1; run <= 5; run++) {
    for (DWORD redundancy = 0; redundancy <= 4; redundancy++) {
      struct stream s;
      open_stream(&s, redundancy, 0, 0);
      lose_in_runs(&s, run);
      DWORD gaps = s.expected / (20 + run);
      assert_int_equal(s.lost,
                       run > redundancy ? gaps * (run - redundancy) : 0);
      assert_int_equal(s.got + s.lost, s.expected);
      assert_int_equal(count(s.to).lost, s.lost);
      assert_int_equal(count(s.to).recovered,
                       gaps * (run < redundancy ? run : redundancy));
      close_stream(&s);
    }
    for (DWORD entries = 1; entries <= 4; entries++) {
      struct stream s;
      open_stream(&s, 0, entries, 3);
      lose_in_runs(&s, run);
      DWORD gaps = s.expected / (20 + run);
      assert_int_equal(s.lost == 0, run <= entries);
      assert_int_equal(s.got + s.lost, s.expected);
      if (run <= entries) assert_int_equal(count(s.to).recovered, gaps * run);
      close_stream(&s);
    }
  }
}

/* Random losses, over the wrap of the sequence number. */
static void test_random_losses(void **state) {
  static const struct {
    DWORD redundancy, entries, span;
    double most; /* lost for good at 10 %, of 70,000 */
  } rows[] = {
      {0, 0, 0, 0.105}, {1, 0, 0, 0.011}, {3, 0, 0, 0.0002}, {0, 3, 3, 0.0004}};
  (void)state;
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct stream s;
    uint8_t datagram[1000];
    open_stream(&s, rows[i].redundancy, rows[i].entries, rows[i].span);
    for (DWORD number = 0; number < 70000; number++) {
      size_t n = next_datagram(&s, number, datagram);
      if (draw(&s.seed) % 1000 >= 100 || number < 10)
        assert_true(fax_udptl_receive(s.to, datagram, n));
    }
    assert_true(s.expected > 69900);
    print_message("redundancy %u, parity %ux%u: %u of 70000 lost\n",
                  rows[i].redundancy, rows[i].entries, rows[i].span, s.lost);
    assert_true(s.lost <= rows[i].most * 70000);
    if (rows[i].redundancy == 0 && rows[i].entries == 0)
      assert_true(s.lost > 0.095 * 70000);
    close_stream(&s);
  }
}

/* Each datagram comes twice, and pairs of them in the wrong order. */
static void test_order_and_duplicates(void **state) {
  struct stream s;
  uint8_t a[1000], b[1000];
  (void)state;
  open_stream(&s, 1, 0, 0);
  for (DWORD number = 0; number < 1000; number += 2) {
    size_t a_len = next_datagram(&s, number, a);
    size_t b_len = next_datagram(&s, number + 1, b);
    for (int i = 0; i < 2; i++) {
      assert_true(fax_udptl_receive(s.to, b, b_len));
      assert_true(fax_udptl_receive(s.to, a, a_len));
    }
  }
  assert_int_equal(s.got, 1000);
  assert_int_equal(s.lost, 0);
  assert_int_equal(count(s.to).late, 1500);
  close_stream(&s);
}

/* The first datagrams were lost: what the first one that came repeats is told,
   what was before nobody misses. */
static void test_late_beginning(void **state) {
  struct stream s;
  uint8_t datagram[1000];
  (void)state;
  open_stream(&s, 3, 0, 0);
  size_t n = 0;
  for (DWORD number = 0; number < 6; number++)
    n = next_datagram(&s, number, datagram);
  s.expected = 2;
  assert_true(fax_udptl_receive(s.to, datagram, n));
  assert_int_equal(s.got, 4);
  assert_int_equal(s.lost, 0);
  close_stream(&s);
}

/* ---- input from anybody ---- */

static void test_far_numbers(void **state) {
  struct stream s;
  uint8_t datagram[1000], far[1000];
  (void)state;
  open_stream(&s, 0, 0, 0);
  DWORD number = 0;
  for (; number < 5; number++) {
    size_t n = next_datagram(&s, number, datagram);
    memcpy(far, datagram, n);
    far[0] = 0x40;
    if (number > 0) assert_true(fax_udptl_receive(s.to, far, n));
    assert_true(fax_udptl_receive(s.to, datagram, n));
  }
  assert_int_equal(s.got, 5); /* once is no reason to follow */
  assert_int_equal(s.lost, 0);
  for (; number < 3000; number++) next_datagram(&s, number, datagram);
  size_t n = next_datagram(&s, number++, datagram);
  assert_true(fax_udptl_receive(s.to, datagram, n));
  assert_int_equal(s.got, 5);
  s.expected = 3000; /* and the one said to be lost before it */
  n = next_datagram(&s, number, datagram);
  assert_true(fax_udptl_receive(s.to, datagram, n));
  assert_int_equal(s.got, 6);
  assert_int_equal(s.lost, 1);
  close_stream(&s);
}

/* A datagram of which any part is missing changes nothing. */
static void test_every_part_is_needed(void **state) {
  static const DWORD kinds[][3] = {{3, 0, 0}, {0, 3, 3}};
  (void)state;
  for (size_t i = 0; i < 2; i++) {
    struct stream s;
    uint8_t datagram[1000];
    open_stream(&s, kinds[i][0], kinds[i][1], kinds[i][2]);
    for (DWORD number = 0; number < 40; number++) {
      size_t n = next_datagram(&s, number, datagram);
      for (size_t len = 0; len < n; len++) {
        uint8_t *exact = malloc(len > 0 ? len : 1); /* for the sanitizer */
        memcpy(exact, datagram, len);
        assert_false(fax_udptl_receive(s.to, exact, len));
        assert_int_equal(FaxGetLastError(), ERROR_INVALID_DATA);
        free(exact);
      }
      assert_true(fax_udptl_receive(s.to, datagram, n));
      assert_int_equal(s.got, number + 1);
    }
    close_stream(&s);
  }
}

static void test_odd_datagrams(void **state) {
  static const struct {
    const char *bytes;
    size_t len;
    BOOL readable;
  } rows[] = {
      {BYTES("\0\0\1A\0\0"), TRUE},
      {BYTES("\0\1\0\0\0"), TRUE},              /* a packet of no bytes */
      {BYTES("\0\2\1A\0\0trailing"), TRUE},     /* nothing wants the rest */
      {BYTES("\0\3\1A\0\3\0\0\0"), TRUE},       /* nothing to repeat */
      {BYTES("\0\4\1A\x80\1\0\0"), TRUE},       /* parity of nothing */
      {BYTES("\0\5\1A\x80\1\xff\1\1B"), TRUE},  /* over more than we keep */
      {BYTES("\0\6\1A\x80\2\0\3\1\1B"), FALSE}, /* a span of two octets */
      {BYTES("\0\6\1A\x80\0\1\1B"), FALSE},     /* and of none */
      {BYTES("\0\6\xc1\1A\0\0"), FALSE},        /* in fragments */
      {BYTES("\0\6\1A\0\xc1"), FALSE},
      {BYTES("\0\6\1A\0\x80\x01\1B"), TRUE}, /* a long form of 1 */
      {BYTES(""), FALSE},
  };
  struct fax_udptl_config c = {.size = sizeof c, .ifp = no_ifp};
  struct fax_udptl *u = fax_udptl_new(&c);
  (void)state;
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    assert_int_equal(
        fax_udptl_receive(u, (const uint8_t *)rows[i].bytes, rows[i].len),
        rows[i].readable);
  assert_false(fax_udptl_receive(u, NULL, 3));
  fax_udptl_free(u);
  assert_int_equal(mem_live(), 0);
}

static void expect_refused(struct fax_udptl_config c) {
  assert_null(fax_udptl_new(&c));
  assert_int_equal(FaxGetLastError(), ERROR_INVALID_PARAMETER);
}

static void test_limits(void **state) {
  struct fax_udptl_config c = {.size = sizeof c, .ifp = no_ifp};
  uint8_t big[1500] = {0}, datagram[1500];
  (void)state;
  assert_null(fax_udptl_new(NULL));
  struct fax_udptl_config d = c;
  d.redundancy = 9, expect_refused(d);
  d = c, d.fec_span = 1, expect_refused(d);
  d = c, d.fec_span = 6, d.fec_entries = 6, expect_refused(d);
  d = c, d.fec_span = 0x10000, d.fec_entries = 0x10000, expect_refused(d);
  d = c, d.fec_span = 1, d.fec_entries = 1, d.redundancy = 1, expect_refused(d);
  d = c, d.ifp = NULL, expect_refused(d);
  d = c, d.size--, expect_refused(d);
  c.redundancy = 8;
  c.max_datagram = 100;
  struct fax_udptl *u = fax_udptl_new(&c);
  for (int i = 0; i < 20; i++) /* as many as fit: four of twenty */
    assert_in_range(fax_udptl_send(u, big, 20, datagram, 1500), 25, 100);
  assert_int_equal(datagram[24], 3);
  assert_int_equal(fax_udptl_send(u, big, 95, datagram, 1500), 100);
  assert_int_equal(fax_udptl_send(u, big, 96, datagram, 1500), 0);
  assert_int_equal(FaxGetLastError(), ERROR_INSUFFICIENT_BUFFER);
  assert_int_equal(fax_udptl_send(u, big, 20, datagram, 24), 0);
  assert_int_equal(fax_udptl_send(u, big, 0, datagram, 1500), 0);
  assert_int_equal(fax_udptl_send(u, big, 1401, datagram, 1500), 0);
  assert_int_equal(FaxGetLastError(), ERROR_INVALID_PARAMETER);
  struct fax_udptl_numbers n = {.size = 0};
  assert_false(fax_udptl_count(u, &n));
  n.size = 2 * sizeof n.size;
  n.received = 77;
  assert_true(fax_udptl_count(u, &n));
  assert_int_equal(n.sent, 21);
  assert_int_equal(n.received, 77);
  fax_udptl_free(u);
}

/* Without memory nothing is recovered, and nothing is wrong. */
static DWORD talk(void *arg) {
  struct stream s;
  uint8_t datagram[1000], packet[64];
  memset(&s, 0, sizeof s);
  s.config = *(const struct fax_udptl_config *)arg;
  s.config.arg = &s;
  s.from = fax_udptl_new(&s.config);
  s.to = fax_udptl_new(&s.config);
  bool ok = s.from != NULL && s.to != NULL;
  for (DWORD number = 0; ok && number < 12; number++) {
    size_t len = make_packet(number, packet);
    size_t n = fax_udptl_send(s.from, packet, len, datagram, sizeof datagram);
    assert_true(n > 0);
    if (number % 5 != 3) assert_true(fax_udptl_receive(s.to, datagram, n));
  }
  if (ok) assert_int_equal(s.expected, 12);
  fax_udptl_free(s.from);
  fax_udptl_free(s.to);
  return ok ? ERROR_SUCCESS : ERROR_NOT_ENOUGH_MEMORY;
}

static void test_no_memory(void **state) {
  struct fax_udptl_config c = {
      .size = sizeof c, .redundancy = 2, .ifp = on_ifp};
  (void)state;
  sweep_with(talk, &c);
  c.redundancy = 0;
  c.fec_entries = c.fec_span = 2;
  sweep_with(talk, &c);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_redundancy_on_the_wire),
      cmocka_unit_test(test_parity_on_the_wire),
      cmocka_unit_test(test_runs_of_losses),
      cmocka_unit_test(test_random_losses),
      cmocka_unit_test(test_order_and_duplicates),
      cmocka_unit_test(test_late_beginning),
      cmocka_unit_test(test_far_numbers),
      cmocka_unit_test(test_every_part_is_needed),
      cmocka_unit_test(test_odd_datagrams),
      cmocka_unit_test(test_limits),
      cmocka_unit_test(test_no_memory),
  };
  test_start();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
