/* SPDX-License-Identifier: MIT
   A log line as text, or as one JSON object: time, level, category, room, text.
   The text is UTF-8 without control characters already (log.h). */
#include "base/log_form.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

const char *log_level_name(enum fax_log_level level) {
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

static const char *category_name(enum log_category category) {
  switch (category) {
    case LOG_INIT:
      return "init";
    case LOG_OUTBOUND:
      return "outbound";
    case LOG_INBOUND:
      return "inbound";
    case LOG_OTHER:
      break;
  }
  return "unknown";
}

static size_t put_time(char *out, size_t size, int64_t wall) {
  time_t seconds = (time_t)(wall / FAX_SECOND);
  struct tm utc;

  gmtime_r(&seconds, &utc);
  size_t at = strftime(out, size, "%Y-%m-%dT%H:%M:%S", &utc);
  return at + (size_t)snprintf(out + at, size - at, ".%03dZ",
                               (int)(wall % FAX_SECOND / FAX_MILLISECOND));
}

/* Cut, if need be. */
static size_t put_text(char *out, const struct log_entry *e) {
  size_t at = put_time(out, LOG_LINE_MOST, e->wall);

  at += (size_t)snprintf(out + at, LOG_LINE_MOST - at, " %s %s",
                         log_level_name(e->level), e->text);
  if (at > LOG_LINE_MOST - 2) at = LOG_LINE_MOST - 2;
  out[at++] = '\n';
  return at;
}

static size_t put_quoted(char *out, const char *text, size_t length) {
  size_t at = 0;

  for (size_t i = 0; i < length; i++) {
    if (text[i] == '"' || text[i] == '\\') out[at++] = '\\';
    out[at++] = text[i];
  }
  return at;
}

/* "room: text" in two members; a text without a room has none. */
static size_t put_json(char *out, const struct log_entry *e) {
  const char *colon = strstr(e->text, ": "), *text = e->text;
  size_t at = (size_t)sprintf(out, "{\"time\":\"");

  at += put_time(out + at, 64, e->wall);
  at += (size_t)sprintf(out + at, "\",\"level\":\"%s\",\"category\":\"%s\"",
                        log_level_name(e->level), category_name(e->category));
  if (colon != NULL && colon != text &&
      strcspn(text, " ") > (size_t)(colon - text)) {
    at += (size_t)sprintf(out + at, ",\"room\":\"");
    at += put_quoted(out + at, text, (size_t)(colon - text));
    out[at++] = '"';
    text = colon + 2;
  }
  at += (size_t)sprintf(out + at, ",\"text\":\"");
  at += put_quoted(out + at, text, strlen(text));
  return at + (size_t)sprintf(out + at, "\"}\n");
}

size_t log_form_line(char *out, enum fax_log_format format,
                     const struct log_entry *e) {
  return format == FAX_LOG_JSON ? put_json(out, e) : put_text(out, e);
}
