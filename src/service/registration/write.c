/* SPDX-License-Identifier: MIT
   Replacing the registrations of a directory: one writer at a time, under
   another name first, so that whoever reads finds the old file or the new. */
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "base/disk.h"
#include "document/document.h"
#include "service/life/directory.h"
#include "service/registration/own.h"

/* ---- which directory ---- */

static DWORD directory_of(struct service *s, char **path_out) {
  *path_out = mem_text(s->directory);
  return *path_out == NULL ? ERROR_NOT_ENOUGH_MEMORY : ERROR_SUCCESS;
}

/* The service of this process that has not stopped; NULL. */
static struct service *running(void) {
  struct service *s = service_current();
  if (s == NULL) return NULL;
  DWORD error = service_enter(s);
  if (error == ERROR_SUCCESS) {
    service_leave(s);
    return s;
  }
  error_clear();
  return mem_unref(s);
}

static DWORD find_directory(struct registry *r) {
  char *path;
  if (r->service != NULL) return directory_of(r->service, &r->directory);
  DWORD error = directory_choose(NULL, &path);
  if (error != ERROR_SUCCESS) return error;
  error = document_folder(path);
  if (error == ERROR_SUCCESS)
    r->directory = path;
  else
    mem_free(path);
  return error;
}

/* ---- one writer ---- */

static double machine_seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* flock knows no deadline: asked every few milliseconds. By the machine's time,
   because the other writer may be another process. */
static DWORD wait_for_lock(int fd, const char *path, double seconds) {
  double until = machine_seconds() + seconds;
  while (flock(fd, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR)
      return error_errno(errno, "%s", path);
    if (machine_seconds() >= until)
      return error_say(ERROR_BUSY,
                       "%s: another program is changing the registrations",
                       path);
    (void)poll(NULL, 0, 5);
  }
  return ERROR_SUCCESS;
}

static DWORD take_lock(struct registry *r, double seconds) {
  char *path = mem_format("%s/" REGISTRY_LOCK, r->directory);
  if (path == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  DWORD error = ERROR_SUCCESS;
  r->lock = disk_open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (r->lock < 0)
    error = error_errno(errno, "%s", path);
  else
    error = wait_for_lock(r->lock, path, seconds);
  mem_free(path);
  return error;
}

void registry_unlock(struct registry *r) {
  if (r->lock >= 0) close(r->lock);
  r->lock = -1;
}

void registry_close(struct registry *r) {
  registry_unlock(r);
  mem_free(r->directory);
  mem_unref(r->service);
  arena_free(&r->arena);
}

DWORD registry_open(struct registry *r, struct service *s, double seconds) {
  *r = (struct registry){.service = s != NULL ? mem_ref(s) : running(),
                         .lock = -1};
  DWORD error = find_directory(r);
  if (error == ERROR_SUCCESS) error = take_lock(r, seconds);
  if (error == ERROR_SUCCESS)
    error = registration_read(r->directory, &r->arena, &r->list);
  if (error != ERROR_SUCCESS) registry_close(r);
  return error;
}

DWORD registry_find(const struct registry *r, const char *name) {
  DWORD i = 0;
  while (i < r->list.count && strcmp(r->list.providers[i].name, name) != 0) i++;
  return i;
}

/* ---- the file ---- */

static DWORD write_text(const char *path, const char *text) {
  int fd = disk_open(
      path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0) return error_errno(errno, "%s", path);
  DWORD error = ERROR_SUCCESS;
  if (disk_write(fd, text, strlen(text)) != 0 || disk_write(fd, "\n", 1) != 0 ||
      disk_sync(fd) != 0)
    error = error_errno(errno, "%s", path);
  if (close(fd) != 0 && error == ERROR_SUCCESS)
    error = error_errno(errno, "%s", path);
  if (error != ERROR_SUCCESS) disk_unlink(path);
  return error;
}

static DWORD write_json(const char *path, const json_t *json) {
  char *text = json_dumps(json, JSON_INDENT(2));
  if (text == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  DWORD error = write_text(path, text);
  free(text);
  return error;
}

static DWORD replace(const struct registry *r, const json_t *json,
                     const char *fresh, const char *path) {
  DWORD error = write_json(fresh, json);
  if (error != ERROR_SUCCESS) return error;
  if (disk_rename(fresh, path) != 0) {
    error = error_errno(errno, "%s", path);
    disk_unlink(fresh);
    return error;
  }
  return disk_sync_folder(r->directory);
}

DWORD registry_write(const struct registry *r) {
  json_t *json = record_to_json(&record_registrations, &r->list);
  char *path = mem_format("%s/" REGISTRY_FILE, r->directory);
  char *fresh = mem_format("%s/" REGISTRY_FILE ".new", r->directory);
  DWORD error = json != NULL && path != NULL && fresh != NULL
                    ? replace(r, json, fresh, path)
                    : ERROR_NOT_ENOUGH_MEMORY;
  json_decref(json);
  mem_free(path);
  mem_free(fresh);
  return error;
}
