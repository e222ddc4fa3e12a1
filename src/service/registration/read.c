/* SPDX-License-Identifier: MIT
   Reading the registrations of a directory. */
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "service/registration/own.h"

/* Far more than anyone registers. */
#define MOST_BYTES (1 << 20)

static DWORD damaged(const char *path, const char *why) {
  return error_say(ERROR_REGISTRY_CORRUPT, "%s: %s", path, why);
}

static DWORD check(const char *path, const struct registrations *list) {
  if (list->version != REGISTRATION_VERSION)
    return damaged(path, "its version is not known here");
  for (DWORD i = 0; i < list->count; i++) {
    const struct registration *p = &list->providers[i];
    if (p->name == NULL || *p->name == '\0' || p->friendly_name == NULL ||
        p->image == NULL)
      return damaged(path, "a provider lacks its name or its image");
  }
  return ERROR_SUCCESS;
}

static DWORD parse(const char *path, int fd, struct arena *a,
                   struct registrations *out) {
  json_error_t why;
  struct registrations list;
  char sentence[256];
  json_t *json = json_loadfd(fd, JSON_REJECT_DUPLICATES, &why);
  /* Without a sentence jansson ran out of memory. */
  if (json == NULL)
    return why.text[0] == '\0' ? ERROR_NOT_ENOUGH_MEMORY
                               : damaged(path, why.text);
  DWORD error = record_from_json(&record_registrations, json, &list, a);
  json_decref(json);
  if (error == ERROR_INVALID_DATA) {
    snprintf(sentence, sizeof sentence, "%s", error_message());
    return damaged(path, sentence);
  }
  if (error == ERROR_SUCCESS) error = check(path, &list);
  if (error == ERROR_SUCCESS) *out = list;
  return error;
}

static DWORD read_file(const char *path, struct arena *a,
                       struct registrations *out) {
  struct stat st;
  int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  if (fd < 0 && errno == ENOENT) {
    *out = (struct registrations){.version = REGISTRATION_VERSION};
    return ERROR_SUCCESS;
  }
  if (fd < 0) return error_errno(errno, "%s", path);
  DWORD error;
  if (fstat(fd, &st) != 0)
    error = error_errno(errno, "%s", path);
  else if (!S_ISREG(st.st_mode) || st.st_size > MOST_BYTES)
    error = damaged(path, "it is no file, or too large");
  else
    error = parse(path, fd, a, out);
  close(fd);
  return error;
}

DWORD registration_read(const char *directory, struct arena *a,
                        struct registrations *out) {
  char *path = mem_format("%s/" REGISTRY_FILE, directory);
  if (path == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  DWORD error = read_file(path, a, out);
  mem_free(path);
  return error;
}
