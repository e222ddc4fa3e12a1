/* SPDX-License-Identifier: MIT
   How many of each there may be: connections, of an account and in all, and
   what one of them has. Who has as many gets ERROR_BUSY, and others go on. */
#include <sys/fsuid.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "ipc/server/own.h"
#include "ipc_raw.h"

enum { STRANGER = 65534, NEEDED = SESSIONS + 600 };

static struct stage st;
static struct rlimit before;
static struct fax_access anybody = {.rights = FAX_ALL_ACCESS};

static void with_rules(struct fax_service_config *config) {
  config->access = &anybody;
  config->access_count = 1;
}

static int set_up(void **unused) {
  (void)unused;
  getrlimit(RLIMIT_NOFILE, &before);
  stage_start(&st, NULL, with_rules);
  return 0;
}

static int tear_down(void **unused) {
  (void)unused;
  stage_stop(&st);
  setrlimit(RLIMIT_NOFILE, &before);
  return 0;
}

static void allow_descriptors(void) {
  struct rlimit many = {NEEDED, before.rlim_max};
  if (before.rlim_max < NEEDED) skip();
  assert_int_equal(setrlimit(RLIMIT_NOFILE, &many), 0);
}

/* ---- connections; in a process of their own ---- */

/* As that account at the other end, whoever may look for the socket. */
static bool become(uid_t uid) {
  if (uid == getuid()) return true;
  if (setresuid((uid_t)-1, uid, (uid_t)-1) != 0) return false;
  setfsuid(getuid());
  return true;
}

static int connect_one(const struct sockaddr_un *address) {
  int fd = socket(AF_UNIX, SOCK_STREAM, 0);
  if (connect(fd, (const struct sockaddr *)address, sizeof *address) != 0)
    _exit(2);
  return fd;
}

static bool says(int fd, const char *what) {
  char answer[500] = "";
  send(fd, RAW_HELLO, strlen(RAW_HELLO), MSG_NOSIGNAL);
  return recv(fd, answer, sizeof answer - 1, 0) > 0 &&
         strstr(answer, what) != NULL;
}

/* The one behind the last is told, and the first goes on. */
static void connect_all(uid_t uid, int most) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  ipc_path(&st, address.sun_path, sizeof address.sun_path);
  if (!become(uid)) _exit(1);
  int first = connect_one(&address);
  for (int i = 1; i < most; i++) connect_one(&address);
  if (!says(connect_one(&address), "ERROR_BUSY")) _exit(3);
  if (!says(first, "\"result\"")) _exit(4);
  _exit(0);
}

static void run(uid_t uid, int most) {
  int status;
  pid_t child = fork();
  if (child == 0) connect_all(uid, most);
  assert_true(child > 0);
  assert_int_equal(waitpid(child, &status, 0), child);
  assert_int_equal(status, 0);
}

static void connections_have_a_limit(void **unused) {
  (void)unused;
  allow_descriptors();
  run(getuid(), SESSIONS);
}

/* Only root can be another. */
static void an_account_has_no_more_than_its_part(void **unused) {
  (void)unused;
  if (getuid() != 0) skip();
  allow_descriptors();
  run(STRANGER, SESSIONS_EACH);
}

/* ---- of one connection ---- */

static void subscriptions_have_a_limit(void **unused) {
  static const char one[] =
      "{\"id\":2,\"method\":\"event.subscribe\",\"params\":{}}\n";
  static struct raw r;
  (void)unused;
  raw_open(&r, &st);
  assert_int_equal(raw_ask(&r, RAW_HELLO), 0);
  for (int i = 0; i < SUBSCRIPTIONS; i++) assert_int_equal(raw_ask(&r, one), 0);
  assert_int_equal(raw_ask(&r, one), ERROR_BUSY);
  /* Providers and policies are counted with them. */
  assert_int_equal(
      raw_ask(&r,
              "{\"id\":3,\"method\":\"provider.attach\",\"params\":{"
              "\"name\":\"mine\",\"devices\":[{\"name\":\"line\"}]}}\n"),
      ERROR_BUSY);
  assert_int_equal(
      raw_ask(&r, "{\"id\":4,\"method\":\"policy.attach\",\"params\":{}}\n"),
      ERROR_BUSY);
  assert_int_equal(raw_ask(&r,
                           "{\"id\":5,\"method\":\"event.unsubscribe\","
                           "\"params\":{\"subscription\":7}}\n"),
                   0);
  assert_int_equal(raw_ask(&r, one), 0);
  raw_close(&r);
}

int main(void) {
  test_start();
  const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
      TEST(connections_have_a_limit),
      TEST(an_account_has_no_more_than_its_part),
      TEST(subscriptions_have_a_limit)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
