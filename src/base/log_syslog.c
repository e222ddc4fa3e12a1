/* SPDX-License-Identifier: MIT
   The log sink that tells a syslog daemon, as datagrams on its socket. One that
   went away is looked for again with each line; what it does not hear is lost.
 */
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "base/error.h"
#include "base/log_form.h"
#include "base/mem.h"

#define DEFAULT_PATH "/dev/log"
#define FACILITY 3 /* daemons */

struct log_syslog {
  struct sockaddr_un to;
  enum fax_log_format format;
  int fd; /* connected, or -1 */
};

DWORD log_syslog_open(const char *path, enum fax_log_format format,
                      struct log_syslog **syslog_out) {
  struct log_syslog *s = mem_alloc(sizeof *s);

  if (s == NULL)
    return error_say(ERROR_NOT_ENOUGH_MEMORY, "syslog: out of memory");
  if (path == NULL || *path == '\0') path = DEFAULT_PATH;
  *s = (struct log_syslog){
      .to = {.sun_family = AF_UNIX}, .format = format, .fd = -1};
  if (strlen(path) >= sizeof s->to.sun_path) {
    mem_free(s);
    return error_say(ERROR_INVALID_PARAMETER,
                     "%s: too long for the name of a socket", path);
  }
  memcpy(s->to.sun_path, path, strlen(path));
  *syslog_out = s;
  return ERROR_SUCCESS;
}

void log_syslog_close(struct log_syslog *s) {
  if (s == NULL) return;
  if (s->fd >= 0) close(s->fd);
  mem_free(s);
}

static int severity(enum fax_log_level level) {
  static const int of[] = {3, 4, 6, 7};
  return of[level];
}

static void hang_up(struct log_syslog *s) {
  if (s->fd >= 0) close(s->fd);
  s->fd = -1;
}

static bool dial(struct log_syslog *s) {
  if (s->fd >= 0) return true;
  s->fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (s->fd >= 0 &&
      connect(s->fd, (const struct sockaddr *)&s->to, sizeof s->to) == 0)
    return true;
  hang_up(s);
  return false;
}

/* The daemon puts the machine's name in front, as of all local programs. */
static size_t head(char *out, size_t size, const struct log_entry *e) {
  time_t seconds = (time_t)(e->wall / FAX_SECOND);
  struct tm local;
  char when[32];

  localtime_r(&seconds, &local);
  strftime(when, sizeof when, "%b %e %H:%M:%S", &local);
  return (size_t)snprintf(
      out, size, "<%d>%s faxd[%ld]: ", FACILITY * 8 + severity(e->level), when,
      (long)getpid());
}

/* Twice: the daemon may have been started anew since the last line. */
static void tell(struct log_syslog *s, const struct log_entry *e) {
  char text[LOG_JSON_MOST + 96];
  size_t at = head(text, 96, e);

  if (s->format == FAX_LOG_JSON)
    at += log_form_line(text + at, s->format, e) - 1;
  else
    at += (size_t)snprintf(text + at, LOG_JSON_MOST, "%s", e->text);
  for (int i = 0; i < 2 && dial(s); i++) {
    if (send(s->fd, text, at, MSG_NOSIGNAL) >= 0) return;
    hang_up(s);
  }
}

static void write_lines(void *arg, const struct log_entry *lines,
                        size_t count) {
  for (size_t i = 0; i < count; i++) tell(arg, &lines[i]);
}

static void close_syslog(void *arg) {
  log_syslog_close(arg);
}

const struct log_sink log_syslog_sink = {.write = write_lines,
                                         .close = close_syslog};
