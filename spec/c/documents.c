/* SPDX-License-Identifier: MIT
   documents FOLDER [NAME...]: writes the documents of documents.h into a
   folder, for specs in Lua; without names, all of them. */
#include <stdio.h>

#include "documents.h"

static bool write_one(const char *folder, const char *name) {
  char path[4096];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  if (documents_make(name, path)) return true;
  fprintf(stderr, "documents: %s cannot be made\n", name);
  return false;
}

int main(int argc, char **argv) {
  bool ok = argc >= 2;
  if (!ok) fputs("usage: documents FOLDER [NAME...]\n", stderr);
  for (int i = 2; ok && i < argc; i++) ok = write_one(argv[1], argv[i]);
  size_t count = sizeof documents_all / sizeof *documents_all;
  for (size_t i = 0; ok && argc == 2 && i < count; i++)
    ok = write_one(argv[1], documents_all[i].name);
  return ok ? 0 : 1;
}
