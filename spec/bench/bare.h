/* SPDX-License-Identifier: MIT
   The peer of durable submissions: files and rows as the service writes them,
   by a loop that does nothing else. Whoever comes while a batch is written
   waits, and one of those writes the next: files renamed, their folder synced
   once, the rows in one transaction. */
#ifndef FAX_BENCH_BARE_H
#define FAX_BENCH_BARE_H

#include <fcntl.h>
#include <pthread.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/stat.h>

#include "bench.h"

enum { BARE_COLUMNS = 128, BARE_WAITERS = 256 };

struct bare_item {
  const char *from, *to; /* NULL: a row only */
  int done;
};

struct bare {
  char folder[192];
  sqlite3 *db;
  sqlite3_stmt *insert;
  sqlite3_value *row[BARE_COLUMNS];
  int columns;
  int64_t next;
  pthread_mutex_t lock;
  pthread_cond_t changed;
  struct bare_item *waiting[BARE_WAITERS];
  int count, writing;
};

static inline void bare_need(int ok, const char *what) {
  if (ok) return;
  perror(what);
  exit(1);
}

static inline void bare_run(struct bare *b, const char *sql) {
  char *why = NULL;
  if (sqlite3_exec(b->db, sql, NULL, NULL, &why) == SQLITE_OK) return;
  fprintf(stderr, "bare: %s\n", why);
  exit(1);
}

/* The columns of one row of the service's, and an INSERT of as many. */
static inline void bare_row(struct bare *b) {
  sqlite3_stmt *one;
  char sql[1024] = "INSERT INTO jobs VALUES (?";
  bare_need(sqlite3_prepare_v2(b->db, "SELECT * FROM from_service.jobs LIMIT 1",
                               -1, &one, NULL) == SQLITE_OK &&
                sqlite3_step(one) == SQLITE_ROW,
            "a row");
  b->columns = sqlite3_column_count(one);
  for (int i = 0; i < b->columns; i++) {
    b->row[i] = sqlite3_value_dup(sqlite3_column_value(one, i));
    if (i > 0) strcat(sql, ", ?");
  }
  sqlite3_finalize(one);
  strcat(sql, ")");
  bare_need(sqlite3_prepare_v2(b->db, sql, -1, &b->insert, NULL) == SQLITE_OK,
            "insert");
}

static inline int bare_copy_table(void *db, int n, char **sql, char **names) {
  (void)n, (void)names;
  return sqlite3_exec(db, *sql, NULL, NULL, NULL);
}

/* With the tables of the store in `directory`, whose service has stopped. */
static inline void bare_open(struct bare *b, const char *directory) {
  char text[320];
  memset(b, 0, sizeof *b);
  pthread_mutex_init(&b->lock, NULL);
  pthread_cond_init(&b->changed, NULL);
  snprintf(b->folder, sizeof b->folder, "%s/bare", directory);
  bare_need(mkdir(b->folder, 0700) == 0, b->folder);
  snprintf(text, sizeof text, "%s/bare.db", b->folder);
  bare_need(sqlite3_open(text, &b->db) == SQLITE_OK, text);
  bare_run(b,
           "PRAGMA locking_mode = EXCLUSIVE; PRAGMA synchronous = EXTRA;"
           "PRAGMA journal_mode = WAL");
  snprintf(text, sizeof text, "ATTACH '%s/fax.db' AS from_service", directory);
  bare_run(b, text);
  bare_need(sqlite3_exec(b->db,
                         "SELECT sql FROM from_service.sqlite_schema WHERE"
                         " tbl_name = 'jobs' AND sql IS NOT NULL",
                         bare_copy_table, b->db, NULL) == SQLITE_OK,
            "tables");
  bare_row(b);
  bare_run(b, "DETACH from_service");
}

static inline void bare_close(struct bare *b) {
  sqlite3_finalize(b->insert);
  for (int i = 0; i < b->columns; i++) sqlite3_value_free(b->row[i]);
  sqlite3_close(b->db);
  folder_remove(b->folder);
}

static inline void bare_sync_folder(const struct bare *b) {
  int fd = open(b->folder, O_RDONLY | O_DIRECTORY);
  bare_need(fd >= 0 && fsync(fd) == 0 && close(fd) == 0, b->folder);
}

static inline void bare_insert(struct bare *b) {
  for (int i = 0; i < b->columns; i++)
    sqlite3_bind_value(b->insert, i + 1, b->row[i]);
  sqlite3_bind_int64(b->insert, 1, ++b->next);
  bare_need(sqlite3_step(b->insert) == SQLITE_DONE, "insert");
  sqlite3_reset(b->insert);
}

static inline void bare_batch(struct bare *b, struct bare_item **items,
                              int count) {
  int files = 0;
  for (int i = 0; i < count; i++) {
    if (items[i]->from == NULL) continue;
    bare_need(rename(items[i]->from, items[i]->to) == 0, items[i]->to);
    files++;
  }
  if (files > 0) bare_sync_folder(b);
  bare_run(b, "BEGIN IMMEDIATE");
  for (int i = 0; i < count; i++) bare_insert(b);
  bare_run(b, "COMMIT");
}

/* With the lock, of which it lets go. */
static inline void bare_lead(struct bare *b) {
  struct bare_item *items[BARE_WAITERS];
  int count = b->count;
  memcpy(items, b->waiting, sizeof items);
  b->count = 0;
  b->writing = 1;
  pthread_mutex_unlock(&b->lock);
  bare_batch(b, items, count);
  pthread_mutex_lock(&b->lock);
  for (int i = 0; i < count; i++) items[i]->done = 1;
  b->writing = 0;
  pthread_cond_broadcast(&b->changed);
}

static inline void bare_commit(struct bare *b, struct bare_item *item) {
  pthread_mutex_lock(&b->lock);
  b->waiting[b->count++] = item;
  while (!item->done) {
    if (!b->writing)
      bare_lead(b);
    else
      pthread_cond_wait(&b->changed, &b->lock);
  }
  pthread_mutex_unlock(&b->lock);
}

static inline void bare_write(const char *from, const char *to) {
  char buffer[65536];
  ssize_t n;
  int in = open(from, O_RDONLY), out = open(to, O_CREAT | O_WRONLY, 0600);
  bare_need(in >= 0 && out >= 0, to);
  while ((n = read(in, buffer, sizeof buffer)) > 0)
    bare_need(write(out, buffer, (size_t)n) == n, to);
  bare_need(n == 0 && fsync(out) == 0, to);
  close(in);
  close(out);
}

/* One submission: of a document of its own, or, NULL, of one that is there. */
static inline void bare_submit(struct bare *b, const char *document,
                               unsigned number) {
  char from[224], to[224];
  struct bare_item item = {.from = NULL};
  if (document != NULL) {
    snprintf(from, sizeof from, "%s/new-%u", b->folder, number);
    snprintf(to, sizeof to, "%s/%u.tif", b->folder, number);
    bare_write(document, from);
    item.from = from;
    item.to = to;
  }
  bare_commit(b, &item);
}

#endif
