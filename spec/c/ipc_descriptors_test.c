/* SPDX-License-Identifier: MIT
   Clients that want all descriptors of the server's process: enough are left
   to it for its own work, and faxes go on. */
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "ipc_raw.h"

enum { LIMIT = 200, CLIENTS = 400, EACH = 40 };

static struct stage st;
static struct rlimit before;
static int told[2];

static int set_up(void **unused) {
  struct rlimit few;
  (void)unused;
  stage_start(&st, NULL, NULL);
  stage_document(&st, 1);
  assert_int_equal(pipe2(told, O_CLOEXEC), 0);
  getrlimit(RLIMIT_NOFILE, &before);
  few = (struct rlimit){LIMIT, before.rlim_max};
  assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
  return 0;
}

static int tear_down(void **unused) {
  (void)unused;
  close(told[0]);
  close(told[1]);
  stage_stop(&st);
  setrlimit(RLIMIT_NOFILE, &before);
  return 0;
}

/* ---- the client: a process of its own, with as many as it likes ---- */

/* Half a message, with descriptors that wait for the rest of it. */
static void half(int fd) {
  static const char text[] = "{\"id\":2,";
  union {
    struct cmsghdr align;
    char bytes[CMSG_SPACE(sizeof(int) * EACH)];
  } control = {.bytes = {0}};
  struct iovec part = {(char *)(uintptr_t)text, sizeof text - 1};
  struct msghdr m = {.msg_iov = &part,
                     .msg_iovlen = 1,
                     .msg_control = control.bytes,
                     .msg_controllen = sizeof control.bytes};
  struct cmsghdr *c = CMSG_FIRSTHDR(&m);
  c->cmsg_level = SOL_SOCKET;
  c->cmsg_type = SCM_RIGHTS;
  c->cmsg_len = CMSG_LEN(sizeof(int) * EACH);
  for (int i = 0; i < EACH; i++)
    memcpy(CMSG_DATA(c) + (size_t)i * sizeof(int), &fd, sizeof fd);
  sendmsg(fd, &m, MSG_NOSIGNAL);
}

/* What the server answers at first: 'h' to the hello, 'r' refuses. */
static char greet(const struct sockaddr_un *address, bool halves) {
  char some[4096];
  int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (connect(fd, (const struct sockaddr *)address, sizeof *address) != 0)
    return '?';
  send(fd, RAW_HELLO, strlen(RAW_HELLO), MSG_NOSIGNAL);
  ssize_t n = recv(fd, some, sizeof some - 1, 0);
  if (n <= 0) return '?';
  some[n] = '\0';
  if (strstr(some, "\"code\":170") != NULL) return 'r';
  if (halves) half(fd);
  return 'h';
}

static void live(const struct sockaddr_un *address, bool halves) {
  char last = 'h';
  setrlimit(RLIMIT_NOFILE, &before);
  for (int i = 0; i < CLIENTS && last == 'h'; i++)
    last = greet(address, halves);
  if (write(told[1], &last, 1) == 1) pause();
  _exit(0);
}

/* ---- what they leave ---- */

static void besiege(bool halves) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  int status;
  char last;
  ipc_path(&st, address.sun_path, sizeof address.sun_path);
  pid_t pid = fork();
  assert_true(pid >= 0);
  if (pid == 0) live(&address, halves);
  alarm(60);
  assert_int_equal(read(told[0], &last, 1), 1);
  assert_int_equal(last, 'r');
  assert_true(test_fds() <= LIMIT / 2 + 20);
  DWORD job = stage_send(&st, "102");
  stage_skip(&st, FEI_COMPLETED, job);
  assert_int_equal(stage_outcome(&st, job), FAX_OUTCOME_COMPLETED);
  alarm(0);
  kill(pid, SIGKILL);
  assert_int_equal(waitpid(pid, &status, 0), pid);
}

static void connections_leave_room(void **unused) {
  (void)unused;
  besiege(false);
}

static void descriptors_of_messages_leave_room(void **unused) {
  (void)unused;
  besiege(true);
}

int main(void) {
  test_start();
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(connections_leave_room, set_up,
                                      tear_down),
      cmocka_unit_test_setup_teardown(descriptors_of_messages_leave_room,
                                      set_up, tear_down)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
