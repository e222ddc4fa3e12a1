/* SPDX-License-Identifier: MIT
   A server that welcomes its clients and never answers them again: what is
   closed is closed soon, and what waits is given up. On the machine's clock. */
#include <stdatomic.h>

#include "ipc_raw.h"
#include "wire/socket.h"

#define WELCOME                                                             \
  "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"version\":1,\"boot\":\"7\"," \
  "\"server\":\"none\"}}\n"

static char directory[FOLDER_SIZE], path[FOLDER_SIZE + 16];
static int listener, peer;
static char heard[4096]; /* all of it, and its end */
static size_t length;
static atomic_uint lines;
static HANDLE server;
static int deaf;

static int set_up(void **unused) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  (void)unused;
  assert_true(folder_make(directory));
  snprintf(path, sizeof path, "%s/fax.sock", directory);
  snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
  listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  assert_int_equal(bind(listener, (struct sockaddr *)&address, sizeof address),
                   0);
  assert_int_equal(listen(listener, 1), 0);
  return 0;
}

static int tear_down(void **unused) {
  (void)unused;
  close(listener);
  folder_remove(directory);
  return 0;
}

#define ATTACHED "{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{\"policy\":1}}\n"

static void answer_twice(int fd, const char *second) {
  char line[4096];
  for (int i = 0; i < 2; i++) {
    const char *answer = i == 0 ? WELCOME : second;
    assert_true(recv(fd, line, sizeof line, 0) > 0);
    send(fd, answer, strlen(answer), MSG_NOSIGNAL);
  }
}

/* Welcomes one, lets it attach a policy, and reads nothing of what follows. */
static void *run_deaf(void *unused) {
  (void)unused;
  deaf = accept(listener, NULL, NULL);
  answer_twice(deaf, ATTACHED);
  return NULL;
}

/* Welcomes one, and hears it to its end. */
static void *run(void *unused) {
  ssize_t n;
  (void)unused;
  peer = accept(listener, NULL, NULL);
  length = lines = 0;
  while ((n = recv(peer, heard + length, sizeof heard - 1 - length, 0)) > 0) {
    bool first = memchr(heard, '\n', length) == NULL;
    length += (size_t)n;
    heard[length] = '\0';
    if (heard[length - 1] == '\n') lines++;
    if (first && memchr(heard, '\n', length) != NULL)
      send(peer, WELCOME, strlen(WELCOME), MSG_NOSIGNAL);
  }
  close(peer);
  return NULL;
}

static pthread_t begin(void) {
  struct fax_connect connect = {
      .size = sizeof connect, .rights = FAX_ALL_ACCESS, .socket = path};
  pthread_t thread;
  assert_int_equal(pthread_create(&thread, NULL, run, NULL), 0);
  if (!FaxConnect(&connect, &server)) fail_msg("%s", FaxGetLastErrorMessage());
  return thread;
}

/* It is told, and not waited for. */
static void a_close_ends(void **unused) {
  (void)unused;
  pthread_t thread = begin();
  assert_true(FaxClose(server));
  pthread_join(thread, NULL); /* the connection has gone */
  assert_non_null(strstr(heard, "\"handle.close\""));
}

static DWORD waited;

static void *wait_for_jobs(void *unused) {
  FAX_JOB_ENTRY *jobs;
  DWORD count;
  (void)unused;
  waited = FaxEnumJobs(server, &jobs, &count) ? 0 : FaxGetLastError();
  return NULL;
}

/* While another thread waits for an answer, for as long as that may take. */
static void a_close_beside_a_call_ends(void **unused) {
  pthread_t caller;
  (void)unused;
  pthread_t thread = begin();
  assert_int_equal(pthread_create(&caller, NULL, wait_for_jobs, NULL), 0);
  while (lines < 2) sched_yield(); /* hello, and that */
  assert_true(FaxClose(server));
  assert_fails(FaxClose(server), ERROR_INVALID_HANDLE);
  shutdown(peer, SHUT_RDWR); /* the server dies */
  pthread_join(caller, NULL);
  assert_int_equal(waited, ERROR_INVALID_HANDLE);
  pthread_join(thread, NULL);
}

static BOOL give_up(void *unused) {
  (void)unused;
  return TRUE;
}

/* The server is told, and nobody knows what it has done. */
static void an_interrupted_call_ends(void **unused) {
  char file[FOLDER_SIZE + 16];
  const char *files[] = {file};
  FAX_JOB_PARAM params = {.SizeOfStruct = sizeof params,
                          .RecipientNumber = "102"};
  struct fax_submission sub = stage_of_file(files, &params);
  DWORD id;
  (void)unused;
  snprintf(file, sizeof file, "%s/page.tif", directory);
  assert_true(pages_make(file, PAGES_SHORT, 1, 2292, 196));
  sub.patience.interrupted = give_up;
  pthread_t thread = begin();
  assert_fails(FaxSubmit(server, &sub, &id), ERROR_CANCELLED);
  assert_non_null(strstr(FaxGetLastErrorMessage(), "has not said"));
  assert_true(FaxClose(server));
  pthread_join(thread, NULL);
  const char *asked = strstr(heard, "\"job.submit\"");
  assert_non_null(asked);
  assert_non_null(strstr(asked, "\"cancel\""));
}

/* One that does not even accept: no more than so many wait for that. */
static void a_connect_ends(void **unused) {
  struct wire w[8];
  DWORD error = ERROR_SUCCESS;
  size_t count = 0;
  (void)unused;
  while (error == ERROR_SUCCESS && count < sizeof w / sizeof *w)
    error = wire_connect(&w[count++], path, 0.1);
  assert_int_equal(error, ERROR_TIMEOUT);
  while (--count != 0) wire_close(&w[count - 1]);
}

/* ---- two threads ---- */

#define NO_PORTS "{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{\"ports\":[]}}\n"

/* Welcomes another one, and answers what it asks; it stays connected. */
static void *run_beside(void *unused) {
  (void)unused;
  deaf = accept(listener, NULL, NULL);
  answer_twice(deaf, NO_PORTS);
  return NULL;
}

/* What goes over any connection of the handle does not wait for another
   thread's call, and whoever has to may give up. */
static void a_call_beside_a_call_goes_on(void **unused) {
  const char *files[] = {"none.tif"};
  FAX_JOB_PARAM params = {.SizeOfStruct = sizeof params,
                          .RecipientNumber = "102"};
  struct fax_submission sub = stage_of_file(files, &params);
  pthread_t caller, other;
  FAX_PORT_INFO *ports;
  DWORD count;
  (void)unused;
  pthread_t thread = begin();
  assert_int_equal(pthread_create(&caller, NULL, wait_for_jobs, NULL), 0);
  while (lines < 2) sched_yield();
  assert_int_equal(pthread_create(&other, NULL, run_beside, NULL), 0);
  if (!FaxEnumPorts(server, &ports, &count))
    fail_msg("%s", FaxGetLastErrorMessage());
  assert_int_equal(count, 0);
  FaxFreeBuffer(ports);
  pthread_join(other, NULL);
  sub.patience.interrupted = give_up;
  assert_fails(FaxSubmit(server, &sub, &count), ERROR_CANCELLED);
  assert_true(FaxClose(server)); /* nothing is asked again */
  assert_int_equal(recv(deaf, &count, sizeof count, 0), 0); /* it has gone */
  close(deaf);
  shutdown(peer, SHUT_RDWR);
  pthread_join(caller, NULL);
  pthread_join(thread, NULL);
}

/* ---- what is said over a channel ---- */

static HANDLE policy;

/* More than goes into the socket. */
static char reason[500000];

static void *answer_questions(void *asked) {
  struct fax_policy_answer answer = {
      .size = sizeof answer, .decision = FAX_DECISION_RETRY, .reason = reason};
  while (FaxAnswerPolicy(policy, 1, &answer)) continue;
  *(DWORD *)asked = FaxGetLastError();
  return NULL;
}

/* Others wait for an answer, or to be able to ask. */
static void a_close_of_a_channel_ends(void **unused) {
  enum { THREADS = 8 };
  pthread_t callers[THREADS], other;
  DWORD errors[THREADS];
  char first;
  HANDLE port = FaxCreateCompletionPort();
  (void)unused;
  pthread_t thread = begin();
  assert_int_equal(pthread_create(&other, NULL, run_deaf, NULL), 0);
  if (!FaxAttachPolicy(server, port, 1, &policy))
    fail_msg("%s", FaxGetLastErrorMessage());
  pthread_join(other, NULL);
  memset(reason, 'x', sizeof reason - 1);
  for (int i = 0; i < THREADS; i++)
    assert_int_equal(
        pthread_create(&callers[i], NULL, answer_questions, &errors[i]), 0);
  assert_int_equal(recv(deaf, &first, 1, MSG_PEEK), 1); /* it is asked */
  assert_true(FaxClose(policy));
  for (int i = 0; i < THREADS; i++) {
    pthread_join(callers[i], NULL);
    assert_int_not_equal(errors[i], ERROR_SUCCESS);
  }
  close(deaf);
  shutdown(peer, SHUT_RDWR);
  pthread_join(thread, NULL);
  assert_true(FaxClose(server));
  assert_true(FaxCloseCompletionPort(port));
}

int main(void) {
  test_start();
  const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
      TEST(a_close_ends),
      TEST(a_close_beside_a_call_ends),
      TEST(a_connect_ends),
      TEST(a_call_beside_a_call_goes_on),
      TEST(an_interrupted_call_ends),
      TEST(a_close_of_a_channel_ends)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
