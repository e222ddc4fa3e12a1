/* SPDX-License-Identifier: MIT
   Lists of changes: copies of rows, on their way to the writer. */
#include "base/error.h"
#include "base/mem.h"
#include "store/own.h"

DWORD store_changes_new(struct store_changes **changes_out) {
  struct store_changes *c = mem_alloc(sizeof *c);
  if (c == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  list_init(&c->link);
  list_init(&c->changes);
  *changes_out = c;
  return ERROR_SUCCESS;
}

void store_changes_drop(struct store_changes *c) {
  if (c == NULL) return;
  list_each_safe(link, &c->changes) {
    struct change *one = list_entry(link, struct change, link);
    mem_free(one->values);
    mem_free(one);
  }
  mem_free(c);
}

static DWORD append(struct store_changes *c, enum store_table table,
                    const void *row, size_t columns, bool removal) {
  struct change *one = mem_alloc(sizeof *one);
  if (one == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  DWORD error = row_values(&store_tables[table], row, columns, &one->values);
  if (error != ERROR_SUCCESS) {
    mem_free(one);
    return error;
  }
  one->table = table;
  one->removal = removal;
  one->count = columns;
  list_append(&c->changes, &one->link);
  return ERROR_SUCCESS;
}

DWORD store_put(struct store_changes *c, enum store_table table,
                const void *row) {
  return append(c, table, row, table_columns(&store_tables[table]), false);
}

DWORD store_remove(struct store_changes *c, enum store_table table,
                   const void *row) {
  return append(c, table, row, store_tables[table].key, true);
}

void store_commit(struct store *s, struct store_changes *changes,
                  enum store_patience patience, store_done_fn *done,
                  void *arg) {
  changes->insist = patience == STORE_INSIST;
  changes->done = done;
  changes->arg = arg;
  pthread_mutex_lock(&s->lock);
  bool closed = s->closed;
  if (!closed) {
    list_append(&s->queue, &changes->link);
    clock_cond_broadcast(&s->changed);
  }
  pthread_mutex_unlock(&s->lock);
  if (!closed) return;
  if (done != NULL)
    done(arg, ERROR_SHUTDOWN_IN_PROGRESS, "the fax service is stopping");
  store_changes_drop(changes);
}
