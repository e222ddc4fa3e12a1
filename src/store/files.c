/* SPDX-License-Identifier: MIT
   Files that come with rows: those of a batch are named together, and their
   folder is synced once, before a row that names one is written. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/disk.h"
#include "base/error.h"
#include "base/mem.h"
#include "store/own.h"

struct file {
  struct list link;
  char *from, *to;
};

void files_drop(struct store_changes *c) {
  list_each_safe(link, &c->files) {
    struct file *f = list_entry(link, struct file, link);
    list_remove(link);
    mem_free(f->from);
    mem_free(f->to);
    mem_free(f);
  }
}

DWORD store_file(struct store_changes *c, const char *from, const char *to) {
  struct file *f = mem_alloc(sizeof *f);
  if (f == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  list_append(&c->files, &f->link);
  f->from = mem_text(from);
  f->to = mem_text(to);
  return f->from != NULL && f->to != NULL ? ERROR_SUCCESS
                                          : ERROR_NOT_ENOUGH_MEMORY;
}

/* The list alone is refused. */
static void refuse(struct store_changes *c, DWORD error) {
  c->lost = error;
  snprintf(c->why, sizeof c->why, "%s", error_message());
}

typedef DWORD file_fn(const struct file *f, void *arg);

/* Of the lists that were not refused. */
static void each_file(struct list *batch, file_fn *fn, void *arg) {
  list_each(at, batch) {
    struct store_changes *c = list_entry(at, struct store_changes, link);
    list_each(link, &c->files) {
      if (c->lost != ERROR_SUCCESS) break;
      DWORD error = fn(list_entry(link, struct file, link), arg);
      if (error != ERROR_SUCCESS) refuse(c, error);
    }
  }
}

static DWORD name_one(const struct file *f, void *arg) {
  (void)arg;
  if (disk_rename(f->from, f->to) == 0) return ERROR_SUCCESS;
  return error_errno(errno, "%s", f->to);
}

/* The folder that was synced last, and what came of it. */
struct folder {
  const char *path; /* of a file in it */
  size_t length;
  DWORD error;
};

static DWORD sync_folder(const struct file *f, void *arg) {
  struct folder *last = arg;
  const char *slash = strrchr(f->to, '/');
  size_t length = slash != NULL ? (size_t)(slash - f->to) : 0;
  if (last->path == NULL || last->length != length ||
      memcmp(last->path, f->to, length) != 0)
    *last = (struct folder){f->to, length, disk_sync_folder_of(f->to)};
  return last->error;
}

void files_publish(struct list *batch) {
  struct folder last = {.path = NULL};
  each_file(batch, name_one, NULL);
  each_file(batch, sync_folder, &last);
}
