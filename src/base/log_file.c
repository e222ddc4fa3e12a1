/* SPDX-License-Identifier: MIT
   The log sink that appends to a file: whole lines in each write, and no more
   than a pipe takes at once, so that lines of several processes do not mix. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/log_form.h"
#include "base/mem.h"

struct log_file {
  int fd; /* STDERR_FILENO is not ours to close */
  enum fax_log_format format;
  char path[];
};

static int open_path(const char *path) {
  return open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY, 0600);
}

DWORD log_file_open(const char *path, struct log_file **file_out) {
  size_t size = strlen(path) + 1;
  struct log_file *file = mem_alloc(sizeof *file + size);
  int number;

  if (file == NULL)
    return error_say(ERROR_NOT_ENOUGH_MEMORY, "%s: out of memory", path);
  file->format = FAX_LOG_TEXT;
  memcpy(file->path, path, size);
  file->fd = strcmp(path, "-") == 0 ? STDERR_FILENO : open_path(path);
  if (file->fd >= 0) {
    *file_out = file;
    return ERROR_SUCCESS;
  }
  number = errno;
  mem_free(file);
  return error_errno(number, "%s", path);
}

/* Standard error may be one that does not block. */
static bool may_go_on(int fd) {
  struct pollfd p = {.fd = fd, .events = POLLOUT};

  if (errno == EINTR) return true;
  return errno == EAGAIN && poll(&p, 1, -1) > 0;
}

/* What cannot be written is lost; there is nobody to tell. */
static void write_all(int fd, const char *text, size_t size) {
  while (size > 0) {
    ssize_t n = write(fd, text, size);
    if (n < 0) {
      if (may_go_on(fd)) continue;
      return;
    }
    text += n;
    size -= (size_t)n;
  }
}

static void write_lines(void *arg, const struct log_entry *lines,
                        size_t count) {
  const struct log_file *file = arg;
  char text[PIPE_BUF];
  size_t used = 0,
         most = file->format == FAX_LOG_JSON ? LOG_JSON_MOST : LOG_LINE_MOST;

  for (size_t i = 0; i < count; i++) {
    if (sizeof text - used < most) {
      write_all(file->fd, text, used);
      used = 0;
    }
    used += log_form_line(text + used, file->format, &lines[i]);
  }
  write_all(file->fd, text, used);
}

void log_file_form(struct log_file *file, enum fax_log_format format) {
  file->format = format;
}

/* While it cannot be opened, lines go where they went. */
static void reopen_file(void *arg) {
  struct log_file *file = arg;
  int fd;

  if (file->fd == STDERR_FILENO || (fd = open_path(file->path)) < 0) return;
  close(file->fd);
  file->fd = fd;
}

void log_file_close(struct log_file *file) {
  if (file == NULL) return;
  if (file->fd != STDERR_FILENO) close(file->fd);
  mem_free(file);
}

static void close_file(void *arg) {
  log_file_close(arg);
}

const struct log_sink log_file_sink = {write_lines, close_file, reopen_file};
