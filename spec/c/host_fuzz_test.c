/* SPDX-License-Identifier: MIT
   A short run of the fuzzer of hosts; `make fuzz` runs it for longer. And
   messages at the limits. */
#include "../fuzz/host.h"
#include "base/error.h"
#include "test.h"

static void test_fuzz(void **state) {
  struct fuzz f = {.seed = 11};
  struct host_fuzz h;
  size_t live = mem_live();
  (void)state;
  host_fuzz_open(&h);
  fuzz_rounds(&f, 20000, 0, host_fuzz_round, &h);
  host_fuzz_close(&h);
  assert_int_equal(mem_live(), live);
  assert_int_equal(mem_faults(), 0);
}

static DWORD take(struct message_in *in, const char *text) {
  struct message m;
  assert_int_equal(message_feed(in, text, strlen(text)), 0);
  DWORD code = message_take_call(in, &m);
  if (code == ERROR_SUCCESS) message_free(&m);
  return code;
}

static void test_lines(void **state) {
  static const struct {
    const char *text;
    DWORD code;
  } rows[] = {
      {"{\"method\":\"x\",\"params\":{}}\n", ERROR_SUCCESS},
      {" {\"params\":{\"a\":[[1]]},\"method\":\"x\"}\r\n", ERROR_SUCCESS},
      {"\n", ERROR_INVALID_DATA},
      {"{}\n", ERROR_INVALID_DATA},
      {"[]\n", ERROR_INVALID_DATA},
      {"{\"method\":1,\"params\":{}}\n", ERROR_INVALID_DATA},
      {"{\"method\":\"x\",\"params\":[]}\n", ERROR_INVALID_DATA},
      {"{\"method\":\"x\",\"method\":\"y\",\"params\":{}}\n",
       ERROR_INVALID_DATA},
      {"{\"method\":\"\xff\",\"params\":{}}\n", ERROR_INVALID_DATA},
      {"{\"method\":\"x\",\"params\":{\"a\":[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]}"
       "}"
       "\n",
       ERROR_INVALID_DATA},
      {"{\"method\":\"x\",\"params\":{\"a\":\"[[[[[[[[[[[[[[[[[[[\\\"[[\"}}\n",
       ERROR_SUCCESS},
  };
  (void)state;
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct message_in in = {0};
    assert_int_equal(take(&in, rows[i].text), rows[i].code);
    assert_int_equal(take(&in, ""), ERROR_NOT_FOUND);
    message_in_free(&in);
  }
}

/* Half a line waits for its end, but not for ever. */
static void test_length(void **state) {
  struct message_in in = {0};
  char chunk[4097] = "";
  (void)state;
  memset(chunk, ' ', sizeof chunk - 1);
  for (int i = 0; i < MESSAGE_LENGTH / 4096 - 1; i++)
    assert_int_equal(take(&in, chunk), ERROR_NOT_FOUND);
  assert_int_equal(take(&in, chunk), ERROR_INVALID_DATA);
  message_in_free(&in);
}

/* What cannot be said leaves what was said before as it was. */
static void test_put(void **state) {
  struct message_out out = {0};
  char *text = malloc(MESSAGE_LENGTH + 1);
  (void)state;
  assert_int_equal(message_put(&out, "a", json_object()), 0);
  size_t length = out.length;
  memset(text, 'x', MESSAGE_LENGTH);
  text[MESSAGE_LENGTH] = '\0';
  assert_int_equal(message_put(&out, "b", json_pack("{s:s}", "t", text)),
                   ERROR_INVALID_DATA);
  assert_int_equal(message_put(&out, "b", NULL), ERROR_NOT_ENOUGH_MEMORY);
  assert_int_equal(out.length, length);
  message_sent(&out, 3);
  assert_int_equal(message_put(&out, "c", json_object()), 0);
  assert_memory_equal(out.bytes + out.sent, "ethod\":\"a\"", 10);
  free(text);
  message_out_free(&out);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_fuzz),
      cmocka_unit_test(test_lines),
      cmocka_unit_test(test_length),
      cmocka_unit_test(test_put),
  };
  test_start();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
