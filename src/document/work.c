/* SPDX-License-Identifier: MIT
   A folder of its own for each document in the making. */
#include "document/work.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/disk.h"
#include "base/error.h"
#include "base/mem.h"
#include "document/own.h"

DWORD work_make(const char *beside, char **folder_out) {
  char *folder = mem_format("%s" WORK_MARK "XXXXXX", beside);
  if (folder == NULL)
    return error_say(ERROR_NOT_ENOUGH_MEMORY, "out of memory");
  if (disk_mkdtemp(folder) == NULL) {
    int why = errno;
    mem_free(folder);
    return error_errno(why, "%s", beside);
  }
  *folder_out = folder;
  return ERROR_SUCCESS;
}

/* A rename puts a file in the place of whatever is there: a device, a socket.
 */
static DWORD may_replace(const char *to) {
  struct stat there;
  if (lstat(to, &there) != 0 || S_ISREG(there.st_mode) ||
      S_ISLNK(there.st_mode) || S_ISDIR(there.st_mode)) /* rename says it */
    return ERROR_SUCCESS;
  return error_say(ERROR_ALREADY_EXISTS, "%s: is there, and is no regular file",
                   to);
}

DWORD work_keep(const char *folder, const char *name, const char *to) {
  char *from = mem_format("%s/%s", folder, name);
  if (from == NULL) return error_say(ERROR_NOT_ENOUGH_MEMORY, "out of memory");
  DWORD rc = may_replace(to);
  if (rc == ERROR_SUCCESS) rc = disk_sync_file(from);
  if (rc == ERROR_SUCCESS && disk_rename(from, to) != 0)
    rc = error_errno(errno, "%s", to);
  if (rc == ERROR_SUCCESS && (rc = disk_sync_folder_of(to)) != ERROR_SUCCESS)
    disk_unlink(to); /* nobody would own it */
  mem_free(from);
  return rc;
}

static void remove_from(const char *folder, const char *name) {
  char path[PATH_MAX];
  if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0) return;
  if (snprintf(path, sizeof path, "%s/%s", folder, name) < (int)sizeof path)
    disk_unlink(path);
}

void work_drop(char *folder) {
  if (folder == NULL) return;
  DIR *dir = opendir(folder);
  for (struct dirent *e; dir != NULL && (e = readdir(dir)) != NULL;)
    remove_from(folder, e->d_name);
  if (dir != NULL) closedir(dir);
  disk_rmdir(folder);
  mem_free(folder);
}
