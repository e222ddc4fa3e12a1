/* SPDX-License-Identifier: MIT
   Folders of documents, and names that become final. */
#include <errno.h>
#include <sys/stat.h>

#include "base/disk.h"
#include "base/error.h"
#include "base/mem.h"
#include "document/own.h"

DWORD document_publish(const char *from, const char *to) {
  DWORD rc = disk_sync_file(from);
  if (rc != ERROR_SUCCESS) return rc;
  if (disk_rename_new(from, to) != 0)
    return errno == EEXIST
               ? error_say(ERROR_ALREADY_EXISTS, "%s: exists already", to)
               : error_errno(errno, "%s", to);
  return disk_sync_folder_of(to);
}

static DWORD make_one(const char *path, bool *made_out) {
  *made_out = disk_mkdir(path, 0700) == 0;
  if (*made_out) return ERROR_SUCCESS;
  int why = errno;
  struct stat st;
  if (stat(path, &st) != 0) return error_errno(why, "%s", path);
  if (!S_ISDIR(st.st_mode))
    return error_say(ERROR_INVALID_PARAMETER, "%s: is not a folder", path);
  return ERROR_SUCCESS;
}

/* What is put into a folder is as safe as its own name: that of one that was
   there may come from a process that died before this. The parents of others
   may be nobody's to read. */
static DWORD make_safe(const char *path, bool last) {
  bool made;
  DWORD rc = make_one(path, &made);
  if (rc != ERROR_SUCCESS || (!made && !last)) return rc;
  rc = disk_sync_folder_of(path);
  if (!made) return ERROR_SUCCESS;
  if (rc != ERROR_SUCCESS) disk_rmdir(path);
  return rc;
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
    rc = make_safe(part, false);
    *p = '/';
  }
  if (rc == ERROR_SUCCESS) rc = make_safe(part, true);
  mem_free(part);
  return rc;
}
