/* SPDX-License-Identifier: MIT
   FAX_TRACE: what passes, each message a line. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "folder.h"
#include "test.h"
#include "wire/message.h"

static char folder[FOLDER_SIZE], path[FOLDER_SIZE + 16];

static void each_message_is_a_line(void **unused) {
  static const char ping[] = "{\"method\":\"ping\",\"attachment\":3}\nabcdef";
  struct message_in in = {0};
  struct message_out out = {0};
  struct message m;
  struct stat st;
  char line[200];
  (void)unused;
  assert_int_equal(message_feed(&in, ping, sizeof ping - 1), ERROR_SUCCESS);
  assert_int_equal(message_take(&in, &m), ERROR_SUCCESS);
  message_free(&m);
  assert_int_equal(message_put(&out, "a", json_object()), ERROR_SUCCESS);
  assert_int_equal(message_put_raw(&out, "abc", 3), ERROR_SUCCESS);
  message_in_free(&in);
  message_out_free(&out);
  FILE *file = fopen(path, "r");
  assert_non_null(file);
  assert_non_null(fgets(line, sizeof line, file));
  assert_string_equal(strchr(line, '<'),
                      "< {\"method\":\"ping\",\"attachment\":3}\n");
  assert_non_null(fgets(line, sizeof line, file));
  assert_string_equal(strchr(line, '>'),
                      "> {\"method\":\"a\",\"params\":{}}\n");
  assert_null(fgets(line, sizeof line, file));
  fclose(file);
  assert_int_equal(stat(path, &st), 0);
  assert_int_equal(st.st_mode & 0777, 0600);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(each_message_is_a_line)};
  test_start();
  assert_true(folder_make(folder));
  snprintf(path, sizeof path, "%s/trace", folder);
  setenv("FAX_TRACE", path, 1);
  int failed = cmocka_run_group_tests(tests, NULL, NULL);
  folder_remove(folder);
  return failed;
}
