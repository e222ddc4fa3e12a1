/* SPDX-License-Identifier: MIT
   The state directory: where it is, its folders, and the lock that makes one
   process its owner. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "document/document.h"
#include "service/life/directory.h"
#include "service/life/life.h"

enum { OWNER_SIZE = 160, NAME_LENGTH = 38, PROGRAM_SIZE = 2 * NAME_LENGTH + 2 };

static char *default_directory(void) {
  const char *value = getenv("FAX_DIRECTORY");
  if (value != NULL && *value != '\0') return mem_text(value);
  value = getenv("XDG_STATE_HOME");
  if (value != NULL && *value == '/') return mem_format("%s/fax", value);
  value = getenv("HOME");
  if (value != NULL && *value == '/')
    return mem_format("%s/.local/state/fax", value);
  return mem_format("/var/tmp/fax-%lu", (unsigned long)getuid());
}

/* A relative path would change its meaning with the program's chdir. */
static char *absolute(const char *path) {
  if (*path == '/') return mem_text(path);
  char *here = getcwd(NULL, 0);
  if (here == NULL) return NULL;
  char *whole = mem_format("%s/%s", here, path);
  free(here);
  return whole;
}

/* The process that holds the lock wrote who it is into the file. */
static DWORD refuse(int fd, const char *directory) {
  char owner[OWNER_SIZE] = "";
  ssize_t n = pread(fd, owner, sizeof owner - 1, 0);
  if (n > 0) owner[strcspn(owner, "\n")] = '\0';
  text_one_line(owner);
  return error_say(ERROR_SHARING_VIOLATION,
                   "%s: another process%s%s runs a fax service there",
                   directory, *owner != '\0' ? ", " : "", owner);
}

static const char *base_of(const char *path) {
  const char *slash = strrchr(path, '/');
  return slash != NULL ? slash + 1 : path;
}

/* "faxd", or "lua5.4 faxd" when a program runs another: its first argument,
   unless that is an option; of each name no more than is useful. */
static void program_name(char out[PROGRAM_SIZE]) {
  char words[512] = "";
  int fd = open("/proc/self/cmdline", O_RDONLY | O_CLOEXEC);
  ssize_t n = fd >= 0 ? read(fd, words, sizeof words - 1) : -1;
  if (fd >= 0) close(fd);
  words[n > 0 ? n : 0] = '\0';
  const char *second = words + strlen(words) + 1;
  bool two = n > 0 && second < words + n && *second != '\0' && *second != '-';
  snprintf(out, PROGRAM_SIZE, "%.*s%s%.*s", NAME_LENGTH, base_of(words),
           two ? " " : "", NAME_LENGTH, two ? base_of(second) : "");
}

/* Only for the message above: the lock itself is the kernel's. */
static void write_owner(const struct service *s, int fd) {
  char program[PROGRAM_SIZE], owner[OWNER_SIZE];
  program_name(program);
  int n = snprintf(owner, sizeof owner - 1, "pid %ld (%s), user %s",
                   (long)getpid(), program, s->user);
  if (n > (int)sizeof owner - 2) n = (int)sizeof owner - 2;
  owner[n++] = '\n';
  if (ftruncate(fd, 0) != 0 || pwrite(fd, owner, (size_t)n, 0) != n)
    log_line(LOG_INIT, FAX_LOG_WARN, "service", "cannot write to %s/lock",
             s->directory);
}

static DWORD lock_directory(struct service *s) {
  char *path = mem_format("%s/lock", s->directory);
  if (path == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  DWORD error = fd < 0 ? error_errno(errno, "%s", path) : ERROR_SUCCESS;
  mem_free(path);
  if (error != ERROR_SUCCESS) return error;
  if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
    error = errno == EWOULDBLOCK ? refuse(fd, s->directory)
                                 : error_errno(errno, "%s/lock", s->directory);
    close(fd);
    return error;
  }
  write_owner(s, fd);
  s->directory_lock = fd;
  return ERROR_SUCCESS;
}

DWORD directory_choose(const char *wanted, char **path_out) {
  char *chosen = wanted != NULL ? mem_text(wanted) : default_directory();
  char *path = chosen != NULL ? absolute(chosen) : NULL;
  mem_free(chosen);
  if (path == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  *path_out = path;
  return ERROR_SUCCESS;
}

/* Paths are stored, and compared in later runs: one folder has one name. */
static DWORD resolve(char **path_inout) {
  char *real = realpath(*path_inout, NULL);
  if (real == NULL) return error_errno(errno, "%s", *path_inout);
  char *path = mem_text(real);
  free(real);
  if (path == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  mem_free(*path_inout);
  *path_inout = path;
  return ERROR_SUCCESS;
}

static DWORD folder(const char *parent, const char *name, char **path_out) {
  char *path =
      name != NULL ? mem_format("%s/%s", parent, name) : absolute(parent);
  if (path == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  *path_out = path; /* the service's destructor frees it */
  DWORD error = document_folder(path);
  return error == ERROR_SUCCESS ? resolve(path_out) : error;
}

DWORD directory_open(struct service *s, const struct fax_service_config *c) {
  /* The service's destructor frees it. */
  DWORD error = directory_choose(c->directory, &s->directory);
  if (error == ERROR_SUCCESS) error = document_folder(s->directory);
  if (error == ERROR_SUCCESS) error = resolve(&s->directory);
  if (error == ERROR_SUCCESS) error = lock_directory(s);
  if (error == ERROR_SUCCESS) error = folder(s->directory, "spool", &s->spool);
  if (error == ERROR_SUCCESS)
    error = folder(s->directory, "incoming", &s->incoming);
  if (error == ERROR_SUCCESS)
    error = c->inbox != NULL ? folder(c->inbox, NULL, &s->inbox)
                             : folder(s->directory, "inbox", &s->inbox);
  return error;
}

static bool is_same(const char *a, const char *b) {
  struct stat x, y;
  return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev &&
         x.st_ino == y.st_ino;
}

bool directory_owns(const struct service *s, const char *folder) {
  return is_same(folder, s->directory) || is_same(folder, s->spool) ||
         is_same(folder, s->incoming) || is_same(folder, s->inbox);
}

void directory_close(struct service *s) {
  if (s->directory_lock >= 0) close(s->directory_lock);
  s->directory_lock = -1;
}
