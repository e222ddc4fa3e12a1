/* SPDX-License-Identifier: MIT
   base/heap.h. */
#include "test.h"

#include <string.h>

#include "base/heap.h"

static struct heap *make_heap(void) {
  struct heap *h = NULL;

  assert_int_equal(heap_new(&h), ERROR_SUCCESS);
  return h;
}

static void test_blocks(void **state) {
  size_t live = mem_live();
  struct heap *h = make_heap(), *other = make_heap();
  char *block = heap_alloc(h, 100), *empty = heap_alloc(h, 0);

  (void)state;
  for (int i = 0; i < 100; i++) assert_int_equal(block[i], 0);
  memset(block, 1, 100);
  assert_true(heap_owns(h, block, 100));
  assert_true(heap_owns(h, block, 1));
  assert_false(heap_owns(h, block, 101));
  assert_false(heap_owns(h, block + 1, 1));
  assert_false(heap_owns(h, &live, 1));
  assert_false(heap_owns(h, NULL, 0));
  assert_false(heap_owns(other, block, 1));
  assert_true(heap_owns(h, empty, 0));
  assert_false(heap_free(other, block));
  assert_false(heap_free(h, &live));
  assert_false(heap_free(h, NULL));
  assert_true(heap_free(h, block));
  assert_false(heap_free(h, block));
  assert_false(heap_owns(h, block, 1));
  assert_null(heap_alloc(h, SIZE_MAX));
  mem_unref(h); /* and `empty` with it */
  mem_unref(other);
  assert_int_equal(mem_live(), live);
}

static DWORD fill(void *arg) {
  struct heap *h;
  DWORD code = heap_new(&h);

  (void)arg;
  if (code != ERROR_SUCCESS) return code;
  for (int i = 0; i < 100 && code == ERROR_SUCCESS; i++)
    if (heap_alloc(h, 10) == NULL) code = ERROR_NOT_ENOUGH_MEMORY;
  mem_unref(h);
  return code;
}

static void test_sweep(void **state) {
  (void)state;
  sweep(fill);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_blocks),
      cmocka_unit_test(test_sweep),
  };

  test_start();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
