/* SPDX-License-Identifier: MIT
   base/log.h: what reaches the sink, and what stands in the file. */
#include "test.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"

struct heard {
  int count;
  enum fax_log_level level;
  char line[2000];
};

static void hear(void *arg, enum fax_log_level level, const char *line) {
  struct heard *h = arg;

  h->count++;
  h->level = level;
  snprintf(h->line, sizeof h->line, "%s", line);
  log_line(LOG_OTHER, FAX_LOG_ERROR, "sink", "is not heard");
}

static void test_levels(void **state) {
  struct heard h = {.count = 0};

  (void)state;
  log_line(LOG_OTHER, FAX_LOG_ERROR, "room", "nobody hears");
  log_set_sink(hear, &h, FAX_LOG_INFO);
  log_line(LOG_OTHER, FAX_LOG_DEBUG, "room", "too little");
  assert_int_equal(h.count, 0);
  log_line(LOG_OTHER, FAX_LOG_INFO, "job", "sent id=%d", 7);
  assert_int_equal(h.count, 1);
  assert_int_equal(h.level, FAX_LOG_INFO);
  assert_string_equal(h.line, "job: sent id=7");
  log_set_sink(NULL, NULL, FAX_LOG_DEBUG);
  log_line(LOG_OTHER, FAX_LOG_ERROR, "job", "nobody hears");
  assert_int_equal(h.count, 1);
}

static void test_one_line(void **state) {
  struct heard h = {.count = 0};
  char text[3000];

  (void)state;
  log_set_sink(hear, &h, FAX_LOG_DEBUG);
  log_line(LOG_OTHER, FAX_LOG_WARN, "job", "tsid=%s",
           "a\r\nb\x1b[2J\x7f\xc3\xa9");
  assert_string_equal(h.line, "job: tsid=a??b?[2J?\xc3\xa9");
  memset(text, 'x', sizeof text);
  text[sizeof text - 1] = '\0';
  log_line(LOG_OTHER, FAX_LOG_WARN, "job", "%s", text);
  assert_int_equal(strlen(h.line), 1023);
  memset(text, 'r', sizeof text - 1);
  log_line(LOG_OTHER, FAX_LOG_WARN, text, "%s", "x");
  assert_int_equal(strlen(h.line), 1023);
  log_set_sink(NULL, NULL, FAX_LOG_ERROR);
}

static void *talk(void *arg) {
  for (int i = 0; i < 500; i++)
    log_line(LOG_OTHER, FAX_LOG_INFO, arg, "n=%d", i);
  return NULL;
}

/* The old sink is not called any more once log_set_sink has returned: it
   counts without a lock of its own. */
static void test_threads(void **state) {
  struct heard first = {.count = 0}, second = {.count = 0};
  pthread_t threads[3];
  int before;

  (void)state;
  log_set_sink(hear, &first, FAX_LOG_INFO);
  for (int i = 0; i < 3; i++)
    assert_int_equal(pthread_create(&threads[i], NULL, talk, "t"), 0);
  log_set_sink(hear, &second, FAX_LOG_INFO);
  before = first.count;
  for (int i = 0; i < 3; i++) pthread_join(threads[i], NULL);
  assert_int_equal(first.count, before);
  assert_int_equal(first.count + second.count, 1500);
  log_set_sink(NULL, NULL, FAX_LOG_ERROR);
}

static void read_all(const char *path, char *text, size_t size) {
  FILE *f = fopen(path, "r");

  assert_non_null(f);
  text[fread(text, 1, size - 1, f)] = '\0';
  fclose(f);
}

static void test_file(void **state) {
  char folder[] = "/tmp/fax-log-XXXXXX", path[64], text[500];
  size_t live = mem_live(), fds = test_fds();
  struct log_file *file;
  struct stat st;

  (void)state;
  assert_non_null(mkdtemp(folder));
  snprintf(path, sizeof path, "%s/log", folder);
  assert_true(FaxClockVirtual(INT64_C(1700000000123456789)));
  for (int i = 0; i < 2; i++) { /* appends */
    assert_int_equal(log_file_open(path, &file), ERROR_SUCCESS);
    log_set_sink(log_file_sink, file, FAX_LOG_INFO);
    log_line(LOG_OTHER, FAX_LOG_WARN, "job", "late by=%d", i);
    log_set_sink(NULL, NULL, FAX_LOG_ERROR);
    log_file_close(file);
  }
  assert_true(FaxClockReal());
  read_all(path, text, sizeof text);
  assert_string_equal(text,
                      "2023-11-14T22:13:20.123Z warn job: late by=0\n"
                      "2023-11-14T22:13:20.123Z warn job: late by=1\n");
  assert_int_equal(stat(path, &st), 0);
  assert_int_equal(st.st_mode & 0777, 0600);
  unlink(path);
  rmdir(folder);
  assert_int_equal(mem_live(), live);
  assert_int_equal(test_fds(), fds);
}

static void test_file_errors(void **state) {
  struct log_file *file;
  int flags;

  (void)state;
  assert_int_equal(log_file_open("/nowhere/at/all", &file),
                   ERROR_FILE_NOT_FOUND);
  assert_int_equal(log_file_open("/", &file), ERROR_ACCESS_DENIED);
  log_file_close(NULL);
  assert_int_equal(log_file_open("-", &file), ERROR_SUCCESS);
  log_file_close(file);
  flags = fcntl(STDERR_FILENO, F_GETFD); /* still open */
  assert_true(flags >= 0);
}

static DWORD open_log(void *arg) {
  struct log_file *file;
  DWORD code = log_file_open(arg, &file);

  if (code == ERROR_SUCCESS) log_file_close(file);
  return code;
}

static void test_sweep(void **state) {
  (void)state;
  sweep_with(open_log, "/dev/null");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_levels),      cmocka_unit_test(test_one_line),
      cmocka_unit_test(test_threads),     cmocka_unit_test(test_file),
      cmocka_unit_test(test_file_errors), cmocka_unit_test(test_sweep),
  };

  test_start();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
