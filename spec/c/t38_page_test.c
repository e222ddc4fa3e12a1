/* SPDX-License-Identifier: MIT
   Pages over T.38: they arrive as they were sent, with every kind of
   correction and with losses; what is damaged is said to be. */
#include "t38_pair.h"
#include "test.h"

struct protection {
  DWORD redundancy, span, entries;
};

static const struct protection protections[] = {
    {0, 0, 0}, {1, 0, 0}, {2, 0, 0}, {3, 0, 0}, {0, 3, 3}};
#define PROTECTIONS (sizeof protections / sizeof *protections)

static void protect(struct t38_end *end, const struct protection *by) {
  end->udptl_config.redundancy = by->redundancy;
  end->udptl_config.fec_span = by->span;
  end->udptl_config.fec_entries = by->entries;
}

static void begin(struct t38_pair *p, const struct protection *by, bool ecm,
                  uint32_t seed) {
  assert_true(t38_set_up(p, seed));
  protect(&p->sender, by);
  protect(&p->receiver, by);
  p->sender.config.ecm = ecm;
}

static void finish(struct t38_pair *p) {
  assert_false(p->to_sender.overrun || p->to_receiver.overrun);
  t38_tear_down(p);
  assert_int_equal(mem_live(), 0);
}

static bool are_same(struct t38_pair *p, DWORD pages) {
  for (unsigned i = 0; i < pages; i++)
    if (!pages_same(p->source, i, p->target, i)) return false;
  return true;
}

static void expect_whole(struct t38_pair *p, DWORD pages) {
  assert_int_equal(t38_sent(p)->status, FS_COMPLETED);
  assert_int_equal(t38_got(p)->status, FS_COMPLETED);
  assert_int_equal(t38_sent(p)->progress.pages_confirmed, pages);
  assert_int_equal(t38_got(p)->progress.pages_confirmed, pages);
  assert_int_equal(pages_count(p->target), pages);
  assert_true(are_same(p, pages));
}

static void test_pages_arrive_identical(void **state) {
  (void)state;
  for (size_t i = 0; i < PROTECTIONS; i++) {
    for (int ecm = 0; ecm < 2; ecm++) {
      struct t38_pair p;
      begin(&p, &protections[i], ecm, 1);
      assert_true(pages_make(p.source, PAGES_LETTER, 2, PAGES_A4_FINE, 196));
      assert_true(t38_call(&p));
      expect_whole(&p, 2);
      assert_int_equal(t38_sent(&p)->progress.ecm, ecm);
      assert_int_equal(t38_sent(&p)->progress.rate, 14400);
      assert_int_equal(t38_got(&p)->progress.bad_rows, 0);
      assert_int_equal(t38_got(&p)->lost_packets, 0);
      assert_int_equal(t38_got(&p)->progress.quality,
                       ecm ? FAX_QUALITY_VERIFIED : FAX_QUALITY_UNVERIFIED);
      assert_int_equal(t38_sent(&p)->progress.quality,
                       ecm ? FAX_QUALITY_VERIFIED : FAX_QUALITY_UNVERIFIED);
      finish(&p);
    }
  }
}

/* With error correction a page is exact or not confirmed, whatever is lost;
   with three packets of redundancy it is exact at 20 %. */
static void test_loss_with_ecm(void **state) {
  static const double rates[] = {0.005, 0.02, 0.2};
  (void)state;
  for (size_t i = 0; i < PROTECTIONS; i++) {
    for (size_t r = 0; r < sizeof rates / sizeof *rates; r++) {
      struct t38_pair p;
      begin(&p, &protections[i], true, (uint32_t)r + 7);
      t38_set_loss(&p, rates[r]);
      assert_true(pages_make(p.source, PAGES_LETTER, 2, PAGES_A4_FINE, 196));
      assert_true(t38_call(&p));
      assert_true(are_same(&p, t38_got(&p)->progress.pages_confirmed));
      assert_true(t38_sent(&p)->progress.pages_confirmed <=
                  t38_got(&p)->progress.pages_confirmed);
      if (t38_sent(&p)->status != FS_COMPLETED)
        assert_non_null(t38_sent(&p)->progress.cause);
      if (protections[i].redundancy == 3) expect_whole(&p, 2);
      finish(&p);
    }
  }
}

/* Without it: no page that is not the one sent is without a bad row, and a lost
   packet of an image is one, whatever was decoded. */
static void test_loss_without_ecm(void **state) {
  static const double rates[] = {0.002, 0.01, 0.05, 0.2};
  DWORD damaged = 0;
  (void)state;
  for (size_t i = 0; i < PROTECTIONS; i++) {
    for (size_t r = 0; r < sizeof rates / sizeof *rates; r++) {
      struct t38_pair p;
      begin(&p, &protections[i], false, (uint32_t)r + 3);
      t38_set_loss(&p, rates[r]);
      assert_true(pages_make(p.source, PAGES_LETTER, 2, PAGES_A4_FINE, 196));
      assert_true(t38_call(&p));
      const struct fax_t30_result *got = t38_got(&p);
      if (!are_same(&p, got->progress.pages_confirmed)) {
        damaged++;
        assert_true(got->progress.bad_rows > 0);
        assert_true(got->progress.longest_bad_run > 0);
        assert_true(got->lost_packets > 0);
        assert_int_equal(got->progress.quality, FAX_QUALITY_DAMAGED);
      }
      assert_int_not_equal(got->progress.quality, FAX_QUALITY_VERIFIED);
      assert_int_not_equal(t38_sent(&p)->progress.quality,
                           FAX_QUALITY_VERIFIED);
      finish(&p);
    }
  }
  assert_true(damaged > 3);
}

/* One packet of the image is lost, at many places: damage each time. */
static void test_one_lost_image_packet(void **state) {
  (void)state;
  for (long at = 5; at < 18; at++) {
    struct t38_pair p;
    begin(&p, &protections[0], false, 1);
    assert_true(pages_make(p.source, PAGES_SHORT, 1, PAGES_A4_STANDARD, 98));
    assert_true(t38_open_end(&p.sender) && t38_open_end(&p.receiver));
    long image = -1;
    for (; !fax_t30_done(p.receiver.machine); p.step++) {
      fax_t30_advance(p.sender.machine, T38_STEP);
      fax_t30_advance(p.receiver.machine, T38_STEP);
      bool page = t38_got(&p)->progress.phase == FAX_PHASE_PAGE;
      struct t38_datagram *d = &p.to_receiver.queue[0];
      /* Behind the sequence number and the length: data, not of V.21. */
      if (page && p.to_receiver.count == 1 && (d->bytes[3] & 0x40) != 0 &&
          (d->bytes[3] & 0x3e) != 0 && ++image == at)
        p.to_receiver.count = 0;
      t38_deliver(&p.to_receiver, &p.receiver);
      t38_deliver(&p.to_sender, &p.sender);
    }
    assert_true(image >= at);
    assert_int_equal(t38_got(&p)->lost_packets, 1);
    assert_int_equal(t38_got(&p)->progress.pages_confirmed, 1);
    assert_true(t38_got(&p)->progress.bad_rows >= 1);
    assert_int_equal(t38_got(&p)->progress.quality, FAX_QUALITY_DAMAGED);
    finish(&p);
  }
}

static void expect_frame(const struct fax_t30_result *r, DWORD *at, bool sent,
                         const char *frame, const char *details) {
  for (; *at < r->timeline_count; ++*at) {
    const struct fax_t30_event *e = &r->timeline[*at];
    if ((e->sent != 0) != sent || strcmp(e->frame, frame) != 0) continue;
    if (details != NULL) assert_string_equal(e->details, details);
    ++*at;
    return;
  }
  fail_msg("no %s in the time line", frame);
}

static void expect_exchange(const struct fax_t30_result *r, bool sender) {
  DWORD at = 0;
  expect_frame(r, &at, !sender, "CSI", "+1 555 0199");
  expect_frame(r, &at, !sender, "DIS", NULL);
  expect_frame(r, &at, sender, "TSI", "+1 555 0100");
  expect_frame(r, &at, sender, "DCS", "14400 bit/s ECM MMR fine");
  expect_frame(r, &at, !sender, "CFR", "");
  expect_frame(r, &at, sender, "FCD", NULL);
  expect_frame(r, &at, sender, "PPS", NULL);
  assert_memory_equal(r->timeline[at - 1].details, "MPS page 1 block 1, ", 20);
  expect_frame(r, &at, !sender, "MCF", "");
  expect_frame(r, &at, sender, "PPS", NULL);
  assert_memory_equal(r->timeline[at - 1].details, "EOP page 2 block 1, ", 20);
  expect_frame(r, &at, !sender, "MCF", "");
  expect_frame(r, &at, sender, "DCN", "");
  for (DWORD i = 1; i < r->timeline_count; i++)
    assert_true(r->timeline[i - 1].moment <= r->timeline[i].moment);
  assert_true(r->timeline[r->timeline_count - 1].moment > 15000);
}

static void test_time_line(void **state) {
  struct t38_pair p;
  (void)state;
  begin(&p, &protections[3], true, 1);
  assert_true(pages_make(p.source, PAGES_LETTER, 2, PAGES_A4_FINE, 196));
  assert_true(t38_call(&p));
  expect_exchange(t38_sent(&p), true);
  expect_exchange(t38_got(&p), false);
  finish(&p);
}

static void expect_refused(const struct fax_t30_config *c) {
  assert_null(fax_t30_new(c));
  assert_int_equal(FaxGetLastError(), ERROR_INVALID_PARAMETER);
}

/* A machine for one line does nothing on the other; old programs, whose
   configuration ends with `arg`, get audio. */
static void test_lines_are_apart(void **state) {
  struct t38_pair p;
  int16_t samples[T38_STEP];
  (void)state;
  begin(&p, &protections[3], true, 1);
  struct fax_t30_config c = p.receiver.config;
  c.ifp_out = NULL;
  expect_refused(&c);
  c.line = 2;
  expect_refused(&c);
  c.size = offsetof(struct fax_t30_config, line);
  struct fax_t30 *t = fax_t30_new(&c);
  assert_non_null(t);
  fax_t30_advance(t, 8000);
  assert_false(fax_t30_ifp_in(t, (const uint8_t *)"\x06", 1, 0));
  assert_int_equal(FaxGetLastError(), ERROR_INVALID_FUNCTION);
  fax_t30_free(t);
  c.size--;
  expect_refused(&c);
  assert_true(t38_open_end(&p.receiver));
  memset(samples, 1, sizeof samples);
  fax_t30_audio_in(p.receiver.machine, samples, T38_STEP);
  assert_int_equal(fax_t30_audio_out(p.receiver.machine, samples, T38_STEP),
                   T38_STEP);
  for (int i = 0; i < T38_STEP; i++) assert_int_equal(samples[i], 0);
  finish(&p);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_pages_arrive_identical),
      cmocka_unit_test(test_loss_with_ecm),
      cmocka_unit_test(test_loss_without_ecm),
      cmocka_unit_test(test_one_lost_image_packet),
      cmocka_unit_test(test_time_line),
      cmocka_unit_test(test_lines_are_apart),
  };
  test_start();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
