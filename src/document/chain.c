/* SPDX-License-Identifier: MIT
   The chain of directories of a TIFF, walked before a TIFF library sees the
   file: finds loops, and pages that only the renderer may decode. */
#include "document/chain.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <tiff.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"

#define MOST_ENTRIES 1024
#define ENTRY_BYTES 12

struct chain {
  int fd;
  bool big_endian;
  uint8_t entries[MOST_ENTRIES * ENTRY_BYTES + 4];
};

/* What follows "/dev/fd/7", NULL when it is no such name. */
static const char *behind_descriptor(const char *path, int *fd_out) {
  static const char folder[] = "/dev/fd/";
  char *end;
  if (strncmp(path, folder, sizeof folder - 1) != 0) return NULL;
  const char *digits = path + sizeof folder - 1;
  long fd = strtol(digits, &end, 10);
  if (end == digits || (*end != '\0' && *end != '/')) return NULL;
  if (fd < 0 || fd > INT_MAX) return NULL;
  *fd_out = (int)fd;
  return end;
}

bool chain_is_descriptor(const char *path) {
  int fd;
  return behind_descriptor(path, &fd) != NULL;
}

const char *chain_name(const char *path) {
  int fd;
  const char *end = behind_descriptor(path, &fd);
  return end != NULL && end[0] == '/' && end[1] != '\0' ? end + 1 : path;
}

/* From its beginning: whoever shares the descriptor may have read of it. */
static DWORD open_descriptor(const char *path, int *fd_out) {
  int fd = -1;
  behind_descriptor(path, &fd);
  *fd_out = fcntl(fd, F_DUPFD_CLOEXEC, 0);
  if (*fd_out < 0) return error_errno(errno, "%s", chain_name(path));
  lseek(*fd_out, 0, SEEK_SET);
  return ERROR_SUCCESS;
}

static DWORD check(int fd, const char *path, struct stat *st) {
  if (fstat(fd, st) != 0) return error_errno(errno, "%s", path);
  DWORD rc = file_check(st, path);
  if (rc == ERROR_SUCCESS && st->st_size == 0)
    rc = error_say(ERROR_INVALID_DATA, "%s: is empty", path);
  return rc;
}

DWORD chain_open(const char *path, int *fd_out, DWORDLONG *bytes_out) {
  struct stat st;
  int fd = -1;
  DWORD rc = chain_is_descriptor(path) ? open_descriptor(path, &fd)
                                       : file_open(path, &fd);
  if (rc != ERROR_SUCCESS) return rc;
  rc = check(fd, chain_name(path), &st);
  if (rc != ERROR_SUCCESS) {
    close(fd);
    return rc;
  }
  *fd_out = fd;
  *bytes_out = (DWORDLONG)st.st_size;
  return ERROR_SUCCESS;
}

static bool read_at(int fd, void *to, size_t bytes, DWORDLONG offset) {
  size_t done = 0;
  while (done < bytes) {
    ssize_t n =
        pread(fd, (char *)to + done, bytes - done, (off_t)(offset + done));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    done += (size_t)n;
  }
  return true;
}

bool chain_is_tiff(int fd) {
  uint8_t m[4];
  if (!read_at(fd, m, sizeof m, 0)) return false;
  return memcmp(m, "II\x2a", 4) == 0 || memcmp(m, "MM\0\x2a", 4) == 0 ||
         memcmp(m, "II\x2b", 4) == 0 || memcmp(m, "MM\0\x2b", 4) == 0;
}

static DWORD number16(const struct chain *c, const uint8_t *p) {
  return c->big_endian ? (DWORD)p[0] << 8 | p[1] : (DWORD)p[1] << 8 | p[0];
}

static DWORD number32(const struct chain *c, const uint8_t *p) {
  return c->big_endian ? number16(c, p) << 16 | number16(c, p + 2)
                       : number16(c, p + 2) << 16 | number16(c, p);
}

/* Reads one directory: its `n` entries and where the next one is. False: it
   is not all in the file. */
static bool read_directory(struct chain *c, DWORD offset, DWORD *n_out,
                           DWORD *next_out) {
  uint8_t count[2];
  if (offset < 8 || !read_at(c->fd, count, sizeof count, offset)) return false;
  DWORD n = number16(c, count);
  if (n == 0 || n > MOST_ENTRIES ||
      !read_at(c->fd, c->entries, n * ENTRY_BYTES + 4, (DWORDLONG)offset + 2))
    return false;
  *n_out = n;
  *next_out = number32(c, c->entries + n * ENTRY_BYTES);
  return true;
}

/* The directory in `entries` describes a bilevel page in strips whose coding
   is raw or one of the fax codings. */
static bool is_fax_page(const struct chain *c, DWORD n) {
  DWORD compression = COMPRESSION_NONE, bits = 1, samples = 1;
  for (DWORD i = 0; i < n; i++) {
    const uint8_t *e = c->entries + i * ENTRY_BYTES;
    DWORD value = number16(c, e + 2) == TIFF_SHORT ? number16(c, e + 8)
                                                   : number32(c, e + 8);
    switch (number16(c, e)) {
      case TIFFTAG_COMPRESSION:
        compression = value;
        break;
      case TIFFTAG_BITSPERSAMPLE:
        bits = value;
        break;
      case TIFFTAG_SAMPLESPERPIXEL:
        samples = value;
        break;
      case TIFFTAG_TILEWIDTH:
      case TIFFTAG_TILEOFFSETS:
        return false;
      default:
        break;
    }
  }
  return compression >= COMPRESSION_NONE &&
         compression <= COMPRESSION_CCITTFAX4 && bits == 1 && samples == 1;
}

DWORD chain_walk(int fd, const char *name, struct chain_info *info_out) {
  struct chain c = {.fd = fd};
  uint8_t head[8];
  if (!chain_is_tiff(fd))
    return error_say(ERROR_INVALID_DATA, "%s: is not a TIFF", name);
  if (!read_at(fd, head, sizeof head, 0))
    return error_say(ERROR_INVALID_DATA, "%s: the TIFF is cut off", name);
  c.big_endian = head[0] == 'M';
  struct chain_info info = {.pages = 0, .fax = false};
  if (number16(&c, head + 2) == TIFF_VERSION_BIG) {
    *info_out = info;
    return ERROR_SUCCESS;
  }
  /* Brent's way to see a loop: compare with a directory that is remembered at
     each power of two. */
  DWORD offset = number32(&c, head + 4), kept = 0, keep_at = 1, n;
  for (info.fax = true; offset != 0; info.pages++) {
    if (offset == kept)
      return error_say(ERROR_INVALID_DATA,
                       "%s: the directories of the TIFF form a loop", name);
    if (info.pages == keep_at) {
      kept = offset;
      keep_at *= 2;
    }
    if (info.pages == DOCUMENT_MAX_PAGES)
      return error_say(ERROR_INVALID_DATA, "%s: has more than %d pages", name,
                       DOCUMENT_MAX_PAGES);
    if (!read_directory(&c, offset, &n, &offset))
      return error_say(ERROR_INVALID_DATA,
                       "%s: the TIFF is cut off or damaged at page %u", name,
                       info.pages + 1);
    info.fax = info.fax && is_fax_page(&c, n);
  }
  if (info.pages == 0)
    return error_say(ERROR_INVALID_DATA, "%s: the TIFF has no page", name);
  *info_out = info;
  return ERROR_SUCCESS;
}
