/* SPDX-License-Identifier: MIT
   A store from its opening to its close. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/error.h"
#include "base/mem.h"
#include "base/thread.h"
#include "store/own.h"

#define FILE_NAME "fax.db"

/* EXTRA: a commit is on the disk when it returns, and a removal too. */
static const char settings[] =
    "PRAGMA synchronous = EXTRA;"
    "PRAGMA foreign_keys = ON;"
    "PRAGMA trusted_schema = OFF;"
    "PRAGMA cell_size_check = ON;";
static const char settings_of_reader[] =
    "PRAGMA query_only = ON;"
    "PRAGMA trusted_schema = OFF;"
    "PRAGMA cell_size_check = ON;";

/* Without the log who reads would hold up the writer. */
static DWORD set_log(struct store *s) {
  sqlite3_stmt *statement = NULL;
  DWORD error = ERROR_SUCCESS;
  if (sqlite3_prepare_v2(s->db, "PRAGMA journal_mode = WAL", -1, &statement,
                         NULL) != SQLITE_OK ||
      sqlite3_step(statement) != SQLITE_ROW)
    error = store_failed(s->db, s->path);
  else if (strcmp((const char *)sqlite3_column_text(statement, 0), "wal") != 0)
    error = error_say(ERROR_NOT_SUPPORTED,
                      "%s: the file layer has no write-ahead log", s->path);
  sqlite3_finalize(statement);
  return error;
}

/* One process has the directory: "unix-excl" keeps others out, and the index of
   the log, which the writer and those who read share, in this process's memory.
   Specs put a layer of their own below, as the default one. */
static const char *layer(void) {
  const sqlite3_vfs *v = sqlite3_vfs_find(NULL);
  return v != NULL && strcmp(v->zName, "unix") == 0 ? "unix-excl" : NULL;
}

/* The last connection to be closed empties the log: the writer's. */
static void close_file(struct store *s) {
  sqlite3_close(s->reader);
  s->reader = NULL;
  statements_drop(s);
  sqlite3_close(s->db);
  s->db = NULL;
}

static void store_destroy(void *object) {
  struct store *s = object;
  close_file(s);
  mem_free(s->path);
  clock_cond_destroy(&s->changed);
  clock_cond_destroy(&s->went_on);
  pthread_mutex_destroy(&s->lock);
}

static DWORD store_new(const char *directory, struct store **store_out) {
  struct store *s = mem_new(sizeof *s, store_destroy);
  if (s == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  pthread_mutex_init(&s->lock, NULL);
  clock_cond_init(&s->changed);
  clock_cond_init(&s->went_on);
  list_init(&s->queue);
  s->path = mem_format("%s/" FILE_NAME, directory);
  if (s->path == NULL) {
    mem_unref(s);
    return ERROR_NOT_ENOUGH_MEMORY;
  }
  *store_out = s;
  return ERROR_SUCCESS;
}

/* Of a report of several lines the first that names a place. */
static DWORD damaged(const struct store *s, const char *report) {
  const char *line = strchr(report, '\n');
  line = line != NULL ? line + 1 : report;
  return error_say(ERROR_FILE_CORRUPT, "%s: is damaged: %.*s", s->path,
                   (int)strcspn(line, "\n"), line);
}

/* A first look at all of it, before anything is built on it. */
static DWORD check(struct store *s) {
  sqlite3_stmt *statement = NULL;
  DWORD error = ERROR_SUCCESS;
  const char *report = NULL;
  if (sqlite3_prepare_v2(s->db, "PRAGMA quick_check(1)", -1, &statement,
                         NULL) == SQLITE_OK &&
      sqlite3_step(statement) == SQLITE_ROW)
    report = (const char *)sqlite3_column_text(statement, 0);
  if (report == NULL)
    error = store_failed(s->db, s->path);
  else if (strcmp(report, "ok") != 0)
    error = damaged(s, report);
  sqlite3_finalize(statement);
  return error;
}

static DWORD open_file(const struct store *s, sqlite3 **db_out, int flags,
                       const char *sql) {
  if (sqlite3_open_v2(s->path, db_out,
                      SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOFOLLOW | flags,
                      layer()) == SQLITE_OK &&
      sqlite3_exec(*db_out, sql, NULL, NULL, NULL) == SQLITE_OK)
    return ERROR_SUCCESS;
  return *db_out == NULL ? ERROR_NOT_ENOUGH_MEMORY
                         : store_failed(*db_out, s->path);
}

/* Names and numbers are nobody else's business. What SQLite makes beside the
   file has the same mode. */
static DWORD make_private(const struct store *s) {
  if (chmod(s->path, S_IRUSR | S_IWUSR) == 0) return ERROR_SUCCESS;
  return error_errno(errno, "%s", s->path);
}

/* What a process that was killed left in the log may be read and not be on the
   disk yet: nothing is built on it before it is. */
static DWORD secure_log(const struct store *s) {
  return sqlite3_wal_checkpoint_v2(s->db, NULL, SQLITE_CHECKPOINT_TRUNCATE,
                                   NULL, NULL) == SQLITE_OK
             ? ERROR_SUCCESS
             : store_failed(s->db, s->path);
}

static DWORD set_up(struct store *s) {
  DWORD error = open_file(s, &s->db, SQLITE_OPEN_CREATE, settings);
  int version;
  if (error == ERROR_SUCCESS) error = make_private(s);
  if (error == ERROR_SUCCESS)
    error = schema_check(s->db, s->path, &version); /* before any change */
  if (error == ERROR_SUCCESS) error = check(s);
  if (error == ERROR_SUCCESS) error = set_log(s);
  if (error == ERROR_SUCCESS) error = secure_log(s);
  if (error == ERROR_SUCCESS) error = schema_upgrade(s->db, s->path);
  if (error == ERROR_SUCCESS) error = statements_make(s);
  if (error == ERROR_SUCCESS)
    error = open_file(s, &s->reader, 0, settings_of_reader);
  return error;
}

DWORD store_open(const char *directory, struct store **store_out) {
  struct store *s;
  DWORD error = store_new(directory, &s);
  if (error != ERROR_SUCCESS) return error;
  error = set_up(s);
  if (error == ERROR_SUCCESS) {
    error = thread_start(&s->writer, "fax-writer", writer_run, mem_ref(s));
    if (error != ERROR_SUCCESS) mem_unref(s);
  }
  if (error != ERROR_SUCCESS) {
    mem_unref(s);
    return error;
  }
  *store_out = s;
  return ERROR_SUCCESS;
}

static bool wait_for_end(struct store *s, fax_deadline until) {
  pthread_mutex_lock(&s->lock);
  s->stop = true;
  clock_cond_broadcast(&s->changed);
  while (!s->ended)
    if (!clock_cond_wait(&s->changed, &s->lock, until)) break;
  bool ended = s->ended;
  pthread_mutex_unlock(&s->lock);
  return ended;
}

bool store_close(struct store *s, fax_deadline until) {
  if (s == NULL) return true;
  if (!wait_for_end(s, until)) {
    thread_let_go(s->writer);
    return false;
  }
  thread_join(s->writer);
  if (!reading_end(s, until)) return false; /* who reads has the store */
  close_file(s);
  return true;
}

DWORD store_health(struct store *s, char *why, size_t size) {
  pthread_mutex_lock(&s->lock);
  DWORD error = s->health;
  snprintf(why, size, "%s", s->why);
  pthread_mutex_unlock(&s->lock);
  return error;
}

void store_work(struct store *s, struct store_work *work_out) {
  pthread_mutex_lock(&s->lock);
  *work_out = (struct store_work){.commits = s->committed,
                                  .settled = s->settled,
                                  .transactions = s->transactions,
                                  .refused = s->refused,
                                  .busy = s->busy,
                                  .healthy = s->health == ERROR_SUCCESS};
  pthread_mutex_unlock(&s->lock);
}
