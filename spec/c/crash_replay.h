/* SPDX-License-Identifier: MIT
   The disk after the power went: all that was synced, and of the rest what a
   seed says. Names and bytes are safe each for themselves: a file that was
   synced in a folder that was not may have no name, and the other way round.
   What is not synced may be there or not, in whatever order; a write may be
   torn at a multiple of 512 bytes. A rename is one change: it happened or it
   did not, as in every journaling file system. */
#ifndef FAX_SPEC_CRASH_REPLAY_H
#define FAX_SPEC_CRASH_REPLAY_H

#include "crash_disk.h"

struct crash_bytes {
  char *bytes;
  size_t size;
};

struct crash_name {
  int dir, file; /* file -1: a folder */
  char name[CRASH_NAME];
  bool there;
};

struct crash_image {
  size_t cut;
  unsigned seed;
  size_t files_safe[CRASH_FILES], dirs_safe[CRASH_DIRS]; /* all before is */
  struct crash_bytes files[CRASH_FILES];
  struct crash_name *names;
  size_t name_count;
};

static inline unsigned crash_random(unsigned *seed) {
  *seed = *seed * 1103515245u + 12345u;
  return *seed >> 16;
}

static inline bool crash_is_change(enum crash_kind kind) {
  return kind < CRASH_SYNC;
}

/* ---- what is safe ---- */

static inline void crash_find_safe(struct crash_image *image) {
  for (size_t i = 0; i < image->cut; i++) {
    const struct crash_op *op = &crash->ops[i];
    if (op->kind == CRASH_SYNC && op->file >= 0)
      image->files_safe[op->file] = i;
    if (op->kind == CRASH_FOLDER) image->dirs_safe[op->dir] = i;
  }
}

static inline bool crash_is_safe(const struct crash_image *image, size_t i) {
  const struct crash_op *op = &crash->ops[i];
  if (op->kind >= CRASH_WRITE) return i < image->files_safe[op->file];
  return i < image->dirs_safe[op->dir] ||
         (op->to_dir >= 0 && i < image->dirs_safe[op->to_dir]);
}

/* ---- names ---- */

static inline struct crash_name *crash_entry(struct crash_image *image, int dir,
                                             const char *name) {
  for (size_t i = 0; i < image->name_count; i++)
    if (image->names[i].dir == dir && strcmp(image->names[i].name, name) == 0)
      return &image->names[i];
  struct crash_name *n = &image->names[image->name_count++];
  *n = (struct crash_name){.dir = dir, .file = -1};
  memcpy(n->name, name, sizeof n->name);
  return n;
}

static inline void crash_apply_name(struct crash_image *image,
                                    const struct crash_op *op) {
  struct crash_name *from = crash_entry(image, op->dir, op->name);
  if (op->kind == CRASH_UNLINK || op->kind == CRASH_RMDIR) {
    from->there = false;
  } else if (op->kind == CRASH_RENAME) {
    from->there = false;
    struct crash_name *to = crash_entry(image, op->to_dir, op->to_name);
    to->there = true;
    to->file = op->file;
  } else {
    from->there = true;
    from->file = op->file;
  }
}

/* ---- bytes ---- */

static inline void crash_resize(struct crash_bytes *b, size_t size) {
  char *bytes = realloc(b->bytes, size + 1);
  if (bytes == NULL) abort();
  if (size > b->size) memset(bytes + b->size, 0, size - b->size);
  b->bytes = bytes;
  b->size = size;
}

static inline void crash_apply_bytes(struct crash_image *image,
                                     const struct crash_op *op, bool torn) {
  struct crash_bytes *b = &image->files[op->file];
  size_t at = (size_t)op->offset, length = op->length;
  if (torn) length = length / 1024 * 512;
  if (op->kind == CRASH_CUT || op->kind == CRASH_CONTENT)
    crash_resize(b, op->kind == CRASH_CUT ? at : length);
  if (op->kind == CRASH_CUT) return;
  if (at + length > b->size) crash_resize(b, at + length);
  if (length != 0) memcpy(b->bytes + at, crash->bytes + op->at, length);
}

/* ---- the disk ---- */

static inline void crash_apply(struct crash_image *image) {
  unsigned seed = image->seed;
  for (size_t i = 0; i < image->cut; i++) {
    const struct crash_op *op = &crash->ops[i];
    if (!crash_is_change(op->kind)) continue;
    unsigned chance = crash_random(&seed) % 8;
    bool safe = crash_is_safe(image, i);
    if (!safe && chance < 4) continue;
    if (op->kind < CRASH_WRITE)
      crash_apply_name(image, op);
    else
      crash_apply_bytes(image, op, !safe && chance == 4);
  }
}

static inline int crash_dir_of(const struct crash_name *n) {
  char path[512];
  snprintf(path, sizeof path, "%s/%s", crash->dirs[n->dir], n->name);
  for (int i = 0; i < crash->dir_count; i++)
    if (strcmp(crash->dirs[i], path) == 0) return i;
  return -1;
}

static inline void crash_write_file(const char *path,
                                    const struct crash_bytes *b) {
  int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0 || write(fd, b->bytes, b->size) != (ssize_t)b->size) abort();
  close(fd);
}

/* All below a folder that has its name. */
static inline void crash_write_folder(const struct crash_image *image,
                                      int dir) {
  for (size_t i = 0; i < image->name_count; i++) {
    const struct crash_name *n = &image->names[i];
    char path[1024];
    if (!n->there || n->dir != dir) continue;
    snprintf(path, sizeof path, "%s%s/%s", crash->root, crash->dirs[dir],
             n->name);
    if (n->file >= 0) {
      crash_write_file(path, &image->files[n->file]);
    } else {
      mkdir(path, 0700);
      if (crash_dir_of(n) >= 0) crash_write_folder(image, crash_dir_of(n));
    }
  }
}

static inline int crash_remove_one(const char *path, const struct stat *st,
                                   int flag, struct FTW *walk) {
  (void)st, (void)flag;
  return walk->level == 0 ? 0 : remove(path);
}

static inline void crash_remove_all(void) {
  nftw(crash->root, crash_remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* The root is as the power left it before the cut-th operation. */
static inline void crash_replay(size_t cut, unsigned seed) {
  struct crash_image *image = calloc(1, sizeof *image);
  if (image == NULL) abort();
  image->cut = cut;
  image->seed = seed;
  image->names = calloc(2 * cut + 1, sizeof *image->names);
  if (image->names == NULL) abort();
  crash_find_safe(image);
  crash_apply(image);
  crash_remove_all();
  crash_write_folder(image, 0);
  for (int i = 0; i < crash->file_count; i++) free(image->files[i].bytes);
  free(image->names);
  free(image);
}

/* ---- what is on the disk before the log begins: all of it is safe ---- */

static inline int crash_import_one(const char *path, const struct stat *st,
                                   int flag, struct FTW *walk) {
  (void)flag;
  if (walk->level == 0) return 0;
  if (S_ISDIR(st->st_mode)) {
    crash_name(CRASH_MKDIR, -1, path);
    crash_dir(path, strlen(path));
  } else {
    bool store = strstr(path, "/fax.db") != NULL;
    int file = store ? crash_file_new(CRASH_STORE, crash_hash(path))
                     : crash_file_new(st->st_dev, st->st_ino);
    crash_name(CRASH_CREATE, file, path);
    crash_content(file, path);
    crash_add(CRASH_SYNC)->file = file;
  }
  return 0;
}

static inline void crash_import(void) {
  nftw(crash->root, crash_import_one, 16, FTW_PHYS);
  for (int i = 0; i < crash->dir_count; i++) crash_add(CRASH_FOLDER)->dir = i;
}

#endif
