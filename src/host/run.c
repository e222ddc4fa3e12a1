/* SPDX-License-Identifier: MIT
   The thread of a host: starts the process, listens, watches its signs of life
   by the machine's clock, buries it, and starts it again. It is no participant
   of the virtual clock: the guest stands for the process there. */
#include <errno.h>
#include <poll.h>
#include <time.h>
#include <unistd.h>

#include "base/error.h"
#include "base/log.h"
#include "host/own.h"

int64_t host_machine_now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * FAX_SECOND + t.tv_nsec;
}

static int64_t ns(double seconds) {
  return (int64_t)(seconds * (double)FAX_SECOND);
}

static const char *line_of(const struct host *h) {
  return h->hosts->devices == NULL ? "its lines"
                                   : h->hosts->devices[h->first].name;
}

/* ---- limits ---- */

/* With the lock. The process is asked to shut down, or is not there yet. */
static void begin_stop(struct host *h) {
  struct hosts *hosts = h->hosts;
  if (h->state == HOST_LOADING) {
    host_over(h, "provider_stopped", "was not needed any more");
    h->end.clean = true;
  } else if (h->state == HOST_READY || h->state == HOST_DRAINING) {
    double seconds = (double)(hosts->until - clock_now()) / (double)FAX_SECOND;
    if (seconds < 0) seconds = 0;
    h->state = HOST_STOPPING;
    host_send(h, "stop", json_pack("{s:f}", "seconds", seconds));
  }
}

static double seconds_for(const struct host *h, enum host_state state) {
  const struct host_limits *limits = &h->hosts->limits;
  switch (state) {
    case HOST_LOADING:
      return limits->load;
    case HOST_DRAINING:
      return limits->drain;
    case HOST_STOPPING:
      /* Elsewhere the stop itself has its time. */
      return clock_is_virtual() ? limits->stop : 1e9;
    case HOST_READY:
    case HOST_RESTING:
    case HOST_ENDED:
      break;
  }
  return 1e9;
}

/* With the lock: whether the time of what it waits for has come. */
static void check_limit(struct host *h, int64_t now) {
  if (h->state != h->limited) {
    h->limited = h->state;
    h->limit = now + ns(seconds_for(h, h->state));
  }
  if (h->stuck && list_empty(&h->calls))
    host_over(h, "provider_stuck", "was ended: a call of it was stuck");
  if (now < h->limit) return;
  if (h->state == HOST_LOADING) {
    host_over(h, "provider_stuck", "was not loaded within %g s",
              h->hosts->limits.load);
    h->end.code = ERROR_TIMEOUT;
  } else if (h->state == HOST_STOPPING) {
    host_over(h, "provider_stuck", "did not shut down");
  } else {
    host_over(h, "provider_stuck", "was ended: a call of it was stuck");
  }
}

/* With the lock. `heard`: nothing that came is unread. */
static void check(struct host *h, bool heard) {
  int64_t now = host_machine_now();
  if (h->hosts->kill) host_over(h, "provider_stuck", "did not shut down");
  if (h->hosts->stopping) begin_stop(h);
  check_limit(h, now);
  if (heard && h->state != HOST_LOADING &&
      now - h->beat > ns(h->hosts->limits.silent))
    host_over(h, "provider_stopped", "gave no sign of life for %g s",
              h->hosts->limits.silent);
}

/* ---- the loop ---- */

static void wait_for(struct host *h, int64_t until, short events) {
  struct pollfd fds[2] = {{.fd = h->wake, .events = POLLIN},
                          {.fd = h->fd, .events = events}};
  int64_t left = until - host_machine_now();
  int ms = left <= 0 ? 0 : left > ns(60) ? 60000 : (int)(left / 1000000 + 1);
  uint64_t count;
  poll(fds, 2, ms);
  if (fds[0].revents == 0) return;
  pthread_mutex_lock(&h->hosts->lock);
  h->woken = false;
  while (read(h->wake, &count, sizeof count) < 0 && errno == EINTR) continue;
  pthread_mutex_unlock(&h->hosts->lock);
}

/* The lock is let go of. */
static void wait_for_process(struct host *h) {
  int64_t until = h->beat + ns(h->hosts->limits.silent);
  short events = h->out.length != 0 ? POLLIN | POLLOUT : POLLIN;
  if (h->state == HOST_LOADING || h->limit < until) until = h->limit;
  pthread_mutex_unlock(&h->hosts->lock);
  wait_for(h, until, events);
}

/* Until the process is over. */
static void serve(struct host *h) {
  bool heard = true;
  for (;;) {
    pthread_mutex_lock(&h->hosts->lock);
    if (h->end.cause == NULL) check(h, heard);
    if (atomic_exchange(&h->time_due, false))
      host_send(h, "time", json_object());
    if (!host_flush(h)) host_over(h, "provider_crashed", "%s", "");
    if (h->end.cause != NULL) break;
    wait_for_process(h);
    heard = host_listen(h);
  }
  pthread_mutex_unlock(&h->hosts->lock);
}

/* ---- from one process to the next ---- */

/* Seconds until the next start. */
static double next_pause(struct host *h) {
  if (h->ready != FAX_FOREVER &&
      clock_now() >= clock_after(h->ready, h->hosts->limits.good))
    h->failures = 0;
  DWORD n = h->failures++;
  if (n == 0) return 0;
  return n > 6 ? 60 : (double)(1u << (n - 1));
}

static void rest(struct host *h, double pause) {
  fax_deadline until = clock_after(clock_now(), pause);
  while (clock_now() < until) {
    double left = (double)(until - clock_now());
    pthread_mutex_lock(&h->hosts->lock);
    bool stopping = h->hosts->stopping;
    if (!stopping) clock_guest_idle(h->clock, until);
    pthread_mutex_unlock(&h->hosts->lock);
    if (stopping) return;
    wait_for(h,
             host_machine_now() + (clock_is_virtual() ? ns(60) : (int64_t)left),
             0);
  }
  clock_guest_busy(h->clock);
}

static void tell_end(struct host *h, double pause) {
  log_line(LOG_OTHER, FAX_LOG_ERROR, "host",
           "%s: the host of %s %s; it is started again in %g s", h->hosts->name,
           line_of(h), h->end.text, pause);
}

/* One process, from its start to its end. */
static void live(struct host *h) {
  pthread_mutex_lock(&h->hosts->lock);
  h->state = HOST_LOADING;
  h->limited = HOST_ENDED; /* so that the limit begins now */
  pthread_mutex_unlock(&h->hosts->lock);
  h->ready = FAX_FOREVER;
  DWORD code = host_launch(h);
  if (code != ERROR_SUCCESS) {
    host_over(h, "provider_crashed", "could not be started: %s",
              error_message());
    h->end.code = code;
  }
  serve(h);
}

/* The first process has told nothing yet: this is what loading it came to. */
static bool ends_load(struct host *h) {
  struct hosts *hosts = h->hosts;
  pthread_mutex_lock(&hosts->lock);
  bool loading = hosts->loading;
  if (loading) hosts->loaded = h->end;
  hosts->loading = false;
  clock_cond_broadcast(&hosts->changed);
  pthread_mutex_unlock(&hosts->lock);
  return loading;
}

static bool is_stopping(struct host *h) {
  pthread_mutex_lock(&h->hosts->lock);
  bool stopping = h->hosts->stopping;
  pthread_mutex_unlock(&h->hosts->lock);
  return stopping;
}

/* After a process. False: that was the last one. */
static bool again(struct host *h) {
  double pause = next_pause(h);
  host_bury(h, pause > 0 || is_stopping(h) ? HOST_RESTING : HOST_LOADING);
  if (ends_load(h)) return false;
  if (!is_stopping(h)) {
    tell_end(h, pause);
    rest(h, pause);
    if (!is_stopping(h)) return true;
  } else if (!h->end.clean) {
    log_line(LOG_OTHER, FAX_LOG_WARN, "host", "%s: the host of %s %s",
             h->hosts->name, line_of(h), h->end.text);
  }
  return false;
}

void host_run(void *arg) {
  struct host *h = arg;
  clock_leave(); /* thread_start made it a participant */
  do live(h);
  while (again(h));
  pthread_mutex_lock(&h->hosts->lock);
  h->state = HOST_ENDED;
  clock_cond_broadcast(&h->hosts->changed);
  pthread_mutex_unlock(&h->hosts->lock);
  clock_guest_idle(h->clock, FAX_FOREVER);
}
