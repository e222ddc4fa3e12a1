/* SPDX-License-Identifier: MIT
   Log lines: made here, written by the sink. A line below the level costs one
   load. The sink runs under a lock that nothing else is done under. */
#include "base/log.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>

#include "base/text.h"

enum { LINE_SIZE = 1024 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static log_sink_fn *current_sink;
static void *current_arg;
static atomic_int most_level = -1; /* -1: no sink */
static _Thread_local bool in_sink; /* a sink that logs is not heard */

static void before_fork(void) {
  pthread_mutex_lock(&lock);
}
static void after_fork(void) {
  pthread_mutex_unlock(&lock);
}

static void watch_forks(void) {
  pthread_atfork(before_fork, after_fork, after_fork);
}

void log_set_sink(log_sink_fn *sink, void *arg, enum fax_log_level most) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;

  pthread_once(&once, watch_forks);
  pthread_mutex_lock(&lock);
  current_sink = sink;
  current_arg = arg;
  atomic_store(&most_level, sink == NULL ? -1 : (int)most);
  pthread_mutex_unlock(&lock);
}

static void hand_over(enum fax_log_level level, const char *line) {
  pthread_mutex_lock(&lock);
  in_sink = true;
  if (current_sink != NULL) current_sink(current_arg, level, line);
  in_sink = false;
  pthread_mutex_unlock(&lock);
}

void log_line(enum log_category category, enum fax_log_level level,
              const char *room, const char *format, ...) {
  char line[LINE_SIZE];
  va_list args;
  int length;

  (void)category;
  if ((int)level > atomic_load_explicit(&most_level, memory_order_relaxed) ||
      in_sink)
    return;
  length = snprintf(line, sizeof line, "%s: ", room);
  if (length < 0) return;
  if ((size_t)length < sizeof line) {
    va_start(args, format);
    (void)vsnprintf(line + length, sizeof line - (size_t)length, format, args);
    va_end(args);
  }
  text_trim(line);
  text_one_line(line);
  hand_over(level, line);
}
