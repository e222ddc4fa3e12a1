/* SPDX-License-Identifier: MIT
   The statements of each table, made of its columns. */
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "store/own.h"

/* So that the writer is soon back for those who wait. */
#define EXPIRE_AT_ONCE 2000

char *sql_add(char *text, const char *between, const char *what) {
  char *longer =
      text == NULL ? NULL : mem_format("%s%s%s", text, between, what);
  mem_free(text);
  return longer;
}

char *sql_columns(const struct table *t, size_t count) {
  size_t base;
  char *text = mem_text("");
  for (size_t n = 0; n < count; n++)
    text = sql_add(text, n == 0 ? "" : ", ", table_column(t, n, &base)->lua);
  return text;
}

static char *marks(size_t count) {
  char *text = mem_text("");
  for (size_t n = 0; n < count; n++)
    text = sql_add(text, n == 0 ? "" : ", ", "?");
  return text;
}

/* "ON CONFLICT" keeps the row: REPLACE would delete it, and a job's attempts
   with it. */
static char *updates(const struct table *t, size_t count) {
  size_t base;
  char *text = mem_text("");
  for (size_t n = t->key; n < count; n++) {
    const char *name = table_column(t, n, &base)->lua;
    text = sql_add(text, n == t->key ? "" : ", ", name);
    text = sql_add(text, " = excluded.", name);
  }
  return text;
}

static char *put_text(const struct table *t) {
  size_t count = table_columns(t);
  char *all = sql_columns(t, count), *key = sql_columns(t, t->key);
  char *values = marks(count), *set = updates(t, count);
  char *sql = NULL;
  if (all != NULL && key != NULL && values != NULL && set != NULL)
    sql = mem_format(
        "INSERT INTO %s (%s) VALUES (%s) ON CONFLICT (%s) DO UPDATE SET %s",
        t->name, all, values, key, set);
  mem_free(all);
  mem_free(key);
  mem_free(values);
  mem_free(set);
  return sql;
}

static char *remove_text(const struct table *t) {
  char *key = sql_columns(t, t->key), *values = marks(t->key), *sql = NULL;
  if (key != NULL && values != NULL)
    sql = mem_format("DELETE FROM %s WHERE (%s) = (%s)", t->name, key, values);
  mem_free(key);
  mem_free(values);
  return sql;
}

static char *expire_text(const struct table *t) {
  char *key = sql_columns(t, t->key), *sql = NULL;
  if (key != NULL)
    sql = mem_format(
        "DELETE FROM %s WHERE (%s) IN (SELECT %s FROM %s WHERE %s < ?"
        " ORDER BY %s LIMIT %d)",
        t->name, key, key, t->name, t->age, t->age, EXPIRE_AT_ONCE);
  mem_free(key);
  return sql;
}

DWORD statement_prepare(sqlite3 *db, const char *path, char *sql,
                        sqlite3_stmt **statement_out) {
  if (sql == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  int rc = sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT,
                              statement_out, NULL);
  mem_free(sql);
  return rc == SQLITE_OK ? ERROR_SUCCESS : store_failed(db, path);
}

/* Takes the text. */
static DWORD prepare(struct store *s, char *sql, sqlite3_stmt **statement_out) {
  return statement_prepare(s->db, s->path, sql, statement_out);
}

static const char *const words[WORDS] = {[WORD_BEGIN] = "BEGIN IMMEDIATE",
                                         [WORD_COMMIT] = "COMMIT",
                                         [WORD_SAVE] = "SAVEPOINT list",
                                         [WORD_RELEASE] = "RELEASE list"};

DWORD statements_make(struct store *s) {
  for (int n = 0; n < WORDS; n++) {
    DWORD error = prepare(s, mem_text(words[n]), &s->word[n]);
    if (error != ERROR_SUCCESS) return error;
  }
  for (int n = 0; n < STORE_TABLES; n++) {
    const struct table *t = &store_tables[n];
    DWORD error = prepare(s, put_text(t), &s->put[n]);
    if (error == ERROR_SUCCESS)
      error = prepare(s, remove_text(t), &s->remove[n]);
    if (error == ERROR_SUCCESS && t->age != NULL)
      error = prepare(s, expire_text(t), &s->expire[n]);
    if (error != ERROR_SUCCESS) return error;
  }
  return ERROR_SUCCESS;
}

void statements_drop(struct store *s) {
  for (int n = 0; n < WORDS; n++) {
    sqlite3_finalize(s->word[n]);
    s->word[n] = NULL;
  }
  for (int n = 0; n < STORE_TABLES; n++) {
    sqlite3_finalize(s->put[n]);
    sqlite3_finalize(s->remove[n]);
    sqlite3_finalize(s->expire[n]);
    s->put[n] = s->remove[n] = s->expire[n] = NULL;
  }
}

static void free_text(void *text) {
  mem_free(text);
}

static int bind_records(sqlite3_stmt *statement, const struct value *v,
                        int at) {
  struct bytes text;
  if (value_json(v, &text) != ERROR_SUCCESS) return SQLITE_NOMEM;
  return sqlite3_bind_text(statement, at, text.at, (int)text.length, free_text);
}

int value_bind(sqlite3_stmt *statement, const struct value *v, int at) {
  switch (v->kind) {
    case VALUE_NULL:
      return sqlite3_bind_null(statement, at);
    case VALUE_INTEGER:
      return sqlite3_bind_int64(statement, at, v->integer);
    case VALUE_TEXT:
      return sqlite3_bind_text(statement, at, v->text, -1, SQLITE_STATIC);
    case VALUE_RECORDS:
      return bind_records(statement, v, at);
  }
  return SQLITE_MISUSE;
}

static DWORD read_rows(sqlite3 *db, const char *path, const struct table *t,
                       sqlite3_stmt *statement, void *row, store_row_fn *fn,
                       void *arg) {
  for (;;) {
    struct arena arena = {0};
    int rc = sqlite3_step(statement);
    if (rc == SQLITE_DONE) return ERROR_SUCCESS;
    if (rc != SQLITE_ROW) return store_failed(db, path);
    DWORD error = row_read(t, statement, row, &arena);
    bool more = error == ERROR_SUCCESS && fn(arg, row);
    arena_free(&arena);
    if (!more) return error;
  }
}

DWORD statement_rows(sqlite3 *db, const char *path, const struct table *t,
                     sqlite3_stmt *statement, store_row_fn *fn, void *arg) {
  void *row = mem_alloc(t->row);
  if (row == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  DWORD error = read_rows(db, path, t, statement, row, fn, arg);
  mem_free(row);
  return error;
}
