/* SPDX-License-Identifier: MIT
   The log sink that appends to a file: whole lines in each write, and no more
   than a pipe takes at once, so that lines of several processes do not mix. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/error.h"
#include "base/log.h"
#include "base/mem.h"

enum { LINE_SIZE = 1100 }; /* the longest, its time in front */

struct log_file {
  int fd; /* STDERR_FILENO is not ours to close */
};

DWORD log_file_open(const char *path, struct log_file **file_out) {
  struct log_file *file = mem_alloc(sizeof *file);
  int number;

  if (file == NULL)
    return error_say(ERROR_NOT_ENOUGH_MEMORY, "%s: out of memory", path);
  if (strcmp(path, "-") == 0)
    file->fd = STDERR_FILENO;
  else
    file->fd =
        open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY, 0600);
  if (file->fd >= 0) {
    *file_out = file;
    return ERROR_SUCCESS;
  }
  number = errno;
  mem_free(file);
  return error_errno(number, "%s", path);
}

static const char *level_name(enum fax_log_level level) {
  switch (level) {
    case FAX_LOG_ERROR:
      return "error";
    case FAX_LOG_WARN:
      return "warn";
    case FAX_LOG_INFO:
      return "info";
    case FAX_LOG_DEBUG:
      break;
  }
  return "debug";
}

/* Cut, if need be, to `size` with its newline; gives its length. */
static size_t format_line(char *out, size_t size, const struct log_entry *e) {
  time_t seconds = (time_t)(e->wall / FAX_SECOND);
  struct tm utc;
  size_t at;

  gmtime_r(&seconds, &utc);
  at = strftime(out, size, "%Y-%m-%dT%H:%M:%S", &utc);
  at += (size_t)snprintf(out + at, size - at, ".%03dZ %s %s",
                         (int)(e->wall % FAX_SECOND / FAX_MILLISECOND),
                         level_name(e->level), e->text);
  if (at > size - 2) at = size - 2;
  out[at++] = '\n';
  return at;
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
  size_t used = 0;

  for (size_t i = 0; i < count; i++) {
    if (sizeof text - used < LINE_SIZE) {
      write_all(file->fd, text, used);
      used = 0;
    }
    used += format_line(text + used, LINE_SIZE, &lines[i]);
  }
  write_all(file->fd, text, used);
}

void log_file_close(struct log_file *file) {
  if (file == NULL) return;
  if (file->fd != STDERR_FILENO) close(file->fd);
  mem_free(file);
}

static void close_file(void *arg) {
  log_file_close(arg);
}

const struct log_sink log_file_sink = {write_lines, close_file};
