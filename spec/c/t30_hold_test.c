/* SPDX-License-Identifier: MIT
   The end of a page that has to wait: nothing of its post-message command is on
   the line before it may go, and the call goes on as if nothing had been. */
#include "t30_pair.h"
#include "t38_pair.h"

#define HELD_BLOCKS (3 * PAIR_SECOND)

/* What the machine asked, and what it was told. */
static struct {
  DWORD asked;  /* the page last */
  DWORD pages;  /* that were asked for, in their order */
  long left;    /* answers that are FAX_T30_HOLD; -1: all */
  long held;    /* such answers so far */
  bool holds;   /* the last answer was that */
  bool give_up; /* instead */
  bool broken;  /* an order, or a silence */
} hold;

static enum fax_t30_leave may_end(void *arg, DWORD page) {
  (void)arg;
  if (hold.give_up) return FAX_T30_GIVE_UP;
  if (page != hold.asked) {
    if (page != hold.asked + 1) hold.broken = true;
    hold.asked = page;
    hold.pages++;
    hold.left = hold.left < 0 ? -1 : HELD_BLOCKS;
  }
  hold.holds = hold.left != 0;
  if (hold.left > 0) hold.left--;
  if (hold.holds) hold.held++;
  return hold.holds ? FAX_T30_HOLD : FAX_T30_GO;
}

/* While it is held there is silence. */
static void listen(struct pair *p, long block, int16_t *to_receiver,
                   int16_t *to_sender) {
  (void)p, (void)block, (void)to_sender;
  for (int i = 0; hold.holds && i < PAIR_BLOCK; i++)
    if (to_receiver[i] != 0) hold.broken = true;
  hold.holds = false; /* until it is asked again */
}

static void begin(struct pair *p, BOOL ecm, unsigned pages) {
  memset(&hold, 0, sizeof hold);
  pair_set_up(p);
  p->send.ecm = ecm;
  p->send.may_end = may_end;
  p->hook = listen;
  assert_true(pages_make(p->source, PAGES_SHORT, pages, 400, 196));
}

static void test_each_page_is_held(void **state) {
  (void)state;
  for (BOOL ecm = FALSE; ecm <= TRUE; ecm++) {
    struct pair p;
    begin(&p, ecm, 3);
    pair_call(&p);
    assert_int_equal(pair_sent(&p)->status, FS_COMPLETED);
    assert_int_equal(pair_got(&p)->status, FS_COMPLETED);
    assert_int_equal(pair_sent(&p)->progress.ecm, ecm);
    assert_int_equal(hold.pages, 3);
    assert_int_equal(hold.held, 3 * HELD_BLOCKS);
    assert_false(hold.broken);
    for (unsigned i = 0; i < 3; i++)
      assert_true(pages_same(p.source, i, p.target, i));
    pair_tear_down(&p);
  }
}

static bool says(const struct fax_t30_result *r, const char *frame) {
  for (DWORD i = 0; i < r->timeline_count; i++)
    if (strcmp(r->timeline[i].frame, frame) == 0) return true;
  return false;
}

/* What ends the wait ends the call: the other machine never heard of the end of
   the page. */
static void expect_unsaid(struct pair *p, const char *cause) {
  assert_string_equal(pair_sent(p)->progress.cause, cause);
  assert_int_equal(pair_sent(p)->progress.pages_confirmed, 0);
  assert_int_equal(pair_got(p)->progress.pages_confirmed, 0);
  assert_false(says(pair_sent(p), "MPS"));
  assert_false(says(pair_got(p), "MPS"));
  assert_false(hold.broken);
  pair_tear_down(p);
}

static void test_a_wait_has_an_end(void **state) {
  struct pair p;
  (void)state;
  begin(&p, FALSE, 2);
  hold.left = -1;
  p.send.hold_limit = 5;
  pair_call(&p);
  assert_in_range(hold.held, 5 * PAIR_SECOND, 5 * PAIR_SECOND + 1);
  expect_unsaid(&p, "not_stored");
}

static void test_it_may_be_given_up(void **state) {
  struct pair p;
  (void)state;
  begin(&p, FALSE, 2);
  hold.give_up = true;
  pair_call(&p);
  expect_unsaid(&p, "not_stored");
}

static void without_memory(struct pair *p, long block, int16_t *to_receiver,
                           int16_t *to_sender) {
  listen(p, block, to_receiver, to_sender);
  if (block == 0) mem_fail_after(0);
}

/* Then there is no time line either, of which something would be taken back. */
static void test_it_may_be_given_up_without_memory(void **state) {
  struct pair p;
  (void)state;
  begin(&p, FALSE, 2);
  hold.give_up = true;
  p.hook = without_memory;
  pair_call(&p);
  mem_fail_after(-1);
  assert_int_equal(pair_sent(&p)->timeline_count, 0);
  expect_unsaid(&p, "not_stored");
}

static void abort_when_held(struct pair *p, long block, int16_t *to_receiver,
                            int16_t *to_sender) {
  bool held = hold.held > 10;
  listen(p, block, to_receiver, to_sender);
  if (held) fax_t30_end(p->sender, "aborted");
}

static void test_an_abort_ends_the_wait(void **state) {
  struct pair p;
  (void)state;
  begin(&p, FALSE, 2);
  hold.left = -1;
  p.hook = abort_when_held;
  pair_call(&p);
  expect_unsaid(&p, "aborted");
}

static void test_on_t38(void **state) {
  struct t38_pair p;
  (void)state;
  memset(&hold, 0, sizeof hold);
  assert_true(t38_set_up(&p, 1));
  p.sender.config.may_end = may_end;
  assert_true(pages_make(p.source, PAGES_SHORT, 3, 400, 196));
  assert_true(t38_call(&p));
  assert_int_equal(t38_sent(&p)->status, FS_COMPLETED);
  assert_int_equal(t38_got(&p)->status, FS_COMPLETED);
  assert_int_equal(hold.pages, 3);
  assert_true(hold.held >= 3 * HELD_BLOCKS);
  for (unsigned i = 0; i < 3; i++)
    assert_true(pages_same(p.source, i, p.target, i));
  t38_tear_down(&p);
}

int main(void) {
  mem_debug(1);
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_each_page_is_held),
      cmocka_unit_test(test_a_wait_has_an_end),
      cmocka_unit_test(test_it_may_be_given_up),
      cmocka_unit_test(test_it_may_be_given_up_without_memory),
      cmocka_unit_test(test_an_abort_ends_the_wait),
      cmocka_unit_test(test_on_t38)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
