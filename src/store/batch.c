/* SPDX-License-Identifier: MIT
   One transaction for all lists that wait. A list that cannot be written for
   what is in it is taken back alone; what the disk refuses it refuses to all.
 */
#include <stdio.h>

#include "base/error.h"
#include "store/own.h"

static DWORD run(struct store *s, enum word word) {
  DWORD error = ERROR_SUCCESS;
  if (sqlite3_step(s->word[word]) != SQLITE_DONE)
    error = store_failed(s->db, s->path);
  sqlite3_reset(s->word[word]);
  return error;
}

static DWORD undo_list(struct store *s) {
  if (sqlite3_exec(s->db, "ROLLBACK TO list", NULL, NULL, NULL) == SQLITE_OK)
    return ERROR_SUCCESS;
  return store_failed(s->db, s->path);
}

static sqlite3_stmt *statement_of(struct store *s, const struct change *c) {
  switch (c->kind) {
    case CHANGE_PUT:
      return s->put[c->table];
    case CHANGE_REMOVE:
      return s->remove[c->table];
    case CHANGE_EXPIRE:
      break;
  }
  return s->expire[c->table];
}

static DWORD apply(struct store *s, const struct change *c) {
  sqlite3_stmt *statement = statement_of(s, c);
  int rc = SQLITE_OK;
  for (size_t n = 0; n < c->count && rc == SQLITE_OK; n++)
    rc = value_bind(statement, &c->values[n], (int)n + 1);
  if (rc == SQLITE_OK) rc = sqlite3_step(statement);
  DWORD error = ERROR_SUCCESS;
  if (rc == SQLITE_NOMEM) /* perhaps not of the database */
    error = ERROR_NOT_ENOUGH_MEMORY;
  else if (rc != SQLITE_DONE)
    error = store_failed(s->db, s->path);
  sqlite3_reset(statement);
  sqlite3_clear_bindings(statement);
  return error;
}

static DWORD apply_all(struct store *s, const struct store_changes *c) {
  list_each(link, &c->changes) {
    DWORD error = apply(s, list_entry(link, struct change, link));
    if (error != ERROR_SUCCESS) return error;
  }
  return ERROR_SUCCESS;
}

/* An error of the list alone is noted in it; `marked`: there is a savepoint. */
static DWORD write_changes(struct store *s, struct store_changes *c,
                           bool marked) {
  DWORD error = apply_all(s, c);
  if (error != ERROR_INVALID_DATA) return error;
  c->error = error;
  snprintf(c->why, sizeof c->why, "%s", error_message());
  return marked ? undo_list(s) : ERROR_SUCCESS;
}

/* One change alone, as most submissions are, is undone by its own statement. */
static DWORD write_list(struct store *s, struct store_changes *c) {
  bool several = c->changes.next != c->changes.previous;
  c->error = c->lost;
  if (c->lost != ERROR_SUCCESS) return ERROR_SUCCESS;
  DWORD error = several ? run(s, WORD_SAVE) : ERROR_SUCCESS;
  if (error == ERROR_SUCCESS) error = write_changes(s, c, several);
  if (error == ERROR_SUCCESS && several) error = run(s, WORD_RELEASE);
  return error;
}

static DWORD write_lists(struct store *s, struct list *batch) {
  list_each(link, batch) {
    DWORD error = write_list(s, list_entry(link, struct store_changes, link));
    if (error != ERROR_SUCCESS) return error;
  }
  return ERROR_SUCCESS;
}

/* The sentence of the failure is worth more than that of the way back, which
   the database may have gone already. */
static void take_back(struct store *s) {
  if (sqlite3_get_autocommit(s->db) == 0)
    sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
}

DWORD batch_write(struct store *s, struct list *batch) {
  DWORD error = run(s, WORD_BEGIN);
  if (error != ERROR_SUCCESS) return error;
  error = write_lists(s, batch);
  if (error == ERROR_SUCCESS) error = run(s, WORD_COMMIT);
  if (error != ERROR_SUCCESS) take_back(s);
  return error;
}
