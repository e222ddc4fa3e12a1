/* SPDX-License-Identifier: MIT
   What the database says, as error codes. */
#include "base/error.h"
#include "store/own.h"

static DWORD code_of(int rc) {
  switch (rc & 0xff) {
    case SQLITE_FULL:
      return ERROR_DISK_FULL;
    case SQLITE_NOMEM:
      return ERROR_NOT_ENOUGH_MEMORY;
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
    case SQLITE_CANTOPEN:
      return ERROR_ACCESS_DENIED;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return ERROR_SHARING_VIOLATION;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return ERROR_FILE_CORRUPT;
    case SQLITE_IOERR:
      return ERROR_WRITE_FAULT;
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
    case SQLITE_TOOBIG:
      return ERROR_INVALID_DATA;
    default:
      return ERROR_GEN_FAILURE;
  }
}

DWORD store_failed(sqlite3 *db, const char *path) {
  int rc = sqlite3_extended_errcode(db);
  const char *what = (rc & 0xff) == SQLITE_CORRUPT ? "is damaged: " : "";
  return error_say(code_of(rc), "%s: %s%s (%d)", path, what, sqlite3_errmsg(db),
                   rc);
}
