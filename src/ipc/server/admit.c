/* SPDX-License-Identifier: MIT
   Who is let in, and the thread that each session has. */
#include <errno.h>
#include <stdint.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "base/thread.h"
#include "ipc/server/own.h"

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
  mem_unref(s->tally);
  mem_free(s->peer.user);
  mem_unref(s->peer.own);
  mem_unref(s->peer.others);
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

/* With the lock. What waits for an account waits for all its sessions. */
static DWORD take_tally(const struct server *server, struct session *s) {
  list_each(link, &server->sessions) {
    const struct session *other = list_entry(link, struct session, link);
    if (other->peer.uid != s->peer.uid) continue;
    s->tally = mem_ref(other->tally);
    return ERROR_SUCCESS;
  }
  s->tally = mem_new(sizeof *s->tally, NULL);
  return s->tally != NULL ? ERROR_SUCCESS
                          : error_say(ERROR_NOT_ENOUGH_MEMORY, "out of memory");
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
  else if (!wire_spares(s->wire.fd))
    error = error_say(ERROR_BUSY,
                      "the server has no descriptors to spare (%u connections)",
                      server->count);
  if (error == ERROR_SUCCESS) error = take_tally(server, s);
  if (error == ERROR_SUCCESS) {
    s->number = ++server->last;
    list_append(&server->sessions, &s->link);
    server->count++;
  }
  pthread_mutex_unlock(&server->lock);
  return error;
}

/* The listener hears of it: it buries what is over. With the lock to the end:
   the server is not touched any more behind it. */
static void delist(struct server *server, struct session *s) {
  pthread_mutex_lock(&server->lock);
  list_remove(&s->link);
  list_append(&server->over, &s->link);
  server->count--;
  server_wake(server);
  pthread_cond_broadcast(&server->ended);
  pthread_mutex_unlock(&server->lock);
}

/* The thread of a session, which is no part of the clock but while it serves,
   and at its end: whoever joins waits by the clock. */
static void run(void *arg) {
  struct session *s = arg;
  clock_leave(); /* thread_start made it a participant */
  session_run(s);
  clock_join();
  clock_enter();
  delist(s->server, s);
}

static struct session *next_over(struct server *server) {
  struct session *s = NULL;
  pthread_mutex_lock(&server->lock);
  if (!list_empty(&server->over)) {
    s = list_entry(server->over.next, struct session, link);
    list_remove(&s->link);
  }
  pthread_mutex_unlock(&server->lock);
  return s;
}

void sessions_bury(struct server *server) {
  struct session *s;
  while ((s = next_over(server)) != NULL) {
    thread_join(s->thread);
    mem_unref(s);
  }
}

static void refused(const struct session *s) {
  log_line(LOG_INIT, FAX_LOG_WARN, "socket", "refused: user=%s pid=%ld: %s",
           s->peer.user != NULL ? s->peer.user : "?", (long)s->peer.pid,
           error_message());
}

void session_admit(struct server *server, int fd) {
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
  pthread_mutex_lock(&server->lock); /* it is not over before it has a thread */
  error = thread_start(&s->thread, "fax-session", run, s);
  if (error != ERROR_SUCCESS) {
    list_remove(&s->link);
    server->count--;
  }
  pthread_mutex_unlock(&server->lock);
  if (error == ERROR_SUCCESS) return;
  refused(s);
  mem_unref(s);
}
