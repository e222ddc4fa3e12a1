/* SPDX-License-Identifier: MIT
   See channel.h. */
#include "ipc/client/channel.h"

#include <sys/socket.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/mem.h"
#include "base/thread.h"

#define FIRST_ID UINT32_C(0x80000000) /* those of a service are below */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static struct list all = {&all, &all};
static DWORD last_id;

static void before_fork(void) {
  pthread_mutex_lock(&lock);
}
static void after_fork(void) {
  pthread_mutex_unlock(&lock);
}

/* The threads are the parent's, and so are the connections. */
static void after_fork_child(void) {
  list_init(&all);
  pthread_mutex_unlock(&lock);
}

static void watch_forks(void) {
  pthread_atfork(before_fork, after_fork, after_fork_child);
}

/* ---- life ---- */

static void remote_channel_destroy(void *object) {
  struct channel *c = object;
  c->kind->destroy(c);
  mem_unref(c->remote);
  mem_unref(c->port);
  pthread_mutex_destroy(&c->writing);
}

DWORD remote_channel_new(size_t size, const struct remote_channel_kind *kind,
                         HANDLE port, struct channel **remote_channel_out) {
  struct completion_port *p = handle_get(port, HANDLE_COMPLETION);
  if (p == NULL)
    return error_say(ERROR_INVALID_PARAMETER,
                     "the completion port is not a valid handle");
  struct channel *c = mem_new(size, remote_channel_destroy);
  if (c == NULL) {
    mem_unref(p);
    return error_say(ERROR_NOT_ENOUGH_MEMORY, "out of memory");
  }
  list_init(&c->link);
  pthread_mutex_init(&c->writing, NULL);
  c->kind = kind;
  c->port = p;
  *remote_channel_out = c;
  return ERROR_SUCCESS;
}

/* ---- what is said ---- */

DWORD remote_channel_ask(struct channel *c, const struct remote_handle *h,
                         const char *method, json_t *params,
                         json_t **result_out) {
  struct question q = {.method = method, .params = params};
  struct reply reply = {0};
  bool sent;
  DWORD error = params != NULL ? remote_again(h->remote, &c->remote)
                               : ERROR_NOT_ENOUGH_MEMORY;
  if (error == ERROR_SUCCESS)
    error = remote_exchange(c->remote, &q, &reply, &sent);
  if (error == ERROR_SUCCESS) *result_out = json_incref(reply.result);
  reply_free(&reply);
  question_free(&q);
  return error;
}

DWORD remote_channel_say(struct channel *c, const char *method, json_t *params,
                         int fd) {
  struct wire *w = &c->remote->wire;
  json_t *whole = json_pack("{s:s, s:s, s:i, s:o}", "jsonrpc", "2.0", "method",
                            method, "descriptors", fd >= 0, "params", params);
  if (whole == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  pthread_mutex_lock(&c->writing);
  DWORD error = message_put_whole(&w->out, whole);
  if (error == ERROR_SUCCESS)
    error = wire_flush(w, &fd, fd >= 0 ? 1 : 0, SILENCE);
  pthread_mutex_unlock(&c->writing);
  json_decref(whole);
  return error;
}

/* ---- what is heard ---- */

static DWORD hear_all(struct channel *c) {
  struct message m;
  DWORD error;
  while ((error = message_take(&c->remote->wire.in, &m)) == ERROR_SUCCESS) {
    if (m.method != NULL && m.params != NULL && !c->unwanted)
      error = c->kind->heard(c, m.method, m.params);
    message_free(&m);
    if (error != ERROR_SUCCESS) return error;
  }
  return error == ERROR_NOT_FOUND ? ERROR_SUCCESS : error;
}

static void run(void *arg) {
  struct channel *c = arg;
  DWORD error;
  clock_leave(); /* thread_start made it a participant */
  do {
    error = hear_all(c);
    if (error == ERROR_SUCCESS) error = wire_receive(&c->remote->wire, 1e9);
    if (error == ERROR_OPERATION_ABORTED) error = ERROR_SUCCESS;
  } while (error == ERROR_SUCCESS);
  if (error != ERROR_ABANDONED_WAIT_0 && !c->unwanted) c->kind->lost(c);
  shutdown(c->remote->wire.fd, SHUT_RDWR);
  c->ended = true;
  /* Whoever joins waits by the clock, which stands still until then. */
  clock_join();
  clock_enter();
}

/* ---- all of them ---- */

static bool has_ended(const struct channel *c, const void *arg) {
  (void)arg;
  return c->ended;
}

/* Under the lock, so that whoever ends it finds a thread. */
DWORD remote_channel_begin(struct channel *c) {
  remote_channel_end(has_ended, NULL);
  pthread_once(&once, watch_forks);
  pthread_mutex_lock(&lock);
  c->id = FIRST_ID | ++last_id;
  DWORD error = thread_start(&c->thread, "fax-channel", run, c);
  if (error == ERROR_SUCCESS) list_append(&all, &c->link), mem_ref(c);
  pthread_mutex_unlock(&lock);
  return error;
}

static void take_out(remote_channel_is_fn *is, const void *arg,
                     struct list *gone) {
  pthread_mutex_lock(&lock);
  list_each_safe(link, &all) {
    struct channel *c = list_entry(link, struct channel, link);
    if (!is(c, arg)) continue;
    list_remove(link);
    list_append(gone, link);
  }
  pthread_mutex_unlock(&lock);
}

void remote_channel_end(remote_channel_is_fn *is, const void *arg) {
  struct list gone;
  list_init(&gone);
  take_out(is, arg, &gone);
  list_each_safe(link, &gone) {
    struct channel *c = list_entry(link, struct channel, link);
    c->unwanted = true;
    shutdown(c->remote->wire.fd, SHUT_RDWR);
    thread_join(c->thread);
    list_remove(link);
    mem_unref(c);
  }
}

static bool has_port(const struct channel *c, const void *arg) {
  return c->port == arg;
}

void remote_port_closed(const struct completion_port *port) {
  remote_channel_end(has_port, port);
}
