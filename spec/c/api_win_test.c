/* SPDX-License-Identifier: MIT
   faxwin.h from outside, with the Win32 names. */
#include "test.h"

#include <poll.h>
#include <pthread.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define FAX_WIN32_NAMES
#include <fax/faxwin.h>

#include "base/handle.h"

static void expect_error(DWORD code) {
  assert_int_equal(FaxGetLastError(), code);
  FaxSetLastError(ERROR_SUCCESS);
}

static void test_port(void **state) {
  HANDLE port = FaxCreateCompletionPort();
  struct fax_packet out[4];
  struct pollfd fd;
  DWORD taken = 9;

  (void)state;
  assert_non_null(port);
  fd = (struct pollfd){FaxCompletionPortFd(port), POLLIN, 0};
  assert_int_equal(poll(&fd, 1, 0), 0);
  assert_false(FaxGetCompletions(port, out, 4, &taken, 0));
  expect_error(WAIT_TIMEOUT);
  assert_int_equal(taken, 0);
  assert_true(FaxPostCompletion(port, 1, 2, out));
  assert_true(FaxPostCompletion(port, 3, 4, NULL));
  assert_int_equal(poll(&fd, 1, 0), 1);
  assert_true(FaxGetCompletions(port, out, 4, &taken, FAX_FOREVER));
  expect_error(ERROR_SUCCESS);
  assert_int_equal(taken, 2);
  assert_ptr_equal(out[0].packet, out);
  assert_int_equal(out[1].key, 4);
  assert_false(FaxGetCompletions(port, out, 0, &taken, 0));
  expect_error(ERROR_INVALID_PARAMETER);
  assert_false(FaxGetCompletions(port, NULL, 1, &taken, 0));
  expect_error(ERROR_INVALID_PARAMETER);
  assert_false(FaxGetCompletions(port, out, 1, NULL, 0));
  expect_error(ERROR_INVALID_PARAMETER);
  assert_true(FaxCloseCompletionPort(port));
}

static void expect_no_port(HANDLE port) {
  struct fax_packet out;
  DWORD taken;

  assert_false(FaxPostCompletion(port, 1, 2, NULL));
  expect_error(ERROR_INVALID_HANDLE);
  assert_false(FaxGetCompletions(port, &out, 1, &taken, 0));
  expect_error(ERROR_INVALID_HANDLE);
  assert_int_equal(FaxCompletionPortFd(port), -1);
  expect_error(ERROR_INVALID_HANDLE);
  assert_false(FaxCloseCompletionPort(port));
  expect_error(ERROR_INVALID_HANDLE);
}

static void test_wrong_handles(void **state) {
  HANDLE port = FaxCreateCompletionPort(), heap = FaxHeapCreate();

  (void)state;
  expect_no_port(NULL);
  expect_no_port(INVALID_HANDLE_VALUE);
  expect_no_port(heap);
  assert_null(FaxHeapAlloc(port, 1));
  expect_error(ERROR_INVALID_HANDLE);
  assert_false(FaxHeapDestroy(port));
  expect_error(ERROR_INVALID_HANDLE);
  assert_true(FaxCloseCompletionPort(port));
  expect_no_port(port);
  assert_true(FaxHeapDestroy(heap));
  assert_false(FaxHeapDestroy(heap));
  expect_error(ERROR_INVALID_HANDLE);
}

/* What is left in a port: LocalAlloc blocks go, all others stay. */
static void test_leftovers(void **state) {
  size_t live = mem_live(), fds = test_fds();
  HANDLE port = FaxCreateCompletionPort(), heap = FaxHeapCreate();
  char *in_heap = FaxHeapAlloc(heap, 10);
  int here = 7;

  (void)state;
  assert_true(FaxPostCompletion(port, 0, 0, FaxLocalAlloc(100)));
  assert_true(FaxPostCompletion(port, 0, 0, in_heap));
  assert_true(FaxPostCompletion(port, 0, 0, &here));
  assert_true(FaxPostCompletion(port, 0, 0, (void *)16));
  assert_true(FaxPostCompletion(port, 0, 0, NULL));
  assert_true(FaxCloseCompletionPort(port));
  in_heap[9] = 1;
  assert_true(FaxHeapFree(heap, in_heap));
  assert_true(FaxHeapDestroy(heap));
  assert_int_equal(here, 7);
  assert_int_equal(mem_live(), live);
  assert_int_equal(test_fds(), fds);
}

static void test_heap(void **state) {
  HANDLE heap = FaxHeapCreate(), other = FaxHeapCreate();
  void *block = FaxHeapAlloc(heap, 10);

  (void)state;
  assert_true(FaxHeapFree(heap, NULL));
  assert_false(FaxHeapFree(other, block));
  expect_error(ERROR_INVALID_PARAMETER);
  assert_false(FaxHeapFree(heap, &heap));
  expect_error(ERROR_INVALID_PARAMETER);
  assert_true(FaxHeapFree(heap, block));
  assert_false(FaxHeapFree(heap, block));
  expect_error(ERROR_INVALID_PARAMETER);
  assert_null(FaxHeapAlloc(heap, SIZE_MAX));
  expect_error(ERROR_NOT_ENOUGH_MEMORY);
  assert_true(FaxHeapDestroy(heap));
  assert_true(FaxHeapDestroy(other));
}

static void test_local(void **state) {
  unsigned char *block = FaxLocalAlloc(16);
  int here;

  (void)state;
  for (int i = 0; i < 16; i++) assert_int_equal(block[i], 0);
  assert_null(FaxLocalFree(block));
  assert_ptr_equal(FaxLocalFree(block), block);
  expect_error(ERROR_INVALID_HANDLE);
  assert_ptr_equal(FaxLocalFree(&here), &here);
  expect_error(ERROR_INVALID_HANDLE);
  assert_null(FaxLocalFree(NULL));
  expect_error(ERROR_SUCCESS);
  assert_null(FaxLocalAlloc(SIZE_MAX));
  expect_error(ERROR_NOT_ENOUGH_MEMORY);
}

static void test_win32_names(void **state) {
  HANDLE port = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 0);
  LPOVERLAPPED o = (LPOVERLAPPED)(void *)&port;
  ULONG_PTR key;
  DWORD bytes;
  void *block;

  (void)state;
  assert_null(CreateIoCompletionPort(port, NULL, 0, 0));
  assert_int_equal(GetLastError(), ERROR_INVALID_PARAMETER);
  assert_true(PostQueuedCompletionStatus(port, 5, 6, o));
  assert_true(GetQueuedCompletionStatus(port, &bytes, &key, &o, INFINITE));
  assert_int_equal(bytes, 5);
  assert_int_equal(key, 6);
  assert_ptr_equal(o, &port);
  assert_false(GetQueuedCompletionStatus(port, &bytes, &key, &o, 0));
  assert_int_equal(GetLastError(), WAIT_TIMEOUT);
  assert_null(o);
  assert_true(FaxCloseCompletionPort(port));
  block = LocalAlloc(LPTR, 4);
  assert_null(LocalFree(block));
}

static void *take(void *port) {
  struct fax_packet out;
  DWORD taken;

  FaxGetCompletions(port, &out, 1, &taken, FAX_FOREVER);
  return (void *)(uintptr_t)FaxGetLastError();
}

/* The handle is gone or the wait is ended, as it comes. */
static void test_close_while_waiting(void **state) {
  (void)state;
  for (int i = 0; i < 200; i++) {
    HANDLE port = FaxCreateCompletionPort();
    pthread_t thread;
    void *code;
    assert_int_equal(pthread_create(&thread, NULL, take, port), 0);
    if (i % 2) sched_yield();
    assert_true(FaxCloseCompletionPort(port));
    pthread_join(thread, &code);
    if ((uintptr_t)code != ERROR_INVALID_HANDLE)
      assert_int_equal((uintptr_t)code, ERROR_ABANDONED_WAIT_0);
  }
}

static void test_fork(void **state) {
  HANDLE port = FaxCreateCompletionPort();
  int status;
  pid_t child = fork();

  (void)state;
  if (child == 0) {
    bool refused = !FaxPostCompletion(port, 0, 0, NULL) &&
                   FaxGetLastError() == ERROR_INVALID_HANDLE;
    HANDLE own = FaxCreateCompletionPort();
    _exit(refused && FaxPostCompletion(own, 0, 0, NULL) ? 0 : 1);
  }
  assert_int_equal(waitpid(child, &status, 0), child);
  assert_int_equal(status, 0);
  assert_true(FaxCloseCompletionPort(port));
}

static DWORD all_of_it(void *arg) {
  HANDLE port = FaxCreateCompletionPort(), heap = NULL;
  void *block = NULL;
  DWORD code = FaxGetLastError();

  (void)arg;
  if (port != NULL) heap = FaxHeapCreate();
  if (heap != NULL) block = FaxHeapAlloc(heap, 8);
  if (block != NULL) block = FaxLocalAlloc(8);
  if (block == NULL) code = FaxGetLastError();
  if (block != NULL && !FaxPostCompletion(port, 0, 0, block)) {
    code = FaxGetLastError();
    FaxLocalFree(block);
  }
  if (heap != NULL) FaxHeapDestroy(heap);
  if (port != NULL) FaxCloseCompletionPort(port);
  return code;
}

static void test_sweep(void **state) {
  size_t fds = test_fds(), handles = handle_count();

  (void)state;
  sweep(all_of_it);
  assert_int_equal(test_fds(), fds);
  assert_int_equal(handle_count(), handles);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_sweep),
      cmocka_unit_test(test_port),
      cmocka_unit_test(test_wrong_handles),
      cmocka_unit_test(test_leftovers),
      cmocka_unit_test(test_heap),
      cmocka_unit_test(test_local),
      cmocka_unit_test(test_win32_names),
      cmocka_unit_test(test_close_while_waiting),
      cmocka_unit_test(test_fork),
  };

  test_start();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
