/* SPDX-License-Identifier: MIT
   The routing method "store in a folder" (RT-11, -22): a copy of the fax under
   the name that it has in the inbox. Its data is the folder's full path with
   its NUL. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "base/disk.h"
#include "document/document.h"
#include "service/routing/method.h"

/* One text with one NUL, at its end. */
static DWORD check_text(const BYTE *data, DWORD size) {
  const char *path = (const char *)data;
  if (size == 0 || memchr(data, '\0', size) != data + size - 1)
    return error_say(ERROR_INVALID_DATA,
                     "the data is one path with a NUL at its end");
  if (size > PATH_MAX)
    return error_say(ERROR_INVALID_DATA, "a path of %u bytes: %d are allowed",
                     size - 1, PATH_MAX - 1);
  if (!text_is_utf8(path))
    return error_say(ERROR_INVALID_DATA, "the path is not UTF-8");
  if (size > 1 && *path != '/')
    return error_say(ERROR_INVALID_DATA, "\"%s\" is not a full path", path);
  return ERROR_SUCCESS;
}

static DWORD check(const struct routing_method *self, const BYTE *data,
                   DWORD size) {
  const char *path = (const char *)data;
  struct stat st;
  (void)self;
  DWORD error = check_text(data, size);
  if (error != ERROR_SUCCESS) return error;
  if (*path == '\0')
    return error_say(ERROR_BAD_CONFIGURATION, "no folder is set");
  if (stat(path, &st) != 0 || !S_ISDIR(st.st_mode))
    return error_say(ERROR_BAD_CONFIGURATION, "there is no folder %s", path);
  if (access(path, W_OK | X_OK) != 0)
    return error_say(ERROR_BAD_CONFIGURATION,
                     "%s: the service cannot write there", path);
  return ERROR_SUCCESS;
}

/* ---- is what is there the copy of an earlier try? ---- */

static int open_file(const char *path, struct stat *st) {
  int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  if (fd < 0) return -1;
  if (fstat(fd, st) == 0 && S_ISREG(st->st_mode)) return fd;
  close(fd);
  return -1;
}

/* Both have `left` bytes. */
static bool same_bytes(int a, int b, off_t left) {
  char x[16384], y[16384];
  for (off_t at = 0; at < left;) {
    ssize_t n = pread(a, x, sizeof x, at), m = pread(b, y, sizeof y, at);
    if (n <= 0 || m != n || memcmp(x, y, (size_t)n) != 0) return false;
    at += n;
  }
  return true;
}

static bool same_file(const char *path, const char *other) {
  struct stat st_a, st_b;
  int a = open_file(path, &st_a), b = open_file(other, &st_b);
  bool same = a >= 0 && b >= 0 && st_a.st_size == st_b.st_size &&
              same_bytes(a, b, st_a.st_size);
  if (a >= 0) close(a);
  if (b >= 0) close(b);
  return same;
}

static DWORD store(const char *from, const char *folder, const char *to) {
  DWORD error = document_copy(from, to);
  if (error != ERROR_ALREADY_EXISTS) return error;
  /* The earlier try may have failed in just this. */
  if (same_file(from, to)) return disk_sync_folder(folder);
  return error_say(error, "%s exists already, and is another fax", to);
}

static DWORD run(const struct routing_method *self,
                 const struct fax_received *fax, const BYTE *data, DWORD size) {
  const char *folder = (const char *)data;
  const char *slash = strrchr(fax->path, '/');
  DWORD error = check(self, data, size);
  if (error != ERROR_SUCCESS) return error;
  char *to = mem_format("%s/%s", folder, slash != NULL ? slash + 1 : fax->path);
  if (to == NULL)
    return error_say(ERROR_NOT_ENOUGH_MEMORY, "there is no memory");
  error = store(fax->path, folder, to);
  mem_free(to);
  return error;
}

const struct routing_method routing_folder = {
    .guid = "{92041a90-9af2-11d0-abf7-00c04fd91a4e}",
    .friendly_name = "Store in a folder",
    .function_name = "routing_folder",
    .image_name = "libfax.so.0",
    .extension_name = "libfax",
    .initial = "",
    .initial_size = 1,
    .check = check,
    .run = run};
