/* SPDX-License-Identifier: MIT
   The socket and the thread that accepts on it. */
#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "base/thread.h"
#include "ipc/server/own.h"

enum { BACKLOG = 128, LAST_SECONDS = 2, CLOSE_SECONDS = 5 };

/* ---- the socket ---- */

/* Whoever owns the directory's lock owns the name: what is there was left
   behind. */
static DWORD bind_to(int fd, const char *path) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  if (strlen(path) >= sizeof address.sun_path)
    return error_say(ERROR_INVALID_PARAMETER,
                     "%s: longer than a socket's name may be; set `socket`",
                     path);
  memcpy(address.sun_path, path, strlen(path));
  if (unlink(path) != 0 && errno != ENOENT)
    return error_errno(errno, "%s", path);
  if (bind(fd, (struct sockaddr *)&address, sizeof address) != 0 ||
      chmod(path, 0660) != 0 || listen(fd, BACKLOG) != 0)
    return error_errno(errno, "%s", path);
  return ERROR_SUCCESS;
}

static DWORD make_socket(struct server *s, const char *named,
                         const char *directory) {
  s->path =
      named != NULL ? mem_text(named) : mem_format("%s/fax.sock", directory);
  if (s->path == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  s->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (s->fd < 0) return error_errno(errno, "socket");
  return bind_to(s->fd, s->path);
}

/* ---- the thread ---- */

void server_wake(struct server *s) {
  uint64_t one = 1;
  while (write(s->wake, &one, sizeof one) < 0 && errno == EINTR) continue;
}

/* With it a session says that it has ended, a close that it wants to, and who
   brings other rules that they are there. */
static bool goes_on(struct server *s) {
  uint64_t count;
  while (read(s->wake, &count, sizeof count) < 0 && errno == EINTR) continue;
  sessions_bury(s);
  peers_judge(s);
  pthread_mutex_lock(&s->lock);
  bool closing = s->closing;
  pthread_mutex_unlock(&s->lock);
  return !closing;
}

static bool wait_for(struct server *s) {
  struct pollfd fds[2] = {{.fd = s->wake, .events = POLLIN},
                          {.fd = s->fd, .events = POLLIN}};
  poll(fds, 2, -1);
  return fds[0].revents == 0 || goes_on(s);
}

/* Whoever joins waits by the clock, which stands still until then. */
static void end(struct server *s) {
  clock_join();
  clock_enter();
  pthread_mutex_lock(&s->lock);
  s->deaf = true;
  pthread_cond_broadcast(&s->ended);
  pthread_mutex_unlock(&s->lock);
}

/* No descriptor is left: those that wait would be announced again at once. */
static void rest(const struct server *s) {
  struct pollfd one = {.fd = s->wake, .events = POLLIN};
  poll(&one, 1, 100);
}

void server_listen(void *server) {
  struct server *s = server;
  clock_leave(); /* thread_start made it a participant */
  while (wait_for(s)) {
    int fd = accept4(s->fd, NULL, NULL, SOCK_CLOEXEC);
    peers_judge(s); /* who comes later finds no one with rights of before */
    if (fd >= 0)
      session_admit(s, fd);
    else if (errno == EMFILE || errno == ENFILE || errno == ENOMEM ||
             errno == ENOBUFS)
      rest(s);
  }
  end(s);
}

/* ---- life ---- */

static void server_free(struct server *s) {
  if (s->fd >= 0) close(s->fd);
  if (s->wake >= 0) close(s->wake);
  mem_unref(s->rules);
  pthread_mutex_destroy(&s->lock);
  pthread_cond_destroy(&s->ended);
  mem_free(s->path);
  mem_free(s);
}

static DWORD server_new(const struct fax_service_config *c, DWORDLONG boot,
                        struct server **server_out) {
  struct server *s = mem_alloc(sizeof *s);
  if (s == NULL) {
    if (c->listen_fd >= 0) close(c->listen_fd);
    return ERROR_NOT_ENOUGH_MEMORY;
  }
  pthread_condattr_t monotonic;
  pthread_condattr_init(&monotonic);
  pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
  pthread_cond_init(&s->ended, &monotonic);
  pthread_condattr_destroy(&monotonic);
  pthread_mutex_init(&s->lock, NULL);
  list_init(&s->sessions);
  list_init(&s->over);
  s->fd = c->listen_fd;
  s->boot = boot;
  s->patience = c->client_patience != 0 ? c->client_patience : PATIENCE;
  s->owner = getuid();
  s->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  *server_out = s;
  return s->wake >= 0 ? access_rules_new(c, &s->rules)
                      : error_errno(errno, "eventfd");
}

DWORD server_open(const struct fax_service_config *c, const char *directory,
                  DWORDLONG boot, struct server **server_out) {
  struct server *s = NULL;
  *server_out = NULL;
  if (c->listen_fd < 0 && c->socket != NULL && *c->socket == '\0')
    return ERROR_SUCCESS;
  DWORD error = server_new(c, boot, &s);
  if (error == ERROR_SUCCESS && c->listen_fd < 0)
    error = make_socket(s, c->socket, directory);
  if (error == ERROR_SUCCESS)
    error = thread_start(&s->listener, "fax-listen", server_listen, s);
  if (error == ERROR_SUCCESS)
    *server_out = s;
  else if (s != NULL)
    server_free(s);
  return error;
}

static bool has_session(const struct server *s) {
  return s->count != 0;
}

static bool has_push(const struct server *s) {
  list_each(link, &s->sessions) if (push_runs(list_entry(link, struct session,
                                                         link))) return true;
  return false;
}

/* With the lock: on the machine's clock, what is served may wait on the
   other. */
static bool wait_while(struct server *s, bool (*is)(const struct server *s),
                       int seconds) {
  struct timespec until;
  clock_gettime(CLOCK_MONOTONIC, &until);
  until.tv_sec += seconds;
  while (is(s))
    if (pthread_cond_timedwait(&s->ended, &s->lock, &until) == ETIMEDOUT)
      return !is(s);
  return true;
}

/* With the lock: who listens hears of the end. */
static void finish_events(struct server *s) {
  list_each(link, &s->sessions)
      push_finish(list_entry(link, struct session, link));
  wait_while(s, has_push, LAST_SECONDS);
}

static bool listens(const struct server *s) {
  return !s->deaf;
}

/* With the lock. False: it looks an account up, say, and does not come back. */
static bool end_listener(struct server *s) {
  s->closing = true;
  server_wake(s);
  return wait_while(s, listens, CLOSE_SECONDS);
}

void server_close(struct server *s) {
  if (s == NULL) return;
  if (s->path != NULL) unlink(s->path);
  pthread_mutex_lock(&s->lock);
  bool deaf = end_listener(s);
  finish_events(s);
  list_each(link, &s->sessions)
      session_hang_up(list_entry(link, struct session, link));
  bool ended = wait_while(s, has_session, CLOSE_SECONDS);
  pthread_mutex_unlock(&s->lock);
  if (deaf) {
    thread_join(s->listener);
    sessions_bury(s);
  } else {
    thread_let_go(s->listener); /* which may look at a session */
  }
  if (deaf && ended)
    server_free(s);
  else
    log_line(LOG_INIT, FAX_LOG_ERROR, "socket",
             "calls did not end; their threads are left behind");
}
