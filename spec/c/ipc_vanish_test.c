/* SPDX-License-Identifier: MIT
   Clients that are killed in whatever they do: nothing of them stays. 200 at a
   time, once each; VANISH_SECONDS in the environment: again and again for so
   long. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

#include "ipc_raw.h"

enum { CLIENTS = 200, CALLS = 8 };

static struct stage st;
static struct sockaddr_un address;
static int document;

static int set_up(void **unused) {
  (void)unused;
  stage_start(&st, NULL, NULL);
  stage_document(&st, 1);
  address.sun_family = AF_UNIX;
  ipc_path(&st, address.sun_path, sizeof address.sun_path);
  document = open(st.document, O_RDONLY | O_CLOEXEC);
  assert_true(document >= 0);
  return 0;
}

static int tear_down(void **unused) {
  (void)unused;
  close(document);
  stage_stop(&st);
  return 0;
}

/* ---- a client: a process of its own, which calls nothing of libfax ---- */

static const char *const calls[CALLS] = {
    "{\"id\":2,\"method\":\"job.list\"}\n",
    "{\"id\":3,\"method\":\"event.subscribe\",\"params\":{\"extended\":true}}"
    "\n",
    "{\"id\":4,\"method\":\"session.open\",\"params\":{\"user\":\"ann\"}}\n",
    "{\"id\":5,\"method\":\"document.make\",\"params\":{\"files\":[\"a\"]}}\n",
    "{\"id\":6,\"method\":\"port.list\"}\n",
    "{\"id\":7,\"method\":\"event.unsubscribe\",\"params\":{\"subscription\":1}"
    "}\n",
    "{\"id\":8,\"method\":\"document.make\",\"attachment\":100000,\"params\":{"
    "\"files\":[\"b\"]}}\n",
    "{\"id\":9,\"method\":\"pi"};

/* With the document beside it. */
static void say(int fd, const char *text) {
  union {
    struct cmsghdr align;
    char bytes[CMSG_SPACE(sizeof(int))];
  } control = {.bytes = {0}};
  struct iovec part = {(char *)(uintptr_t)text, strlen(text)};
  struct msghdr m = {.msg_iov = &part,
                     .msg_iovlen = 1,
                     .msg_control = control.bytes,
                     .msg_controllen = sizeof control.bytes};
  struct cmsghdr *c = CMSG_FIRSTHDR(&m);
  c->cmsg_level = SOL_SOCKET;
  c->cmsg_type = SCM_RIGHTS;
  c->cmsg_len = CMSG_LEN(sizeof(int));
  memcpy(CMSG_DATA(c), &document, sizeof document);
  sendmsg(fd, &m, MSG_NOSIGNAL);
}

static void live(unsigned n) {
  char some[4096];
  int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (connect(fd, (const struct sockaddr *)&address, sizeof address) != 0)
    _exit(1);
  if (n % (CALLS + 2) > 0) say(fd, RAW_HELLO);
  for (unsigned i = 0; i + 1 < n % (CALLS + 2); i++) say(fd, calls[i]);
  /* Some wait for an answer to die upon, of some none is read. */
  if (n % 3 != 0 && n % (CALLS + 2) > 0)
    recv(fd, some, sizeof some, n % 3 == 1 ? 0 : MSG_DONTWAIT);
  kill(getpid(), SIGKILL);
}

static pid_t spawn(unsigned n) {
  pid_t pid = fork();
  assert_true(pid >= 0);
  if (pid == 0) live(n);
  return pid;
}

/* ---- all of them ---- */

static void come_and_go(unsigned from) {
  pid_t pids[CLIENTS];
  int status;
  for (unsigned i = 0; i < CLIENTS; i++) pids[i] = spawn(from + i);
  for (unsigned i = 0; i < CLIENTS; i++) {
    assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
    assert_true(WIFSIGNALED(status));
  }
}

/* The server sees the ends in its own time; whoever connects last is let in
   last. What stays is seen by the alarm. */
static void wait_for_rest(size_t threads, size_t fds, size_t handles) {
  HANDLE last = ipc_connect(&st, NULL, FAX_ALL_ACCESS);
  FAX_JOB_ENTRY *jobs;
  DWORD count;
  assert_true(FaxEnumJobs(last, &jobs, &count));
  FaxFreeBuffer(jobs);
  assert_true(FaxClose(last));
  alarm(60);
  while (thread_live() > threads || test_fds() > fds ||
         handle_count() > handles)
    usleep(1000);
  alarm(0);
}

static void they_leave_nothing(void **unused) {
  const char *seconds = getenv("VANISH_SECONDS");
  time_t end = time(NULL) + (seconds != NULL ? atol(seconds) : 0);
  size_t threads = thread_live(), fds = test_fds(), handles = handle_count();
  unsigned from = 0;
  (void)unused;
  do {
    come_and_go(from);
    from += CLIENTS;
    wait_for_rest(threads, fds, handles);
  } while (time(NULL) < end);
}

int main(void) {
  test_start();
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(they_leave_nothing, set_up, tear_down)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
