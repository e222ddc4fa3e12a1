/* SPDX-License-Identifier: MIT
   Copies of files: the bytes, and a whole file under a name that becomes final
   when it is complete. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/error.h"
#include "base/mem.h"
#include "document/document.h"
#include "document/own.h"

DWORD copy_bytes(int from, int to) {
  char buffer[65536];
  ssize_t n;
  if (lseek(from, 0, SEEK_SET) != 0) return error_errno(errno, "seek");
  /* In the kernel first, which may share the blocks; what file systems do not
     do that for, or is left, by hand. */
  while (copy_file_range(from, NULL, to, NULL, 1 << 30, 0) > 0) {
  }
  for (;;) {
    n = read(from, buffer, sizeof buffer);
    if (n == 0) return ERROR_SUCCESS;
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return error_errno(errno, "read");
    for (ssize_t done = 0; done < n;) {
      ssize_t w = write(to, buffer + done, (size_t)(n - done));
      if (w < 0 && errno == EINTR) continue;
      if (w < 0) return error_errno(errno, "write");
      done += w;
    }
  }
}

static DWORD copy_to(const char *from, const char *part) {
  int in = open(from, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (in < 0) return error_errno(errno, "%s", from);
  int out =
      open(part, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  DWORD rc = out < 0 ? error_errno(errno, "%s", part) : copy_bytes(in, out);
  if (out >= 0) close(out);
  close(in);
  return rc;
}

DWORD document_copy(const char *from, const char *to) {
  char *part = mem_format("%s.part", to);
  if (part == NULL) return error_say(ERROR_NOT_ENOUGH_MEMORY, "out of memory");
  unlink(part); /* of a copy that a crash cut short */
  DWORD rc = copy_to(from, part);
  if (rc == ERROR_SUCCESS) rc = document_publish(part, to);
  if (rc != ERROR_SUCCESS) unlink(part);
  mem_free(part);
  return rc;
}
