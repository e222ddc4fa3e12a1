/* SPDX-License-Identifier: MIT
   Where the lines of the log go, and in which form: JSON, a syslog daemon, a
   file that is opened again. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/error.h"
#include "base/log_form.h"
#include "base/mem.h"
#include "folder.h"
#include "test.h"

static char folder[FOLDER_SIZE], path[FOLDER_SIZE + 16],
    other[FOLDER_SIZE + 16];
static size_t live;
static int fds;

static int set_up(void **unused) {
  (void)unused;
  live = mem_live();
  fds = test_fds();
  assert_true(folder_make(folder));
  snprintf(path, sizeof path, "%s/log", folder);
  snprintf(other, sizeof other, "%s/log.1", folder);
  return 0;
}

static int tear_down(void **unused) {
  (void)unused;
  folder_remove(folder);
  assert_int_equal(mem_live(), live);
  assert_int_equal(test_fds(), fds);
  return 0;
}

static char *read_file(const char *name) {
  static char text[1 << 18];
  FILE *file = fopen(name, "r");
  assert_non_null(file);
  text[fread(text, 1, sizeof text - 1, file)] = '\0';
  fclose(file);
  return text;
}

static void is_member(const json_t *object, const char *key,
                      const char *wanted) {
  const char *value = json_string_value(json_object_get(object, key));
  assert_non_null(value);
  assert_string_equal(value, wanted);
}

static json_t *form(const struct log_entry *e) {
  char line[LOG_JSON_MOST];
  size_t size = log_form_line(line, FAX_LOG_JSON, e);
  assert_true(size < sizeof line);
  assert_int_equal(line[size - 1], '\n');
  assert_null(memchr(line, '\n', size - 1));
  json_t *object = json_loadb(line, size, JSON_REJECT_DUPLICATES, NULL);
  assert_non_null(object);
  return object;
}

static void a_line_is_one_object(void **unused) {
  struct log_entry e = {.wall = INT64_C(1767268800123) * FAX_MILLISECOND,
                        .category = LOG_OUTBOUND,
                        .level = FAX_LOG_WARN,
                        .text = "job: \"a\" and \\x00 job=1"};
  (void)unused;
  json_t *o = form(&e);
  assert_int_equal(json_object_size(o), 5);
  is_member(o, "time", "2026-01-01T12:00:00.123Z");
  is_member(o, "level", "warn");
  is_member(o, "category", "outbound");
  is_member(o, "room", "job");
  is_member(o, "text", "\"a\" and \\x00 job=1");
  json_decref(o);
  e.text = "no room, but: a colon";
  o = form(&e);
  assert_null(json_object_get(o, "room"));
  is_member(o, "text", e.text);
  json_decref(o);
}

/* The longest line there is, and each byte of it takes two. */
static void a_long_line_is_whole(void **unused) {
  char text[1024];
  struct log_entry e = {.category = LOG_OTHER, .text = text};
  (void)unused;
  memset(text, '"', sizeof text - 1);
  text[sizeof text - 1] = '\0';
  json_t *o = form(&e);
  is_member(o, "text", text);
  json_decref(o);
}

static void a_file_has_one_object_a_line(void **unused) {
  struct log_file *file;
  (void)unused;
  assert_int_equal(log_file_open(path, &file), ERROR_SUCCESS);
  log_file_form(file, FAX_LOG_JSON);
  assert_int_equal(log_set_sink(&log_file_sink, file, FAX_LOG_INFO),
                   ERROR_SUCCESS);
  for (int i = 0; i < 100; i++)
    log_line(LOG_INIT, FAX_LOG_INFO, "room", "%0900d", i);
  assert_true(log_end());
  int count = 0;
  char *rest = NULL;
  for (char *line = strtok_r(read_file(path), "\n", &rest); line != NULL;
       line = strtok_r(NULL, "\n", &rest)) {
    json_t *o = json_loads(line, 0, NULL);
    assert_non_null(o);
    assert_int_equal(atoi(json_string_value(json_object_get(o, "text"))),
                     count++);
    json_decref(o);
  }
  assert_int_equal(count, 100);
}

static void a_file_that_was_moved_is_followed_by_a_new_one(void **unused) {
  struct log_file *file;
  (void)unused;
  log_reopen(); /* there is none */
  assert_int_equal(log_file_open(path, &file), ERROR_SUCCESS);
  assert_int_equal(log_set_sink(&log_file_sink, file, FAX_LOG_INFO),
                   ERROR_SUCCESS);
  log_line(LOG_INIT, FAX_LOG_INFO, "room", "before");
  assert_true(log_flush(60));
  assert_int_equal(rename(path, other), 0);
  log_line(LOG_INIT, FAX_LOG_INFO, "room", "still there");
  assert_true(log_flush(60));
  log_reopen();
  log_line(LOG_INIT, FAX_LOG_INFO, "room", "after");
  assert_true(log_flush(60));
  /* Where nothing can be opened it goes on where it was. */
  assert_int_equal(unlink(path), 0);
  assert_int_equal(mkdir(path, 0700), 0);
  log_reopen();
  log_line(LOG_INIT, FAX_LOG_INFO, "room", "and on");
  assert_true(log_end());
  char *text = read_file(other);
  assert_non_null(strstr(text, " room: before\n"));
  assert_non_null(strstr(text, " room: still there\n"));
  assert_null(strstr(text, "after"));
}

/* ---- syslog ---- */

static int daemon_begin(void) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  assert_true(fd >= 0);
  memcpy(address.sun_path, path, strlen(path));
  unlink(path);
  assert_int_equal(bind(fd, (const struct sockaddr *)&address, sizeof address),
                   0);
  return fd;
}

static void hears(int fd, const char *head, const char *tail) {
  char text[4096];
  ssize_t size = recv(fd, text, sizeof text - 1, 0);
  assert_true(size > 0);
  text[size] = '\0';
  assert_memory_equal(text, head, strlen(head));
  assert_true((size_t)size > strlen(tail));
  assert_string_equal(text + size - strlen(tail), tail);
}

static void a_syslog_daemon_hears_each_line(void **unused) {
  struct log_syslog *syslog;
  int fd = daemon_begin();
  (void)unused;
  assert_int_equal(log_syslog_open(path, FAX_LOG_TEXT, &syslog), ERROR_SUCCESS);
  assert_int_equal(log_set_sink(&log_syslog_sink, syslog, FAX_LOG_DEBUG),
                   ERROR_SUCCESS);
  log_line(LOG_INIT, FAX_LOG_ERROR, "room", "one");
  log_line(LOG_INIT, FAX_LOG_DEBUG, "room", "two");
  hears(fd, "<27>", "]: room: one");
  hears(fd, "<31>", "]: room: two");
  close(fd);
  fd = daemon_begin(); /* it was started anew */
  log_line(LOG_INIT, FAX_LOG_INFO, "room", "three");
  hears(fd, "<30>", "]: room: three");
  close(fd);
  log_line(LOG_INIT, FAX_LOG_INFO, "room", "to nobody");
  assert_true(log_end());
}

static void a_syslog_daemon_may_have_json(void **unused) {
  struct log_syslog *syslog;
  int fd = daemon_begin();
  (void)unused;
  assert_int_equal(log_syslog_open(path, FAX_LOG_JSON, &syslog), ERROR_SUCCESS);
  assert_int_equal(log_set_sink(&log_syslog_sink, syslog, FAX_LOG_INFO),
                   ERROR_SUCCESS);
  log_line(LOG_INIT, FAX_LOG_WARN, "room", "one");
  hears(fd, "<28>", ",\"room\":\"room\",\"text\":\"one\"}");
  assert_true(log_end());
  close(fd);
}

static void a_name_that_is_no_socket_s_is_refused(void **unused) {
  struct log_syslog *syslog = NULL;
  char name[200];
  (void)unused;
  memset(name, 'x', sizeof name - 1);
  name[sizeof name - 1] = '\0';
  assert_int_equal(log_syslog_open(name, FAX_LOG_TEXT, &syslog),
                   ERROR_INVALID_PARAMETER);
  assert_null(syslog);
  log_syslog_close(NULL);
}

#define logged(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void) {
  const struct CMUnitTest tests[] = {
      logged(a_line_is_one_object),
      logged(a_long_line_is_whole),
      logged(a_file_has_one_object_a_line),
      logged(a_file_that_was_moved_is_followed_by_a_new_one),
      logged(a_syslog_daemon_hears_each_line),
      logged(a_syslog_daemon_may_have_json),
      logged(a_name_that_is_no_socket_s_is_refused),
  };
  test_start();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
