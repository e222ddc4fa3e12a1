/* SPDX-License-Identifier: MIT
   See trace.h. A line: the time, process and thread (a connection has one),
   the way, the message. */
#include "wire/trace.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;
static int file = -1; /* open until the process ends */

static void open_file(void) {
  const char *path = secure_getenv("FAX_TRACE");
  if (path == NULL || *path == '\0') return;
  file =
      open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
}

void trace_line(char way, const char *line, size_t length) {
  char head[80];
  struct timespec now;
  pthread_once(&once, open_file);
  if (file < 0) return;
  clock_gettime(CLOCK_REALTIME, &now);
  int n =
      snprintf(head, sizeof head, "%lld.%06ld %d.%d %c ", (long long)now.tv_sec,
               now.tv_nsec / 1000, (int)getpid(), (int)gettid(), way);
  struct iovec parts[3] = {{head, (size_t)n},
                           {(void *)(uintptr_t)line, length},
                           {(void *)(uintptr_t) "\n", 1}};
  ssize_t ignored = writev(file, parts, 3);
  (void)ignored;
}
