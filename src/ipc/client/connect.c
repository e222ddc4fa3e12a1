/* SPDX-License-Identifier: MIT
   Opening a connection, and making it again. */
#include <math.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/error.h"
#include "base/mem.h"
#include "ipc/client/own.h"

static void remote_destroy(void *object) {
  struct remote *r = object;
  remote_forget(r);
  wire_close(&r->wire);
  mem_unref(r->spare);
  pthread_mutex_destroy(&r->sparing);
  pthread_mutex_destroy(&r->lock);
  mem_free(r->path);
  mem_free(r->user);
}

static void handle_destroy(void *object) {
  struct remote_handle *h = object;
  mem_unref(h->remote);
}

struct remote_handle *remote_handle_new(struct remote *r, DWORD id) {
  struct remote_handle *h = mem_new(sizeof *h, handle_destroy);
  if (h == NULL) return NULL;
  h->remote = mem_ref(r);
  h->id = id;
  h->connection = r->connection;
  return h;
}

static DWORD remote_new(const char *path, const struct fax_connect *asked,
                        struct remote **remote_out) {
  struct remote *r = mem_new(sizeof *r, remote_destroy);
  if (r == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  pthread_mutex_init(&r->lock, NULL);
  pthread_mutex_init(&r->sparing, NULL);
  wire_init(&r->wire, -1);
  remote_note(r);
  r->rights = asked != NULL ? asked->rights : FAX_ALL_ACCESS;
  r->path = mem_text(path);
  if (asked != NULL && asked->user != NULL) r->user = mem_text(asked->user);
  *remote_out = r;
  bool made = r->path != NULL &&
              (asked == NULL || asked->user == NULL || r->user != NULL);
  return made ? ERROR_SUCCESS : ERROR_NOT_ENOUGH_MEMORY;
}

static DWORD copy(const struct remote *r, struct remote **remote_out) {
  struct fax_connect same = {
      .size = sizeof same, .rights = r->rights, .user = r->user};
  return remote_new(r->path, &same, remote_out);
}

/* It counts as one that was lost: so its first failure is told. */
struct remote *remote_like(const struct remote *r) {
  struct remote *like = NULL;
  if (copy(r, &like) != ERROR_SUCCESS) return mem_unref(like);
  like->connection = 1;
  return like;
}

DWORD remote_again(const struct remote *r, struct remote **remote_out) {
  struct remote *again = NULL;
  DWORD error = copy(r, &again);
  if (error == ERROR_SUCCESS) error = remote_connect(again);
  if (error == ERROR_SUCCESS)
    *remote_out = again;
  else
    mem_unref(again);
  return error;
}

/* ---- the first exchange ---- */

static json_t *hello(const struct remote *r) {
  static const char *const features[] = {FEATURE_DESCRIPTORS,
                                         FEATURE_ATTACHMENTS, NULL};
  DWORD versions[2] = {PROTOCOL_VERSION, PROTOCOL_VERSION};
  struct hello h = {versions, 2,       "libfax " FAX_VERSION,
                    features, r->user, r->rights};
  return record_to_json(&hello_record, &h);
}

static DWORD read_welcome(struct remote *r, const json_t *result) {
  struct arena a = {0};
  struct welcome w;
  DWORD error = record_from_json(&welcome_record, result, &w, &a);
  if (error == ERROR_SUCCESS) r->boot = w.boot;
  arena_free(&a);
  return error;
}

static DWORD say_hello(struct remote *r) {
  struct question q = {.method = "hello", .params = hello(r)};
  struct reply reply = {0};
  bool sent;
  if (q.params == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  DWORD error = remote_exchange(r, &q, &reply, &sent);
  if (error == ERROR_SUCCESS) error = read_welcome(r, reply.result);
  reply_free(&reply);
  question_free(&q);
  return error;
}

static DWORD unreachable(const struct remote *r) {
  return error_say(RPC_S_SERVER_UNAVAILABLE, "%s: no fax server answers there",
                   r->path);
}

DWORD remote_connect(struct remote *r) {
  if (r->wire.fd >= 0 && !wire_closed(&r->wire)) return ERROR_SUCCESS;
  wire_close(&r->wire);
  DWORD error = wire_connect(&r->wire, r->path, ACCEPTED);
  if (error != ERROR_SUCCESS)
    return r->connection == 0 || error != ERROR_FILE_NOT_FOUND ? error
                                                               : unreachable(r);
  r->connection++;
  error = say_hello(r);
  if (error != ERROR_SUCCESS) wire_close(&r->wire);
  return error == RPC_S_CALL_FAILED ? unreachable(r) : error;
}

DWORD remote_ready(struct remote *r) {
  return r->wire.fd >= 0 ? ERROR_SUCCESS : remote_connect(r);
}

DWORD remote_boot(struct remote_handle *h, DWORDLONG *boot_out,
                  BOOL *elsewhere_out) {
  struct remote *r = h->remote;
  struct ucred who = {.pid = 0};
  socklen_t size = sizeof who;
  if (!remote_lock(&r->lock, SILENCE))
    return error_say(RPC_S_SERVER_UNAVAILABLE, "%s: the fax server is silent",
                     r->path);
  DWORD error = r->closed ? ERROR_INVALID_HANDLE : remote_connect(r);
  if (error == ERROR_SUCCESS) {
    getsockopt(r->wire.fd, SOL_SOCKET, SO_PEERCRED, &who, &size);
    *boot_out = r->boot;
    *elsewhere_out = who.pid != getpid();
  }
  pthread_mutex_unlock(&r->lock);
  return error;
}

/* ---- handles ---- */

DWORD remote_open(const char *path, const struct fax_connect *connect,
                  HANDLE *handle_out) {
  struct remote *r = NULL;
  struct remote_handle *h = NULL;
  DWORD error = remote_new(path, connect, &r);
  if (error == ERROR_SUCCESS) error = remote_connect(r);
  if (error == ERROR_SUCCESS && (h = remote_handle_new(r, 0)) == NULL)
    error = ERROR_NOT_ENOUGH_MEMORY;
  if (error == ERROR_SUCCESS)
    error = handle_open((enum handle_kind)(HANDLE_SERVER | HANDLE_REMOTE), h,
                        NULL, handle_out);
  mem_unref(h);
  mem_unref(r);
  return error;
}

/* One of a connection that is no more has gone with it. */
static DWORD close_there(struct remote_handle *h) {
  struct question q = {
      .method = "handle.close", .on = h->id, .seconds = FAREWELL};
  struct reply reply = {0};
  bool sent;
  if (h->remote->wire.fd < 0 || h->connection != h->remote->connection)
    return ERROR_SUCCESS;
  DWORD error = remote_exchange(h->remote, &q, &reply, &sent);
  reply_free(&reply);
  return h->remote->wire.fd >= 0 && error != ERROR_TIMEOUT ? error
                                                           : ERROR_SUCCESS;
}

bool remote_lock(pthread_mutex_t *lock, double seconds) {
  struct timespec until;
  if (pthread_mutex_trylock(lock) == 0) return true;
  clock_gettime(CLOCK_REALTIME, &until);
  double at = (double)until.tv_nsec / 1e9 + (seconds > 0 ? seconds : 0);
  until.tv_sec += (time_t)at;
  until.tv_nsec = (long)((at - floor(at)) * 1e9);
  return pthread_mutex_timedlock(lock, &until) == 0;
}

static void close_owned(int kind, void *object) {
  (void)kind, (void)object;
}

DWORD remote_closed(struct remote_handle *h, int kind, HANDLE handle) {
  struct remote *r = h->remote;
  bool whole = kind == (HANDLE_SERVER | HANDLE_REMOTE) && h->id == 0;
  if (whole) handle_close_owned(handle, close_owned);
  if (whole) remote_close_spare(r);
  if (!remote_lock(&r->lock, FAREWELL))
    return ERROR_SUCCESS; /* it goes with that call */
  DWORD error = close_there(h);
  if (whole) wire_close(&r->wire);
  pthread_mutex_unlock(&r->lock);
  return error;
}
