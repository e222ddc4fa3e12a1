/* SPDX-License-Identifier: MIT
   Slow readers of events: bounded, told what they missed, and nothing lost or
   out of order besides. Each change of a port raises one event at once. */
#include <stdatomic.h>

#include "service_stage.h"

enum { BACKLOG = 16 };

static struct stage st;
static HANDLE reader, modified;

static void small_backlog(struct fax_service_config *config) {
  config->event_backlog = BACKLOG;
}

/* The stage's own subscription is never read here: one more slow reader. */
static void start(void) {
  if (stage_over_socket()) assert_true(FaxClockVirtual(STAGE_NOON));
  stage_start(&st, NULL, small_backlog);
  stage_document(&st, 1);
  reader = FaxCreateCompletionPort();
  assert_true(FaxOpenPort(st.server, 1, PORT_OPEN_MODIFY, &modified));
}

static void stop(void) {
  assert_true(FaxCloseCompletionPort(reader));
  stage_stop(&st);
  if (stage_over_socket()) assert_true(FaxClockReal());
}

static BOOL set_port(void) {
  FAX_PORT_INFO info = {.SizeOfStruct = sizeof info,
                        .Flags = FPF_SEND,
                        .Priority = 1,
                        .Tsid = "tsid",
                        .Csid = "csid"};
  return FaxSetPort(modified, &info);
}

static void change(unsigned times) {
  for (unsigned i = 0; i < times; i++)
    if (!set_port()) fail_msg("%s", FaxGetLastErrorMessage());
  stage_heard();
}

static struct fax_event *take(ULONG_PTR key) {
  struct fax_packet packet;
  DWORD taken;
  if (!FaxGetCompletions(reader, &packet, 1, &taken, 0)) return NULL;
  assert_int_equal(packet.key, key);
  return packet.packet;
}

/* The next one is of this id; its sequence. `missed_out` may be NULL. */
static DWORDLONG next_is(ULONG_PTR key, DWORD event_id, DWORD *missed_out) {
  struct fax_event *e = take(key);
  assert_non_null(e);
  DWORDLONG sequence = e->sequence;
  assert_int_equal(e->event_id, event_id);
  assert_int_equal(e->kind == FAX_EVENT_GAP, event_id == FEI_FAX_MISSED);
  if (event_id == FEI_FAX_MISSED) {
    assert_true(e->time.dwHighDateTime != 0);
    assert_int_equal(e->device_id, 0);
    assert_int_equal(e->job_id, FAX_NO_JOB);
    assert_int_equal(e->queue_status, FAX_UNKNOWN);
  } else {
    assert_int_equal(e->missed, FAX_UNKNOWN);
  }
  if (missed_out != NULL) *missed_out = e->missed;
  FaxLocalFree(e);
  return sequence;
}

static void next_is_change(ULONG_PTR key, DWORDLONG sequence) {
  assert_int_equal(next_is(key, FEI_FAX_PORT_CHANGED, NULL), sequence);
}

static void next_is_gap(ULONG_PTR key, DWORDLONG sequence, DWORD missed) {
  DWORD told;
  assert_int_equal(next_is(key, FEI_FAX_MISSED, &told), sequence);
  assert_int_equal(told, missed);
}

/* Reads one and follows on from *last_inout, by it or by what it says was
   missed; false: there is none. Only for who may see everything. */
static bool follow(DWORDLONG *last_inout) {
  struct fax_event *e = take(1);
  if (e == NULL) return false;
  DWORD step = e->kind == FAX_EVENT_GAP ? e->missed : 1;
  assert_true(step > 0);
  assert_int_equal(e->sequence, *last_inout + step);
  *last_inout = e->sequence;
  FaxLocalFree(e);
  return true;
}

/* The sequence of the last event so far. */
static DWORDLONG begin(void) {
  assert_true(FaxSubscribe(st.server, reader, 1, NULL));
  change(1);
  return next_is(1, FEI_FAX_PORT_CHANGED, NULL);
}

static void a_gap_counts_up_while_it_waits(void **unused) {
  (void)unused;
  start();
  DWORDLONG last = begin();
  change(BACKLOG + 5);
  for (DWORDLONG i = 1; i <= BACKLOG; i++) next_is_change(1, last + i);
  next_is_gap(1, last + BACKLOG + 5, 5);
  assert_null(take(1));
  change(1);
  next_is_change(1, last + BACKLOG + 6);
  stop();
}

static void events_go_on_behind_the_gap(void **unused) {
  (void)unused;
  start();
  DWORDLONG last = begin();
  change(BACKLOG + 2); /* a gap of 2 waits as the 17th */
  for (DWORDLONG i = 1; i <= 3; i++) next_is_change(1, last + i);
  change(2 + 4); /* room for two */
  for (DWORDLONG i = 4; i <= BACKLOG; i++) next_is_change(1, last + i);
  next_is_gap(1, last + BACKLOG + 2, 2);
  next_is_change(1, last + BACKLOG + 3);
  next_is_change(1, last + BACKLOG + 4);
  next_is_gap(1, last + BACKLOG + 8, 4);
  assert_null(take(1));
  stop();
}

/* What comes after a gap was taken is in the next one: others fill the port. */
static void a_gap_that_was_taken_is_not_counted_in(void **unused) {
  struct fax_packet packet;
  DWORD taken;
  (void)unused;
  start();
  DWORDLONG last = begin();
  change(BACKLOG + 1);
  for (int i = 0; i < BACKLOG; i++)
    assert_true(FaxPostCompletion(reader, 0, 9, NULL));
  for (DWORDLONG i = 1; i <= BACKLOG; i++) next_is_change(1, last + i);
  next_is_gap(1, last + BACKLOG + 1, 1);
  change(3);
  for (int i = 0; i < BACKLOG; i++) {
    assert_true(FaxGetCompletions(reader, &packet, 1, &taken, 0));
    assert_int_equal(packet.key, 9);
  }
  next_is_gap(1, last + BACKLOG + 4, 3);
  stop();
}

/* One packet for each subscription at most goes beyond the bound. */
static void each_subscription_has_a_gap_of_its_own(void **unused) {
  (void)unused;
  stage_only_here(); /* each has a connection of its own */
  start();
  DWORDLONG last = begin();
  assert_true(FaxSubscribe(st.server, reader, 2, NULL));
  change(BACKLOG / 2 + 3);
  for (DWORDLONG i = 1; i <= BACKLOG / 2; i++) {
    next_is_change(1, last + i);
    next_is_change(2, last + i);
  }
  next_is_gap(1, last + BACKLOG / 2 + 3, 3);
  next_is_gap(2, last + BACKLOG / 2 + 3, 3);
  assert_null(take(1));
  stop();
}

/* SEC-9: what one may not see was not missed. */
static void only_what_one_may_see_is_missed(void **unused) {
  struct fax_connect connect = {
      .size = sizeof connect, .rights = FAX_JOB_QUERY, .user = NULL};
  FAX_JOB_PARAM params = {
      .SizeOfStruct = sizeof params,
      .RecipientNumber = "102",
      .ScheduleAction = JSA_SPECIFIC_TIME,
      .ScheduleTime = {.wYear = 2100, .wMonth = 1, .wDay = 1}};
  HANDLE narrow;
  DWORD job;
  (void)unused;
  start();
  assert_true(FaxConnect(&connect, &narrow));
  assert_true(FaxSubscribe(narrow, reader, 1, NULL));
  change(2);
  assert_null(take(1));
  for (int i = 0; i < BACKLOG; i++)
    assert_true(FaxPostCompletion(reader, 0, 1, NULL));
  change(5);
  assert_true(FaxSendDocument(st.server, st.document, &params, NULL, &job));
  change(5);
  for (int i = 0; i < BACKLOG; i++) assert_null(take(1));
  DWORD missed;
  next_is(1, FEI_FAX_MISSED, &missed);
  assert_int_equal(missed, 1);
  assert_null(take(1));
  assert_true(FaxClose(narrow));
  stop();
}

/* EVT-6: however full the port is. */
static void the_end_arrives(void **unused) {
  (void)unused;
  stage_only_here(); /* each has a connection of its own */
  start();
  DWORDLONG last = begin();
  HANDLE other = FaxCreateCompletionPort();
  assert_true(FaxInitializeEventQueue(st.server, other, 1, NULL, 0));
  for (int i = 0; i < BACKLOG; i++)
    assert_true(FaxPostCompletion(other, 0, 2, NULL));
  change(BACKLOG + 1);
  stage_stop_within(20);
  for (DWORDLONG i = 1; i <= BACKLOG; i++) next_is_change(1, last + i);
  next_is_gap(1, last + BACKLOG + 1, 1);
  assert_int_equal(next_is(1, FEI_FAXSVC_ENDED, NULL), last + BACKLOG + 2);
  assert_null(take(1));
  assert_true(FaxCloseCompletionPort(reader));
  reader = other;
  for (int i = 0; i < BACKLOG; i++) assert_null(take(2));
  FAX_EVENT *e = (FAX_EVENT *)take(1);
  assert_non_null(e);
  assert_int_equal(e->EventId, FEI_FAXSVC_ENDED);
  FaxLocalFree(e);
  assert_null(take(1));
  assert_true(FaxCloseCompletionPort(reader));
  stage_end(&st);
}

/* Reads and changes in any order; seeds as in the other random walks. */
static void nothing_is_lost_or_out_of_order(void **unused) {
  uint32_t random = 4711;
  (void)unused;
  start();
  DWORDLONG last = begin(), raised = last;
  unsigned gaps = 0;
  for (int step = 0; step < 5000; step++) {
    random = random * 1664525 + 1013904223;
    unsigned n = (random >> 24) % 12;
    if ((random >> 16) % 2 == 0) {
      change(n);
      raised += n;
    } else {
      while (n-- > 0) {
        DWORDLONG before = last;
        if (!follow(&last)) break;
        gaps += last > before + 1;
      }
    }
  }
  while (follow(&last)) continue;
  assert_int_equal(last, raised);
  assert_true(gaps > 100);
  stop();
}

enum { CHANGERS = 3, CHANGES = 2000 };

struct changer {
  HANDLE port;
  atomic_uint *running;
  bool failed;
};

static void change_on(void *arg) {
  struct changer *c = arg;
  FAX_PORT_INFO *info;
  if (!FaxGetPort(c->port, &info)) c->failed = true;
  for (int i = 0; i < CHANGES && !c->failed; i++)
    c->failed = !FaxSetPort(c->port, info);
  FaxFreeBuffer(info);
  atomic_fetch_sub(c->running, 1);
}

/* The same while many threads raise events and one reads as it can. */
static void nothing_is_lost_between_threads(void **unused) {
  struct changer changers[CHANGERS];
  pthread_t threads[CHANGERS];
  atomic_uint running = CHANGERS;
  (void)unused;
  start();
  DWORDLONG last = begin(), first = last;
  for (DWORD i = 0; i < CHANGERS; i++) {
    changers[i] = (struct changer){.running = &running};
    assert_true(
        FaxOpenPort(st.server, i + 2, PORT_OPEN_MODIFY, &changers[i].port));
    assert_int_equal(
        thread_start(&threads[i], "changer", change_on, &changers[i]), 0);
  }
  while (atomic_load(&running) > 0)
    if (!follow(&last)) sched_yield();
  for (int i = 0; i < CHANGERS; i++) {
    thread_join(threads[i]);
    assert_false(changers[i].failed);
  }
  stage_heard();
  while (follow(&last)) continue;
  assert_int_equal(last - first, CHANGERS * CHANGES);
  stop();
}

/* Want of memory is a reason to miss an event, not to lose it untold: each
   allocation of a change fails in turn. */
static void want_of_memory_is_told(void **unused) {
  bool failed = true;
  DWORD gaps = 0;
  (void)unused;
  stage_only_here();
  start();
  DWORDLONG last = begin(), raised = last;
  for (long n = 0; failed; n++) {
    mem_fail_after(n);
    BOOL done = set_port();
    failed = mem_failed();
    mem_fail_after(-1);
    if (done) raised++;
    change(1);
    raised++;
    while (last < raised) {
      DWORDLONG before = last;
      assert_true(follow(&last));
      gaps += last > before && done && failed;
    }
    assert_null(take(1));
  }
  assert_true(gaps > 0);
  stop();
}

/* ---- the documented form ---- */

/* How many lines of the log have the text. */
static unsigned logged(const char *text) {
  char path[128], line[1024];
  unsigned count = 0;
  snprintf(path, sizeof path, "%s/fax.log", st.directory);
  FILE *file = fopen(path, "r");
  assert_non_null(file);
  while (fgets(line, sizeof line, file) != NULL)
    count += strstr(line, text) != NULL;
  fclose(file);
  return count;
}

/* Raises FEI_JOB_QUEUED and FEI_DELETED. */
static void come_and_go(unsigned times) {
  FAX_JOB_PARAM params = {
      .SizeOfStruct = sizeof params,
      .RecipientNumber = "102",
      .ScheduleAction = JSA_SPECIFIC_TIME,
      .ScheduleTime = {.wYear = 2100, .wMonth = 1, .wDay = 1}};
  for (unsigned i = 0; i < times; i++) {
    DWORD job;
    if (!FaxSendDocument(st.server, st.document, &params, NULL, &job) ||
        !FaxAbort(st.server, job))
      fail_msg("%s", FaxGetLastErrorMessage());
  }
}

static void take_documented(unsigned count, DWORD first_id) {
  for (unsigned i = 0; i < count; i++) {
    FAX_EVENT *e = (FAX_EVENT *)take(1);
    assert_non_null(e);
    assert_int_equal(e->EventId, (i % 2 == 0) == (first_id == FEI_DELETED)
                                     ? FEI_DELETED
                                     : FEI_JOB_QUEUED);
    FaxLocalFree(e);
  }
}

/* FAX_EVENT has no room for a count: the log has it, once for each gap. */
static void the_documented_form_is_bounded_too(void **unused) {
  (void)unused;
  stage_only_here(); /* it is a log of this process */
  start();
  assert_true(FaxInitializeEventQueue(st.server, reader, 1, NULL, 0));
  come_and_go(BACKLOG / 2 + 3);
  take_documented(BACKLOG, FEI_JOB_QUEUED);
  assert_null(take(1));
  come_and_go(BACKLOG / 2 + 2); /* ends the gap of 6, begins one of 4 */
  take_documented(1, FEI_JOB_QUEUED);
  come_and_go(1); /* ends that with the job, misses its end */
  take_documented(BACKLOG - 1, FEI_DELETED);
  take_documented(1, FEI_JOB_QUEUED);
  assert_null(take(1));
  stage_stop_within(20);
  FaxLocalFree(take(1)); /* the end */
  assert_int_equal(logged("missed="), 3);
  assert_int_equal(logged("missed=6 "), 1);
  assert_int_equal(logged("missed=4 "), 1);
  assert_int_equal(logged("missed=1 "), 1);
  assert_true(FaxCloseCompletionPort(reader));
  stage_end(&st);
}

/* ---- the bound itself ---- */

/* A port that is closed while its reader is behind is let go of as well. */
static void a_full_port_may_be_closed(void **unused) {
  (void)unused;
  start();
  size_t fds = test_fds();
  begin();
  change(BACKLOG + 5);
  assert_true(FaxCloseCompletionPort(reader));
  change(1);
  assert_int_equal(test_fds(), fds - 1);
  reader = FaxCreateCompletionPort();
  stop();
}

static void a_backlog_is_at_least_16(void **unused) {
  static const DWORD refused[] = {0, 1, BACKLOG - 1};
  struct fax_service_config config;
  (void)unused;
  FaxServiceDefaults(&config);
  assert_int_equal(config.event_backlog, 65536);
  for (size_t i = 0; i < 3; i++) {
    config.event_backlog = refused[i];
    assert_fails(FaxServiceStart(&config), ERROR_INVALID_PARAMETER);
  }
  config.event_backlog = BACKLOG;
  config.compat = 8;
  assert_fails(FaxServiceStart(&config), ERROR_INVALID_PARAMETER);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_gap_counts_up_while_it_waits),
      cmocka_unit_test(events_go_on_behind_the_gap),
      cmocka_unit_test(a_gap_that_was_taken_is_not_counted_in),
      cmocka_unit_test(each_subscription_has_a_gap_of_its_own),
      cmocka_unit_test(only_what_one_may_see_is_missed),
      cmocka_unit_test(the_end_arrives),
      cmocka_unit_test(nothing_is_lost_or_out_of_order),
      cmocka_unit_test(nothing_is_lost_between_threads),
      cmocka_unit_test(want_of_memory_is_told),
      cmocka_unit_test(the_documented_form_is_bounded_too),
      cmocka_unit_test(a_full_port_may_be_closed),
      cmocka_unit_test(a_backlog_is_at_least_16),
  };
  test_start();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
