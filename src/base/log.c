/* SPDX-License-Identifier: MIT
   Raising a log line: its level, its text. A line above the level of its
   category costs one load. */
#include "base/log.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>

#include "base/log_queue.h"
#include "base/text.h"

enum { LINE_SIZE = 1024 };

/* By category; counted from LOG_NOTHING, so that it starts there. */
static atomic_int levels[LOG_OTHER + 1];

int log_level(enum log_category category) {
  return atomic_load_explicit(&levels[category], memory_order_relaxed) +
         LOG_NOTHING;
}

void log_set_level(enum log_category category, int level) {
  atomic_store(&levels[category], level - LOG_NOTHING);
}

static void set_all(int level) {
  for (int category = LOG_INIT; category <= LOG_OTHER; category++)
    log_set_level((enum log_category)category, level);
}

DWORD log_set_sink(const struct log_sink *sink, void *arg,
                   enum fax_log_level most) {
  log_end();
  DWORD error = log_queue_begin(sink, arg);
  if (error == ERROR_SUCCESS) set_all((int)most);
  return error;
}

bool log_end(void) {
  set_all(LOG_NOTHING);
  return log_queue_end();
}

void log_line(enum log_category category, enum fax_log_level level,
              const char *room, const char *format, ...) {
  char raw[LINE_SIZE], line[LINE_SIZE];
  va_list args;
  int length;

  if ((int)level > log_level(category)) return;
  length = snprintf(raw, sizeof raw, "%s: ", room);
  if (length < 0) return;
  if ((size_t)length < sizeof raw) {
    va_start(args, format);
    (void)vsnprintf(raw + length, sizeof raw - (size_t)length, format, args);
    va_end(args);
  }
  text_trim(raw);
  text_escape(raw, line, sizeof line);
  log_queue_put(category, level, line);
}
