/* SPDX-License-Identifier: MIT
   The log sink that appends to a file: one write for each line, so that lines
   of several processes do not mix. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "base/mem.h"

enum { LINE_SIZE = 1200 };

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

/* A line that cannot be written is lost; there is nobody to tell. */
void log_file_sink(void *arg, enum fax_log_level level, const char *line) {
  struct log_file *file = arg;
  int64_t now = clock_wall();
  time_t seconds = (time_t)(now / FAX_SECOND);
  char text[LINE_SIZE];
  struct tm utc;
  ssize_t ignored;
  size_t at;

  gmtime_r(&seconds, &utc);
  at = strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &utc);
  at += (size_t)snprintf(text + at, sizeof text - at, ".%03dZ %s %s",
                         (int)(now % FAX_SECOND / FAX_MILLISECOND),
                         level_name(level), line);
  if (at > sizeof text - 2) at = sizeof text - 2;
  text[at] = '\n';
  ignored = write(file->fd, text, at + 1);
  (void)ignored;
}

void log_file_close(struct log_file *file) {
  if (file == NULL) return;
  if (file->fd != STDERR_FILENO) close(file->fd);
  mem_free(file);
}
