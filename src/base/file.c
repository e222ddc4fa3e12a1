/* SPDX-License-Identifier: MIT
   See file.h. */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/error.h"
#include "base/mem.h"

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

enum { MOST_BYTES = 1 << 30 };

/* As many as there were when it was opened, or fewer. */
static DWORD read_all(int fd, const char *path, BYTE *bytes, size_t *size) {
  size_t done = 0;
  while (done < *size) {
    ssize_t n = read(fd, bytes + done, *size - done);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return error_errno(errno, "%s", path);
    if (n == 0) break;
    done += (size_t)n;
  }
  *size = done;
  return ERROR_SUCCESS;
}

static DWORD read_open(int fd, const char *path, BYTE **bytes_out,
                       DWORD *size_out) {
  struct stat st;
  if (fstat(fd, &st) != 0) return error_errno(errno, "%s", path);
  if (st.st_size > MOST_BYTES)
    return error_say(ERROR_NOT_ENOUGH_MEMORY, "%s: it has %lld bytes", path,
                     (long long)st.st_size);
  size_t size = (size_t)st.st_size;
  BYTE *bytes = mem_alloc_tagged(size + 1, MEM_BUFFER);
  if (bytes == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  DWORD error = read_all(fd, path, bytes, &size);
  if (error != ERROR_SUCCESS) {
    mem_free_tagged(bytes, MEM_BUFFER);
    return error;
  }
  *bytes_out = bytes;
  *size_out = (DWORD)size;
  return ERROR_SUCCESS;
}

DWORD file_read(const char *path, BYTE **bytes_out, DWORD *size_out) {
  int fd;
  DWORD error = file_open(path, &fd);
  if (error != ERROR_SUCCESS) return error;
  error = read_open(fd, path, bytes_out, size_out);
  close(fd);
  return error;
}
