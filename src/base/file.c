/* SPDX-License-Identifier: MIT
   See file.h. */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>

#include "base/error.h"

DWORD file_check(const struct stat *st, const char *name) {
  if (S_ISDIR(st->st_mode))
    return error_say(ERROR_INVALID_DATA, "%s: is a folder", name);
  if (!S_ISREG(st->st_mode))
    return error_say(ERROR_INVALID_DATA, "%s: is not a regular file", name);
  return ERROR_SUCCESS;
}

/* Looked at before it is opened: opening a device can do something. */
DWORD file_open(const char *path, int *fd_out) {
  struct stat st;
  if (stat(path, &st) != 0)
    return errno == ENOENT || errno == ENOTDIR
               ? error_say(ERROR_FILE_NOT_FOUND, "%s: no such file", path)
               : error_errno(errno, "%s", path);
  DWORD rc = file_check(&st, path);
  if (rc != ERROR_SUCCESS) return rc;
  *fd_out = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  return *fd_out >= 0 ? ERROR_SUCCESS : error_errno(errno, "%s", path);
}
