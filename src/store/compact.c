/* SPDX-License-Identifier: MIT
   What waits for a disk that refuses: of several values of one row only the
   last is written, so that a full disk costs memory for the rows that change,
   not for each change. */
#include <search.h>
#include <string.h>

#include "base/mem.h"
#include "store/own.h"

static int compare_value(const struct value *a, const struct value *b) {
  if (a->kind != b->kind) return a->kind < b->kind ? -1 : 1;
  if (a->kind == VALUE_TEXT) return strcmp(a->text, b->text);
  if (a->kind == VALUE_NULL) return 0;
  return a->integer < b->integer ? -1 : a->integer > b->integer;
}

static int by_row(const void *left, const void *right) {
  const struct change *a = left, *b = right;
  if (a->table != b->table) return a->table < b->table ? -1 : 1;
  for (size_t n = 0; n < store_tables[a->table].key; n++) {
    int order = compare_value(&a->values[n], &b->values[n]);
    if (order != 0) return order;
  }
  return 0;
}

static void drop(struct change *c) {
  list_remove(&c->link);
  values_free(c->values, c->count);
  mem_free(c);
}

/* The earlier change gets the later value: a row may come sooner, but not
   behind one that needs it. */
static void merge(struct change *earlier, struct change *later) {
  struct value *values = earlier->values;
  earlier->values = later->values;
  later->values = values;
  drop(later);
}

static void keep_change(void *change) {
  (void)change; /* its list has it */
}

static void forget(void **rows) {
  tdestroy(*rows, keep_change);
  *rows = NULL;
}

/* False: no memory; what was done so far stands. */
static bool compact_change(void **rows, struct change *c) {
  if (c->kind != CHANGE_PUT) {
    forget(rows); /* what comes later, of rows that went with it too, is new */
    return true;
  }
  struct change **first = tsearch(c, rows, by_row);
  if (first == NULL) return false;
  if (*first != c) merge(*first, c);
  return true;
}

static bool compact_list(void **rows, struct store_changes *list) {
  list_each_safe(link, &list->changes) {
    if (!compact_change(rows, list_entry(link, struct change, link)))
      return false;
  }
  if (!list_empty(&list->changes) || list->done != NULL) return true;
  list_remove(&list->link);
  store_changes_drop(list);
  return true;
}

void batch_compact(struct list *batch) {
  void *rows = NULL;
  list_each_safe(link, batch) {
    if (!compact_list(&rows, list_entry(link, struct store_changes, link)))
      break;
  }
  forget(&rows);
}
