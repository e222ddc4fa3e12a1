/* SPDX-License-Identifier: MIT
   A folder of its own for each document in the making. */
#include "document/work.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/mem.h"
#include "document/own.h"

DWORD work_make(const char *beside, char **folder_out) {
  char *folder = mem_format("%s" WORK_MARK "XXXXXX", beside);
  if (folder == NULL)
    return error_say(ERROR_NOT_ENOUGH_MEMORY, "out of memory");
  if (mkdtemp(folder) == NULL) {
    int why = errno;
    mem_free(folder);
    return error_errno(why, "%s", beside);
  }
  *folder_out = folder;
  return ERROR_SUCCESS;
}

DWORD work_keep(const char *folder, const char *name, const char *to) {
  char *from = mem_format("%s/%s", folder, name);
  if (from == NULL) return error_say(ERROR_NOT_ENOUGH_MEMORY, "out of memory");
  DWORD rc = folder_sync_file(from);
  if (rc == ERROR_SUCCESS && rename(from, to) != 0)
    rc = error_errno(errno, "%s", to);
  if (rc == ERROR_SUCCESS && (rc = folder_sync_of(to)) != ERROR_SUCCESS)
    unlink(to); /* nobody would own it */
  mem_free(from);
  return rc;
}

void work_drop(char *folder) {
  if (folder == NULL) return;
  DIR *dir = opendir(folder);
  for (struct dirent *e; dir != NULL && (e = readdir(dir)) != NULL;)
    if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
      unlinkat(dirfd(dir), e->d_name, 0);
  if (dir != NULL) closedir(dir);
  rmdir(folder);
  mem_free(folder);
}
