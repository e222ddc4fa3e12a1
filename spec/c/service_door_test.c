/* SPDX-License-Identifier: MIT
   The socket that a service is to listen on: passed by a service manager, or
   named, where something may be already. */
#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "ipc_raw.h"

static struct stage st;
static struct fax_service_config config;
static char path[FOLDER_SIZE + 16];

static int set_up(void **unused) {
  (void)unused;
  stage_count(&st);
  stage_options(&st, &config);
  snprintf(path, sizeof path, "%s/named", st.directory);
  config.socket = path;
  return 0;
}

static int tear_down(void **unused) {
  (void)unused;
  stage_clear(&st);
  stage_is_empty(&st);
  return 0;
}

/* As a service manager makes it: its descriptors block. */
static int listener(const char *where) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  assert_true(strlen(where) < sizeof address.sun_path);
  memcpy(address.sun_path, where, strlen(where));
  assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
  assert_int_equal(listen(fd, 8), 0);
  return fd;
}

static void starts(void) {
  if (!FaxServiceStart(&config)) fail_msg("%s", FaxGetLastErrorMessage());
}

static void is_refused(const char *says) {
  assert_fails(FaxServiceStart(&config), ERROR_ALREADY_EXISTS);
  if (strstr(FaxGetLastErrorMessage(), says) == NULL)
    fail_msg("\"%s\" does not say %s", FaxGetLastErrorMessage(), says);
  assert_false(FaxServiceRunning());
}

/* A client that has gone wakes the listener, and nobody is at the door. */
static void one_that_was_passed_does_not_hold_up_the_end(void **unused) {
  char own[FOLDER_SIZE + 16];
  struct raw r;
  (void)unused;
  ipc_path(&st, own, sizeof own);
  int fd = listener(own), kept = dup(fd);
  config.listen_fd = fd;
  starts();
  assert_true((fcntl(kept, F_GETFL) & O_NONBLOCK) != 0);
  size_t threads = thread_live();
  raw_open(&r, &st);
  assert_int_equal(raw_ask(&r, RAW_HELLO), 0);
  raw_close(&r);
  while (thread_live() != threads) sched_yield();
  close(kept);
  stage_stop_within(20);
}

static void what_is_no_socket_stays(void **unused) {
  struct stat found;
  (void)unused;
  int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  assert_int_equal(write(fd, "precious", 8), 8);
  close(fd);
  is_refused("no socket");
  assert_int_equal(stat(path, &found), 0);
  assert_int_equal(found.st_size, 8);
}

static void another_servers_stays(void **unused) {
  struct stat before, after;
  (void)unused;
  int fd = listener(path);
  assert_int_equal(stat(path, &before), 0);
  is_refused("another server");
  assert_int_equal(stat(path, &after), 0);
  assert_true(before.st_ino == after.st_ino);
  close(fd);
}

static void one_that_was_left_behind_is_taken(void **unused) {
  struct stat found;
  (void)unused;
  close(listener(path));
  starts();
  assert_int_equal(stat(path, &found), 0);
  assert_int_equal(found.st_mode & 0777, 0660);
  stage_stop_within(20);
  assert_int_equal(stat(path, &found), -1);
  assert_int_equal(errno, ENOENT);
}

int main(void) {
  test_start();
  const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
      TEST(one_that_was_passed_does_not_hold_up_the_end),
      TEST(what_is_no_socket_stays), TEST(another_servers_stays),
      TEST(one_that_was_left_behind_is_taken)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
