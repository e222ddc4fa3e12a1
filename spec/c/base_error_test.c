/* SPDX-License-Identifier: MIT
   base/error.h and its edge in api/error.c; base/text.h. */
#include "test.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>

#include "api/result.h"
#include "base/error.h"
#include "base/text.h"

static void test_sentence(void **state) {
  (void)state;
  error_clear();
  assert_string_equal(error_message(), "");
  assert_int_equal(error_say(ERROR_BUSY, "line %d", 3), ERROR_BUSY);
  assert_string_equal(error_message(), "line 3");
  error_note("port: %s", error_message());
  assert_string_equal(error_message(), "port: line 3");
  assert_int_equal(error_errno(ENOENT, "%s.pdf", "x"), ERROR_FILE_NOT_FOUND);
  assert_string_equal(error_message(), "x.pdf: No such file or directory");
}

static void test_cut(void **state) {
  char text[1000];

  (void)state;
  memset(text, 'a', sizeof text);
  memcpy(text + 509, "\xe2\x82\xac", 3); /* bytes 509..511 of a 512 buffer */
  text[sizeof text - 1] = '\0';
  error_note("%s", text);
  assert_int_equal(strlen(error_message()), 509);
  error_errno(EIO, "%s", text);
  assert_int_equal(strlen(error_message()), 509);
}

static void test_errno(void **state) {
  (void)state;
  assert_int_equal(error_from_errno(EACCES), ERROR_ACCESS_DENIED);
  assert_int_equal(error_from_errno(ENOMEM), ERROR_NOT_ENOUGH_MEMORY);
  assert_int_equal(error_from_errno(ENOSPC), ERROR_DISK_FULL);
  assert_int_equal(error_from_errno(0), ERROR_GEN_FAILURE);
  assert_int_equal(error_from_errno(-1), ERROR_GEN_FAILURE);
}

static void *other_thread(void *arg) {
  bool *clean = arg;

  *clean = FaxGetLastError() == 0 && error_message()[0] == '\0';
  FaxSetLastError(ERROR_BUSY);
  error_note("of the other thread");
  return NULL;
}

static void test_threads(void **state) {
  bool clean = false;
  pthread_t thread;

  (void)state;
  error_note("mine");
  FaxSetLastError(ERROR_NOT_FOUND);
  assert_int_equal(pthread_create(&thread, NULL, other_thread, &clean), 0);
  pthread_join(thread, NULL);
  assert_true(clean);
  assert_int_equal(FaxGetLastError(), ERROR_NOT_FOUND);
  assert_string_equal(FaxGetLastErrorMessage(), "mine");
}

static void test_edge(void **state) {
  (void)state;
  api_enter();
  assert_false(api_done(error_say(ERROR_BUSY, "why")));
  assert_int_equal(FaxGetLastError(), ERROR_BUSY);
  assert_string_equal(FaxGetLastErrorMessage(), "why");
  api_enter();
  assert_null(api_fail(ERROR_NOT_FOUND));
  assert_int_equal(FaxGetLastError(), ERROR_NOT_FOUND);
  assert_string_equal(FaxGetLastErrorMessage(), "");
  api_enter();
  error_note("of no matter");
  assert_true(api_done(ERROR_SUCCESS));
  assert_string_equal(FaxGetLastErrorMessage(), "");
}

static void test_names(void **state) {
  (void)state;
  assert_string_equal(FaxErrorName(20), "ERROR_BAD_UNIT");
  assert_string_equal(FaxErrorName(7010), "FAX_ERR_DEVICE_NUM_LIMIT_EXCEEDED");
  assert_null(FaxErrorName(99999));
  assert_string_equal(FaxErrorText(0), "no error");
  assert_non_null(FaxErrorText(99999));
#define CHECK(name, value, text)                  \
  assert_string_equal(FaxErrorName(name), #name); \
  assert_true(strlen(FaxErrorText(name)) > 0);
  FAX_ERRORS(CHECK)
#undef CHECK
}

static void check_trim(const char *cut, const char *expected) {
  char text[32];

  strcpy(text, cut);
  text_trim(text);
  assert_string_equal(text, expected);
}

static void test_text(void **state) {
  char line[] = "a\nb\x7f\tc\x1b[1m\xc3\xa9";

  (void)state;
  check_trim("", "");
  check_trim("abc", "abc");
  check_trim("ab\xc3", "ab");
  check_trim("ab\xc3\xa9", "ab\xc3\xa9");
  check_trim("ab\xe2\x82", "ab");
  check_trim("ab\xf0\x9f\x93", "ab");
  check_trim("ab\xf0\x9f\x93\xa0", "ab\xf0\x9f\x93\xa0");
  text_one_line(line);
  assert_string_equal(line, "a?b??c?[1m\xc3\xa9");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_sentence), cmocka_unit_test(test_cut),
      cmocka_unit_test(test_errno),    cmocka_unit_test(test_threads),
      cmocka_unit_test(test_edge),     cmocka_unit_test(test_names),
      cmocka_unit_test(test_text),
  };

  test_start();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
