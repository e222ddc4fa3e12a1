/* SPDX-License-Identifier: MIT
   Messages that are read the quick way are what jansson makes of them, and what
   is not is left to it: plain ones, odd ones, and millions of broken ones. */
#include <string.h>

#include "base/mem.h"
#include "test.h"
#include "wire/quick.h"

static const char *const plain[] = {
    "{}",
    " { } \r\n\t",
    "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"port.list\"}",
    "{\"a\":[1,-2,0,-0,[],{},[[]]],\"b\":{\"c\":{\"d\":null}}}",
    "{\"t\":true,\"f\":false, \"n\" : null , \"x\":\"\"}",
    "{\"number\":123456789012345678,\"less\":-123456789012345678}",
    "{\"escapes\":\"\\\"\\\\\\/"
    "\\b\\f\\n\\r\\t.\",\"\xc3\xa4\":\"\xe2\x82\xac\"}"};

/* jansson has the last word. */
static const char *const others[] = {
    "",
    "[]",
    "{\"a\":1.5}",
    "{\"a\":1e3}",
    "{\"a\":1234567890123456789}",
    "{\"a\":12345678901234567890}",
    "{\"a\":\"\\u0041\"}",
    "{\"a\":\"\\u0000\"}",
    "{\"a\":\"\\ud800\"}",
    "{\"a\":1,\"a\":2}",
    "{\"a\":01}",
    "{\"a\":-}",
    "{\"a\":1,}",
    "{\"a\":[1,]}",
    "{\"a\":\"\x80\"}",
    "{\"\x80\":1}",
    "{\"a\":\"\n\"}",
    "{\"a\":tru}",
    "{\"a\" 1}",
    "{\"a\":1} 2",
    "{\"a\":1}}",
    "{\"a\":",
    "{\"\\t\":1}",
    "{\"0123456789012345678901234567890123456789012345678901234567890123\":1}",
    "{\"a\":[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]}"};

static int gather(const char *bytes, size_t length, void *to) {
  strncat(to, bytes, length);
  return 0;
}

/* What is put is what jansson puts. */
static void same_text(const json_t *value) {
  char quick[1024] = "";
  char *slow = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
  int failed = quick_put(value, gather, quick);
  assert_int_equal(failed == 0, slow != NULL);
  if (slow != NULL) assert_string_equal(quick, slow);
  mem_free(slow);
}

/* The same as jansson's, if it is there at all. */
static bool same(const char *line, size_t length) {
  json_t *quick = quick_object(line, length);
  if (quick == NULL) return false;
  json_t *slow = json_loadb(line, length, JSON_REJECT_DUPLICATES, NULL);
  if (slow == NULL || !json_equal(quick, slow))
    fail_msg("%.*s", (int)length, line);
  same_text(quick);
  json_decref(quick);
  json_decref(slow);
  return true;
}

static void plain_messages_are_read(void **unused) {
  (void)unused;
  for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
    if (!same(plain[i], strlen(plain[i]))) fail_msg("%s", plain[i]);
}

static void others_are_left_to_jansson(void **unused) {
  (void)unused;
  for (size_t i = 0; i < sizeof others / sizeof *others; i++)
    if (quick_object(others[i], strlen(others[i])) != NULL)
      fail_msg("%s", others[i]);
  assert_null(quick_object("{\"a\":\"b\0c\"}", 11));
  assert_null(quick_object("{}\0", 3));
}

static void odd_values_are_put(void **unused) {
  (void)unused;
  json_t *list = json_pack("[f, f, I, I, s, s, {s:i}]", 1.5, -1e-9,
                           (json_int_t)INT64_MIN, (json_int_t)INT64_MAX,
                           "\x01\x7f\"\\\xe2\x82\xac", "", "\"k\n", 1);
  assert_non_null(list);
  same_text(list);
  json_decref(list);
  list = json_pack("[o]", json_string_nocheck("\x80"));
  same_text(list);
  json_decref(list);
}

static uint64_t state = 0x7ea57ULL;

static unsigned below(unsigned most) {
  state = state * 6364136223846793005ULL + 1442695040888963407ULL;
  return (unsigned)(state >> 33) % most;
}

static size_t breaks(char *line, size_t length) {
  static const char marks[] = "\"{}[]:,0123456789eE.-tfnu\\/ \x80\xc3\xa4\t\n";
  for (unsigned n = 1 + below(3); n != 0 && length != 0; n--) {
    unsigned at = below((unsigned)length);
    if (below(4) == 0)
      memmove(line + at, line + at + 1, --length - at);
    else
      line[at] = marks[below(sizeof marks - 1)];
  }
  return length;
}

static void broken_ones_are_no_other(void **unused) {
  size_t live = mem_live(), taken = 0;
  (void)unused;
  for (int i = 0; i < 100000; i++) {
    char line[160];
    const char *from = plain[below(sizeof plain / sizeof *plain)];
    size_t length = strlen(from);
    memcpy(line, from, length);
    length = breaks(line, length);
    /* a block of its size: what is read behind it is seen */
    char *exact = mem_alloc(length + 1);
    memcpy(exact, line, length);
    exact[length] = '"';
    taken += same(exact, length);
    mem_free(exact);
  }
  assert_true(taken > 1000);
  assert_int_equal(mem_live(), live);
}

static void no_memory_leaves_nothing(void **unused) {
  size_t live = mem_live();
  json_t *whole = NULL;
  (void)unused;
  for (long n = 0; whole == NULL; n++) {
    mem_fail_after(n);
    whole = quick_object(plain[3], strlen(plain[3]));
    mem_fail_after(-1);
    assert_true(n < 1000);
    if (whole == NULL) assert_int_equal(mem_live(), live);
  }
  json_decref(whole);
  assert_int_equal(mem_live(), live);
}

static void give_back(void *block) {
  mem_free(block);
}

int main(void) {
  test_start();
  json_set_alloc_funcs(mem_alloc, give_back); /* of this program alone */
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(plain_messages_are_read),
      cmocka_unit_test(others_are_left_to_jansson),
      cmocka_unit_test(odd_values_are_put),
      cmocka_unit_test(broken_ones_are_no_other),
      cmocka_unit_test(no_memory_leaves_nothing)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
