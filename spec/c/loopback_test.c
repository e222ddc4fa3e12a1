/* SPDX-License-Identifier: MIT
   The virtual exchange by its exports: calls that go through, and all the ways
   in which they do not. */
#include "loopback_stage.h"
#include "test.h"

#define PREFIX "prefix=11"
static const char *const fast[] = {PREFIX, "lines=8", NULL};
static const char *const real[] = {PREFIX, "pace=real", "no_answer=30", NULL};

static void expect_seen(const struct act *a, const DWORD *list, size_t n) {
  assert_int_equal(a->seen_count, n);
  for (size_t i = 0; i < n; i++) assert_int_equal(a->seen[i], list[i]);
}

/* FSP-29, -56, -58: also by how each act ends (loopback_stage.h). */
static void test_fax_arrives(void **state) {
  static const DWORD sends[] = {FS_INITIALIZING, FS_DIALING, FS_TRANSMITTING,
                                FS_TRANSMITTING};
  static const DWORD receives[] = {FS_INITIALIZING, FS_ANSWERED, FS_RECEIVING,
                                   FS_RECEIVING};
  const char *const *paces[] = {fast, real};
  (void)state;
  for (int i = 0; i < 2; i++) {
    struct stage s;
    struct act a, b;
    DWORD line;
    stage_open(&s, paces[i]);
    assert_int_equal(s.lines, i ? 4 : 8);
    act_begin(&a, &s, 1, "(10) 2-");
    assert_int_equal(stage_ring(&s, &line), i ? 1 : 10);
    assert_int_equal(line, 2);
    act_begin(&b, &s, 2, NULL);
    act_expect_pages(&b, &s, 2);
    act_expect(&a, FS_COMPLETED);
    expect_seen(&a, sends, 4);
    expect_seen(&b, receives, 4);
    assert_int_equal(a.pages_seen, 2);
    assert_int_equal(b.pages_seen, 2);
    assert_string_equal(a.csi, "102");
    assert_string_equal(b.csi, "+1 555 0100");
    assert_string_equal(b.caller, "101");
    assert_string_equal(b.last.status.CSI, "+1 555 0100");
    assert_string_equal(b.last.status.CallerId, "101");
    assert_int_equal(b.last.status.PageCount, 2);
    assert_string_equal(b.receive.order.ReceiverNumber, "102");
    assert_string_equal(b.receive.order.ReceiverName, "loopback line 12");
    stage_close(&s);
  }
}

static void test_wrong_numbers(void **state) {
  struct stage s;
  struct act a;
  char many[10001];
  (void)state;
  memset(many, '1', sizeof many - 1);
  many[sizeof many - 1] = '\0';
  const char *numbers[] = {"999", "", "---", many};
  stage_open(&s, fast);
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
    act_begin(&a, &s, 1, numbers[i]);
    act_expect(&a, FS_BAD_ADDRESS);
    assert_int_equal(a.error, ERROR_NOT_FOUND);
  }
  act_begin(&a, &s, 1, "101"); /* itself */
  act_expect(&a, FS_BUSY);
  stage_close(&s);
}

static void test_busy(void **state) {
  struct stage s;
  struct act a, b, c;
  DWORD line;
  (void)state;
  stage_open(&s, fast);
  act_begin(&a, &s, 1, "102");
  stage_ring(&s, &line);
  act_begin(&c, &s, 3, "102"); /* it rings */
  act_expect(&c, FS_BUSY);
  act_start(&b, &s, 2, NULL);
  act_begin(&c, &s, 3, "102"); /* an operation was started on it */
  act_expect(&c, FS_BUSY);
  act_begin(&c, &s, 3, "101"); /* it calls */
  act_expect(&c, FS_BUSY);
  act_go(&b);
  act_expect_pages(&b, &s, 2);
  act_expect(&a, FS_COMPLETED);
  act_begin(&c, &s, 3, "102"); /* all is over: free again */
  stage_ring(&s, &line);
  assert_int_equal(line, 2);
  act_begin(&b, &s, 2, NULL);
  act_expect_pages(&b, &s, 2);
  act_expect(&c, FS_COMPLETED);
  stage_close(&s);
}

/* Both lines take the receiver off: he who calls out wins. */
static void test_glare(void **state) {
  struct stage s;
  struct act a, b;
  DWORD line;
  (void)state;
  stage_open(&s, fast);
  act_begin(&a, &s, 1, "102");
  stage_ring(&s, &line);
  act_begin(&b, &s, 2, "103");
  act_expect(&a, FS_BUSY);
  stage_ring(&s, &line);
  assert_int_equal(line, 3);
  act_expect(&b, FS_NO_ANSWER);
  stage_close(&s);
}

static void test_no_answer(void **state) {
  struct stage s;
  struct act a;
  DWORD line;
  (void)state;
  stage_open(&s, fast);
  fax_deadline start = FaxClockNow();
  act_begin(&a, &s, 1, "102");
  stage_ring(&s, &line);
  act_expect(&a, FS_NO_ANSWER);
  assert_int_equal(FaxClockNow() - start, 60 * FAX_SECOND);
  stage_enable(&s, 2, false);
  start = FaxClockNow();
  act_begin(&a, &s, 1, "102");
  act_expect(&a, FS_NO_ANSWER);
  assert_int_equal(FaxClockNow(), start);
  stage_enable(&s, 2, true);
  act_begin(&a, &s, 1, "102");
  assert_int_equal(stage_ring(&s, &line), 10);
  act_expect(&a, FS_NO_ANSWER);
  stage_close(&s);

  stage_open(&s, real);
  start = FaxClockNow();
  act_begin(&a, &s, 1, "102");
  for (DWORD rings = 1; rings <= 5; rings++) {
    assert_int_equal(stage_ring(&s, &line), rings);
    assert_int_equal(FaxClockNow() - start, (rings - 1) * 6 * FAX_SECOND);
  }
  act_expect(&a, FS_NO_ANSWER);
  assert_int_equal(FaxClockNow() - start, 30 * FAX_SECOND);
  stage_enable(&s, 2, false);
  act_begin(&a, &s, 1, "102");
  act_expect(&a, FS_NO_ANSWER);
  assert_int_equal(FaxClockNow() - start, 60 * FAX_SECOND);
  stage_close(&s);
}

/* FSP-42 */
static void test_receive_without_a_call(void **state) {
  struct stage s;
  struct act a, b;
  DWORD line;
  (void)state;
  stage_open(&s, fast);
  act_begin(&b, &s, 2, NULL);
  act_expect(&b, FS_LINE_UNAVAILABLE);
  act_begin(&a, &s, 1, "102"); /* the caller hangs up before the answer */
  stage_ring(&s, &line);
  assert_true(s.abort(a.handle));
  act_expect(&a, FS_USER_ABORT);
  act_begin(&b, &s, 2, NULL);
  act_expect(&b, FS_DISCONNECTED);
  assert_string_equal(b.last.status.CallerId, "101");
  assert_int_equal(b.last.status.PageCount, 0);
  act_begin(&b, &s, 2, NULL);
  act_expect(&b, FS_LINE_UNAVAILABLE);
  stage_close(&s);
}

static void test_abort_before_the_start(void **state) {
  struct stage s;
  struct act a, b;
  (void)state;
  stage_open(&s, fast);
  act_start(&a, &s, 1, "102");
  assert_true(s.abort(a.handle));
  act_go(&a);
  act_expect(&a, FS_USER_ABORT);
  act_start(&b, &s, 2, NULL);
  assert_true(s.abort(b.handle));
  act_go(&b);
  act_expect(&b, FS_USER_ABORT);
  assert_false(s.abort(NULL));
  assert_int_equal(FaxGetLastError(), ERROR_INVALID_HANDLE);
  stage_close(&s);
}

/* At real pace on the virtual clock the line stands still while this thread
   runs: the abort comes at that moment of the call and no other. */
static void abort_at(bool by_caller, DWORD moment, const fax_deadline *later) {
  struct stage s;
  struct act a, b;
  DWORD line;
  stage_open(&s, real);
  act_begin(&a, &s, 1, "102");
  stage_ring(&s, &line);
  act_begin(&b, &s, 2, NULL);
  act_wait(by_caller ? &a : &b, moment);
  if (later != NULL) FaxClockWait(FaxClockNow() + *later, NULL);
  fax_deadline start = FaxClockNow();
  assert_true(s.abort(by_caller ? a.handle : b.handle));
  act_expect(&a, by_caller ? FS_USER_ABORT : FS_DISCONNECTED);
  act_expect(&b, by_caller ? FS_DISCONNECTED : FS_USER_ABORT);
  assert_in_range(FaxClockNow() - start, 0, 40 * FAX_MILLISECOND);
  stage_close(&s);
}

static void test_abort_in_the_talk(void **state) {
  const fax_deadline later = 2 * FAX_SECOND + 3 * FAX_MILLISECOND;
  (void)state;
  for (int by_caller = 0; by_caller < 2; by_caller++) {
    abort_at(by_caller, by_caller ? FS_DIALING : FS_ANSWERED, &later);
    abort_at(by_caller, by_caller ? FS_TRANSMITTING : FS_RECEIVING, NULL);
    abort_at(by_caller, by_caller ? FS_TRANSMITTING : FS_RECEIVING, &later);
  }
}

/* More calls at once than processors, in both directions, again and again. */
static void test_many_calls(void **state) {
  struct stage s;
  struct act a[4], b[4];
  static const char *const numbers[] = {"101", "102", "103", "104",
                                        "105", "106", "107", "108"};
  (void)state;
  stage_open(&s, fast);
  for (int round = 0; round < 6; round++) {
    for (DWORD i = 0; i < 4; i++) {
      DWORD from = round % 2 ? i + 5 : i + 1, to = round % 2 ? i : i + 4;
      act_begin(&a[i], &s, from, numbers[to]);
    }
    for (DWORD i = 0; i < 4; i++) {
      DWORD line;
      stage_ring(&s, &line);
      act_begin(&b[i], &s, line, NULL);
    }
    for (DWORD i = 0; i < 4; i++) act_expect_pages(&b[i], &s, 2);
    for (DWORD i = 0; i < 4; i++) act_expect(&a[i], FS_COMPLETED);
  }
  stage_close(&s);
}

/* Aborted at any time, also while it waits for a processor: all end. */
static void test_many_aborts(void **state) {
  struct stage s;
  struct act a[4], b[4];
  static const char *const numbers[] = {"105", "106", "107", "108"};
  (void)state;
  stage_open(&s, fast);
  for (DWORD i = 0; i < 4; i++) act_begin(&a[i], &s, i + 1, numbers[i]);
  for (DWORD i = 0; i < 4; i++) {
    DWORD line;
    stage_ring(&s, &line);
    act_begin(&b[i], &s, line, NULL);
    assert_true(s.abort(i % 2 ? a[line - 5].handle : b[i].handle));
  }
  for (DWORD i = 0; i < 4; i++) {
    act_end(&b[i]);
    unlink(b[i].target);
    act_end(&a[i]);
  }
  stage_close(&s);
}

/* A call in which the n-th allocation of one side, and all after it until the
   other side is asked, fail. False: none did. Both operations end. */
static bool call_without_memory(bool sender, long n) {
  struct stage s;
  struct act a, b;
  struct fax_packet ring;
  DWORD taken;
  stage_open(&s, fast);
  act_start(&a, &s, 1, "102");
  if (sender) a.fail_after = n;
  act_go(&a);
  bool rang = FaxGetCompletions(s.rings, &ring, 1, &taken,
                                FaxClockNow() + 5 * FAX_SECOND);
  stage_memory_back(&s);
  if (rang) {
    FaxLocalFree(ring.packet);
    act_start(&b, &s, 2, NULL);
    if (!sender) b.fail_after = n;
    act_go(&b);
    act_end(&b);
    unlink(b.target);
  }
  act_end(&a);
  stage_memory_back(&s);
  bool failed = s.memory_failed;
  if (!failed) assert_true(rang && a.ok && b.ok);
  stage_close(&s);
  return failed;
}

static void test_no_memory(void **state) {
  (void)state;
  for (int sender = 0; sender < 2; sender++) {
    long n = 1;
    while (call_without_memory(sender, n)) assert_true(++n < 500);
    assert_true(n > 3);
  }
}

static void test_bad_document(void **state) {
  struct stage s;
  struct act a;
  (void)state;
  stage_open(&s, fast);
  assert_int_equal(truncate(s.source, 5), 0);
  act_begin(&a, &s, 1, "102");
  act_expect(&a, FS_FATAL_ERROR);
  stage_close(&s);
}

static void test_options(void **state) {
  static const char *const wrong[] = {
      "lines=0",  "lines=1001",    "lines=",       "lines=4x",
      "prefix=0", "pace=slow",     "no_answer=-1", "colour=red",
      "numbers=", "numbers=1*",    "number.0=1",   "number.1=",
      "number.1", "number.9999=1", "numbers=99",   "number.1=102",
      ""};
  static const char *const named[] = {PREFIX, "lines=2", "numbers=+49 30 98",
                                      "number.2=+1 (555) 0102", NULL};
  char message[200];
  struct stage s;
  struct act a, b;
  DWORD line;
  (void)state;
  memset(&s, 0, sizeof s);
  stage_load(&s);
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    const char *const options[] = {wrong[i], NULL};
    message[0] = '\0';
    assert_false(s.options(options, message, sizeof message));
    assert_int_equal(FaxGetLastError(), ERROR_INVALID_PARAMETER);
    assert_true(message[0] != '\0');
  }
  assert_true(s.options(NULL, message, sizeof message));
  dlclose(s.library);

  stage_open(&s, named);
  assert_int_equal(s.lines, 2);
  act_begin(&a, &s, 1, "+15550102");
  stage_ring(&s, &line);
  act_begin(&b, &s, 2, NULL);
  act_expect_pages(&b, &s, 2);
  act_expect(&a, FS_COMPLETED);
  assert_string_equal(b.last.status.CallerId, "+493098");
  stage_close(&s);
}

static void test_refused_calls(void **state) {
  struct stage s;
  HANDLE handle = NULL;
  DWORD size;
  FAX_SEND send = {.SizeOfStruct = sizeof send};
  (void)state;
  stage_open(&s, fast);
  assert_false(s.start(0, STAGE_FIRST_DEVICE + 8, &handle, s.rings, 1));
  assert_int_equal(FaxGetLastError(), ERROR_BAD_UNIT);
  assert_false(s.send(&s, &send, NULL));
  assert_int_equal(FaxGetLastError(), ERROR_INVALID_HANDLE);
  assert_false(s.receive(&s, 0, NULL));
  assert_int_equal(FaxGetLastError(), ERROR_INVALID_HANDLE);
  assert_false(s.report(&s, NULL, 0, &size));
  assert_int_equal(FaxGetLastError(), ERROR_INVALID_HANDLE);
  assert_true(s.start(0, STAGE_FIRST_DEVICE, &handle, s.rings, 1));
  assert_false(s.send(handle, &send, NULL));
  assert_int_equal(FaxGetLastError(), ERROR_INVALID_PARAMETER);
  assert_false(s.receive(handle, 0, NULL));
  assert_int_equal(FaxGetLastError(), ERROR_INVALID_PARAMETER);
  assert_true(s.end(handle));
  stage_close(&s);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_fax_arrives),
      cmocka_unit_test(test_wrong_numbers),
      cmocka_unit_test(test_busy),
      cmocka_unit_test(test_glare),
      cmocka_unit_test(test_no_answer),
      cmocka_unit_test(test_receive_without_a_call),
      cmocka_unit_test(test_abort_before_the_start),
      cmocka_unit_test(test_abort_in_the_talk),
      cmocka_unit_test(test_many_calls),
      cmocka_unit_test(test_many_aborts),
      cmocka_unit_test(test_no_memory),
      cmocka_unit_test(test_bad_document),
      cmocka_unit_test(test_options),
      cmocka_unit_test(test_refused_calls),
  };
  test_start();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
