/* SPDX-License-Identifier: MIT
   What the tests of documents share: a folder that is empty again at the end,
   and the documents in it. */
#ifndef FAX_SPEC_DOCUMENT_STAGE_H
#define FAX_SPEC_DOCUMENT_STAGE_H

#include "test.h"

#include <errno.h>
#include <fax/fax_clock.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "document/document.h"
#include "documents.h"
#include "folder.h"

static char stage_folder[FOLDER_SIZE];

static inline int stage_setup(void **state) {
  (void)state;
  return folder_make(stage_folder) ? 0 : -1;
}

/* The path of a name in the folder, until 64 more were asked for. */
static inline const char *stage_path(const char *name) {
  static char paths[64][512];
  static int next;
  char *path = paths[next++ % 64];
  snprintf(path, sizeof paths[0], "%s/%s", stage_folder, name);
  return path;
}

/* Makes the document of that name; its path. */
static inline const char *stage_document(const char *name) {
  const char *path = stage_path(name);
  assert_true(documents_make(name, path));
  return path;
}

/* How many names are in the folder. */
static inline size_t stage_count(const char *folder) {
  size_t n = 0;
  DIR *dir = opendir(folder);
  assert_non_null(dir);
  for (struct dirent *e; (e = readdir(dir)) != NULL;)
    if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0) n++;
  closedir(dir);
  return n;
}

static inline void stage_empty(const char *folder) {
  DIR *dir = opendir(folder);
  assert_non_null(dir);
  for (struct dirent *e; (e = readdir(dir)) != NULL;)
    if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
      unlinkat(dirfd(dir), e->d_name, 0);
  closedir(dir);
}

static inline int stage_teardown(void **state) {
  (void)state;
  stage_empty(stage_folder);
  return rmdir(stage_folder);
}

/* This process has no child, running or not reaped. */
static inline void stage_no_child(void) {
  assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
  assert_int_equal(errno, ECHILD);
}

static inline bool stage_says(const char *text) {
  if (strstr(error_message(), text) != NULL) return true;
  print_error("\"%s\" does not say \"%s\"\n", error_message(), text);
  return false;
}

/* The share of black in a part of a page, in percent. */
static inline unsigned stage_black(const uint8_t *pixels, unsigned left,
                                   unsigned top, unsigned width,
                                   unsigned height) {
  unsigned black = 0;
  for (unsigned y = top; y < top + height; y++)
    for (unsigned x = left; x < left + width; x++)
      black += pixels[y * PAGES_STRIDE + x / 8] >> (7 - x % 8) & 1;
  return black * 100 / (width * height);
}

#endif
