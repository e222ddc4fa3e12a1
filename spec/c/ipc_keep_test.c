/* SPDX-License-Identifier: MIT
   A client that asks for lists and reads none to its end: the server keeps so
   much for an account, and no more. */
#include <stdio.h>
#include <string.h>

#include "ipc/server/own.h"
#include "ipc_raw.h"

enum { JOBS = 500, MOST = PROTOCOL_HANDLES };

static struct stage st;
static struct raw first, second;

static void meet(struct raw *r) {
  raw_open(r, &st);
  assert_int_equal(raw_ask(r, RAW_HELLO), 0);
}

static void queue_job(void) {
  char name[250];
  memset(name, 'n', sizeof name - 1);
  name[sizeof name - 1] = '\0';
  FAX_JOB_PARAM params = {
      .SizeOfStruct = sizeof params,
      .RecipientNumber = "102",
      .RecipientName = name,
      .SenderName = name,
      .SenderCompany = name,
      .SenderDept = name,
      .DocumentName = name,
      .ScheduleAction = JSA_SPECIFIC_TIME,
      .ScheduleTime = {.wYear = 2090, .wMonth = 1, .wDay = 1}};
  const char *file = st.document;
  struct fax_submission sub = stage_of_file(&file, &params);
  stage_submit(&st, &sub);
}

static int set_up(void **unused) {
  (void)unused;
  stage_start(&st, NULL, NULL);
  stage_document(&st, 1);
  for (int i = 0; i < JOBS; i++) queue_job();
  meet(&first);
  meet(&second);
  return 0;
}

static int tear_down(void **unused) {
  (void)unused;
  raw_close(&first);
  raw_close(&second);
  stage_stop(&st);
  return 0;
}

/* Asks `method` of `on` (0: the client itself); the number of the rest that the
   server keeps then, 0: there is none. */
static DWORD rest_of(struct raw *r, const char *method, DWORD on, int *code) {
  char line[128];
  snprintf(line, sizeof line, "{\"id\":2,\"method\":\"%s\",\"on\":%u}\n",
           method, on);
  raw_say(r, line);
  json_t *whole = raw_hear(r);
  assert_non_null(whole);
  DWORD rest = (DWORD)json_integer_value(json_object_get(whole, "cursor"));
  *code = (int)json_integer_value(
      json_object_get(json_object_get(whole, "error"), "code"));
  json_decref(whole);
  return rest;
}

static DWORD list(struct raw *r) {
  int code;
  DWORD rest = rest_of(r, "job.list", 0, &code);
  assert_int_equal(code, rest != 0 ? 0 : ERROR_NOT_ENOUGH_MEMORY);
  return rest;
}

static void read_all(struct raw *r, DWORD rest) {
  int code = 0;
  while (rest != 0 && code == 0) rest = rest_of(r, "cursor.next", rest, &code);
  assert_int_equal(code, 0);
}

static void drop(struct raw *r, DWORD rest) {
  int code;
  rest_of(r, "handle.close", rest, &code);
  assert_int_equal(code, 0);
}

static void what_is_not_read_is_bounded(void **unused) {
  DWORD last = 0, rest;
  int count = 0;
  (void)unused;
  for (; count < MOST && (rest = list(&first)) != 0; count++) last = rest;
  assert_in_range(count, 10, MOST - 1);
  /* All of the account's connections count, */
  assert_int_equal(list(&second), 0);
  /* and what was read, or closed, makes room. */
  read_all(&first, last);
  rest = list(&second);
  assert_true(rest != 0);
  assert_int_equal(list(&second), 0);
  drop(&second, rest);
  assert_true(list(&second) != 0);
}

int main(void) {
  test_start();
  const struct CMUnitTest tests[] = {cmocka_unit_test_setup_teardown(
      what_is_not_read_is_bounded, set_up, tear_down)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
