/* SPDX-License-Identifier: MIT
   The loop of fax-host. */
#include "host/child.h"

#include <errno.h>
#include <fax/fax_host.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "base/mem.h"
#include "base/thread.h"

enum { SOCKET = 3, CHUNK = 65536 };

static int64_t machine_now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * FAX_SECOND + t.tv_nsec;
}

/* ---- telling ---- */

/* With out_lock. Without the service nothing is left to be done. */
static void flush(struct child *c) {
  while (c->out.sent < c->out.length) {
    ssize_t n = send(c->fd, c->out.bytes + c->out.sent,
                     c->out.length - c->out.sent, MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) _exit(1);
    message_sent(&c->out, (size_t)n);
  }
}

DWORD child_tell(struct child *c, const char *method, json_t *params) {
  pthread_mutex_lock(&c->out_lock);
  DWORD code = message_put(&c->out, method, params);
  flush(c);
  pthread_mutex_unlock(&c->out_lock);
  return code;
}

void child_wake(void *child) {
  struct child *c = child;
  uint64_t one = 1;
  while (write(c->waking, &one, sizeof one) < 0 && errno == EINTR) continue;
}

static void tell_lines(void *child, const struct log_entry *lines,
                       size_t count) {
  for (size_t i = 0; i < count; i++)
    child_tell(child, "log",
               json_pack("{s:i, s:i, s:s}", "category", lines[i].category,
                         "level", lines[i].level, "text", lines[i].text));
}

/* Nothing that was asked for is under way or due: the clock may go on. */
static void tell_idle(struct child *c) {
  fax_deadline until;
  if (!c->driven || !clock_idle(&until)) return;
  if (c->idle_seen == c->seen && c->idle_until == until) return;
  c->idle_seen = c->seen;
  c->idle_until = until;
  json_t *params = json_pack("{s:I}", "seen", c->seen);
  if (until != FAX_FOREVER)
    json_object_set_new(params, "until", json_integer(until));
  child_tell(c, "idle", params);
}

/* ---- being told ---- */

static bool load(struct child *c) {
  static const struct log_sink sink = {.write = tell_lines};
  clock_hold(); /* it is the service's, real or virtual */
  return log_set_sink(&sink, c, FAX_LOG_DEBUG) == ERROR_SUCCESS &&
         thread_start(&c->loader, "fax-loader", child_load, c) == ERROR_SUCCESS;
}

/* False: there are no more. */
static bool obey_next(struct child *c) {
  struct message m;
  DWORD code = message_take_call(&c->in, &m);
  if (code == ERROR_NOT_FOUND) return false;
  if (code != ERROR_SUCCESS) _exit(2);
  bool sense = c->seen == 0 ? child_begin(c, m.params) : child_obey(c, &m);
  if (!sense) _exit(2);
  if (c->seen++ == 0 && !load(c)) _exit(2);
  message_free(&m);
  return true;
}

static void hear(struct child *c) {
  static char chunk[CHUNK];
  ssize_t n = recv(c->fd, chunk, sizeof chunk, MSG_DONTWAIT);
  if (n < 0 && (errno == EINTR || errno == EAGAIN)) return;
  if (n <= 0) _exit(0); /* the service is gone */
  if (message_feed(&c->in, chunk, (size_t)n) != ERROR_SUCCESS) _exit(2);
  while (obey_next(c)) continue;
}

static void wait_for_something(struct child *c) {
  struct pollfd fds[2] = {{.fd = c->fd, .events = POLLIN},
                          {.fd = c->waking, .events = POLLIN}};
  int64_t left = c->next_beat - machine_now();
  int ms = left <= 0 ? 0 : (int)(left / 1000000 + 1);
  if (poll(fds, 2, c->seen == 0 ? -1 : ms) < 0) return;
  uint64_t count;
  if (fds[1].revents != 0 && read(c->waking, &count, sizeof count) < 0) return;
  if (fds[0].revents != 0) hear(c);
}

static bool is_over(struct child *c) {
  pthread_mutex_lock(&c->lock);
  bool over = c->over;
  pthread_mutex_unlock(&c->lock);
  return over;
}

static void run(struct child *c) {
  while (!is_over(c)) {
    wait_for_something(c);
    if (c->seen != 0 && machine_now() >= c->next_beat) {
      child_beat(c);
      c->next_beat = machine_now() + c->beat;
    }
    tell_idle(c);
  }
}

/* ---- the program ---- */

static bool set_up(struct child *c) {
  static const struct rlimit no_core = {0, 0};
  setrlimit(RLIMIT_CORE, &no_core);
  signal(SIGPIPE, SIG_IGN);
  c->fd = SOCKET;
  c->waking = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  pthread_mutex_init(&c->out_lock, NULL);
  pthread_mutex_init(&c->lock, NULL);
  clock_cond_init(&c->changed);
  list_init(&c->calls);
  return c->waking >= 0;
}

static void tear_down(struct child *c) {
  thread_join(c->loader);
  log_end();
  message_in_free(&c->in);
  message_out_free(&c->out);
  arena_free(&c->arena);
  close(c->waking);
  close(c->fd);
}

int FaxHostRun(void) {
  static struct child c;
  struct stat st;
  if (fstat(SOCKET, &st) != 0 || !S_ISSOCK(st.st_mode)) {
    fputs("fax-host: libfax starts it\n", stderr);
    return 2;
  }
  if (!set_up(&c)) return 2;
  run(&c);
  if (c.left_behind) _exit(0);
  tear_down(&c);
  return 0;
}
