/* SPDX-License-Identifier: MIT
   Lists of changes: copies of rows, on their way to the writer. */
#include "base/error.h"
#include "base/mem.h"
#include "model/time.h"
#include "store/own.h"

DWORD store_changes_new(struct store_changes **changes_out) {
  struct store_changes *c = mem_alloc(sizeof *c);
  if (c == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  list_init(&c->link);
  list_init(&c->changes);
  list_init(&c->files);
  *changes_out = c;
  return ERROR_SUCCESS;
}

void store_changes_drop(struct store_changes *c) {
  if (c == NULL) return;
  list_each_safe(link, &c->changes) {
    struct change *one = list_entry(link, struct change, link);
    values_free(one->values, one->count);
    mem_free(one);
  }
  files_drop(c);
  mem_free(c);
}

/* Takes the values. */
static DWORD append(struct store_changes *c, int kind, enum store_table table,
                    size_t count, struct value *values) {
  struct change *one = mem_alloc(sizeof *one);
  if (one == NULL) {
    values_free(values, count);
    return ERROR_NOT_ENOUGH_MEMORY;
  }
  one->table = table;
  one->kind = kind;
  one->count = count;
  one->values = values;
  list_append(&c->changes, &one->link);
  return ERROR_SUCCESS;
}

static DWORD append_row(struct store_changes *c, int kind,
                        enum store_table table, const void *row,
                        size_t columns) {
  struct value *values;
  DWORD error = row_values(&store_tables[table], row, columns, &values);
  return error != ERROR_SUCCESS ? error
                                : append(c, kind, table, columns, values);
}

DWORD store_put(struct store_changes *c, enum store_table table,
                const void *row) {
  return append_row(c, CHANGE_PUT, table, row,
                    table_columns(&store_tables[table]));
}

DWORD store_remove(struct store_changes *c, enum store_table table,
                   const void *row) {
  return append_row(c, CHANGE_REMOVE, table, row, store_tables[table].key);
}

DWORD store_expire(struct store_changes *c, enum store_table table,
                   FILETIME before) {
  struct value *value = mem_alloc(sizeof *value);
  if (value == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  value->kind = VALUE_INTEGER;
  value->integer = time_from_filetime(before);
  return append(c, CHANGE_EXPIRE, table, 1, value);
}

bool store_ages(enum store_table table) {
  return store_tables[table].age != NULL;
}

void store_tell_together(struct store_changes *c, store_together_fn *fn) {
  c->together = fn;
}

uint64_t store_commit(struct store *s, struct store_changes *changes,
                      enum store_patience patience, store_done_fn *done,
                      void *arg) {
  changes->insist = patience == STORE_INSIST;
  changes->done = done;
  changes->arg = arg;
  pthread_mutex_lock(&s->lock);
  bool closed = s->closed;
  uint64_t number = closed ? s->committed : ++s->committed;
  if (!closed) {
    changes->number = number;
    list_append(&s->queue, &changes->link);
    s->queued++;
  }
  pthread_mutex_unlock(&s->lock);
  if (!closed) { /* the writer is not woken only to wait for the lock */
    clock_cond_broadcast(&s->changed);
    return number;
  }
  if (done != NULL)
    done(arg, ERROR_SHUTDOWN_IN_PROGRESS, "the fax service is stopping");
  store_changes_drop(changes);
  return number;
}

uint64_t store_settled(struct store *s) {
  pthread_mutex_lock(&s->lock);
  uint64_t number = s->settled;
  pthread_mutex_unlock(&s->lock);
  return number;
}
