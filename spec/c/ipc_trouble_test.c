/* SPDX-License-Identifier: MIT
   What may go wrong between two processes: calls that are given up, a fork with
   a connection, clients that stop in the middle. On the machine's clock. */
#include <signal.h>
#include <sys/wait.h>

#include "ipc_raw.h"

static struct stage st;

static void impatient(struct fax_service_config *config) {
  config->client_patience = 1;
}

static int set_up(void **unused) {
  (void)unused;
  stage_start(&st, NULL, impatient);
  stage_document(&st, 1);
  return 0;
}

static int tear_down(void **unused) {
  (void)unused;
  stage_stop(&st);
  return 0;
}

/* ---- given up ---- */

static BOOL give_up(void *asked) {
  ++*(int *)asked;
  return TRUE;
}

static BOOL stay(void *asked) {
  ++*(int *)asked;
  return FALSE;
}

static void write_endless(char *path, size_t size) {
  snprintf(path, size, "%s/endless.ps", st.directory);
  FILE *file = fopen(path, "wb");
  assert_non_null(file);
  fputs("%!PS\n{ } loop\n", file);
  fclose(file);
}

static DWORD job_count(HANDLE server) {
  FAX_JOB_ENTRY *jobs;
  DWORD count;
  assert_true(FaxEnumJobs(server, &jobs, &count));
  FaxFreeBuffer(jobs);
  return count;
}

/* A document that is never finished: the server stops making pages of it, and
   the connection is what it was. */
static void a_call_is_interrupted(void **unused) {
  char path[FOLDER_SIZE + 16];
  const char *file = path;
  FAX_JOB_PARAM params = {.SizeOfStruct = sizeof params,
                          .RecipientNumber = "102"};
  struct fax_submission sub = stage_of_file(&file, &params);
  int asked = 0;
  FAX_PORT_INFO *info;
  HANDLE port;
  DWORD id, device;
  (void)unused;
  write_endless(path, sizeof path);
  HANDLE far = ipc_connect(&st, NULL, FAX_ALL_ACCESS);
  assert_true(FaxEnumPorts(far, &info, &device));
  device = info[0].DeviceId;
  FaxFreeBuffer(info);
  assert_true(FaxOpenPort(far, device, PORT_OPEN_QUERY, &port));
  sub.patience = (struct fax_patience){600, give_up, &asked};
  assert_fails(FaxSubmit(far, &sub, &id), ERROR_CANCELLED);
  assert_int_equal(asked, 1);
  assert_non_null(strstr(FaxGetLastErrorMessage(), "endless.ps"));
  assert_int_equal(job_count(far), 0);
  assert_true(FaxGetPort(port, &info)); /* it is the same connection */
  FaxFreeBuffer(info);
  assert_true(FaxClose(port));
  assert_true(FaxClose(far));
}

/* Whoever is asked and stays gets the answer, here that of the time limit. */
static void a_call_is_not_interrupted(void **unused) {
  char path[FOLDER_SIZE + 16];
  const char *file = path;
  int asked = 0;
  HANDLE document;
  (void)unused;
  write_endless(path, sizeof path);
  struct fax_document d = {.size = sizeof d,
                           .files = &file,
                           .file_count = 1,
                           .patience = {1, stay, &asked}};
  HANDLE far = ipc_connect(&st, NULL, FAX_ALL_ACCESS);
  assert_false(FaxPrepareDocument(far, &d, &document));
  assert_int_not_equal(FaxGetLastError(), ERROR_CANCELLED);
  assert_true(asked > 0);
  assert_true(FaxClose(far));
}

/* Too late: what was asked for has been done, and is said. */
static void a_cancel_of_nothing_is_nothing(void **unused) {
  struct raw r;
  (void)unused;
  raw_open(&r, &st);
  assert_int_equal(raw_ask(&r, RAW_HELLO), 0);
  raw_say(&r, "{\"jsonrpc\":\"2.0\",\"method\":\"cancel\",\"params\":{}}\n");
  assert_int_equal(raw_ask(&r, "{\"id\":7,\"method\":\"ping\"}\n"), 0);
  raw_close(&r);
}

/* ---- fork ---- */

static void in_child(HANDLE far, int tell, int wait) {
  FAX_JOB_ENTRY *jobs;
  DWORD count;
  char fine = 'n', word;
  if (!FaxEnumJobs(far, &jobs, &count) &&
      FaxGetLastError() == ERROR_INVALID_HANDLE && !FaxClose(far) &&
      FaxGetLastError() == ERROR_INVALID_HANDLE)
    fine = 'y';
  if (write(tell, &fine, 1) != 1) _exit(1);
  while (read(wait, &word, 1) > 0) continue;
  _exit(0);
}

/* The child's handle is invalid, the parent's goes on, and its end is heard of
   while the child lives. */
static void a_fork_leaves_the_parent_its_connection(void **unused) {
  int told[2], waits[2], status;
  char fine = 'n';
  (void)unused;
  assert_int_equal(pipe(told), 0);
  assert_int_equal(pipe(waits), 0);
  size_t before = thread_live();
  HANDLE far = ipc_connect(&st, NULL, FAX_ALL_ACCESS);
  pid_t child = fork();
  if (child == 0) {
    close(waits[1]);
    in_child(far, told[1], waits[0]);
  }
  assert_true(child > 0);
  assert_int_equal(read(told[0], &fine, 1), 1);
  assert_int_equal(fine, 'y');
  assert_int_equal(job_count(far), 0);
  assert_true(FaxClose(far));
  fax_deadline until = stage_patience();
  while (thread_live() != before) { /* of the session */
    assert_true(FaxClockNow() < until);
    FaxClockWait(FaxClockNow() + FAX_SECOND / 100, NULL);
  }
  for (int i = 0; i < 2; i++) close(waits[i]);
  assert_int_equal(waitpid(child, &status, 0), child);
  assert_int_equal(status, 0);
  for (int i = 0; i < 2; i++) close(told[i]);
}

/* ---- clients that stop ---- */

static void meet(struct raw *r) {
  raw_open(r, &st);
  assert_int_equal(raw_ask(r, RAW_HELLO), 0);
}

/* Until the server hangs up, which takes no more when it gets rid of nothing.
 */
static void ask_without_reading(struct raw *r) {
  static const char ping[] = "{\"id\":1,\"method\":\"ping\"}\n";
  while (send(r->fd, ping, sizeof ping - 1, MSG_NOSIGNAL) > 0) continue;
}

/* The server has hung up, when all that it said before is read. */
static void await_end(struct raw *r) {
  char some[4096];
  while (recv(r->fd, some, sizeof some, 0) > 0) continue;
  raw_close(r);
}

/* Each is ended when its time is over; another one is served meanwhile, and one
   between two messages has all the time there is. */
static void who_stops_within_a_message_is_ended(void **unused) {
  static struct raw idle, silent, half, bytes, deaf;
  (void)unused;
  size_t before = thread_live();
  meet(&idle);
  raw_open(&silent, &st); /* says nothing at all */
  meet(&half);
  raw_say(&half, "{\"id\":2,\"method\":\"job.li");
  meet(&bytes);
  raw_say(&bytes,
          "{\"id\":3,\"method\":\"document.make\",\"attachment\":100,"
          "\"params\":{\"files\":[\"a.pdf\"]}}\nhalf of it");
  meet(&deaf);
  HANDLE far = ipc_connect(&st, NULL, FAX_ALL_ACCESS);
  assert_int_equal(job_count(far), 0);
  ask_without_reading(&deaf);
  await_end(&silent);
  await_end(&half);
  await_end(&bytes);
  await_end(&deaf);
  assert_int_equal(job_count(far), 0);
  assert_true(FaxClose(far));
  assert_int_equal(raw_ask(&idle, "{\"id\":7,\"method\":\"ping\"}\n"), 0);
  raw_close(&idle);
  fax_deadline until = stage_patience();
  while (thread_live() != before) {
    assert_true(FaxClockNow() < until);
    FaxClockWait(FaxClockNow() + FAX_SECOND / 100, NULL);
  }
}

int main(void) {
  test_start();
  const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
      TEST(a_call_is_interrupted), TEST(a_call_is_not_interrupted),
      TEST(a_cancel_of_nothing_is_nothing),
      TEST(a_fork_leaves_the_parent_its_connection),
      TEST(who_stops_within_a_message_is_ended)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
