/* SPDX-License-Identifier: MIT
   base/clock.h, base/thread.h and fax_clock.h: what the virtual clock does is
   compared to the nanosecond; the real one is only waited for. */
#include "test.h"

#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/thread.h"

#define DAY (86400 * FAX_SECOND)
#define WALL (INT64_C(1700000000) * FAX_SECOND)

static fax_deadline zero; /* when the test's virtual clock began */

static int go_virtual(void **state) {
  (void)state;
  if (!FaxClockVirtual(WALL)) return -1;
  zero = FaxClockNow();
  return 0;
}

static int go_real(void **state) {
  (void)state;
  return FaxClockReal() && thread_live() == 0 ? 0 : -1;
}

static void test_day(void **state) {
  (void)state;
  assert_true(clock_is_virtual());
  assert_int_equal(FaxClockWall(), WALL);
  for (int i = 1; i <= 365; i++) {
    assert_true(FaxClockWait(zero + i * DAY, NULL));
    assert_int_equal(FaxClockNow(), zero + i * DAY);
  }
  assert_int_equal(FaxClockWall(), WALL + 365 * DAY);
  assert_true(FaxClockWait(zero, NULL)); /* long ago */
  assert_int_equal(FaxClockNow(), zero + 365 * DAY);
}

/* A thread that waits until `at` and then says so. */
struct sleeper {
  fax_deadline at, woke;
  int place; /* in which order it woke */
};
static atomic_int order;

static void sleep_once(void *arg) {
  struct sleeper *s = arg;

  FaxClockWait(s->at, NULL);
  s->woke = FaxClockNow();
  s->place = atomic_fetch_add(&order, 1);
}

static pthread_t start_sleeper(struct sleeper *s) {
  pthread_t thread;

  assert_int_equal(thread_start(&thread, "sleeper", sleep_once, s), 0);
  return thread;
}

static void test_order(void **state) {
  struct sleeper late = {.at = zero + 2 * DAY}, early = {.at = zero + DAY};
  pthread_t threads[2];

  (void)state;
  atomic_store(&order, 0);
  threads[0] = start_sleeper(&late);
  threads[1] = start_sleeper(&early);
  FaxClockWait(zero + 3 * DAY, NULL);
  assert_int_equal(early.place, 0);
  assert_int_equal(late.place, 1);
  assert_int_equal(early.woke, early.at);
  assert_int_equal(late.woke, late.at);
  for (int i = 0; i < 2; i++) thread_join(threads[i]);
  assert_int_equal(FaxClockNow(), zero + 3 * DAY);
}

/* Time passes only when all wait: so each has begun before the next does. */
static void test_equal_deadlines(void **state) {
  struct sleeper sleepers[8];
  pthread_t threads[8];

  (void)state;
  atomic_store(&order, 0);
  for (int i = 0; i < 8; i++) {
    sleepers[i] = (struct sleeper){.at = zero + DAY};
    threads[i] = start_sleeper(&sleepers[i]);
    FaxClockWait(zero + i + 1, NULL);
  }
  FaxClockWait(zero + DAY, NULL);
  assert_int_equal(atomic_load(&order), 8);
  for (int i = 0; i < 8; i++) {
    assert_int_equal(sleepers[i].place, i);
    thread_join(threads[i]);
  }
}

/* A joiner lets time pass for the thread, and no more than that. */
static void test_join(void **state) {
  struct sleeper one = {.at = zero + DAY}, two = {.at = zero + 2 * DAY};
  pthread_t threads[2];

  (void)state;
  threads[0] = start_sleeper(&one);
  threads[1] = start_sleeper(&two);
  thread_join(threads[0]);
  assert_int_equal(FaxClockNow(), zero + DAY);
  thread_join(threads[1]);
  assert_int_equal(FaxClockNow(), zero + 2 * DAY);
}

/* Two threads hand a turn to and fro; a third would like time to pass. */
struct turns {
  pthread_mutex_t lock;
  struct clock_cond changed;
  int turn; /* odd: the other thread's */
  int late; /* how often time had passed before the wake-up */
};
enum { TURNS = 4000 };

static void take_turns(struct turns *t, int mine) {
  pthread_mutex_lock(&t->lock);
  while (t->turn < TURNS) {
    if (t->turn % 2 != mine) {
      clock_cond_wait(&t->changed, &t->lock, zero + DAY);
      continue;
    }
    if (clock_now() != zero) t->late++;
    t->turn++;
    clock_cond_signal(&t->changed);
  }
  pthread_mutex_unlock(&t->lock);
}

static void other_turns(void *arg) {
  take_turns(arg, 1);
}

static void test_signal_before_time(void **state) {
  struct turns t = {.lock = PTHREAD_MUTEX_INITIALIZER};
  struct sleeper waiting = {.at = zero + 1};
  pthread_t other, sleeping;

  (void)state;
  clock_cond_init(&t.changed);
  sleeping = start_sleeper(&waiting);
  assert_int_equal(thread_start(&other, "turns", other_turns, &t), 0);
  take_turns(&t, 0);
  thread_join(other);
  assert_int_equal(t.turn, TURNS);
  assert_int_equal(t.late, 0);
  thread_join(sleeping);
  assert_int_equal(waiting.woke, zero + 1);
  clock_cond_destroy(&t.changed);
}

static void *sleep_outside(void *arg) {
  sleep_once(arg);
  return NULL;
}

/* Threads that are no participants: their deadlines fire all the same. */
static void test_outsiders(void **state) {
  struct sleeper sleepers[4];
  pthread_t threads[4];

  (void)state;
  for (int i = 0; i < 4; i++) {
    sleepers[i] = (struct sleeper){.at = zero + i * DAY};
    assert_int_equal(
        pthread_create(&threads[i], NULL, sleep_outside, &sleepers[i]), 0);
  }
  FaxClockWait(zero + 10 * DAY, NULL);
  FaxClockLeave(); /* no participant is left: time passes for any waiter */
  for (int i = 0; i < 4; i++) {
    pthread_join(threads[i], NULL);
    assert_true(sleepers[i].woke >= sleepers[i].at);
  }
  assert_int_equal(FaxClockNow(), zero + 10 * DAY);
}

/* A provider's own thread, joined for by whoever starts it. */
static void *provider_thread(void *arg) {
  FaxClockEnter();
  sleep_once(arg);
  FaxClockLeave();
  return NULL;
}

static void test_provider_thread(void **state) {
  struct sleeper s = {.at = zero + DAY};
  pthread_t thread;

  (void)state;
  FaxClockJoin();
  assert_int_equal(pthread_create(&thread, NULL, provider_thread, &s), 0);
  FaxClockWait(zero + 2 * DAY, NULL);
  assert_int_equal(s.woke, zero + DAY);
  pthread_join(thread, NULL);
}

struct cancelled {
  struct fax_cancel *cancel;
  fax_deadline until;
  DWORD code;
  fax_deadline woke;
};

static void wait_for_cancel(void *arg) {
  struct cancelled *c = arg;

  FaxClockWait(c->until, c->cancel);
  c->code = FaxGetLastError();
  c->woke = FaxClockNow();
}

static void test_cancel(void **state) {
  struct cancelled c = {FaxCancelCreate(), FAX_FOREVER, 0, 0};
  pthread_t thread;

  (void)state;
  assert_non_null(c.cancel);
  assert_false(FaxCancelled(c.cancel));
  assert_int_equal(thread_start(&thread, "cancel", wait_for_cancel, &c), 0);
  if (clock_is_virtual()) FaxClockWait(zero + DAY, NULL);
  FaxCancelSet(c.cancel);
  thread_join(thread);
  assert_true(FaxCancelled(c.cancel));
  assert_int_equal(c.code, ERROR_CANCELLED);
  if (clock_is_virtual()) assert_int_equal(c.woke, zero + DAY);
  assert_false(FaxClockWait(0, c.cancel));
  FaxCancelFree(c.cancel);
  FaxCancelFree(NULL);
}

static void test_hold(void **state) {
  (void)state;
  clock_hold();
  clock_hold();
  clock_release();
  assert_false(FaxClockVirtual(WALL));
  assert_int_equal(FaxGetLastError(), ERROR_BUSY);
  assert_false(FaxClockReal());
  assert_int_equal(FaxGetLastError(), ERROR_BUSY);
  clock_release();
  assert_true(FaxClockReal());
}

static void test_never_back(void **state) {
  fax_deadline before = FaxClockNow();

  (void)state;
  for (int i = 0; i < 5; i++) {
    assert_true(FaxClockVirtual(0));
    assert_true(FaxClockNow() >= before);
    before = FaxClockNow() + DAY;
    assert_true(FaxClockWait(before, NULL));
    assert_true(FaxClockReal());
    assert_true(FaxClockNow() >= before);
    before = FaxClockNow() + 1000;
    assert_true(FaxClockWait(before, NULL));
    assert_true(FaxClockNow() >= before);
  }
}

/* A wait on the virtual clock goes on, on the real one, and ends there. */
static void test_back_to_real(void **state) {
  struct cancelled c = {FaxCancelCreate(), FAX_FOREVER, 0, 0};
  pthread_t thread;

  (void)state;
  assert_true(FaxClockVirtual(WALL));
  zero = FaxClockNow();
  assert_int_equal(thread_start(&thread, "cancel", wait_for_cancel, &c), 0);
  FaxClockWait(zero + DAY, NULL); /* so that it waits */
  assert_true(FaxClockReal());
  FaxCancelSet(c.cancel);
  thread_join(thread);
  assert_int_equal(c.code, ERROR_CANCELLED);
  FaxCancelFree(c.cancel);
}

static void test_after(void **state) {
  (void)state;
  assert_int_equal(clock_after(5, 1.5), 5 + FAX_SECOND + FAX_SECOND / 2);
  assert_int_equal(clock_after(5, 0), 5);
  assert_int_equal(clock_after(5, -3), 5);
  assert_int_equal(clock_after(5, NAN), 5);
  assert_true(clock_after(5, INFINITY) == FAX_FOREVER);
  assert_true(clock_after(5, 1e10) == FAX_FOREVER);
  assert_true(clock_after(FAX_FOREVER, 1) == FAX_FOREVER);
  assert_true(clock_after(FAX_FOREVER - 5, 1) == FAX_FOREVER);
}

static void test_fork(void **state) {
  pid_t child;
  int status;

  (void)state;
  assert_true(FaxClockVirtual(WALL));
  child = fork();
  if (child == 0)
    _exit(!clock_is_virtual() && FaxClockWait(FaxClockNow() + 1, NULL) ? 0 : 1);
  assert_int_equal(waitpid(child, &status, 0), child);
  assert_int_equal(status, 0);
  assert_true(clock_is_virtual());
  assert_true(FaxClockReal());
}

struct seen {
  sigset_t blocked;
  char name[16];
  size_t live;
};

static void look_around(void *arg) {
  struct seen *s = arg;

  pthread_sigmask(SIG_BLOCK, NULL, &s->blocked);
  pthread_getname_np(pthread_self(), s->name, sizeof s->name);
  s->live = thread_live();
}

static void test_thread(void **state) {
  struct seen s = {.live = 0};
  sigset_t mine;
  pthread_t thread;

  (void)state;
  assert_int_equal(
      thread_start(&thread, "a name that is too long", look_around, &s), 0);
  thread_join(thread);
  assert_int_equal(thread_live(), 0);
  assert_int_equal(s.live, 1);
  assert_string_equal(s.name, "a name that is ");
  assert_true(sigismember(&s.blocked, SIGINT));
  assert_true(sigismember(&s.blocked, SIGUSR1));
  pthread_sigmask(SIG_BLOCK, NULL, &mine);
  assert_false(sigismember(&mine, SIGINT));
}

static void set_cancel(void *arg) {
  FaxCancelSet(arg);
}

static void test_detached(void **state) {
  struct fax_cancel *cancel = FaxCancelCreate();

  (void)state;
  assert_int_equal(thread_start_detached("free", set_cancel, cancel), 0);
  assert_false(FaxClockWait(FAX_FOREVER, cancel));
  while (thread_live() > 0) sched_yield();
  FaxCancelFree(cancel);
}

static DWORD start_and_cancel(void *arg) {
  struct fax_cancel *cancel = FaxCancelCreate();
  pthread_t thread;
  DWORD code;

  (void)arg;
  if (cancel == NULL) return FaxGetLastError();
  code = thread_start(&thread, "swept", set_cancel, cancel);
  if (code == ERROR_SUCCESS) thread_join(thread);
  FaxCancelFree(cancel);
  return code;
}

static void test_sweep(void **state) {
  (void)state;
  sweep(start_and_cancel);
  /* A thread that did not start holds no time up. */
  if (clock_is_virtual()) assert_true(FaxClockWait(zero + DAY, NULL));
}

#define VIRTUAL(test) cmocka_unit_test_setup_teardown(test, go_virtual, go_real)

int main(void) {
  const struct CMUnitTest tests[] = {
      VIRTUAL(test_day),
      VIRTUAL(test_order),
      VIRTUAL(test_equal_deadlines),
      VIRTUAL(test_join),
      VIRTUAL(test_signal_before_time),
      VIRTUAL(test_outsiders),
      VIRTUAL(test_provider_thread),
      VIRTUAL(test_cancel),
      VIRTUAL(test_sweep),
      cmocka_unit_test(test_cancel),
      cmocka_unit_test(test_sweep),
      cmocka_unit_test(test_hold),
      cmocka_unit_test(test_never_back),
      cmocka_unit_test(test_back_to_real),
      cmocka_unit_test(test_after),
      cmocka_unit_test(test_fork),
      cmocka_unit_test(test_thread),
      cmocka_unit_test(test_detached),
  };

  test_start();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
