/* SPDX-License-Identifier: MIT
   What the files of src/store share. */
#ifndef FAX_STORE_OWN_H
#define FAX_STORE_OWN_H

#include <pthread.h>
#include <sqlite3.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/list.h"
#include "model/record.h"
#include "store/store.h"

#define STORE_WHY 256

/* A table by the descriptions of its row: columns are the fields in their
   order, those of `inner` (NULL: none) behind, of a record within the row. */
struct table {
  const char *name;
  const struct fax_record *record;
  const struct fax_record *inner;
  size_t inner_at; /* not the first member of the row */
  size_t key;      /* so many columns from the first */
  const char *age; /* a column with an index: the time since when it ages; NULL
                      in rows that do not. NULL: no row does */
  size_t row;      /* bytes */
};
extern const struct table store_tables[STORE_TABLES];

/* One column after the other: its field, and in `base` where its record begins
   in the row; NULL: there are no more. */
struct columns {
  const struct table *table;
  const struct fax_field *next;
  size_t base, count; /* so many were given */
};
struct columns columns_of(const struct table *t);
const struct fax_field *columns_next(struct columns *c);
/* The n-th column: its field, and where its record begins in the row; NULL:
   there are no more. */
const struct fax_field *table_column(const struct table *t, size_t n,
                                     size_t *base_out);
size_t table_columns(const struct table *t);
/* The number of the column with that name, or TABLE_NO_COLUMN. */
#define TABLE_NO_COLUMN SIZE_MAX
size_t table_find(const struct table *t, const char *name);

/* What goes into a column. */
struct value {
  enum { VALUE_NULL, VALUE_INTEGER, VALUE_TEXT, VALUE_RECORDS } kind;
  int64_t integer; /* of records: how many */
  const char *text;
  void *items; /* a block of records, which is the value's own */
  const struct fax_record *record;
};
/* Records as the text of their column, JSON; gives (bytes_free). */
DWORD value_json(const struct value *v, struct bytes *text_out);
/* Takes; NULL ok. */
void values_free(struct value *values, size_t count);

/* `columns` values of a row, from the first (values_free). */
DWORD row_values(const struct table *t, const void *row, size_t columns,
                 struct value **values_out);
/* One of them, no array; a text is borrowed from the row. */
DWORD row_value(const struct table *t, const void *row, size_t column,
                struct value *value_out);
/* The row that the statement stands on. What it points to lives in the arena.
   ERROR_FILE_CORRUPT: a column holds what no row of ours has. */
DWORD row_read(const struct table *t, sqlite3_stmt *statement, void *row_out,
               struct arena *a);

struct change {
  struct list link;
  enum store_table table;
  enum { CHANGE_PUT, CHANGE_REMOVE, CHANGE_EXPIRE } kind;
  size_t count;
  struct value *values;
};

struct store_changes {
  struct list link; /* in the queue */
  struct list changes;
  uint64_t number;
  struct list files; /* files.c */
  DWORD lost;        /* of a file: the rows are not written */
  bool insist;
  store_done_fn *done;         /* NULL: nobody waits */
  store_together_fn *together; /* NULL: `done` */
  void *arg;
  DWORD error; /* of this list alone */
  char why[STORE_WHY];
};

/* What a transaction is made of, and a list of several changes in it. */
enum word { WORD_BEGIN, WORD_COMMIT, WORD_SAVE, WORD_RELEASE, WORDS };

struct store {
  char *path;
  sqlite3 *db;
  sqlite3_stmt *word[WORDS];
  sqlite3_stmt *put[STORE_TABLES], *remove[STORE_TABLES], *expire[STORE_TABLES];
  sqlite3 *reader; /* of whoever has `reading` */
  pthread_t writer;
  bool writing; /* the thread was started */

  pthread_mutex_t lock; /* what follows */
  struct clock_cond changed;
  struct list queue;           /* struct store_changes */
  size_t queued;               /* in it */
  bool stop, closed, ended;    /* asked to end; takes nothing more; has ended */
  uint64_t committed, settled; /* numbers of lists */
  bool reading, read_no_more;
  struct clock_cond went_on;      /* a reader, or the writer, is done */
  uint64_t transactions, refused; /* store_work */
  int64_t busy;
  DWORD health;
  char why[STORE_WHY];
};

/* ---- error.c ---- */
/* The code for what the database last said, with a sentence. */
DWORD store_failed(sqlite3 *db, const char *path);

/* ---- schema.c ---- */
/* Makes or brings up to date. */
DWORD schema_upgrade(sqlite3 *db, const char *path);
/* Is it ours, and of a version that is known? Changes nothing. */
DWORD schema_check(sqlite3 *db, const char *path, int *version_out);
/* The same up to a version; for the specs. */
DWORD schema_upgrade_to(sqlite3 *db, const char *path, int version);
int schema_version(void);

/* ---- statement.c ---- */
DWORD statements_make(struct store *s);
void statements_drop(struct store *s);
/* Takes `text`; gives the longer one, or NULL: no memory. */
char *sql_add(char *text, const char *between, const char *what);
/* `count` columns as "a, b, c"; NULL: no memory. */
char *sql_columns(const struct table *t, size_t count);
/* Takes the text; NULL: there was no memory for it. */
DWORD statement_prepare(sqlite3 *db, const char *path, char *sql,
                        sqlite3_stmt **statement_out);
/* An SQLITE_ code. The value's text outlives the statement's steps. */
int value_bind(sqlite3_stmt *statement, const struct value *v, int at);
/* Each row that it comes to. */
DWORD statement_rows(sqlite3 *db, const char *path, const struct table *t,
                     sqlite3_stmt *statement, store_row_fn *fn, void *arg);

/* ---- files.c ---- */
/* Those of all lists; a list whose file cannot be safe is marked as lost. */
void files_publish(struct list *batch);
void files_drop(struct store_changes *c);

/* ---- batch.c ---- */
/* Writes the lists in one transaction. A list that cannot be written for what
   is in it has its own error; else all of them are written, or none. */
DWORD batch_write(struct store *s, struct list *batch);

/* ---- compact.c ---- */
/* The same rows in the end, by fewer changes. */
void batch_compact(struct list *batch);

/* ---- find.c ---- */
/* Nobody reads from now on. False: somebody does still, and the disk does not
   answer. */
bool reading_end(struct store *s, fax_deadline until);

/* ---- writer.c ---- */
void writer_run(void *store);

#endif
