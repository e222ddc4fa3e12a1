/* SPDX-License-Identifier: MIT
   The layer under disk.h and the hook under SQLite that write the log of
   crash_log.h: files are known by what they are, names by their folder. No sync
   reaches the machine's disk. */
#ifndef FAX_SPEC_CRASH_DISK_H
#define FAX_SPEC_CRASH_DISK_H

#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <sys/stat.h>

#include "base/disk.h"
#include "crash_log.h"
#include "store_vfs.h"

/* ---- names and files; with the lock ---- */

/* The folder below the root; -1: it is not there. */
static inline int crash_dir(const char *path, size_t length) {
  size_t root = strlen(crash->root);
  if (length < root || strncmp(path, crash->root, root) != 0) return -1;
  char below[256];
  snprintf(below, sizeof below, "%.*s", (int)(length - root), path + root);
  for (int i = 0; i < crash->dir_count; i++)
    if (strcmp(crash->dirs[i], below) == 0) return i;
  crash_hold(crash->dir_count < CRASH_DIRS, "more folders than expected");
  memcpy(crash->dirs[crash->dir_count], below, sizeof below);
  return crash->dir_count++;
}

/* False: not below the root. */
static inline bool crash_place(const char *path, int *dir_out, char *name_out) {
  const char *slash = strrchr(path, '/');
  if (slash == NULL) return false;
  *dir_out = crash_dir(path, (size_t)(slash - path));
  snprintf(name_out, CRASH_NAME, "%s", slash + 1);
  return *dir_out >= 0;
}

static inline int crash_file(uint64_t device, uint64_t inode) {
  for (int i = crash->file_count; i-- > 0;)
    if (crash->files[i].device == device && crash->files[i].inode == inode &&
        !crash->files[i].gone)
      return i;
  return -1;
}

static inline int crash_file_new(uint64_t device, uint64_t inode) {
  crash_hold(crash->file_count < CRASH_FILES, "more files than expected");
  int i = crash_file(device, inode);
  if (i >= 0) crash->files[i].gone = true; /* the number is used again */
  i = crash->file_count++;
  crash->files[i].device = device;
  crash->files[i].inode = inode;
  crash->files[i].gone = false;
  return i;
}

static inline void crash_name(enum crash_kind kind, int file,
                              const char *path) {
  int dir;
  char name[CRASH_NAME];
  if (!crash_place(path, &dir, name)) return;
  struct crash_op *op = crash_add(kind);
  op->file = file;
  op->dir = dir;
  memcpy(op->name, name, sizeof name);
}

/* The file that the path names; one that somebody else made gets its name in
   the log now. -1: none, or a folder. */
static inline int crash_file_at(const char *path) {
  struct stat st;
  if (lstat(path, &st) != 0 || !S_ISREG(st.st_mode)) return -1;
  int file = crash_file(st.st_dev, st.st_ino);
  if (file >= 0) return file;
  file = crash_file_new(st.st_dev, st.st_ino);
  crash_name(CRASH_CREATE, file, path);
  return file;
}

/* Is that what the file was last seen to hold? */
static inline bool crash_is_content(int file, const char *bytes, size_t size) {
  for (size_t i = crash->count; i-- > 0;) {
    const struct crash_op *op = &crash->ops[i];
    if (op->kind == CRASH_CONTENT && op->file == file)
      return op->length == size &&
             memcmp(crash->bytes + op->at, bytes, size) == 0;
  }
  return size == 0;
}

/* What the file holds now, if that is new. */
static inline void crash_content(int file, const char *path) {
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  struct stat st;
  if (fd < 0 || fstat(fd, &st) != 0) crash_fail("%s cannot be read", path);
  size_t used = crash->used, size = (size_t)st.st_size;
  struct crash_op *op = crash_add(CRASH_CONTENT);
  op->file = file;
  char *to = crash_room(op, size);
  if (pread(fd, to, size, 0) != (ssize_t)size)
    crash_fail("%s cannot be read", path);
  close(fd);
  crash->count--;
  if (crash_is_content(file, to, size))
    crash->used = used;
  else
    crash->count++;
}

static inline void crash_path_of(int fd, char *path, size_t size) {
  char link[32];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t n = readlink(link, path, size - 1);
  path[n > 0 ? n : 0] = '\0';
}

/* ---- the layer ---- */

static inline bool crash_begin(const char *kind) {
  pthread_mutex_lock(&crash->lock);
  int fails = crash_point(kind);
  if (fails == 0) return true;
  pthread_mutex_unlock(&crash->lock);
  errno = fails;
  return false;
}

static inline void crash_end(void) {
  int why = errno;
  pthread_mutex_unlock(&crash->lock);
  errno = why;
}

static inline int crash_open(const char *path, int flags, mode_t mode) {
  struct stat st;
  if (!crash_begin("open")) return -1;
  bool there = lstat(path, &st) == 0;
  int fd = open(path, flags, mode);
  if (fd >= 0 && crash->plan.recording && !there && fstat(fd, &st) == 0)
    crash_name(CRASH_CREATE, crash_file_new(st.st_dev, st.st_ino), path);
  if (fd >= 0 && crash->plan.recording && there && (flags & O_TRUNC) != 0)
    crash_content(crash_file_at(path), path);
  crash_end();
  return fd;
}

static inline void crash_changed(int fd) {
  char path[PATH_MAX];
  if (!crash->plan.recording) return;
  crash_path_of(fd, path, sizeof path);
  int file = crash_file_at(path);
  if (file >= 0) crash_content(file, path);
}

static inline ssize_t crash_write(int fd, const void *from, size_t size) {
  if (!crash_begin("write")) return -1;
  ssize_t n = write(fd, from, size);
  crash_changed(fd);
  crash_end();
  return n;
}

/* By hand, so that each write is seen. */
static inline ssize_t crash_copy(int from, int to, size_t size) {
  (void)from, (void)to, (void)size;
  errno = EXDEV;
  return -1;
}

static inline int crash_truncate(int fd, off_t size) {
  if (!crash_begin("truncate")) return -1;
  int rc = ftruncate(fd, size);
  crash_changed(fd);
  crash_end();
  return rc;
}

static inline void crash_note_sync(int fd, bool skipped) {
  char path[PATH_MAX];
  struct stat st;
  crash_path_of(fd, path, sizeof path);
  if (fstat(fd, &st) != 0) return;
  if (!S_ISDIR(st.st_mode)) crash_changed(fd);
  if (skipped) return;
  int dir = S_ISDIR(st.st_mode) ? crash_dir(path, strlen(path)) : -1;
  int file = S_ISDIR(st.st_mode) ? -1 : crash_file_at(path);
  if (dir < 0 && file < 0) return;
  struct crash_op *op = crash_add(dir >= 0 ? CRASH_FOLDER : CRASH_SYNC);
  op->dir = dir;
  op->file = file;
}

/* With the lock: this sync is to fail. */
static inline bool crash_sync_fails(int fd) {
  char path[PATH_MAX];
  if (crash->fails[0] == '\0') return false;
  crash_path_of(fd, path, sizeof path);
  const char *tail = strrchr(path, '/');
  if (tail == NULL || strcmp(tail + 1, crash->fails) != 0) return false;
  crash->fails[0] = '\0';
  return true;
}

static inline int crash_sync(int fd, const char *site) {
  if (!crash_begin("sync")) return -1;
  if (crash_sync_fails(fd)) {
    pthread_mutex_unlock(&crash->lock);
    errno = EIO;
    return -1;
  }
  bool skipped = crash_site(site);
  if (crash->plan.recording) crash_note_sync(fd, skipped);
  crash_end();
  return 0;
}

static inline int crash_rename(const char *from, const char *to,
                               unsigned flags) {
  if (!crash_begin("rename")) return -1;
  int file = crash->plan.recording ? crash_file_at(from) : -1;
  int rc = renameat2(AT_FDCWD, from, AT_FDCWD, to, flags);
  if (rc == 0 && file >= 0) {
    crash_content(file, to);
    crash_name(CRASH_RENAME, file, from);
    struct crash_op *op = &crash->ops[crash->count - 1];
    crash_place(to, &op->to_dir, op->to_name);
  }
  crash_end();
  return rc;
}

static inline int crash_link(const char *from, const char *to) {
  if (!crash_begin("link")) return -1;
  int rc = link(from, to);
  if (rc == 0 && crash->plan.recording)
    crash_name(CRASH_LINK, crash_file_at(from), to);
  crash_end();
  return rc;
}

static inline int crash_unlink(const char *path) {
  struct stat st;
  if (lstat(path, &st) != 0) return -1; /* no change, and no point */
  if (!crash_begin("unlink")) return -1;
  int file = crash->plan.recording ? crash_file_at(path) : -1;
  int rc = unlink(path);
  if (rc == 0 && file >= 0) {
    crash_name(CRASH_UNLINK, file, path);
    crash->files[file].gone = st.st_nlink == 1;
  }
  crash_end();
  return rc;
}

static inline int crash_mkdir(const char *path, mode_t mode) {
  struct stat st;
  if (stat(path, &st) == 0) return mkdir(path, mode);
  if (!crash_begin("mkdir")) return -1;
  int rc = mkdir(path, mode);
  if (rc == 0 && crash->plan.recording) {
    crash_name(CRASH_MKDIR, -1, path);
    crash_dir(path, strlen(path));
  }
  crash_end();
  return rc;
}

static inline char *crash_mkdtemp(char *form) {
  if (!crash_begin("mkdir")) return NULL;
  char *path = mkdtemp(form);
  if (path != NULL && crash->plan.recording) {
    crash_name(CRASH_MKDIR, -1, path);
    crash_dir(path, strlen(path));
  }
  crash_end();
  return path;
}

static inline int crash_rmdir(const char *path) {
  if (!crash_begin("rmdir")) return -1;
  int rc = rmdir(path);
  if (rc == 0 && crash->plan.recording) crash_name(CRASH_RMDIR, -1, path);
  crash_end();
  return rc;
}

/* ---- the store's files, which are known by their paths ---- */

#define CRASH_STORE UINT64_MAX

static inline uint64_t crash_hash(const char *path) {
  uint64_t h = 14695981039346656037u;
  for (; *path != '\0'; path++) h = (h ^ (unsigned char)*path) * 1099511628211u;
  return h;
}

static inline const char *crash_kind_of(const struct vfs_call *call) {
  static const char *const names[] = {"store write",  "store truncate",
                                      "store sync",   "store remove",
                                      "store folder", "store create"};
  return names[call->kind];
}

static inline int crash_code(const struct vfs_call *call, int why) {
  if (why == 0) return SQLITE_OK;
  if (call->kind == VFS_SYNC || call->kind == VFS_FOLDER)
    return SQLITE_IOERR_FSYNC;
  if (why == ENOSPC) return SQLITE_FULL;
  return why == EROFS ? SQLITE_READONLY : SQLITE_IOERR_WRITE;
}

static inline void crash_store_bytes(const struct vfs_call *call, int file) {
  struct crash_op *op =
      crash_add(call->kind == VFS_WRITE ? CRASH_WRITE : CRASH_CUT);
  op->file = file;
  op->offset = call->offset;
  if (call->length != 0)
    memcpy(crash_room(op, call->length), call->bytes, call->length);
}

static inline void crash_store_sync(const struct vfs_call *call, int file) {
  char site[CRASH_NAME + 16];
  const char *tail = strrchr(call->path, '/') + 1;
  snprintf(site, sizeof site, "%s%s", tail,
           call->kind == VFS_FOLDER ? " folder" : "");
  if (crash_site(site) || !crash->plan.recording) return;
  int dir = -1;
  char name[CRASH_NAME];
  crash_place(call->path, &dir, name);
  struct crash_op *op =
      crash_add(call->kind == VFS_SYNC ? CRASH_SYNC : CRASH_FOLDER);
  op->file = file;
  op->dir = dir;
}

static inline void crash_store_note(const struct vfs_call *call) {
  uint64_t id = crash_hash(call->path);
  int file = crash_file(CRASH_STORE, id);
  bool syncs = call->kind == VFS_SYNC || call->kind == VFS_FOLDER;
  if (syncs) crash_store_sync(call, file);
  if (syncs || !crash->plan.recording) return;
  if (call->kind == VFS_CREATE)
    crash_name(CRASH_CREATE, crash_file_new(CRASH_STORE, id), call->path);
  else if (call->kind == VFS_REMOVE)
    crash_name(CRASH_UNLINK, file, call->path);
  else
    crash_store_bytes(call, file);
}

static inline int crash_hook(const struct vfs_call *call) {
  pthread_mutex_lock(&crash->lock);
  int why = crash_point(crash_kind_of(call));
  if (why == 0) crash_store_note(call);
  pthread_mutex_unlock(&crash->lock);
  return crash_code(call, why);
}

/* ---- from now on ---- */

static inline void crash_disk_use(void) {
  static const struct disk_layer layer = {.open = crash_open,
                                          .write = crash_write,
                                          .copy = crash_copy,
                                          .truncate = crash_truncate,
                                          .sync = crash_sync,
                                          .rename = crash_rename,
                                          .link = crash_link,
                                          .unlink = crash_unlink,
                                          .mkdir = crash_mkdir,
                                          .mkdtemp = crash_mkdtemp,
                                          .rmdir = crash_rmdir};
  disk_layer = &layer;
  vfs_install();
  vfs.hook = crash_hook;
}

#endif
