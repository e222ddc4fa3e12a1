/* SPDX-License-Identifier: MIT
   The schema, version by version. A version that was ever released is never
   changed: what comes later is a step of its own, forward only. */
#include <stdio.h>

#include "base/error.h"
#include "store/own.h"

/* Tells a file of ours from another program's: "FAXQ". */
#define APPLICATION 0x46415851

/* The n-th step leads to version n + 1. Columns are those of table.c, in any
   order; a column that a row always has is NOT NULL. */
static const char *const steps[] = {
    "CREATE TABLE jobs ("
    " id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " type INTEGER NOT NULL,"
    " state INTEGER NOT NULL,"
    " outcome INTEGER NOT NULL,"
    " paused INTEGER NOT NULL,"
    " user TEXT,"
    " submitted INTEGER,"
    " finished INTEGER,"
    " schedule INTEGER,"
    " not_before INTEGER,"
    " device_id INTEGER NOT NULL,"
    " pages INTEGER,"
    " confirmed INTEGER NOT NULL,"
    " failures INTEGER NOT NULL,"
    " retries INTEGER,"
    " retry_delay INTEGER,"
    " ecm INTEGER NOT NULL,"
    " max_rate INTEGER NOT NULL,"
    " transport INTEGER NOT NULL,"
    " bad_rows INTEGER,"
    " quality INTEGER,"
    " methods_done INTEGER NOT NULL,"
    " complete INTEGER NOT NULL,"
    " bytes INTEGER NOT NULL,"
    " document TEXT,"
    " path TEXT,"
    " remote_id TEXT,"
    " caller_id TEXT,"
    " params TEXT"
    ") STRICT;"
    "CREATE INDEX jobs_finished ON jobs (finished)"
    " WHERE finished IS NOT NULL;"
    "CREATE TABLE attempts ("
    " job_id INTEGER NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,"
    " number INTEGER NOT NULL,"
    " device_id INTEGER NOT NULL,"
    " status INTEGER NOT NULL,"
    " started INTEGER,"
    " ended INTEGER,"
    " pages_confirmed INTEGER,"
    " rate INTEGER,"
    " ecm INTEGER,"
    " encoding INTEGER,"
    " bad_rows INTEGER,"
    " longest_bad_run INTEGER,"
    " remote_id TEXT,"
    " cause TEXT,"
    " evidence TEXT,"
    " advice TEXT,"
    " timeline TEXT,"
    " quality INTEGER,"
    " transport INTEGER,"
    " PRIMARY KEY (job_id, number)"
    ") STRICT, WITHOUT ROWID;"
    "CREATE TABLE devices ("
    " provider TEXT NOT NULL,"
    " name TEXT NOT NULL,"
    " device_id INTEGER NOT NULL UNIQUE,"
    " flags INTEGER NOT NULL,"
    " rings INTEGER NOT NULL,"
    " priority INTEGER NOT NULL,"
    " tsid TEXT,"
    " csid TEXT,"
    " PRIMARY KEY (provider, name)"
    ") STRICT, WITHOUT ROWID;"
    "CREATE TABLE routings ("
    " device_id INTEGER NOT NULL,"
    " guid TEXT NOT NULL,"
    " enabled INTEGER NOT NULL,"
    " priority INTEGER NOT NULL,"
    " data TEXT,"
    " PRIMARY KEY (device_id, guid)"
    ") STRICT, WITHOUT ROWID;"
    "CREATE TABLE settings ("
    " name TEXT PRIMARY KEY,"
    " value TEXT"
    ") STRICT, WITHOUT ROWID;",
    /* version 2 */
    "ALTER TABLE jobs ADD COLUMN refusals INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE attempts ADD COLUMN class INTEGER;"
    "ALTER TABLE attempts ADD COLUMN decision INTEGER;"
    "ALTER TABLE attempts ADD COLUMN delay INTEGER;"
    "ALTER TABLE attempts ADD COLUMN reason TEXT;"
    "CREATE TABLE numbers ("
    " number TEXT PRIMARY KEY,"
    " calls INTEGER NOT NULL,"
    " failures INTEGER NOT NULL,"
    " last_call INTEGER,"
    " last_success INTEGER,"
    " rate INTEGER,"
    " ecm INTEGER,"
    " transport INTEGER,"
    " answer INTEGER,"
    " max_rate INTEGER NOT NULL,"
    " without_ecm INTEGER NOT NULL,"
    " slowed INTEGER,"
    " t38_refused INTEGER,"
    " pinned INTEGER NOT NULL"
    ") STRICT, WITHOUT ROWID;"
    "CREATE TABLE keys ("
    " user TEXT NOT NULL,"
    " key TEXT NOT NULL,"
    " job_id INTEGER NOT NULL,"
    " number TEXT NOT NULL,"
    " source TEXT NOT NULL,"
    " ended INTEGER,"
    " PRIMARY KEY (user, key)"
    ") STRICT, WITHOUT ROWID;"
    "CREATE INDEX keys_ended ON keys (ended) WHERE ended IS NOT NULL;"
    "ALTER TABLE jobs ADD COLUMN gone INTEGER;"
    "UPDATE jobs SET gone = finished WHERE state = 5;"
    "DROP INDEX jobs_finished;"
    "ALTER TABLE devices ADD COLUMN seen INTEGER;"
    "ALTER TABLE jobs ADD COLUMN on_doubt INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE attempts ADD COLUMN doubt INTEGER;"
    "ALTER TABLE attempts ADD COLUMN first_page INTEGER;"
    "ALTER TABLE jobs ADD COLUMN attempts INTEGER NOT NULL DEFAULT 0;"
    "UPDATE jobs SET attempts ="
    " (SELECT count(*) FROM attempts WHERE job_id = id);"
    "CREATE INDEX jobs_gone ON jobs (gone) WHERE gone IS NOT NULL;"
    "CREATE TABLE archive ("
    " id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " folder INTEGER NOT NULL,"
    " time INTEGER NOT NULL,"
    " job_id INTEGER NOT NULL,"
    " user TEXT,"
    " number TEXT,"
    " remote_id TEXT,"
    " pages INTEGER NOT NULL,"
    " bytes INTEGER NOT NULL,"
    " path TEXT NOT NULL,"
    " complete INTEGER NOT NULL,"
    " quality INTEGER,"
    " bad_rows INTEGER,"
    " device_id INTEGER NOT NULL,"
    " subject TEXT,"
    " sender TEXT,"
    " recipient TEXT,"
    " state INTEGER NOT NULL,"
    " pending INTEGER,"
    " document TEXT,"
    " called TEXT"
    ") STRICT;"
    "CREATE INDEX archive_time ON archive (time);"
    "CREATE INDEX archive_called ON archive (called);"
    "CREATE INDEX archive_folder ON archive (folder);"
    "CREATE INDEX archive_user ON archive (user) WHERE user IS NOT NULL;"
    "CREATE INDEX archive_job ON archive (job_id);"
    "CREATE INDEX archive_pending ON archive (pending)"
    " WHERE pending IS NOT NULL;"
    "ALTER TABLE jobs ADD COLUMN priority INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE jobs ADD COLUMN deadline INTEGER;"
    "ALTER TABLE jobs ADD COLUMN cause TEXT;"
    /* a record that is written anew gets a new id */
    "CREATE TABLE records ("
    " id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " job_id INTEGER NOT NULL,"
    " attempt INTEGER NOT NULL,"
    " direction INTEGER NOT NULL,"
    " outcome INTEGER NOT NULL,"
    " status INTEGER NOT NULL,"
    " started INTEGER,"
    " ended INTEGER NOT NULL,"
    " duration INTEGER,"
    " user TEXT,"
    " number TEXT,"
    " device_id INTEGER NOT NULL,"
    " device TEXT,"
    " provider TEXT,"
    " remote_id TEXT,"
    " pages INTEGER,"
    " first_page INTEGER,"
    " pages_confirmed INTEGER,"
    " rate INTEGER,"
    " ecm INTEGER,"
    " encoding INTEGER,"
    " transport INTEGER,"
    " bad_rows INTEGER,"
    " quality INTEGER,"
    " class INTEGER,"
    " decision INTEGER,"
    " cause TEXT,"
    " evidence TEXT,"
    " bytes INTEGER NOT NULL,"
    " document TEXT,"
    " billing_code TEXT,"
    " UNIQUE (job_id, attempt)"
    ") STRICT;"
    "CREATE INDEX records_ended ON records (ended, job_id, attempt);"
    "CREATE INDEX records_number ON records (number, ended)"
    " WHERE number IS NOT NULL;"
    "CREATE INDEX records_user ON records (user) WHERE user IS NOT NULL;"
    "CREATE TABLE receptions ("
    " job_id INTEGER PRIMARY KEY,"
    " file TEXT NOT NULL,"
    " caller_id TEXT,"
    " remote_id TEXT"
    ") STRICT;",
};

int schema_version(void) {
  return (int)(sizeof steps / sizeof *steps);
}

static DWORD run(sqlite3 *db, const char *path, const char *sql) {
  if (sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK)
    return ERROR_SUCCESS;
  return store_failed(db, path);
}

static DWORD read_number(sqlite3 *db, const char *path, const char *sql,
                         int *number_out) {
  sqlite3_stmt *statement = NULL;
  DWORD error = ERROR_SUCCESS;
  if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK ||
      sqlite3_step(statement) != SQLITE_ROW)
    error = store_failed(db, path);
  else
    *number_out = sqlite3_column_int(statement, 0);
  sqlite3_finalize(statement);
  return error;
}

/* The tables of a step and its number come together. */
static DWORD step(sqlite3 *db, const char *path, int version) {
  char mark[80];
  snprintf(mark, sizeof mark,
           "PRAGMA user_version = %d; PRAGMA application_id = %d;", version,
           APPLICATION);
  DWORD error = run(db, path, "BEGIN EXCLUSIVE");
  if (error != ERROR_SUCCESS) return error;
  error = run(db, path, steps[version - 1]);
  if (error == ERROR_SUCCESS) error = run(db, path, mark);
  if (error == ERROR_SUCCESS) error = run(db, path, "COMMIT");
  if (error != ERROR_SUCCESS) sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
  return error;
}

/* A file without a mark of any kind is new only when nothing is in it. */
static DWORD check_owner(sqlite3 *db, const char *path, int version) {
  int owner = 0, tables = 0;
  DWORD error = read_number(db, path, "PRAGMA application_id", &owner);
  if (error == ERROR_SUCCESS)
    error =
        read_number(db, path, "SELECT count(*) FROM sqlite_schema", &tables);
  if (error != ERROR_SUCCESS) return error;
  if (owner == APPLICATION || (owner == 0 && version == 0 && tables == 0))
    return ERROR_SUCCESS;
  return error_say(ERROR_FILE_CORRUPT, "%s: is a database of another program",
                   path);
}

DWORD schema_check(sqlite3 *db, const char *path, int *version_out) {
  int there = 0;
  DWORD error = read_number(db, path, "PRAGMA user_version", &there);
  if (error == ERROR_SUCCESS) error = check_owner(db, path, there);
  if (error != ERROR_SUCCESS) return error;
  if (there > schema_version() || there < 0)
    return error_say(FAX_ERR_VERSION_MISMATCH,
                     "%s: was made by a newer version of the fax service "
                     "(schema %d; this one knows %d)",
                     path, there, schema_version());
  *version_out = there;
  return ERROR_SUCCESS;
}

DWORD schema_upgrade_to(sqlite3 *db, const char *path, int version) {
  int there;
  DWORD error = schema_check(db, path, &there);
  while (error == ERROR_SUCCESS && there < version)
    error = step(db, path, ++there);
  return error;
}

DWORD schema_upgrade(sqlite3 *db, const char *path) {
  return schema_upgrade_to(db, path, schema_version());
}
