/* SPDX-License-Identifier: MIT
   A file layer under SQLite that counts, fails and records: what was written,
   and what was synced. From the recording comes a disk as a power cut at any
   moment could have left it. */
#ifndef FAX_SPEC_STORE_VFS_H
#define FAX_SPEC_STORE_VFS_H

#include <semaphore.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "test.h"

/* VFS_FOLDER: a sync of the folder, so of all removals in it. VFS_CREATE: for
   the hook only. */
enum vfs_kind {
  VFS_WRITE,
  VFS_TRUNCATE,
  VFS_SYNC,
  VFS_REMOVE,
  VFS_FOLDER,
  VFS_CREATE
};

/* What is about to be done. */
struct vfs_call {
  enum vfs_kind kind;
  const char *path;
  int64_t offset; /* or the size, of VFS_TRUNCATE */
  const void *bytes;
  size_t length;
};

struct vfs_op {
  enum vfs_kind kind;
  int file;
  int64_t offset; /* or the size, of VFS_TRUNCATE */
  size_t length;
  char *bytes;
};

enum { VFS_FILES = 8, VFS_OPS = 200000 };

struct vfs {
  sqlite3_vfs shim, *base;
  atomic_size_t arrived; /* writes that were asked for */
  atomic_bool held;      /* the next one waits for `gate` */
  sem_t gate;
  pthread_mutex_t lock; /* what follows */
  char files[VFS_FILES][512];
  struct vfs_op *ops;
  size_t count;
  bool recording;
  size_t syncs;
  int refuse;       /* SQLITE_ code of each write from now on; 0: none */
  bool forget_sync; /* a sync is reported and not done: for the mutations */
  /* Asked before each change; a SQLITE_ code other than 0 is its failure. With
     one, syncs are not done: the machine's own power does not go. */
  int (*hook)(const struct vfs_call *call);
};
static struct vfs vfs;

struct vfs_file {
  sqlite3_file face;
  int index;
  const char *path;   /* borrowed from SQLite; NULL: of a temporary file */
  bool made;          /* its first sync is one of the folder too */
  sqlite3_file *base; /* behind this */
};

/* ---- recording; with the lock ---- */

static inline int vfs_index(const char *path) {
  for (int i = 0; i < VFS_FILES; i++) {
    if (strcmp(vfs.files[i], path) == 0) return i;
    if (vfs.files[i][0] != '\0') continue;
    snprintf(vfs.files[i], sizeof vfs.files[i], "%s", path);
    return i;
  }
  fail_msg("more files than expected");
  return -1;
}

static inline void vfs_note(enum vfs_kind kind, int file, int64_t offset,
                            const void *bytes, size_t length) {
  if (!vfs.recording || file < 0) return;
  assert_true(vfs.count < VFS_OPS);
  struct vfs_op *op = &vfs.ops[vfs.count++];
  *op = (struct vfs_op){kind, file, offset, length, NULL};
  if (length == 0) return;
  op->bytes = malloc(length);
  assert_non_null(op->bytes);
  memcpy(op->bytes, bytes, length);
}

static inline int vfs_ask(enum vfs_kind kind, const char *path, int64_t offset,
                          const void *bytes, size_t length) {
  struct vfs_call call = {kind, path, offset, bytes, length};
  return vfs.hook != NULL && path != NULL ? vfs.hook(&call) : SQLITE_OK;
}

/* Each write from now on; SQLITE_OK: none. */
static inline void vfs_refuse(int code) {
  pthread_mutex_lock(&vfs.lock);
  vfs.refuse = code;
  pthread_mutex_unlock(&vfs.lock);
}

/* ---- a file ---- */

#define VFS_BASE(f) (((struct vfs_file *)(f))->base)

static inline int vfs_close(sqlite3_file *f) {
  sqlite3_file *base = VFS_BASE(f);
  return base->pMethods == NULL ? SQLITE_OK : base->pMethods->xClose(base);
}

static inline int vfs_read(sqlite3_file *f, void *to, int n, sqlite3_int64 at) {
  return VFS_BASE(f)->pMethods->xRead(VFS_BASE(f), to, n, at);
}

static inline int vfs_write(sqlite3_file *f, const void *from, int n,
                            sqlite3_int64 at) {
  atomic_fetch_add(&vfs.arrived, 1);
  if (atomic_exchange(&vfs.held, false)) sem_wait(&vfs.gate);
  int asked =
      vfs_ask(VFS_WRITE, ((struct vfs_file *)f)->path, at, from, (size_t)n);
  if (asked != SQLITE_OK) return asked;
  pthread_mutex_lock(&vfs.lock);
  int refuse = vfs.refuse;
  if (refuse == 0)
    vfs_note(VFS_WRITE, ((struct vfs_file *)f)->index, at, from, (size_t)n);
  pthread_mutex_unlock(&vfs.lock);
  if (refuse != 0) return refuse;
  return VFS_BASE(f)->pMethods->xWrite(VFS_BASE(f), from, n, at);
}

static inline int vfs_truncate(sqlite3_file *f, sqlite3_int64 size) {
  int asked =
      vfs_ask(VFS_TRUNCATE, ((struct vfs_file *)f)->path, size, NULL, 0);
  if (asked != SQLITE_OK) return asked;
  pthread_mutex_lock(&vfs.lock);
  vfs_note(VFS_TRUNCATE, ((struct vfs_file *)f)->index, size, NULL, 0);
  pthread_mutex_unlock(&vfs.lock);
  return VFS_BASE(f)->pMethods->xTruncate(VFS_BASE(f), size);
}

/* The unix layer syncs the folder with the first sync of a journal. */
static inline int vfs_sync(sqlite3_file *f, int flags) {
  struct vfs_file *file = (struct vfs_file *)f;
  int asked = vfs_ask(VFS_SYNC, file->path, 0, NULL, 0);
  if (asked == SQLITE_OK && file->made)
    asked = vfs_ask(VFS_FOLDER, file->path, 0, NULL, 0);
  if (asked != SQLITE_OK) return asked;
  pthread_mutex_lock(&vfs.lock);
  vfs.syncs++;
  if (!vfs.forget_sync) {
    vfs_note(VFS_SYNC, file->index, 0, NULL, 0);
    if (file->made) vfs_note(VFS_FOLDER, file->index, 0, NULL, 0);
    file->made = false;
  }
  pthread_mutex_unlock(&vfs.lock);
  if (vfs.hook != NULL) return SQLITE_OK;
  return VFS_BASE(f)->pMethods->xSync(VFS_BASE(f), flags);
}

static inline int vfs_size(sqlite3_file *f, sqlite3_int64 *size) {
  return VFS_BASE(f)->pMethods->xFileSize(VFS_BASE(f), size);
}
static inline int vfs_lock(sqlite3_file *f, int level) {
  return VFS_BASE(f)->pMethods->xLock(VFS_BASE(f), level);
}
static inline int vfs_unlock(sqlite3_file *f, int level) {
  return VFS_BASE(f)->pMethods->xUnlock(VFS_BASE(f), level);
}
static inline int vfs_reserved(sqlite3_file *f, int *out) {
  return VFS_BASE(f)->pMethods->xCheckReservedLock(VFS_BASE(f), out);
}
static inline int vfs_control(sqlite3_file *f, int op, void *arg) {
  return VFS_BASE(f)->pMethods->xFileControl(VFS_BASE(f), op, arg);
}
static inline int vfs_sector(sqlite3_file *f) {
  return VFS_BASE(f)->pMethods->xSectorSize(VFS_BASE(f));
}
static inline int vfs_traits(sqlite3_file *f) {
  (void)f;
  return 0; /* as little as a disk can promise */
}

/* The index of the log is nothing that a cut could leave. */
static inline int vfs_map(sqlite3_file *f, int page, int size, int extend,
                          void volatile **out) {
  return VFS_BASE(f)->pMethods->xShmMap(VFS_BASE(f), page, size, extend, out);
}
static inline int vfs_map_lock(sqlite3_file *f, int at, int n, int flags) {
  return VFS_BASE(f)->pMethods->xShmLock(VFS_BASE(f), at, n, flags);
}
static inline void vfs_map_barrier(sqlite3_file *f) {
  VFS_BASE(f)->pMethods->xShmBarrier(VFS_BASE(f));
}
static inline int vfs_unmap(sqlite3_file *f, int remove) {
  return VFS_BASE(f)->pMethods->xShmUnmap(VFS_BASE(f), remove);
}

/* ---- the layer ---- */

static inline int vfs_open(sqlite3_vfs *v, const char *path, sqlite3_file *f,
                           int flags, int *flags_out) {
  static const sqlite3_io_methods methods = {2,
                                             vfs_close,
                                             vfs_read,
                                             vfs_write,
                                             vfs_truncate,
                                             vfs_sync,
                                             vfs_size,
                                             vfs_lock,
                                             vfs_unlock,
                                             vfs_reserved,
                                             vfs_control,
                                             vfs_sector,
                                             vfs_traits,
                                             vfs_map,
                                             vfs_map_lock,
                                             vfs_map_barrier,
                                             vfs_unmap,
                                             NULL,
                                             NULL};
  struct vfs_file *file = (struct vfs_file *)f;
  (void)v;
  file->base = (sqlite3_file *)(file + 1);
  file->index = -1;
  file->path = path;
  file->made = (flags & SQLITE_OPEN_CREATE) != 0 &&
               (flags & (SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL)) != 0;
  f->pMethods = NULL;
  if ((flags & SQLITE_OPEN_CREATE) != 0 && path != NULL &&
      access(path, F_OK) != 0 &&
      vfs_ask(VFS_CREATE, path, 0, NULL, 0) != SQLITE_OK)
    return SQLITE_CANTOPEN;
  int rc = vfs.base->xOpen(vfs.base, path, file->base, flags, flags_out);
  f->pMethods = file->base->pMethods != NULL ? &methods : NULL;
  if (rc != SQLITE_OK || path == NULL) return rc;
  pthread_mutex_lock(&vfs.lock);
  if (vfs.recording) file->index = vfs_index(path);
  pthread_mutex_unlock(&vfs.lock);
  return rc;
}

static inline int vfs_delete(sqlite3_vfs *v, const char *path, int sync) {
  (void)v;
  int asked = access(path, F_OK) == 0 ? vfs_ask(VFS_REMOVE, path, 0, NULL, 0)
                                      : SQLITE_OK;
  if (asked == SQLITE_OK && sync) asked = vfs_ask(VFS_FOLDER, path, 0, NULL, 0);
  if (asked != SQLITE_OK) return SQLITE_IOERR_DELETE;
  pthread_mutex_lock(&vfs.lock);
  if (vfs.recording) {
    vfs_note(VFS_REMOVE, vfs_index(path), 0, NULL, 0);
    if (sync) vfs_note(VFS_FOLDER, vfs_index(path), 0, NULL, 0);
  }
  pthread_mutex_unlock(&vfs.lock);
  return vfs.base->xDelete(vfs.base, path, vfs.hook == NULL ? sync : 0);
}

/* Below every store that is opened from now on. */
static inline void vfs_install(void) {
  vfs.base = sqlite3_vfs_find("unix-excl"); /* as the store's own */
  vfs.shim = *vfs.base;
  vfs.shim.zName = "spec";
  vfs.shim.szOsFile = (int)sizeof(struct vfs_file) + vfs.base->szOsFile;
  vfs.shim.xOpen = vfs_open;
  vfs.shim.xDelete = vfs_delete;
  pthread_mutex_init(&vfs.lock, NULL);
  assert_int_equal(sqlite3_vfs_register(&vfs.shim, 1), SQLITE_OK);
}

static inline void vfs_record(void) {
  vfs.ops = calloc(VFS_OPS, sizeof *vfs.ops);
  assert_non_null(vfs.ops);
  vfs.recording = true;
}

static inline void vfs_clear(void) {
  for (size_t i = 0; i < vfs.count; i++) free(vfs.ops[i].bytes);
  free(vfs.ops);
  vfs.ops = NULL;
  vfs.count = vfs.syncs = 0;
  vfs.recording = vfs.forget_sync = false;
  vfs.refuse = 0;
  memset(vfs.files, 0, sizeof vfs.files);
}

/* ---- the disk after a power cut ---- */

struct vfs_disk {
  char *bytes;
  size_t size;
  bool exists;
};

static inline void vfs_apply(struct vfs_disk *d, const struct vfs_op *op) {
  size_t end = (size_t)op->offset + op->length;
  d->exists = op->kind != VFS_REMOVE;
  if (op->kind == VFS_REMOVE) end = 0;
  if (op->kind != VFS_WRITE || end > d->size) {
    d->bytes = realloc(d->bytes, end + 1);
    if (end > d->size) memset(d->bytes + d->size, 0, end - d->size);
    d->size = end;
  }
  if (op->kind == VFS_WRITE)
    memcpy(d->bytes + op->offset, op->bytes, op->length);
}

/* Into `folder` what a disk may hold when the power went before the cut-th
   operation: all that was synced, and of the rest what `seed` says; a removal
   is as a write that is not synced. Not in one order: a file that exists only
   by what was not synced may be missing. */
static inline void vfs_after_cut(size_t cut, unsigned seed,
                                 const char *folder) {
  struct vfs_disk disks[VFS_FILES];
  size_t synced[VFS_FILES] = {0}; /* all before is on the disk */
  size_t folder_synced = 0;
  memset(disks, 0, sizeof disks);
  for (size_t i = 0; i < cut; i++) {
    if (vfs.ops[i].kind == VFS_SYNC) synced[vfs.ops[i].file] = i;
    if (vfs.ops[i].kind == VFS_FOLDER) folder_synced = i;
  }
  for (size_t i = 0; i < cut; i++) {
    const struct vfs_op *op = &vfs.ops[i];
    seed = seed * 1103515245u + 12345u;
    if (op->kind == VFS_SYNC || op->kind == VFS_FOLDER) continue;
    size_t safe = op->kind == VFS_REMOVE ? folder_synced : synced[op->file];
    if (i < safe || (seed >> 16) % 2 == 0) vfs_apply(&disks[op->file], op);
  }
  for (int i = 0; i < VFS_FILES; i++) {
    if (disks[i].exists) {
      char path[1024];
      snprintf(path, sizeof path, "%s%s", folder, strrchr(vfs.files[i], '/'));
      FILE *f = fopen(path, "wb");
      assert_non_null(f);
      assert_int_equal(fwrite(disks[i].bytes, 1, disks[i].size, f),
                       disks[i].size);
      fclose(f);
    }
    free(disks[i].bytes);
  }
}

#endif
