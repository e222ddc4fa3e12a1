/* SPDX-License-Identifier: MIT
   Copies of files: the bytes, and a whole file under a name that becomes final
   when it is complete. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/disk.h"
#include "base/error.h"
#include "base/mem.h"
#include "document/document.h"
#include "document/own.h"

DWORD copy_bytes(int from, int to) {
  if (lseek(from, 0, SEEK_SET) != 0) return error_errno(errno, "seek");
  return disk_copy(from, to) == 0 ? ERROR_SUCCESS : error_errno(errno, "copy");
}

static DWORD copy_to(const char *from, const char *part) {
  int in = open(from, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (in < 0) return error_errno(errno, "%s", from);
  int out =
      disk_open(part, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  DWORD rc = out < 0 ? error_errno(errno, "%s", part) : copy_bytes(in, out);
  if (out >= 0) close(out);
  close(in);
  return rc;
}

DWORD document_copy(const char *from, const char *to) {
  char *part = mem_format("%s.part", to);
  if (part == NULL) return error_say(ERROR_NOT_ENOUGH_MEMORY, "out of memory");
  disk_unlink(part); /* of a copy that a crash cut short */
  DWORD rc = copy_to(from, part);
  if (rc == ERROR_SUCCESS) rc = document_publish(part, to);
  if (rc != ERROR_SUCCESS) disk_unlink(part);
  mem_free(part);
  return rc;
}

DWORD document_keep(const char *from, const char *to) {
  if (disk_link(from, to) != 0)
    return errno == EEXIST
               ? error_say(ERROR_ALREADY_EXISTS, "%s: exists already", to)
               : document_copy(from, to);
  DWORD rc = disk_sync_folder_of(to);
  if (rc != ERROR_SUCCESS) disk_unlink(to);
  return rc;
}
