/* SPDX-License-Identifier: MIT
   File functions of durable state, over a layer that a test can replace. */
#include "base/disk.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"

/* ---- the system's ---- */

static int system_open(const char *path, int flags, mode_t mode) {
  return open(path, flags, mode);
}

static ssize_t system_copy(int from, int to, size_t size) {
  return copy_file_range(from, NULL, to, NULL, size, 0);
}

static int system_sync(int fd, const char *site) {
  (void)site;
  return fsync(fd);
}

static int system_rename(const char *from, const char *to, unsigned flags) {
  return renameat2(AT_FDCWD, from, AT_FDCWD, to, flags);
}

const struct disk_layer disk_system = {.open = system_open,
                                       .write = write,
                                       .copy = system_copy,
                                       .truncate = ftruncate,
                                       .sync = system_sync,
                                       .rename = system_rename,
                                       .link = link,
                                       .unlink = unlink,
                                       .mkdir = mkdir,
                                       .mkdtemp = mkdtemp,
                                       .rmdir = rmdir};

const struct disk_layer *disk_layer = &disk_system;

int disk_open(const char *path, int flags, mode_t mode) {
  return disk_layer->open(path, flags, mode);
}

int disk_truncate(int fd, off_t size) {
  return disk_layer->truncate(fd, size);
}

int disk_rename(const char *from, const char *to) {
  return disk_layer->rename(from, to, 0);
}

int disk_link(const char *from, const char *to) {
  return disk_layer->link(from, to);
}

int disk_unlink(const char *path) {
  return disk_layer->unlink(path);
}

int disk_mkdir(const char *path, mode_t mode) {
  return disk_layer->mkdir(path, mode);
}

char *disk_mkdtemp(char *form) {
  return disk_layer->mkdtemp(form);
}

int disk_rmdir(const char *path) {
  return disk_layer->rmdir(path);
}

/* ---- bytes ---- */

int disk_write(int fd, const void *from, size_t size) {
  const char *next = from;
  while (size > 0) {
    ssize_t n = disk_layer->write(fd, next, size);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return -1;
    next += n;
    size -= (size_t)n;
  }
  return 0;
}

/* What is short is copied sooner than the kernel is asked to. The rest it may
   share the blocks of; what file systems do not do that for, or is left, goes
   by hand too. */
int disk_copy(int from, int to) {
  char buffer[65536];
  for (bool asked = false;;) {
    ssize_t n = read(from, buffer, sizeof buffer);
    if (n == 0) return 0;
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 || disk_write(to, buffer, (size_t)n) != 0) return -1;
    if (asked || (size_t)n < sizeof buffer) continue;
    while (disk_layer->copy(from, to, 1 << 30) > 0) continue;
    asked = true;
  }
}

/* ---- names ---- */

int disk_rename_new(const char *from, const char *to) {
  if (disk_layer->rename(from, to, RENAME_NOREPLACE) == 0) return 0;
  if (errno != EINVAL && errno != ENOSYS) return -1;
  /* This file system has no such rename: a link does not replace either. */
  if (disk_link(from, to) != 0) return -1;
  if (disk_unlink(from) == 0) return 0;
  int why = errno;
  disk_unlink(to);
  errno = why;
  return -1;
}

/* ---- syncs ---- */

int disk_sync_at(int fd, const char *site) {
  return disk_layer->sync(fd, site);
}

static DWORD sync_at(const char *path, int flags, const char *site) {
  int fd = open(path, flags | O_RDONLY | O_CLOEXEC);
  if (fd < 0) return error_errno(errno, "%s", path);
  DWORD error = ERROR_SUCCESS;
  bool folder = (flags & O_DIRECTORY) != 0;
  if (disk_sync_at(fd, site) != 0 && !(folder && errno == EINVAL))
    error = error_errno(errno, "%s", path);
  close(fd);
  return error;
}

DWORD disk_sync_file_at(const char *path, const char *site) {
  return sync_at(path, O_NONBLOCK | O_NOFOLLOW, site);
}

DWORD disk_sync_folder_at(const char *path, const char *site) {
  return sync_at(path, O_DIRECTORY, site);
}

DWORD disk_sync_folder_of_at(const char *path, const char *site) {
  char folder[PATH_MAX];
  const char *slash = strrchr(path, '/');
  if (slash == NULL) return disk_sync_folder_at(".", site);
  if (slash == path) return disk_sync_folder_at("/", site);
  if ((size_t)(slash - path) >= sizeof folder)
    return error_errno(ENAMETOOLONG, "%s", path);
  memcpy(folder, path, (size_t)(slash - path));
  folder[slash - path] = '\0';
  return disk_sync_folder_at(folder, site);
}
