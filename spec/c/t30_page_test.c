/* SPDX-License-Identifier: MIT
   Pages through two fax machines: what goes in comes out, at every size, speed
   and encoding, and what is told of it is true. */
#include "t30_pair.h"

static void expect_whole(struct pair *p, DWORD pages) {
  assert_int_equal(pair_sent(p)->status, FS_COMPLETED);
  assert_int_equal(pair_got(p)->status, FS_COMPLETED);
  assert_null(pair_sent(p)->progress.cause);
  assert_null(pair_got(p)->progress.cause);
  assert_int_equal(pair_sent(p)->progress.pages_confirmed, pages);
  assert_int_equal(pair_got(p)->progress.pages_confirmed, pages);
  assert_int_equal(p->told_pages, pages);
  assert_int_equal(pages_count(p->target), pages);
  for (unsigned i = 0; i < pages; i++)
    assert_true(pages_same(p->source, i, p->target, i));
}

static void test_sizes_arrive_identical(void **state) {
  static const struct {
    uint32_t height;
    float dpi;
  } sizes[] = {{PAGES_A4_STANDARD, 98},     {PAGES_A4_FINE, 196},
               {PAGES_LETTER_STANDARD, 98}, {PAGES_LETTER_FINE, 196},
               {PAGES_LEGAL_STANDARD, 98},  {PAGES_LEGAL_FINE, 196}};
  (void)state;
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
    struct pair p;
    pair_set_up(&p);
    assert_true(
        pages_make(p.source, PAGES_LETTER, 1, sizes[i].height, sizes[i].dpi));
    pair_call(&p);
    expect_whole(&p, 1);
    assert_int_equal(pair_sent(&p)->progress.ecm, 1);
    assert_int_equal(pair_sent(&p)->progress.encoding, FAX_ENCODING_MMR);
    assert_int_equal(pair_sent(&p)->progress.rate, 14400);
    pair_tear_down(&p);
  }
}

static void test_without_ecm(void **state) {
  struct pair p;
  (void)state;
  pair_set_up(&p);
  p.receive.ecm = FALSE;
  assert_true(pages_make(p.source, PAGES_LETTER, 2, PAGES_A4_FINE, 196));
  pair_call(&p);
  expect_whole(&p, 2);
  assert_int_equal(pair_sent(&p)->progress.ecm, 0);
  assert_int_equal(pair_got(&p)->progress.ecm, 0);
  assert_int_equal(pair_got(&p)->progress.encoding, FAX_ENCODING_MR);
  assert_int_equal(pair_got(&p)->progress.bad_rows, 0);
  assert_int_equal(pair_sent(&p)->progress.bad_rows, FAX_UNKNOWN);
  assert_int_equal(pair_got(&p)->progress.quality, FAX_QUALITY_UNVERIFIED);
  assert_int_equal(pair_sent(&p)->progress.quality, FAX_QUALITY_UNVERIFIED);
  pair_tear_down(&p);
}

static void test_rate_limits(void **state) {
  static const DWORD rates[][2] = {{0, 14400},   {14400, 14400}, {12000, 9600},
                                   {9600, 9600}, {7200, 4800},   {4800, 4800}};
  (void)state;
  for (size_t i = 0; i < sizeof rates / sizeof *rates; i++) {
    for (int answerer = 0; answerer < 2; answerer++) {
      struct pair p;
      pair_set_up(&p);
      *(answerer ? &p.receive.max_rate : &p.send.max_rate) = rates[i][0];
      assert_true(pages_make(p.source, PAGES_SHORT, 1, PAGES_A4_STANDARD, 98));
      pair_call(&p);
      expect_whole(&p, 1);
      assert_int_equal(pair_sent(&p)->progress.rate, rates[i][1]);
      assert_int_equal(pair_got(&p)->progress.rate, rates[i][1]);
      pair_tear_down(&p);
    }
  }
}

static void test_many_pages_and_blocks(void **state) {
  struct pair p;
  (void)state;
  pair_set_up(&p);
  assert_true(pages_make(p.source, PAGES_SHORT, 100, PAGES_A4_STANDARD, 98));
  pair_call(&p);
  expect_whole(&p, 100);
  assert_int_equal(pair_sent(&p)->pages_in_file, 100);
  assert_int_equal(pair_sent(&p)->progress.pages_total, 100);
  assert_int_equal(pair_sent(&p)->progress.page, 100);
  pair_tear_down(&p);

  pair_set_up(&p); /* three blocks of 64 KB with error correction */
  assert_true(pages_make(p.source, PAGES_DENSE, 1, PAGES_A4_FINE, 196));
  pair_call(&p);
  expect_whole(&p, 1);
  pair_tear_down(&p);
}

static void test_first_page(void **state) {
  struct pair p;
  (void)state;
  pair_set_up(&p);
  p.send.first_page = 3;
  assert_true(pages_make(p.source, PAGES_SHORT, 4, PAGES_A4_STANDARD, 98));
  pair_call(&p);
  assert_int_equal(pair_sent(&p)->status, FS_COMPLETED);
  assert_int_equal(pair_sent(&p)->progress.pages_confirmed, 2);
  assert_int_equal(pair_sent(&p)->progress.page, 4);
  assert_int_equal(pages_count(p.target), 2);
  assert_true(pages_same(p.source, 2, p.target, 0));
  assert_true(pages_same(p.source, 3, p.target, 1));
  pair_tear_down(&p);
}

/* Pages of different heights and resolutions make the sender renegotiate. */
static void test_change_of_resolution(void **state) {
  struct pair p;
  (void)state;
  pair_set_up(&p);
  assert_true(
      pages_add(p.source, "w", PAGES_SHORT, 0, 3, PAGES_A4_STANDARD, 98));
  assert_true(
      pages_add(p.source, "a", PAGES_SHORT, 1, 3, PAGES_LEGAL_FINE, 196));
  assert_true(
      pages_add(p.source, "a", PAGES_SHORT, 2, 3, PAGES_LETTER_FINE, 196));
  pair_call(&p);
  expect_whole(&p, 3);
  pair_tear_down(&p);
}

static void test_branding_adds_a_line_on_top(void **state) {
  struct pair p;
  uint32_t sent, got;
  (void)state;
  pair_set_up(&p);
  p.send.branding = "Grüße von Example Ltd.";
  assert_true(pages_make(p.source, PAGES_LETTER, 1, PAGES_A4_FINE, 196));
  pair_call(&p);
  assert_int_equal(pair_sent(&p)->status, FS_COMPLETED);
  free(pages_read(p.source, 0, &sent));
  free(pages_read(p.target, 0, &got));
  assert_in_range(got, sent + 1, sent + 64);
  assert_true(pages_same_below(p.source, 0, p.target, 0, got - sent));
  pair_tear_down(&p);
}

static void test_ids_and_phases(void **state) {
  struct pair p;
  (void)state;
  pair_set_up(&p);
  p.send.local_id = "\x01+49 \xc3\xa4 30 123456789012345678";
  assert_true(pages_make(p.source, PAGES_SHORT, 1, PAGES_A4_STANDARD, 98));
  pair_call(&p);
  expect_whole(&p, 1);
  assert_string_equal(pair_sent(&p)->progress.remote_id, "+1 555 0199");
  assert_string_equal(pair_got(&p)->progress.remote_id, "+49  30 123456789012");
  for (DWORD phase = FAX_PHASE_CONNECTED; phase <= FAX_PHASE_RELEASE; phase++)
    assert_true(p.phases & 1u << phase);
  assert_int_equal(pair_got(&p)->progress.quality, FAX_QUALITY_VERIFIED);
  pair_tear_down(&p);
}

/* Both machines tell the same exchange, each from its side. */
static void test_time_line(void **state) {
  static const char *const frames[] = {"CSI", "DIS", "TSI", "DCS", "CFR",
                                       "FCD", "PPS", "MCF", "DCN"};
  struct pair p;
  (void)state;
  pair_set_up(&p);
  assert_true(pages_make(p.source, PAGES_SHORT, 1, PAGES_A4_STANDARD, 98));
  pair_call(&p);
  const struct fax_t30_result *sent = pair_sent(&p), *got = pair_got(&p);
  assert_int_equal(sent->timeline_count, sizeof frames / sizeof *frames);
  assert_int_equal(got->timeline_count, sizeof frames / sizeof *frames);
  for (size_t i = 0; i < sizeof frames / sizeof *frames; i++) {
    assert_string_equal(sent->timeline[i].frame, frames[i]);
    assert_string_equal(got->timeline[i].frame, frames[i]);
    assert_string_equal(sent->timeline[i].details, got->timeline[i].details);
    assert_int_not_equal(sent->timeline[i].sent, got->timeline[i].sent);
  }
  assert_string_equal(got->timeline[3].details, "14400 bit/s ECM MMR");
  pair_tear_down(&p);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_sizes_arrive_identical),
      cmocka_unit_test(test_without_ecm),
      cmocka_unit_test(test_rate_limits),
      cmocka_unit_test(test_many_pages_and_blocks),
      cmocka_unit_test(test_first_page),
      cmocka_unit_test(test_change_of_resolution),
      cmocka_unit_test(test_branding_adds_a_line_on_top),
      cmocka_unit_test(test_ids_and_phases),
      cmocka_unit_test(test_time_line),
  };
  test_start();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
