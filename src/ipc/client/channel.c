/* SPDX-License-Identifier: MIT
   See channel.h. */
#include "ipc/client/channel.h"

#include <sys/socket.h>
#include <time.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/mem.h"
#include "base/thread.h"

#define FIRST_ID UINT32_C(0x80000000) /* those of a service are below */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static struct list all = {&all, &all};
static DWORD last_id;
static _Thread_local const struct channel *here; /* the thread is of this one */

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
  json_decref(c->answer);
  pthread_cond_destroy(&c->answered);
  pthread_mutex_destroy(&c->asking);
  pthread_mutex_destroy(&c->writing);
}

static void init_asking(struct channel *c) {
  pthread_condattr_t monotonic;
  pthread_condattr_init(&monotonic);
  pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
  pthread_cond_init(&c->answered, &monotonic);
  pthread_condattr_destroy(&monotonic);
  pthread_mutex_init(&c->asking, NULL);
}

DWORD remote_channel_new(size_t size, const struct remote_channel_kind *kind,
                         HANDLE port, struct channel **remote_channel_out) {
  struct completion_port *p = handle_get(port, HANDLE_COMPLETION);
  if (p == NULL && port != NULL)
    return error_say(ERROR_INVALID_PARAMETER,
                     "the completion port is not a valid handle");
  struct channel *c = mem_new(size, remote_channel_destroy);
  if (c == NULL) {
    mem_unref(p);
    return error_say(ERROR_NOT_ENOUGH_MEMORY, "out of memory");
  }
  list_init(&c->link);
  pthread_mutex_init(&c->writing, NULL);
  init_asking(c);
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

static DWORD silent(void) {
  return error_say(ERROR_TIMEOUT, "the server is silent");
}

/* With c->writing. What did not go out goes before the next; but a descriptor
   that is left behind would be missed. */
static DWORD put(struct channel *c, const json_t *whole, int fd, double until) {
  struct wire *w = &c->remote->wire;
  DWORD error = message_put_whole(&w->out, whole);
  if (error == ERROR_SUCCESS)
    error = wire_flush(w, &fd, fd >= 0 ? 1 : 0, until - wire_now());
  if (error != ERROR_SUCCESS && fd >= 0) shutdown(w->fd, SHUT_RDWR);
  return error;
}

/* Takes the message; NULL is no memory for it. */
static DWORD say(struct channel *c, json_t *whole, int fd, double until) {
  DWORD error = ERROR_SUCCESS;
  if (whole == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  if (!remote_lock(&c->writing, until - wire_now())) error = silent();
  if (error == ERROR_SUCCESS) {
    error = put(c, whole, fd, until);
    pthread_mutex_unlock(&c->writing);
  }
  json_decref(whole);
  return error;
}

/* With c->asking, which is let go meanwhile. False: the time has come. */
static bool wait_until(struct channel *c, double until) {
  struct timespec t = {.tv_sec = (time_t)until};
  t.tv_nsec = (long)((until - (double)t.tv_sec) * 1e9);
  return pthread_cond_timedwait(&c->answered, &c->asking, &t) == 0;
}

/* With c->asking: one asks at a time. */
static DWORD await_turn(struct channel *c, double until) {
  while (c->asked != 0 && !c->over && wait_until(c, until)) continue;
  if (c->over)
    return error_say(RPC_S_SERVER_UNAVAILABLE, "the server has gone");
  return c->asked == 0 ? ERROR_SUCCESS : silent();
}

static DWORD await(struct channel *c, double until) {
  while (c->answer == NULL && !c->over && wait_until(c, until)) continue;
  if (c->answer != NULL) return reply_error(c->answer);
  return c->over ? error_say(RPC_S_CALL_FAILED, "the server has gone")
                 : silent();
}

DWORD remote_channel_exchange(struct channel *c, const char *method,
                              json_t *params, int fd, double seconds) {
  double until = wire_now() + seconds;
  pthread_mutex_lock(&c->asking);
  DWORD error = await_turn(c, until);
  if (error != ERROR_SUCCESS) {
    json_decref(params);
  } else {
    c->asked = ++c->remote->last;
    pthread_mutex_unlock(&c->asking); /* an answer to nobody may come */
    error = say(c,
                json_pack("{s:s, s:I, s:s, s:i, s:o}", "jsonrpc", "2.0", "id",
                          (json_int_t)c->asked, "method", method, "descriptors",
                          fd >= 0, "params", params),
                fd, until);
    pthread_mutex_lock(&c->asking);
    if (error == ERROR_SUCCESS) error = await(c, until);
    json_decref(c->answer);
    c->answer = NULL;
    c->asked = 0;
    pthread_cond_broadcast(&c->answered);
  }
  pthread_mutex_unlock(&c->asking);
  return error;
}

DWORD remote_channel_say(struct channel *c, const char *method, json_t *params,
                         int fd) {
  if (clock_is_virtual() && here != c)
    return remote_channel_exchange(c, method, params, fd, SILENCE);
  return say(c,
             json_pack("{s:s, s:s, s:i, s:o}", "jsonrpc", "2.0", "method",
                       method, "descriptors", fd >= 0, "params", params),
             fd, wire_now() + SILENCE);
}

DWORD remote_channel_acknowledge(struct channel *c, DWORD number) {
  return remote_channel_say(
      c, "event.acknowledge",
      json_pack("{s:I}", "subscription", (json_int_t)number), -1);
}

/* ---- what is heard ---- */

/* Who asked gets the whole message: the two threads share no part of it. */
static void hear_answer(struct channel *c, struct message *m) {
  pthread_mutex_lock(&c->asking);
  json_int_t id = json_integer_value(json_object_get(m->whole, "id"));
  if (c->asked != 0 && c->answer == NULL && id == (json_int_t)c->asked) {
    c->answer = m->whole;
    *m = (struct message){NULL, NULL, NULL};
    pthread_cond_broadcast(&c->answered);
  }
  pthread_mutex_unlock(&c->asking);
}

void remote_channel_over(struct channel *c) {
  pthread_mutex_lock(&c->asking);
  c->over = true;
  pthread_cond_broadcast(&c->answered);
  pthread_mutex_unlock(&c->asking);
}

static DWORD hear_all(struct channel *c) {
  struct message m;
  DWORD error;
  while ((error = message_take(&c->remote->wire.in, &m)) == ERROR_SUCCESS) {
    if (m.method == NULL)
      hear_answer(c, &m);
    else if (m.params != NULL && !c->unwanted)
      error = c->kind->heard(c, m.method, m.params);
    message_free(&m);
    if (error != ERROR_SUCCESS) return error;
  }
  return error == ERROR_NOT_FOUND ? ERROR_SUCCESS : error;
}

static void run(void *arg) {
  struct channel *c = arg;
  DWORD error;
  here = c;
  clock_leave(); /* thread_start made it a participant */
  do {
    error = hear_all(c);
    if (error == ERROR_SUCCESS) error = wire_receive(&c->remote->wire, 1e9);
    if (error == ERROR_OPERATION_ABORTED) error = ERROR_SUCCESS;
  } while (error == ERROR_SUCCESS);
  remote_channel_over(c);
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
    if (c->kind->leave != NULL) c->kind->leave(c);
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
