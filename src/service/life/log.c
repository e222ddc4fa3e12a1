/* SPDX-License-Identifier: MIT
   The log of a service: where its lines go, and those of the program that it
   runs in. */
#include <string.h>

#include "service/life/life.h"

#define SYSLOG "syslog"

/* "syslog", "syslog:/path": gives the path, "" when there is none. */
static const char *syslog_path(const char *target) {
  size_t n = strlen(SYSLOG);
  if (target == NULL || strncmp(target, SYSLOG, n) != 0) return NULL;
  if (target[n] == ':') return target + n + 1;
  return target[n] == '\0' ? target + n : NULL;
}

static enum fax_log_level level_of(const struct fax_service_config *c) {
  return c->log_level != FAX_UNKNOWN ? (enum fax_log_level)c->log_level
                                     : FAX_LOG_INFO;
}

static DWORD begin_syslog(const struct fax_service_config *c,
                          const char *path) {
  struct log_syslog *syslog;
  DWORD error =
      log_syslog_open(path, (enum fax_log_format)c->log_format, &syslog);
  if (error != ERROR_SUCCESS) return error;
  error = log_set_sink(&log_syslog_sink, syslog, level_of(c));
  if (error != ERROR_SUCCESS) log_syslog_close(syslog);
  return error;
}

static DWORD begin_file(const struct fax_service_config *c, const char *path) {
  struct log_file *file;
  DWORD error = log_file_open(path, &file);
  if (error != ERROR_SUCCESS) return error;
  log_file_form(file, (enum fax_log_format)c->log_format);
  error = log_set_sink(&log_file_sink, file, level_of(c));
  if (error != ERROR_SUCCESS) log_file_close(file);
  return error;
}

DWORD log_begin(const struct service *s, const struct fax_service_config *c) {
  const char *socket = syslog_path(c->log_file);
  if (socket != NULL) return begin_syslog(c, socket);
  char *path = c->log_file != NULL ? mem_text(c->log_file)
                                   : mem_format("%s/fax.log", s->directory);
  if (path == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  DWORD error = begin_file(c, path);
  mem_free(path);
  return error;
}

DWORD service_note(DWORD level, const char *room, const char *text) {
  if (level > FAX_LOG_DEBUG)
    return error_say(ERROR_INVALID_PARAMETER, "log level %u: 0 to 3 exist",
                     level);
  struct service *s = service_current();
  if (s == NULL)
    return error_say(ERROR_SERVICE_NOT_ACTIVE,
                     "no fax service runs in this process");
  mem_unref(s);
  log_line(LOG_INIT, (enum fax_log_level)level, room, "%s", text);
  return ERROR_SUCCESS;
}
