/* SPDX-License-Identifier: MIT
   Fax machines in trouble: the line is cut, noisy or silent, the file is wrong,
   memory runs out. Both machines end, in time and with a cause. */
#include "t30_pair.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <time.h>
#include <spandsp.h>

/* What a hook does: from `from` on, until `until`, in blocks. */
struct trouble {
  long from, until;
  enum { CUT_SENDER, CUT_RECEIVER, DEAF_SENDER, DEAF_RECEIVER, NOISE } kind;
  uint32_t seed;
  long begun, every; /* first block of the page, distance of the bursts */
};

static void spoil(int16_t *samples, struct trouble *t) {
  for (int i = 0; i < PAIR_BLOCK; i++) {
    t->seed = t->seed * 1664525u + 1013904223u;
    samples[i] = (int16_t)(samples[i] / 2 + (int32_t)(t->seed >> 20) - 2048);
  }
}

static void cause_trouble(struct pair *p, long block, int16_t *to_receiver,
                          int16_t *to_sender) {
  struct trouble *t = p->arg;
  if (block < t->from || block >= t->until) return;
  switch (t->kind) {
    case CUT_SENDER:
      fax_t30_end(p->sender, "aborted");
      fax_t30_end(p->receiver, NULL);
      break;
    case CUT_RECEIVER:
      fax_t30_end(p->receiver, "aborted");
      fax_t30_end(p->sender, "disconnected");
      break;
    case DEAF_SENDER:
      memset(to_sender, 0, PAIR_BLOCK * sizeof *to_sender);
      break;
    case DEAF_RECEIVER:
      memset(to_receiver, 0, PAIR_BLOCK * sizeof *to_receiver);
      break;
    case NOISE:
      if (fax_t30_result(p->sender)->progress.phase != FAX_PHASE_PAGE) break;
      if (t->begun == 0) t->begun = block;
      if ((block - t->begun) % t->every == t->every / 2) spoil(to_receiver, t);
      break;
  }
}

static void expect_cause(const struct fax_t30_result *r) {
  if (r->status == FS_COMPLETED) {
    assert_null(r->progress.cause);
    return;
  }
  assert_int_not_equal(r->status, 0);
  assert_non_null(r->progress.cause);
  assert_true(strlen(r->progress.cause) > 2);
  assert_non_null(strchr(r->progress.evidence, '.'));
  assert_non_null(strchr(r->progress.advice, '.'));
  assert_string_not_equal(r->progress.cause, "protocol_error");
}

/* The numbers of a broken call are true: what is confirmed is in the file. */
static void expect_honest(struct pair *p) {
  DWORD sent = pair_sent(p)->progress.pages_confirmed;
  DWORD got = pair_got(p)->progress.pages_confirmed;
  expect_cause(pair_sent(p));
  expect_cause(pair_got(p));
  assert_true(sent <= got);
  assert_int_equal(got == 0 ? 0 : pages_count(p->target), got);
  for (unsigned i = 0; i < got; i++)
    assert_true(pages_same(p->source, i, p->target, i));
  assert_int_equal(access(p->target, W_OK), 0);
  if (pair_sent(p)->status == FS_COMPLETED)
    assert_int_equal(sent, pair_sent(p)->pages_in_file);
}

static long length_of_call(bool ecm) {
  struct pair p;
  pair_set_up(&p);
  p.send.ecm = ecm;
  assert_true(pages_make(p.source, PAGES_SHORT, 2, PAGES_A4_STANDARD, 98));
  pair_call(&p);
  long blocks = p.blocks;
  pair_tear_down(&p);
  return blocks;
}

static long call_with(bool ecm, struct trouble trouble, struct pair *p) {
  pair_set_up(p);
  p->send.ecm = ecm;
  assert_true(pages_make(p->source, PAGES_SHORT, 2, PAGES_A4_STANDARD, 98));
  p->hook = cause_trouble;
  p->arg = &trouble;
  pair_call(p);
  p->arg = NULL;
  return p->blocks;
}

static void test_cut_at_any_moment(void **state) {
  (void)state;
  for (int ecm = 0; ecm < 2; ecm++) {
    long length = length_of_call(ecm);
    for (long at = 0; at < length; at += 37) {
      for (int side = 0; side < 2; side++) {
        struct pair p;
        long last = call_with(
            ecm,
            (struct trouble){at, at + 1, side ? CUT_RECEIVER : CUT_SENDER, 0, 0,
                             0},
            &p);
        const struct fax_t30_result *own = side ? pair_got(&p) : pair_sent(&p);
        const struct fax_t30_result *far = side ? pair_sent(&p) : pair_got(&p);
        assert_true(last <= at + 1);
        assert_true(own->status == FS_USER_ABORT ||
                    own->status == FS_COMPLETED);
        assert_true(far->status == FS_DISCONNECTED ||
                    far->status == FS_COMPLETED);
        if (own->status == FS_USER_ABORT)
          assert_string_equal(own->progress.cause, "aborted");
        if (far->status == FS_DISCONNECTED)
          assert_string_equal(far->progress.cause, "disconnected");
        expect_honest(&p);
        pair_tear_down(&p);
      }
    }
  }
}

/* One direction falls silent for good: neither waits for ever. */
static void test_silence_at_any_moment(void **state) {
  (void)state;
  for (int ecm = 0; ecm < 2; ecm++) {
    long length = length_of_call(ecm);
    for (long at = 0; at < length; at += 53) {
      for (int side = 0; side < 2; side++) {
        struct pair p;
        long last = call_with(
            ecm,
            (struct trouble){at, 1L << 40, side ? DEAF_RECEIVER : DEAF_SENDER,
                             0, 0, 0},
            &p);
        assert_true(last < at + 300 * PAIR_SECOND);
        expect_honest(&p);
        pair_tear_down(&p);
      }
    }
  }
}

static void test_watchdog_no_progress(void **state) {
  struct pair p;
  int16_t silence[PAIR_BLOCK] = {0}, out[PAIR_BLOCK];
  long blocks = 0;
  (void)state;
  pair_set_up(&p);
  p.send.no_progress_limit = 20;
  assert_true(pages_make(p.source, PAGES_SHORT, 1, PAGES_A4_STANDARD, 98));
  pair_open(&p);
  for (; !fax_t30_done(p.sender); blocks++) {
    fax_t30_audio_out(p.sender, out, PAIR_BLOCK);
    fax_t30_audio_in(p.sender, silence, PAIR_BLOCK);
  }
  assert_int_equal(blocks, 20 * PAIR_SECOND + 1);
  assert_string_equal(pair_sent(&p)->progress.cause, "no_fax_answered");
  assert_int_equal(pair_sent(&p)->status, FS_NOT_FAX_CALL);
  pair_tear_down(&p);
}

static void mute_from_training(struct pair *p, long block, int16_t *to_receiver,
                               int16_t *to_sender) {
  (void)block;
  (void)to_receiver;
  if (fax_t30_result(p->sender)->progress.phase >= FAX_PHASE_TRAINING)
    memset(to_sender, 0, PAIR_BLOCK * sizeof *to_sender);
}

/* The other one is a fax machine and stopped: before spandsp's own timer. */
static void test_watchdog_after_a_frame(void **state) {
  struct pair p;
  (void)state;
  pair_set_up(&p);
  p.send.no_progress_limit = 6;
  assert_true(pages_make(p.source, PAGES_SHORT, 1, PAGES_A4_STANDARD, 98));
  p.hook = mute_from_training;
  pair_call(&p);
  assert_string_equal(pair_sent(&p)->progress.cause, "no_progress");
  assert_int_equal(pair_sent(&p)->status, FS_FATAL_ERROR);
  pair_tear_down(&p);
}

/* Everything was confirmed, then nothing: the receiver's call is complete. */
static void deaf_after_the_end(struct pair *p, long block, int16_t *to_receiver,
                               int16_t *to_sender) {
  (void)block;
  (void)to_sender;
  if (fax_t30_result(p->sender)->progress.phase == FAX_PHASE_RELEASE)
    memset(to_receiver, 0, PAIR_BLOCK * sizeof *to_receiver);
}

static void test_missing_goodbye(void **state) {
  (void)state;
  for (int ecm = 0; ecm < 2; ecm++) {
    struct pair p;
    pair_set_up(&p);
    p.send.ecm = ecm;
    p.receive.release_limit = 4;
    assert_true(pages_make(p.source, PAGES_SHORT, 1, PAGES_A4_STANDARD, 98));
    p.hook = deaf_after_the_end;
    pair_call(&p);
    assert_int_equal(pair_sent(&p)->status, FS_COMPLETED);
    assert_int_equal(pair_got(&p)->status, FS_COMPLETED);
    pair_tear_down(&p);
  }
}

static void call_in_noise(struct pair *p, bool ecm, long every) {
  struct trouble t = {0, 1L << 40, NOISE, 1, 0, every};
  pair_set_up(p);
  p->send.ecm = ecm;
  assert_true(pages_make(p->source, PAGES_LETTER, 2, PAGES_A4_FINE, 196));
  p->hook = cause_trouble;
  p->arg = &t;
  pair_call(p);
  p->arg = NULL;
}

/* Bursts of noise: error correction mends them; without it they are told. */
static void test_noise(void **state) {
  struct pair p;
  (void)state;
  call_in_noise(&p, true, 100);
  assert_int_equal(pair_sent(&p)->status, FS_COMPLETED);
  expect_honest(&p);
  pair_tear_down(&p);

  call_in_noise(&p, false, 100);
  assert_int_equal(pair_sent(&p)->status, FS_COMPLETED);
  assert_int_equal(pair_got(&p)->progress.pages_confirmed, 2);
  assert_true(pair_got(&p)->progress.bad_rows > 0);
  assert_true(pair_got(&p)->progress.longest_bad_run > 0);
  assert_int_equal(pair_got(&p)->progress.quality, FAX_QUALITY_DAMAGED);
  pair_tear_down(&p);
}

/* So much noise that pages are refused or given up. */
static void test_too_much_noise(void **state) {
  struct pair p;
  (void)state;
  call_in_noise(&p, false, 4);
  assert_int_equal(pair_sent(&p)->status, FS_FATAL_ERROR);
  assert_string_equal(pair_sent(&p)->progress.cause, "page_rejected");
  assert_int_not_equal(pair_got(&p)->status, FS_COMPLETED);
  pair_tear_down(&p);
  for (long every = 2; every < 9; every++) {
    for (int ecm = 0; ecm < 2; ecm++) {
      call_in_noise(&p, ecm, every);
      expect_cause(pair_sent(&p));
      expect_cause(pair_got(&p));
      assert_int_equal(pair_sent(&p)->status == FS_COMPLETED,
                       pair_sent(&p)->progress.pages_confirmed == 2);
      if (ecm || pair_sent(&p)->status != FS_COMPLETED)
        assert_int_equal(pair_got(&p)->status == FS_COMPLETED,
                         pair_sent(&p)->status == FS_COMPLETED);
      else
        assert_true(pair_got(&p)->progress.bad_rows > 0);
      pair_tear_down(&p);
    }
  }
}

/* An abort from within the progress function is an abort after the block. */
static void abort_in_page(void *arg, const struct fax_progress *progress) {
  struct pair *p = arg;
  if (progress->phase == FAX_PHASE_PAGE) fax_t30_end(p->sender, "aborted");
}

static void hang_up_with(struct pair *p, long block, int16_t *a, int16_t *b) {
  (void)block;
  (void)a;
  (void)b;
  if (fax_t30_done(p->sender)) fax_t30_end(p->receiver, NULL);
}

static void hang_up_together(struct pair *p, long block, int16_t *a,
                             int16_t *b) {
  (void)block;
  (void)a;
  (void)b;
  if (fax_t30_done(p->receiver)) fax_t30_end(p->sender, NULL);
}

static void test_abort_from_progress(void **state) {
  struct pair p;
  (void)state;
  pair_set_up(&p);
  p.send.progress = abort_in_page;
  p.hook = hang_up_with;
  assert_true(pages_make(p.source, PAGES_SHORT, 1, PAGES_A4_STANDARD, 98));
  pair_call(&p);
  assert_int_equal(pair_sent(&p)->status, FS_USER_ABORT);
  assert_int_equal(pair_got(&p)->status, FS_DISCONNECTED);
  expect_honest(&p);
  pair_tear_down(&p);
}

/* A disk that is full at some moment: no page is confirmed that is not there.
 */
static void test_disk_full(void **state) {
  struct rlimit before, little;
  bool both[2] = {false, false};
  (void)state;
  signal(SIGXFSZ, SIG_IGN);
  getrlimit(RLIMIT_FSIZE, &before);
  for (rlim_t size = 0; size < 120000; size += 7000) {
    struct pair p;
    pair_set_up(&p);
    p.send.ecm = size % 2 == 0;
    assert_true(pages_make(p.source, PAGES_LETTER, 2, PAGES_A4_FINE, 196));
    pair_open(&p);
    p.hook = hang_up_together;
    little = before;
    little.rlim_cur = size;
    setrlimit(RLIMIT_FSIZE, &little);
    pair_talk(&p);
    setrlimit(RLIMIT_FSIZE, &before);
    expect_honest(&p);
    both[pair_got(&p)->status == FS_COMPLETED] = true;
    if (pair_got(&p)->status != FS_COMPLETED && size > 8)
      assert_string_equal(pair_got(&p)->progress.cause, "file_error");
    pair_tear_down(&p);
  }
  assert_true(both[0] && both[1]);
}

/* ---- frames of a hostile modem ---- */

/* Plays a frame in V.21 to the machine, as the answer to its first DIS; gives
   the phase that it is in a second later. */
static DWORD phase_after(const uint8_t *frame, int length) {
  struct pair p;
  int16_t out[PAIR_BLOCK], in[PAIR_BLOCK];
  hdlc_tx_state_t *hdlc = hdlc_tx_init(NULL, FALSE, 2, FALSE, NULL, NULL);
  fsk_tx_state_t *fsk = fsk_tx_init(NULL, &preset_fsk_specs[FSK_V21CH2],
                                    (get_bit_func_t)hdlc_tx_get_bit, hdlc);
  pair_set_up(&p);
  p.receiver = fax_t30_new(&p.receive);
  assert_non_null(p.receiver);
  hdlc_tx_flags(hdlc, 40);
  hdlc_tx_frame(hdlc, frame, (size_t)length);
  for (int block = 0; block < 12 * PAIR_SECOND; block++) {
    memset(in, 0, sizeof in);
    if (block > 8 * PAIR_SECOND) fsk_tx(fsk, in, PAIR_BLOCK);
    fax_t30_audio_out(p.receiver, out, PAIR_BLOCK);
    fax_t30_audio_in(p.receiver, in, PAIR_BLOCK);
  }
  DWORD phase = pair_got(&p)->progress.phase;
  fsk_tx_free(fsk);
  hdlc_tx_free(hdlc);
  pair_tear_down(&p);
  return phase;
}

/* spandsp would believe them, and write outside of its memory. */
static void test_unbearable_frames(void **state) {
  uint8_t dcs[200] = {0xff, 0x13, 0x83, 0x00, 0x62, 0x00};
  (void)state;
  assert_int_equal(phase_after(dcs, 6), FAX_PHASE_TRAINING);
  dcs[5] = 0x03; /* a width that there is not */
  assert_int_not_equal(phase_after(dcs, 6), FAX_PHASE_TRAINING);
  dcs[5] = 0x80;
  assert_int_not_equal(phase_after(dcs, 200), FAX_PHASE_TRAINING);
  assert_int_equal(phase_after(dcs, 22), FAX_PHASE_TRAINING);
}

static void expect_refused(struct pair *p, DWORD error) {
  assert_null(fax_t30_new(&p->send));
  assert_int_equal(FaxGetLastError(), error);
}

static void test_wrong_configuration(void **state) {
  struct pair p;
  char path[300];
  (void)state;
  pair_set_up(&p);
  assert_null(fax_t30_new(NULL));
  expect_refused(&p, ERROR_FILE_NOT_FOUND);
  int fd = open(p.source, O_WRONLY | O_CREAT, 0600);
  assert_true(fd >= 0);
  expect_refused(&p, ERROR_INVALID_DATA);
  assert_int_equal(write(fd, "II*\0 this is no fax", 19), 19);
  close(fd);
  expect_refused(&p, ERROR_INVALID_DATA);
  p.send.send_file = p.directory;
  expect_refused(&p, ERROR_INVALID_DATA);
  memset(path, 'a', sizeof path);
  path[sizeof path - 1] = '\0';
  p.send.send_file = path;
  expect_refused(&p, ERROR_BUFFER_OVERFLOW);
  p.send.send_file = NULL;
  expect_refused(&p, ERROR_INVALID_PARAMETER);
  p.send.send_file = p.source;
  assert_true(pages_make(p.source, PAGES_SHORT, 1, PAGES_A4_STANDARD, 98));
  p.send.first_page = 2;
  expect_refused(&p, ERROR_INVALID_PARAMETER);
  p.send.first_page = 0;
  p.send.max_rate = 1200;
  expect_refused(&p, ERROR_INVALID_PARAMETER);
  p.send.max_rate = 0;
  p.send.size = 8;
  expect_refused(&p, ERROR_INVALID_PARAMETER);
  pair_tear_down(&p);
}

/* The file vanishes, or cannot be written, after the machine was made. */
static void test_file_lost(void **state) {
  struct pair p;
  (void)state;
  pair_set_up(&p);
  assert_true(pages_make(p.source, PAGES_SHORT, 1, PAGES_A4_STANDARD, 98));
  pair_open(&p);
  unlink(p.source);
  pair_talk(&p);
  assert_int_not_equal(pair_sent(&p)->status, FS_COMPLETED);
  assert_int_not_equal(pair_got(&p)->status, FS_COMPLETED);
  expect_cause(pair_sent(&p));
  pair_tear_down(&p);

  pair_set_up(&p);
  p.receive.receive_file = "/nowhere/at/all.tif";
  assert_true(pages_make(p.source, PAGES_SHORT, 1, PAGES_A4_STANDARD, 98));
  pair_call(&p);
  assert_int_not_equal(pair_sent(&p)->status, FS_COMPLETED);
  assert_int_not_equal(pair_got(&p)->status, FS_COMPLETED);
  expect_cause(pair_sent(&p));
  pair_tear_down(&p);
}

static void test_no_memory(void **state) {
  struct pair p;
  long n = 0;
  (void)state;
  pair_set_up(&p);
  assert_true(pages_make(p.source, PAGES_SHORT, 1, PAGES_A4_STANDARD, 98));
  for (; p.sender == NULL; n++) {
    assert_true(n < 100);
    mem_fail_after(n);
    p.sender = fax_t30_new(&p.send);
    mem_fail_after(-1);
    if (p.sender != NULL) break;
    assert_int_equal(FaxGetLastError(), ERROR_NOT_ENOUGH_MEMORY);
    assert_int_equal(mem_live(), 0);
  }
  assert_true(n >= 2);
  pair_tear_down(&p);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_cut_at_any_moment),
      cmocka_unit_test(test_silence_at_any_moment),
      cmocka_unit_test(test_watchdog_no_progress),
      cmocka_unit_test(test_watchdog_after_a_frame),
      cmocka_unit_test(test_missing_goodbye),
      cmocka_unit_test(test_noise),
      cmocka_unit_test(test_too_much_noise),
      cmocka_unit_test(test_abort_from_progress),
      cmocka_unit_test(test_disk_full),
      cmocka_unit_test(test_unbearable_frames),
      cmocka_unit_test(test_wrong_configuration),
      cmocka_unit_test(test_file_lost),
      cmocka_unit_test(test_no_memory),
  };
  test_start();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
