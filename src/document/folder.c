/* SPDX-License-Identifier: MIT
   Folders of documents, and names that become final. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/mem.h"
#include "document/own.h"

/* Makes the entries of the folder that holds `path` durable. */
DWORD folder_sync_of(const char *path) {
  const char *slash = strrchr(path, '/');
  char *folder = slash == NULL ? mem_text(".")
                 : slash == path
                     ? mem_text("/")
                     : mem_format("%.*s", (int)(slash - path), path);
  if (folder == NULL)
    return error_say(ERROR_NOT_ENOUGH_MEMORY, "out of memory");
  DWORD rc = ERROR_SUCCESS;
  int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  /* A file system that cannot sync a folder says EINVAL: nothing to be done. */
  if (fd < 0 || (fsync(fd) != 0 && errno != EINVAL))
    rc = error_errno(errno, "%s", folder);
  if (fd >= 0) close(fd);
  mem_free(folder);
  return rc;
}

DWORD folder_sync_file(const char *path) {
  int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW);
  if (fd < 0) return error_errno(errno, "%s", path);
  DWORD rc = ERROR_SUCCESS;
  if (fsync(fd) != 0) rc = error_errno(errno, "%s", path);
  close(fd);
  return rc;
}

DWORD document_publish(const char *from, const char *to) {
  DWORD rc = folder_sync_file(from);
  if (rc != ERROR_SUCCESS) return rc;
  int moved = renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE);
  if (moved != 0 && (errno == EINVAL || errno == ENOSYS)) {
    /* This file system has no such rename: a link does not replace either. */
    moved = link(from, to);
    if (moved == 0 && unlink(from) != 0) {
      rc = error_errno(errno, "%s", from);
      unlink(to);
      return rc;
    }
  }
  if (moved != 0)
    return errno == EEXIST
               ? error_say(ERROR_ALREADY_EXISTS, "%s: exists already", to)
               : error_errno(errno, "%s", to);
  return folder_sync_of(to);
}

static DWORD make_one(const char *path) {
  if (mkdir(path, 0700) == 0) return ERROR_SUCCESS;
  int why = errno;
  struct stat st;
  if (stat(path, &st) != 0) return error_errno(why, "%s", path);
  if (!S_ISDIR(st.st_mode))
    return error_say(ERROR_INVALID_PARAMETER, "%s: is not a folder", path);
  return ERROR_SUCCESS;
}

DWORD document_folder(const char *path) {
  if (path[0] == '\0')
    return error_say(ERROR_INVALID_PARAMETER, "the name of a folder is empty");
  char *part = mem_text(path);
  if (part == NULL) return error_say(ERROR_NOT_ENOUGH_MEMORY, "out of memory");
  DWORD rc = ERROR_SUCCESS;
  for (char *p = part + 1; rc == ERROR_SUCCESS && *p != '\0'; p++) {
    if (*p != '/') continue;
    *p = '\0';
    rc = make_one(part);
    *p = '/';
  }
  if (rc == ERROR_SUCCESS) rc = make_one(part);
  mem_free(part);
  return rc;
}
