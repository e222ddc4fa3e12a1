/* SPDX-License-Identifier: MIT
   Reading some rows of a table, by its indexes, on a connection of its own: who
   reads waits for other readers only, and the writer for none. */
#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "store/own.h"

enum { MOST_BOUND = 24 };

/* What is made of a query: its text, and what goes into the marks. */
struct search {
  const struct table *table;
  char *sql; /* NULL: no memory */
  struct value bound[MOST_BOUND];
  size_t count;
};

static DWORD no_member(const struct table *t, const char *name) {
  return error_say(ERROR_INTERNAL_ERROR, "%s: no query has this: %s", t->name,
                   name);
}

static bool bind_later(struct search *q, struct value v) {
  if (q->count == MOST_BOUND) return false;
  q->bound[q->count++] = v;
  return true;
}

static const char *sign_of(enum store_relation relation) {
  switch (relation) {
    case STORE_IS:
    case STORE_ALSO:
      return " = ?";
    case STORE_FROM:
      return " >= ?";
    case STORE_BEFORE:
      return " < ?";
  }
  return NULL;
}

static DWORD add_condition(struct search *q, const struct store_condition *c) {
  const char *sign = sign_of(c->relation);
  struct value v = {.kind = c->text != NULL ? VALUE_TEXT : VALUE_INTEGER,
                    .integer = c->number,
                    .text = c->text};
  if (sign == NULL || table_find(q->table, c->member) == TABLE_NO_COLUMN ||
      !bind_later(q, v))
    return no_member(q->table, c->member);
  /* With a sign before it the column is no longer that of an index. */
  q->sql = sql_add(q->sql, c->relation == STORE_ALSO ? " AND +" : " AND ",
                   c->member);
  q->sql = sql_add(q->sql, "", sign);
  return ERROR_SUCCESS;
}

/* The n-th column of the order: what was asked for, and then the key. */
static size_t order_column(const struct search *q, const char *order,
                           size_t n) {
  if (order == NULL) return n;
  return n == 0 ? table_find(q->table, order) : n - 1;
}

static size_t order_columns(const struct search *q, const char *order) {
  return q->table->key + (order != NULL);
}

static const char *column_name(const struct search *q, size_t column) {
  size_t base;
  return table_column(q->table, column, &base)->lua;
}

static void add_names(struct search *q, const char *order, const char *before,
                      const char *behind) {
  for (size_t n = 0; n < order_columns(q, order); n++) {
    q->sql = sql_add(q->sql, n == 0 ? "" : ", ", before);
    q->sql = sql_add(q->sql, "", column_name(q, order_column(q, order, n)));
    q->sql = sql_add(q->sql, behind, "");
  }
}

/* Only what comes behind this row. */
static DWORD add_place(struct search *q, const struct store_query *query) {
  size_t count = order_columns(q, query->order);
  q->sql = sql_add(q->sql, " AND (", "");
  add_names(q, query->order, "", "");
  q->sql = sql_add(q->sql, query->descending ? ") < (" : ") > (", "");
  for (size_t n = 0; n < count; n++) {
    struct value v;
    DWORD error = row_value(q->table, query->behind,
                            order_column(q, query->order, n), &v);
    if (error != ERROR_SUCCESS) return error;
    if (!bind_later(q, v)) return no_member(q->table, "a place");
    q->sql = sql_add(q->sql, n == 0 ? "?" : ", ?", "");
  }
  q->sql = sql_add(q->sql, ")", "");
  return ERROR_SUCCESS;
}

static DWORD add_order(struct search *q, const struct store_query *query) {
  if (query->order != NULL) {
    if (table_find(q->table, query->order) == TABLE_NO_COLUMN)
      return no_member(q->table, query->order);
    q->sql = sql_add(q->sql, " AND ", query->order);
    q->sql = sql_add(q->sql, " IS NOT NULL", "");
  }
  DWORD error = ERROR_SUCCESS;
  if (query->behind != NULL) error = add_place(q, query);
  q->sql = sql_add(q->sql, " ORDER BY ", "");
  add_names(q, query->order, query->few ? "+" : "",
            query->descending ? " DESC" : "");
  return error;
}

static DWORD compose(struct search *q, const struct store_query *query) {
  DWORD error = ERROR_SUCCESS;
  char *columns = sql_columns(q->table, table_columns(q->table));
  q->sql = columns == NULL ? NULL
                           : mem_format("SELECT %s FROM %s WHERE 1", columns,
                                        q->table->name);
  mem_free(columns);
  for (size_t n = 0; n < query->condition_count && error == ERROR_SUCCESS; n++)
    error = add_condition(q, &query->conditions[n]);
  if (error == ERROR_SUCCESS) error = add_order(q, query);
  if (error == ERROR_SUCCESS && query->limit != 0) {
    struct value most = {.kind = VALUE_INTEGER,
                         .integer = (int64_t)query->limit};
    q->sql = sql_add(q->sql, " LIMIT ?", "");
    if (!bind_later(q, most)) error = no_member(q->table, "a limit");
  }
  return error;
}

/* One at a time: a connection is one reader. */
static DWORD reading_begin(struct store *s) {
  pthread_mutex_lock(&s->lock);
  while (s->reading && !s->read_no_more)
    clock_cond_wait(&s->went_on, &s->lock, FAX_FOREVER);
  bool closed = s->read_no_more;
  if (!closed) s->reading = true;
  pthread_mutex_unlock(&s->lock);
  if (!closed) return ERROR_SUCCESS;
  return error_say(ERROR_SHUTDOWN_IN_PROGRESS, "the fax service is stopping");
}

static void reading_ended(struct store *s) {
  pthread_mutex_lock(&s->lock);
  s->reading = false;
  clock_cond_broadcast(&s->went_on);
  pthread_mutex_unlock(&s->lock);
}

bool reading_end(struct store *s, fax_deadline until) {
  pthread_mutex_lock(&s->lock);
  s->read_no_more = true;
  clock_cond_broadcast(&s->went_on);
  while (s->reading)
    if (!clock_cond_wait(&s->went_on, &s->lock, until)) break;
  bool ended = !s->reading;
  pthread_mutex_unlock(&s->lock);
  return ended;
}

void store_catch_up(struct store *s) {
  pthread_mutex_lock(&s->lock);
  uint64_t number = s->committed;
  while (s->settled < number && s->health == ERROR_SUCCESS && !s->ended)
    clock_cond_wait(&s->went_on, &s->lock, FAX_FOREVER);
  pthread_mutex_unlock(&s->lock);
}

/* Takes the search's text. */
static DWORD run(struct store *s, const struct search *q, store_row_fn *fn,
                 void *arg) {
  sqlite3_stmt *statement = NULL;
  DWORD error = statement_prepare(s->reader, s->path, q->sql, &statement);
  for (size_t n = 0; n < q->count && error == ERROR_SUCCESS; n++)
    if (value_bind(statement, &q->bound[n], (int)n + 1) != SQLITE_OK)
      error = store_failed(s->reader, s->path);
  if (error == ERROR_SUCCESS)
    error = statement_rows(s->reader, s->path, q->table, statement, fn, arg);
  sqlite3_finalize(statement);
  return error;
}

DWORD store_find(struct store *s, const struct store_query *query,
                 store_row_fn *fn, void *arg) {
  struct search q = {.table = &store_tables[query->table]};
  DWORD error = compose(&q, query);
  if (error == ERROR_SUCCESS) error = reading_begin(s);
  if (error != ERROR_SUCCESS) {
    mem_free(q.sql);
    return error;
  }
  error = run(s, &q, fn, arg);
  reading_ended(s);
  return error;
}

DWORD store_each(struct store *s, enum store_table table, store_row_fn *fn,
                 void *arg) {
  const struct store_query query = {.table = table};
  return store_find(s, &query, fn, arg);
}

static DWORD last_number(struct store *s, const char *name, DWORD *id_out) {
  sqlite3_stmt *statement = NULL;
  DWORD error = statement_prepare(
      s->reader, s->path,
      mem_text("SELECT seq FROM sqlite_sequence WHERE name = ?"), &statement);
  if (error != ERROR_SUCCESS) return error;
  sqlite3_bind_text(statement, 1, name, -1, SQLITE_STATIC);
  int rc = sqlite3_step(statement);
  if (rc == SQLITE_ROW)
    *id_out = (DWORD)sqlite3_column_int64(statement, 0);
  else if (rc == SQLITE_DONE)
    *id_out = 0;
  else
    error = store_failed(s->reader, s->path);
  sqlite3_finalize(statement);
  return error;
}

DWORD store_last(struct store *s, enum store_table table, DWORD *id_out) {
  DWORD error = reading_begin(s);
  if (error != ERROR_SUCCESS) return error;
  error = last_number(s, store_tables[table].name, id_out);
  reading_ended(s);
  return error;
}
