/* SPDX-License-Identifier: MIT
   Requests that come together: each is answered, in their order, however much
   of the next has come. */
#include <stdio.h>
#include <string.h>

#include "ipc_raw.h"

static struct stage st;
static struct raw r;

static int set_up(void **unused) {
  (void)unused;
  stage_start(&st, NULL, NULL);
  raw_open(&r, &st);
  assert_int_equal(raw_ask(&r, RAW_HELLO), 0);
  return 0;
}

static int tear_down(void **unused) {
  (void)unused;
  raw_close(&r);
  stage_stop(&st);
  return 0;
}

static void hear_answer(json_int_t id) {
  json_t *whole = raw_hear(&r);
  assert_non_null(whole);
  assert_int_equal(json_integer_value(json_object_get(whole, "id")), id);
  assert_non_null(json_object_get(whole, "result"));
  json_decref(whole);
}

#define PING(id) "{\"id\":" #id ",\"method\":\"ping\"}\n"

static void many_at_once_are_answered_in_order(void **unused) {
  char line[64];
  (void)unused;
  for (int i = 1; i <= 100; i++) {
    snprintf(line, sizeof line, "{\"id\":%d,\"method\":\"port.list\"}\n", i);
    raw_say(&r, line);
  }
  for (int i = 1; i <= 100; i++) hear_answer(i);
}

static void half_of_the_next_holds_no_answer_up(void **unused) {
  (void)unused;
  raw_say(&r, PING(1) PING(2) "{\"id\":3,\"meth");
  hear_answer(1);
  hear_answer(2);
  raw_say(&r, "od\":\"ping\"}\n");
  hear_answer(3);
}

static void what_wants_no_answer_holds_none_up(void **unused) {
  (void)unused;
  raw_say(&r, PING(1) "{\"method\":\"ping\"}\n");
  hear_answer(1);
}

/* Neither what is read for a method nor what is thrown away. */
static void bytes_to_come_hold_no_answer_up(void **unused) {
  (void)unused;
  raw_say(&r, PING(1) "{\"id\":2,\"method\":\"job.submit\",\"attachment\":3,"
                      "\"params\":{\"files\":[\"x\"]}}\n");
  hear_answer(1);
  raw_say(&r, "abc");
  assert_int_not_equal(raw_code(&r), 0);
  raw_say(&r, PING(3) "{\"id\":4,\"method\":\"ping\",\"attachment\":3}\n");
  hear_answer(3);
  hear_answer(4);
  raw_say(&r, "abc" PING(5));
  hear_answer(5);
}

static void the_last_answer_comes_before_the_end(void **unused) {
  (void)unused;
  raw_say(&r, PING(1) "garbage\n");
  hear_answer(1);
  assert_int_equal(raw_code(&r), -32700);
  assert_hung_up(&r);
  raw_close(&r);
  raw_open(&r, &st);
  assert_int_equal(raw_ask(&r, RAW_HELLO), 0);
  raw_say(&r, PING(1) "{}\n" PING(2));
  hear_answer(1);
  assert_int_equal(raw_code(&r), -32600);
  assert_hung_up(&r);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(many_at_once_are_answered_in_order),
      TEST(half_of_the_next_holds_no_answer_up),
      TEST(what_wants_no_answer_holds_none_up),
      TEST(bytes_to_come_hold_no_answer_up),
      TEST(the_last_answer_comes_before_the_end)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
