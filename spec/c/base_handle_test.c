/* SPDX-License-Identifier: MIT
   base/handle.h: stale, double, foreign; owners; races; fork. */
#include "test.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/handle.h"

static HANDLE open_one(enum handle_kind kind, HANDLE owner) {
  void *object = mem_new(8, NULL);
  HANDLE handle = NULL;

  assert_non_null(object);
  assert_int_equal(handle_open(kind, object, owner, &handle), 0);
  assert_non_null(handle);
  mem_unref(object);
  return handle;
}

static void close_one(HANDLE handle, enum handle_kind kind) {
  void *object = handle_close(handle, kind);

  assert_non_null(object);
  mem_unref(object);
}

static void test_life(void **state) {
  size_t live = mem_live(), count = handle_count();
  HANDLE h = open_one(HANDLE_PORT, NULL);
  void *object = handle_get(h, HANDLE_PORT);

  (void)state;
  assert_non_null(object);
  mem_unref(object);
  assert_int_equal(handle_kind(h), HANDLE_PORT);
  assert_int_equal(handle_count(), count + 1);
  assert_null(handle_get(h, HANDLE_SERVER));
  assert_null(handle_close(h, HANDLE_SERVER));
  close_one(h, HANDLE_PORT);
  assert_null(handle_get(h, HANDLE_PORT));
  assert_null(handle_close(h, HANDLE_PORT));
  assert_int_equal(handle_kind(h), 0);
  assert_int_equal(handle_count(), count);
  assert_int_equal(mem_live(), live);
}

static void test_stale_and_foreign(void **state) {
  HANDLE h = open_one(HANDLE_HEAP, NULL), again;
  int here;
  HANDLE foreign[] = {NULL,
                      (HANDLE)-1,
                      &here,
                      (HANDLE)1,
                      (HANDLE)((char *)h + 1),
                      (HANDLE)((char *)h - 1)};

  (void)state;
  close_one(h, HANDLE_HEAP);
  again = open_one(HANDLE_HEAP, NULL); /* in the same slot */
  assert_ptr_not_equal(h, again);
  assert_null(handle_get(h, HANDLE_HEAP));
  assert_null(handle_close(h, HANDLE_HEAP));
  for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++) {
    assert_null(handle_get(foreign[i], HANDLE_HEAP));
    assert_null(handle_close(foreign[i], HANDLE_HEAP));
    assert_int_equal(handle_kind(foreign[i]), 0);
  }
  close_one(again, HANDLE_HEAP);
}

static int closed_ports;

static void note_closed(int kind, void *object) {
  assert_int_equal(kind, HANDLE_PORT);
  assert_non_null(object);
  closed_ports++;
  handle_count(); /* would hang if the lock were held */
}

static void test_owner(void **state) {
  HANDLE owner = open_one(HANDLE_SERVER, NULL);
  HANDLE other = open_one(HANDLE_SERVER, NULL);
  HANDLE kept = open_one(HANDLE_PORT, other), late;
  void *object = mem_new(1, NULL);

  (void)state;
  for (int i = 0; i < 200; i++) open_one(HANDLE_PORT, owner);
  close_one(owner, HANDLE_SERVER);
  assert_int_equal(handle_open(HANDLE_PORT, object, owner, &late),
                   ERROR_INVALID_HANDLE);
  closed_ports = 0;
  handle_close_owned(owner, note_closed);
  assert_int_equal(closed_ports, 200);
  assert_int_equal(handle_kind(kept), HANDLE_PORT);
  close_one(kept, HANDLE_PORT);
  close_one(other, HANDLE_SERVER);
  mem_unref(object);
  assert_int_equal(handle_count(), 0);
}

struct race {
  HANDLE handles[1000];
  atomic_int next[2]; /* how far each thread is */
  int won[2];
};

struct racer {
  struct race *race;
  int me;
};

/* Step by step with the other, so that they meet at each handle. */
static void *racer(void *arg) {
  struct racer *r = arg;

  for (int i = 0; i < 1000; i++) {
    void *object;
    atomic_store(&r->race->next[r->me], i);
    while (atomic_load(&r->race->next[!r->me]) < i) sched_yield();
    mem_unref(handle_get(r->race->handles[i], HANDLE_PORT));
    object = handle_close(r->race->handles[i], HANDLE_PORT);
    if (object != NULL) r->race->won[r->me]++;
    mem_unref(object);
  }
  return NULL;
}

static void test_race(void **state) {
  static struct race race;
  struct racer racers[2] = {{&race, 0}, {&race, 1}};
  size_t live = mem_live();
  pthread_t threads[2];

  (void)state;
  for (int i = 0; i < 1000; i++) race.handles[i] = open_one(HANDLE_PORT, NULL);
  for (int i = 0; i < 2; i++)
    assert_int_equal(pthread_create(&threads[i], NULL, racer, &racers[i]), 0);
  for (int i = 0; i < 2; i++) pthread_join(threads[i], NULL);
  assert_int_equal(race.won[0] + race.won[1], 1000);
  assert_int_equal(handle_count(), 0);
  assert_int_equal(mem_live(), live);
}

static bool dead_in_child(HANDLE h) {
  void *object = mem_new(8, NULL);
  HANDLE own;

  if (handle_get(h, HANDLE_PORT) != NULL) return false;
  if (handle_close(h, HANDLE_PORT) != NULL) return false;
  if (handle_count() != 0) return false;
  if (handle_open(HANDLE_PORT, object, h, &own) != ERROR_INVALID_HANDLE)
    return false;
  if (handle_open(HANDLE_PORT, object, NULL, &own) != 0 || own == h)
    return false;
  return handle_get(own, HANDLE_PORT) == object;
}

static void test_fork(void **state) {
  HANDLE h = open_one(HANDLE_PORT, NULL);
  pid_t child = fork();
  int status;

  (void)state;
  if (child == 0) _exit(dead_in_child(h) ? 0 : 1);
  assert_true(child > 0);
  assert_int_equal(waitpid(child, &status, 0), child);
  assert_int_equal(status, 0);
  close_one(h, HANDLE_PORT);
}

/* More at once than any test before, so that the table has to grow. */
static DWORD open_many(void *arg) {
  static HANDLE handles[3000];
  void *object = mem_new(8, NULL);
  DWORD code = object == NULL ? ERROR_NOT_ENOUGH_MEMORY : ERROR_SUCCESS;
  int n = 0;

  (void)arg;
  while (code == ERROR_SUCCESS && n < 3000)
    if ((code = handle_open(HANDLE_HEAP, object, NULL, &handles[n])) == 0) n++;
  while (n-- > 0) mem_unref(handle_close(handles[n], HANDLE_HEAP));
  mem_unref(object);
  return code;
}

static void test_sweep(void **state) {
  (void)state;
  sweep(open_many);
  assert_int_equal(handle_count(), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_sweep),
      cmocka_unit_test(test_life),
      cmocka_unit_test(test_stale_and_foreign),
      cmocka_unit_test(test_owner),
      cmocka_unit_test(test_race),
      cmocka_unit_test(test_fork),
  };

  test_start();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
