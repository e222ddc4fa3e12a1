/* SPDX-License-Identifier: MIT
   Files by their content. The lock is held while a file is removed: who comes
   to use it meanwhile finds it gone, and publishes it again. */
#include "document/spool.h"

#include <bsd/sys/tree.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/disk.h"
#include "base/error.h"
#include "base/mem.h"

#define ENDING ".tif"

struct spool_file {
  RB_ENTRY(spool_file) by_name;
  struct spool *spool; /* a reference */
  char *path;
  const char *name; /* in it */
  DWORD users;
  bool keep;
  bool held;   /* the spool itself is one of the users */
  bool sound;  /* known to be whole */
  bool absent; /* known not to be there */
};

RB_HEAD(spool_files, spool_file);

struct spool {
  char *folder;
  pthread_mutex_t lock; /* of the files, and held while one is removed */
  struct spool_files files;
  bool swept; /* what nobody used then is not there */
  bool closed;
};

static int file_order(const struct spool_file *a, const struct spool_file *b) {
  return strcmp(a->name, b->name);
}

RB_PROTOTYPE(spool_files, spool_file, by_name, file_order);
RB_GENERATE(spool_files, spool_file, by_name, file_order)

static void file_free(struct spool_file *f) {
  RB_REMOVE(spool_files, &f->spool->files, f);
  mem_free(f->path);
  mem_free(f);
}

static void spool_destroy(void *object) {
  struct spool *s = object;
  struct spool_file *f;
  while ((f = RB_MIN(spool_files, &s->files)) != NULL) file_free(f);
  mem_free(s->folder);
  pthread_mutex_destroy(&s->lock);
}

DWORD spool_open(const char *folder, struct spool **spool_out) {
  struct spool *s = mem_new(sizeof *s, spool_destroy);
  if (s == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  pthread_mutex_init(&s->lock, NULL);
  s->folder = mem_text(folder);
  if (s->folder == NULL) {
    mem_unref(s);
    return ERROR_NOT_ENOUGH_MEMORY;
  }
  *spool_out = s;
  return ERROR_SUCCESS;
}

void spool_name(const char *digest, char name_out[SPOOL_NAME]) {
  snprintf(name_out, SPOOL_NAME, "%s" ENDING, digest);
}

/* ---- users ---- */

static DWORD file_new(struct spool *s, const char *name,
                      struct spool_file **file_out) {
  struct spool_file *f = mem_alloc(sizeof *f);
  if (f == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  f->path = mem_format("%s/%s", s->folder, name);
  if (f->path == NULL) {
    mem_free(f);
    return ERROR_NOT_ENOUGH_MEMORY;
  }
  f->name = f->path + strlen(s->folder) + 1;
  f->spool = s;
  f->absent = s->swept;
  RB_INSERT(spool_files, &s->files, f);
  *file_out = f;
  return ERROR_SUCCESS;
}

static struct spool_file *find(struct spool *s, const char *name) {
  struct spool_file want = {.name = name};
  return RB_FIND(spool_files, &s->files, &want);
}

/* With the lock. */
static DWORD find_or_make(struct spool *s, const char *name,
                          struct spool_file **file_out) {
  *file_out = find(s, name);
  return *file_out != NULL ? ERROR_SUCCESS : file_new(s, name, file_out);
}

DWORD spool_use(struct spool *s, const char *name,
                struct spool_file **file_out) {
  struct spool_file *f;
  pthread_mutex_lock(&s->lock);
  DWORD error = find_or_make(s, name, &f);
  if (error == ERROR_SUCCESS) f->users++;
  pthread_mutex_unlock(&s->lock);
  if (error != ERROR_SUCCESS) return error;
  mem_ref(s);
  *file_out = f;
  return ERROR_SUCCESS;
}

DWORD spool_hold(struct spool *s, const char *name) {
  struct spool_file *f;
  pthread_mutex_lock(&s->lock);
  DWORD error = find_or_make(s, name, &f);
  if (error == ERROR_SUCCESS && !f->held) {
    f->held = f->keep = true;
    f->users++;
  }
  pthread_mutex_unlock(&s->lock);
  return error;
}

/* With the lock. What is kept is remembered: who comes to use it next must not
   be the one with whom it goes. */
static void leave(struct spool_file *f) {
  if (--f->users != 0 || f->keep) return;
  if (!f->spool->closed) disk_unlink(f->path);
  file_free(f);
}

void spool_drop(struct spool_file *f) {
  if (f == NULL) return;
  struct spool *s = f->spool;
  pthread_mutex_lock(&s->lock);
  leave(f);
  pthread_mutex_unlock(&s->lock);
  mem_unref(s);
}

void spool_keep(struct spool_file *f) {
  pthread_mutex_lock(&f->spool->lock);
  f->keep = true;
  pthread_mutex_unlock(&f->spool->lock);
}

void spool_close(struct spool *s) {
  if (s == NULL) return;
  pthread_mutex_lock(&s->lock);
  s->closed = true;
  pthread_mutex_unlock(&s->lock);
}

const char *spool_path(const struct spool_file *f) {
  return f->path;
}

/* ---- what is in it ---- */

/* 64 digits and the ending. */
static bool says_content(const char *name) {
  size_t digits = strspn(name, "0123456789abcdef");
  return digits == DIGEST_TEXT - 1 && strcmp(name + digits, ENDING) == 0;
}

static bool is_what_it_says(const struct spool_file *f) {
  struct digest d;
  char text[DIGEST_TEXT], name[SPOOL_NAME];
  int fd = open(f->path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  if (fd < 0) return false;
  digest_begin(&d);
  bool read_all = digest_file(&d, fd);
  close(fd);
  if (!read_all || !says_content(f->name)) return read_all;
  digest_end(&d, text);
  spool_name(text, name);
  return strcmp(name, f->name) == 0;
}

void spool_there(struct spool_file *f) {
  pthread_mutex_lock(&f->spool->lock);
  f->sound = true;
  f->absent = false;
  pthread_mutex_unlock(&f->spool->lock);
}

bool spool_sound(struct spool_file *f) {
  pthread_mutex_lock(&f->spool->lock);
  bool sound = f->sound, absent = f->absent;
  pthread_mutex_unlock(&f->spool->lock);
  if (!sound && !absent && (sound = is_what_it_says(f))) spool_there(f);
  return sound;
}

DWORD spool_publish(struct spool_file *f, const char *from) {
  DWORD rc = disk_sync_file(from);
  if (rc == ERROR_SUCCESS && disk_rename(from, f->path) != 0)
    rc = error_errno(errno, "%s", f->path);
  if (rc == ERROR_SUCCESS) rc = disk_sync_folder_of(f->path);
  if (rc == ERROR_SUCCESS) spool_there(f);
  return rc;
}

/* ---- what nobody uses ---- */

static bool ends_in(const char *name, const char *ending) {
  size_t length = strlen(name), most = strlen(ending);
  return length > most && strcmp(name + length - most, ending) == 0;
}

static bool remove_unused(struct spool *s, const char *name) {
  char *path = mem_format("%s/%s", s->folder, name);
  pthread_mutex_lock(&s->lock);
  bool removed =
      path != NULL && find(s, name) == NULL && disk_unlink(path) == 0;
  pthread_mutex_unlock(&s->lock);
  mem_free(path);
  return removed;
}

DWORD spool_sweep(struct spool *s) {
  DWORD count = 0;
  struct dirent *entry;
  document_sweep(s->folder);
  DIR *folder = opendir(s->folder);
  if (folder == NULL) return 0;
  while ((entry = readdir(folder)) != NULL)
    if (ends_in(entry->d_name, DRAFT_MARK))
      remove_unused(s, entry->d_name);
    else if (ends_in(entry->d_name, ENDING) && remove_unused(s, entry->d_name))
      count++;
  closedir(folder);
  pthread_mutex_lock(&s->lock);
  s->swept = true;
  pthread_mutex_unlock(&s->lock);
  return count;
}
