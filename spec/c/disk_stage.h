/* SPDX-License-Identifier: MIT
   A disk whose n-th step fails, or that is full until somebody makes room:
   under the file functions of disk.h. Removals always succeed. */
#ifndef FAX_SPEC_DISK_STAGE_H
#define FAX_SPEC_DISK_STAGE_H

#include <errno.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/disk.h"

static struct {
  atomic_long left; /* steps until one fails; less than 0: none does */
  atomic_bool full; /* each of them */
  atomic_long syncs;
  int error;
} disk = {.left = -1};

static inline bool disk_refuses(void) {
  bool now = atomic_load(&disk.full) || atomic_fetch_sub(&disk.left, 1) == 0;
  if (now) errno = disk.error;
  return now;
}

static inline int staged_open(const char *path, int flags, mode_t mode) {
  return disk_refuses() ? -1 : disk_system.open(path, flags, mode);
}

static inline ssize_t staged_write(int fd, const void *from, size_t size) {
  return disk_refuses() ? -1 : disk_system.write(fd, from, size);
}

/* By hand, so that each write is a step. */
static inline ssize_t staged_copy(int from, int to, size_t size) {
  (void)from, (void)to, (void)size;
  return 0;
}

static inline int staged_truncate(int fd, off_t size) {
  return disk_refuses() ? -1 : disk_system.truncate(fd, size);
}

static inline int staged_sync(int fd, const char *site) {
  atomic_fetch_add(&disk.syncs, 1);
  return disk_refuses() ? -1 : disk_system.sync(fd, site);
}

static inline int staged_rename(const char *from, const char *to,
                                unsigned flags) {
  return disk_refuses() ? -1 : disk_system.rename(from, to, flags);
}

static inline int staged_link(const char *from, const char *to) {
  return disk_refuses() ? -1 : disk_system.link(from, to);
}

static inline int staged_mkdir(const char *path, mode_t mode) {
  return disk_refuses() ? -1 : disk_system.mkdir(path, mode);
}

static inline char *staged_mkdtemp(char *form) {
  return disk_refuses() ? NULL : disk_system.mkdtemp(form);
}

static inline void disk_install(void) {
  static struct disk_layer layer;
  layer = disk_system;
  layer.open = staged_open;
  layer.write = staged_write;
  layer.copy = staged_copy;
  layer.truncate = staged_truncate;
  layer.sync = staged_sync;
  layer.rename = staged_rename;
  layer.link = staged_link;
  layer.mkdir = staged_mkdir;
  layer.mkdtemp = staged_mkdtemp;
  disk_layer = &layer;
}

/* The step after n others. */
static inline void disk_fail_after(long n, int error) {
  disk.error = error;
  atomic_store(&disk.left, n);
}

#endif
