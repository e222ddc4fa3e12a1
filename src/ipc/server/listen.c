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

enum { BACKLOG = 128, CLOSE_SECONDS = 5 };

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

/* ---- sessions ---- */

/* With the lock. */
static DWORD count_of(const struct server *s, uid_t uid) {
  DWORD count = 0;
  list_each(link, &s->sessions) count +=
      list_entry(link, struct session, link)->peer.uid == uid;
  return count;
}

static void session_destroy(void *object) {
  struct session *s = object;
  wire_close(&s->wire);
  mem_free(s->peer.user);
  pthread_mutex_destroy(&s->writing);
}

static struct session *session_new(struct server *server, int fd) {
  struct session *s = mem_new(sizeof *s, session_destroy);
  if (s == NULL) {
    close(fd);
    return NULL;
  }
  list_init(&s->link);
  s->server = server;
  wire_init(&s->wire, fd);
  pthread_mutex_init(&s->writing, NULL);
  return s;
}

/* One account cannot keep the others out. */
static DWORD enlist(struct server *server, struct session *s) {
  DWORD error = ERROR_SUCCESS;
  pthread_mutex_lock(&server->lock);
  if (server->closing)
    error = error_say(ERROR_SHUTDOWN_IN_PROGRESS, "the server is stopping");
  else if (server->count >= SESSIONS ||
           (s->peer.uid != server->owner &&
            count_of(server, s->peer.uid) >= SESSIONS_EACH))
    error = error_say(ERROR_BUSY, "too many connections (%u)", server->count);
  if (error == ERROR_SUCCESS) {
    s->number = ++server->last;
    list_append(&server->sessions, &s->link);
    server->count++;
  }
  pthread_mutex_unlock(&server->lock);
  return error;
}

static void delist(struct server *server, struct session *s) {
  pthread_mutex_lock(&server->lock);
  list_remove(&s->link);
  server->count--;
  pthread_cond_broadcast(&server->ended);
  pthread_mutex_unlock(&server->lock);
}

/* The thread of a session; the server outlives it. */
static void run(void *arg) {
  struct session *s = arg;
  struct server *server = s->server;
  clock_leave(); /* thread_start made it a participant */
  session_run(s);
  delist(server, s);
  mem_unref(s);
}

static void refused(const struct session *s) {
  log_line(LOG_INIT, FAX_LOG_WARN, "socket", "refused: user=%s pid=%ld: %s",
           s->peer.user != NULL ? s->peer.user : "?", (long)s->peer.pid,
           error_message());
}

static void let_in(struct server *server, int fd) {
  struct session *s = session_new(server, fd);
  if (s == NULL) return;
  DWORD error = peer_read(server, fd, &s->peer);
  if (error == ERROR_SUCCESS) error = enlist(server, s);
  if (error != ERROR_SUCCESS) {
    refused(s);
    session_refuse(s, error);
    mem_unref(s);
    return;
  }
  if (thread_start_detached("fax-session", run, s) == ERROR_SUCCESS) return;
  refused(s);
  delist(server, s);
  mem_unref(s);
}

/* ---- the thread ---- */

static bool wait_for(const struct server *s) {
  struct pollfd fds[2] = {{.fd = s->wake, .events = POLLIN},
                          {.fd = s->fd, .events = POLLIN}};
  poll(fds, 2, -1);
  return fds[0].revents == 0;
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
    if (fd >= 0)
      let_in(s, fd);
    else if (errno == EMFILE || errno == ENFILE || errno == ENOMEM ||
             errno == ENOBUFS)
      rest(s);
  }
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
  s->fd = c->listen_fd;
  s->boot = boot;
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

/* With the lock: on the machine's clock, what is served may wait on the
   other. */
static bool wait_for_sessions(struct server *s) {
  struct timespec until;
  clock_gettime(CLOCK_MONOTONIC, &until);
  until.tv_sec += CLOSE_SECONDS;
  while (s->count != 0)
    if (pthread_cond_timedwait(&s->ended, &s->lock, &until) == ETIMEDOUT)
      return s->count == 0;
  return true;
}

void server_close(struct server *s) {
  uint64_t one = 1;
  if (s == NULL) return;
  if (s->path != NULL) unlink(s->path);
  while (write(s->wake, &one, sizeof one) < 0 && errno == EINTR) continue;
  /* Not by the clock, in which that thread takes no part. */
  pthread_join(s->listener, NULL);
  pthread_mutex_lock(&s->lock);
  s->closing = true;
  list_each(link, &s->sessions)
      session_hang_up(list_entry(link, struct session, link));
  bool ended = wait_for_sessions(s);
  pthread_mutex_unlock(&s->lock);
  if (ended)
    server_free(s);
  else
    log_line(LOG_INIT, FAX_LOG_ERROR, "socket",
             "calls did not end; their threads are left behind");
}
