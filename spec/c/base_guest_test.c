/* SPDX-License-Identifier: MIT
   The virtual clock across processes, both sides in this one: a guest holds the
   clock while it is busy, and a clock that is driven moves as far as it may. */
#include <semaphore.h>

#include "base/clock.h"
#include "base/thread.h"
#include "test.h"

#define NOON (INT64_C(1767268800) * FAX_SECOND)

static sem_t told;

static void tell(void *arg) {
  (void)arg;
  sem_post(&told);
}

static int set_up(void **state) {
  (void)state;
  return sem_init(&told, 0, 0);
}

static bool wait_for(double seconds) {
  return FaxClockWait(clock_after(clock_now(), seconds), NULL);
}

/* ---- a guest ---- */

struct visit {
  struct clock_guest *guest;
  fax_deadline woken;
  int times;
};

/* Does what it was woken for, then waits for five seconds more. */
static void *serve_guest(void *arg) {
  struct visit *v = arg;
  for (int i = 0; i < v->times; i++) {
    while (sem_wait(&told) != 0) continue;
    v->woken = clock_now();
    clock_guest_idle(v->guest, v->woken + 5 * FAX_SECOND);
  }
  return NULL;
}

static void test_guest(void **state) {
  struct visit v = {.times = 3};
  pthread_t thread;
  (void)state;
  assert_int_equal(clock_set_virtual(NOON), 0);
  fax_deadline start = clock_now();
  v.guest = clock_guest_new(tell, NULL);
  assert_non_null(v.guest);
  clock_guest_idle(v.guest, start + 5 * FAX_SECOND);
  assert_int_equal(pthread_create(&thread, NULL, serve_guest, &v), 0);
  assert_true(wait_for(3));
  assert_int_equal(clock_now(), start + 3 * FAX_SECOND);
  assert_true(wait_for(13)); /* over its times at 5, 10 and 15 */
  pthread_join(thread, NULL);
  assert_int_equal(v.woken, start + 15 * FAX_SECOND);
  assert_int_equal(clock_now(), start + 16 * FAX_SECOND);
  clock_guest_busy(v.guest); /* before its next time */
  clock_guest_idle(v.guest, FAX_FOREVER);
  assert_true(wait_for(100));
  assert_int_equal(sem_trywait(&told), -1);
  clock_guest_free(v.guest);
  assert_true(wait_for(1)); /* what has gone holds up nothing */
  assert_int_equal(clock_set_real(), 0);
  assert_int_equal(mem_live(), 0);
}

/* On the real clock it is nothing. */
static void test_real(void **state) {
  (void)state;
  struct clock_guest *g = clock_guest_new(tell, NULL);
  clock_guest_idle(g, 0);
  clock_guest_busy(g);
  clock_guest_free(g);
  assert_int_equal(sem_trywait(&told), -1);
}

/* ---- a clock that is driven ---- */

static void wait_two_seconds(void *arg) {
  fax_deadline *then = arg;
  wait_for(2);
  *then = clock_now();
}

static void await_idle(fax_deadline expected) {
  fax_deadline until = 0;
  while (!clock_idle(&until))
    while (sem_wait(&told) != 0) continue;
  assert_int_equal(until, expected);
}

static void test_driven(void **state) {
  pthread_t threads[2];
  fax_deadline then[2] = {0, 0}, start = 1000;
  (void)state;
  clock_drive(start, NOON, tell, NULL);
  assert_int_equal(clock_now(), start);
  assert_int_equal(clock_wall(), NOON);
  for (int i = 0; i < 2; i++)
    assert_int_equal(
        thread_start(&threads[i], "waits", wait_two_seconds, &then[i]), 0);
  await_idle(start + 2 * FAX_SECOND);
  clock_grant(start + FAX_SECOND); /* not far enough */
  assert_int_equal(clock_now(), start + FAX_SECOND);
  await_idle(start + 2 * FAX_SECOND);
  clock_grant(start + 2 * FAX_SECOND);
  for (int i = 0; i < 2; i++) pthread_join(threads[i], NULL);
  assert_int_equal(then[0], start + 2 * FAX_SECOND);
  assert_int_equal(then[1], start + 2 * FAX_SECOND);
  await_idle(FAX_FOREVER);
  assert_int_equal(clock_set_real(), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup(test_guest, set_up),
      cmocka_unit_test_setup(test_real, set_up),
      cmocka_unit_test_setup(test_driven, set_up),
  };
  test_start();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
