/* SPDX-License-Identifier: MIT
   A folder of a program's own, in $TMPDIR or else in /tmp, and its end. For
   tests, benchmarks and fuzzers. */
#ifndef FAX_SPEC_FOLDER_H
#define FAX_SPEC_FOLDER_H

#include <ftw.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Room for its path; so short that a socket's name fits behind it. */
#define FOLDER_SIZE 64

/* A name for mkdtemp or mkstemp. A $TMPDIR that is too long is passed over. */
static inline void folder_name(char name[FOLDER_SIZE]) {
  const char *where = getenv("TMPDIR");
  if (where == NULL || strlen(where) > 32) where = "/tmp";
  snprintf(name, FOLDER_SIZE, "%s/fax-spec-XXXXXX", where);
}

static inline bool folder_make(char path[FOLDER_SIZE]) {
  folder_name(path);
  return mkdtemp(path) != NULL;
}

static inline int folder_remove_one(const char *path, const struct stat *st,
                                    int flag, struct FTW *walk) {
  (void)st, (void)flag, (void)walk;
  return remove(path);
}

/* With all that is in it. */
static inline void folder_remove(const char *path) {
  nftw(path, folder_remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

#endif
