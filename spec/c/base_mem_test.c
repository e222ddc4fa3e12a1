/* SPDX-License-Identifier: MIT
   base/mem.h and base/set.h: counts, tags, foreign pointers, debug mode. */
#include "test.h"

#include <pthread.h>
#include <string.h>

#include "base/set.h"

static int destroyed;

static void destroy(void *object) {
  assert_int_equal(*(int *)object, 42);
  destroyed++;
}

static void test_count(void **state) {
  size_t live = mem_live();
  int *object = mem_new(sizeof *object, destroy);

  (void)state;
  assert_int_equal(*object, 0);
  assert_int_equal((uintptr_t)object % 16, 0);
  assert_int_equal(mem_live(), live + 1);
  *object = 42;
  destroyed = 0;
  assert_ptr_equal(mem_ref(object), object);
  assert_null(mem_unref(object));
  assert_int_equal(destroyed, 0);
  assert_null(mem_unref(object));
  assert_int_equal(destroyed, 1);
  assert_int_equal(mem_live(), live);
  assert_null(mem_ref(NULL));
  assert_null(mem_unref(NULL));
}

static void *share(void *object) {
  for (int i = 0; i < 10000; i++) {
    mem_ref(object);
    mem_unref(object);
  }
  mem_unref(object);
  return NULL;
}

static void test_count_in_threads(void **state) {
  int *object = mem_new(sizeof *object, destroy);
  pthread_t threads[4];

  (void)state;
  *object = 42;
  destroyed = 0;
  for (int i = 0; i < 4; i++) {
    mem_ref(object);
    assert_int_equal(pthread_create(&threads[i], NULL, share, object), 0);
  }
  mem_unref(object);
  for (int i = 0; i < 4; i++) pthread_join(threads[i], NULL);
  assert_int_equal(destroyed, 1);
}

static void test_blocks(void **state) {
  size_t live = mem_live();
  char *text = mem_text("fax"), *line = mem_format("%s-%d", text, 7);
  unsigned char *block = mem_alloc(0);

  (void)state;
  assert_string_equal(text, "fax");
  assert_string_equal(line, "fax-7");
  assert_non_null(block);
  block = mem_resize(block, 100);
  memset(block, 1, 100);
  block = mem_resize(block, 10000);
  assert_int_equal(block[99], 1);
  block = mem_resize(block, 3);
  assert_int_equal(block[2], 1);
  assert_null(mem_resize(block, SIZE_MAX));
  assert_null(mem_alloc(SIZE_MAX));
  assert_null(mem_new(SIZE_MAX - 8, NULL));
  assert_null(mem_text(NULL));
  mem_free(text);
  mem_free(line);
  mem_free(block);
  mem_free(NULL);
  block = mem_resize(NULL, 5);
  assert_non_null(block);
  mem_free(block);
  assert_int_equal(mem_live(), live);
}

static void test_foreign_pointers(void **state) {
  char *block = mem_alloc_tagged(100, MEM_LOCAL);
  char *buffer = mem_alloc_tagged(100, MEM_BUFFER);
  char *plain = mem_alloc_tagged(100, MEM_PLAIN);
  size_t live = mem_live();
  int here = 0;

  (void)state;
  assert_false(mem_free_tagged(NULL, MEM_LOCAL));
  assert_false(mem_free_tagged(&here, MEM_LOCAL));
  assert_false(mem_free_tagged((void *)1, MEM_LOCAL));
  assert_false(mem_free_tagged((void *)-1, MEM_BUFFER));
  assert_false(mem_free_tagged(block + 1, MEM_LOCAL));
  assert_false(mem_free_tagged(block + 16, MEM_LOCAL));
  assert_false(mem_free_tagged(block, MEM_BUFFER));
  assert_false(mem_free_tagged(buffer, MEM_LOCAL));
  assert_false(mem_free_tagged(plain, MEM_LOCAL));
  assert_false(mem_free_tagged(plain, MEM_PLAIN));
  assert_int_equal(mem_live(), live);
  assert_int_equal(mem_tagged_size(block, MEM_LOCAL), 100);
  assert_int_equal(mem_tagged_size(block, MEM_BUFFER), 0);
  assert_int_equal(mem_tagged_size(&here, MEM_LOCAL), 0);
  assert_int_equal(mem_tagged_size(NULL, MEM_LOCAL), 0);
  assert_true(mem_free_tagged(block, MEM_LOCAL));
  assert_int_equal(mem_tagged_size(block, MEM_LOCAL), 0);
  assert_false(mem_free_tagged(block, MEM_LOCAL));
  assert_true(mem_free_tagged(buffer, MEM_BUFFER));
  mem_free(plain);
  assert_int_equal(mem_live(), live - 3);
}

/* Each thread frees what it made; one more frees a shared block once. */
static void *churn(void *shared) {
  void *blocks[100];
  uintptr_t won;

  for (int round = 0; round < 20; round++) {
    for (int i = 0; i < 100; i++) blocks[i] = mem_alloc_tagged(40, MEM_LOCAL);
    for (int i = 0; i < 100; i++)
      if (!mem_free_tagged(blocks[i], MEM_LOCAL)) return (void *)100;
  }
  won = (uintptr_t)mem_free_tagged(shared, MEM_LOCAL);
  return (void *)won;
}

static void test_tags_in_threads(void **state) {
  size_t live = mem_live();
  void *shared = mem_alloc_tagged(8, MEM_LOCAL);
  uintptr_t won = 0;
  pthread_t threads[4];

  (void)state;
  for (int i = 0; i < 4; i++)
    assert_int_equal(pthread_create(&threads[i], NULL, churn, shared), 0);
  for (int i = 0; i < 4; i++) {
    void *result;
    pthread_join(threads[i], &result);
    won += (uintptr_t)result;
  }
  assert_int_equal(won, 1);
  assert_int_equal(mem_live(), live);
}

/* Under the address sanitizer freed memory is not kept: it reports itself. */
static void test_poison(void **state) {
#if defined(__SANITIZE_ADDRESS__)
  (void)state;
  skip();
#else
  size_t faults = mem_faults();
  unsigned char *volatile block = mem_alloc(32);
  unsigned char *volatile other = mem_alloc(8);

  (void)state;
  mem_free(block);
  for (int i = 0; i < 32; i++) assert_int_equal(block[i], 0xb5);
  assert_int_equal(mem_faults(), faults);
  block[31] = 0;
  assert_int_equal(mem_faults(), faults + 1);
  mem_free(other);
  mem_free(other);
  assert_int_equal(mem_faults(), faults + 2);
  for (int i = 0; i < 1000; i++) mem_free(mem_alloc(1));
  assert_int_equal(mem_faults(), faults + 2);
#endif
}

static void test_fail_nth(void **state) {
  void *a, *b;

  (void)state;
  mem_fail_after(1);
  assert_false(mem_failed());
  a = mem_alloc(1);
  b = mem_new(1, NULL);
  assert_non_null(a);
  assert_null(b);
  assert_true(mem_failed());
  assert_null(mem_text("x"));
  assert_null(mem_format("x"));
  assert_null(mem_resize(a, 100));
  assert_null(mem_alloc_tagged(1, MEM_LOCAL));
  mem_fail_after(-1);
  b = mem_alloc(1);
  assert_non_null(b);
  mem_free(a);
  mem_free(b);
}

static void test_fail_once(void **state) {
  (void)state;
  mem_fail_once_after(1);
  void *a = mem_alloc(1), *b = mem_alloc(1), *c = mem_alloc(1);
  assert_non_null(a);
  assert_null(b);
  assert_true(mem_failed());
  assert_non_null(c);
  mem_free(a);
  mem_free(c);
}

static void count_line(void *arg, const char *text) {
  if (strstr(text, "of 4242 bytes") != NULL) ++*(int *)arg;
}

static void test_report(void **state) {
  void *block = mem_alloc(4242);
  int found = 0;

  (void)state;
  mem_report_live(count_line, &found);
  assert_int_equal(found, 1);
  mem_free(block);
  found = 0;
  mem_report_live(count_line, &found);
  assert_int_equal(found, 0);
}

/* Against a plain array: what is in the set, in each step of a random walk. */
static void test_set(void **state) {
  enum { KEYS = 500, STEPS = 20000 };
  static char keys[KEYS];
  bool in[KEYS] = {false};
  struct set s = {NULL, 0, 0};
  uint32_t random = 1;
  size_t count = 0, value;

  (void)state;
  for (int i = 0; i < STEPS; i++) {
    random = random * 1664525u + 1013904223u;
    size_t k = (random >> 8) % KEYS;
    if (in[k]) {
      assert_true(set_find(&s, &keys[k], &value));
      assert_int_equal(value, k);
    }
    assert_int_equal(set_remove(&s, &keys[k]), in[k]);
    count -= in[k];
    if (!in[k]) {
      assert_true(set_add(&s, &keys[k], k));
      count++;
    }
    in[k] = !in[k];
    assert_int_equal(s.count, count);
  }
  for (size_t k = 0; k < KEYS; k++)
    assert_int_equal(set_find(&s, &keys[k], &value), in[k]);
  assert_false(set_find(&s, NULL, &value));
  set_clear(&s);
  assert_false(set_remove(&s, &keys[0]));
}

static DWORD fill_set(void *arg) {
  struct set s = {NULL, 0, 0};
  DWORD code = ERROR_SUCCESS;

  for (char *key = arg; key < (char *)arg + 200; key++)
    if (!set_add(&s, key, 0)) code = ERROR_NOT_ENOUGH_MEMORY;
  set_clear(&s);
  return code;
}

static DWORD make_blocks(void *arg) {
  void *object = mem_new(10, NULL);
  void *block = mem_alloc_tagged(10, MEM_LOCAL);
  char *text = mem_text("text");
  bool all = object != NULL && block != NULL && text != NULL;

  (void)arg;
  mem_unref(object);
  mem_free_tagged(block, MEM_LOCAL);
  mem_free(text);
  return all ? ERROR_SUCCESS : ERROR_NOT_ENOUGH_MEMORY;
}

static void test_sweep(void **state) {
  char keys[200];

  (void)state;
  sweep_with(fill_set, keys);
  sweep(make_blocks);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_sweep), /* before the tables have grown */
      cmocka_unit_test(test_count),
      cmocka_unit_test(test_count_in_threads),
      cmocka_unit_test(test_blocks),
      cmocka_unit_test(test_foreign_pointers),
      cmocka_unit_test(test_tags_in_threads),
      cmocka_unit_test(test_poison),
      cmocka_unit_test(test_fail_nth),
      cmocka_unit_test(test_fail_once),
      cmocka_unit_test(test_report),
      cmocka_unit_test(test_set),
  };

  test_start();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
