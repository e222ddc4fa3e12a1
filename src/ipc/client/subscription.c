/* SPDX-License-Identifier: MIT
   Events of a server in another process: each subscription has a connection and
   a thread, which posts what the server says in the forms of this process. The
   thread is no part of the clock: the server's may be another. */
#include <stdatomic.h>
#include <string.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/mem.h"
#include "base/thread.h"
#include "ipc/client/own.h"
#include "ipc/event.h"
#include "model/event.h"
#include "model/time.h"

#define FIRST_ID UINT32_C(0x80000000) /* those of a service are below */

struct remote_subscription {
  struct list link; /* with the lock of all */
  DWORD id;
  struct remote *remote;
  struct event_sink sink;
  DWORD number, backlog; /* the server's word */
  pthread_t thread;
  atomic_bool unwanted; /* nothing is to be posted any more */
  atomic_bool ended;    /* the thread has nothing to do */
};

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

/* ---- what the server says ---- */

/* Tells the server that it may go on, when it asked for that. */
static DWORD acknowledge(struct remote_subscription *s,
                         const struct event_told *told) {
  struct remote *r = s->remote;
  if (!told->acknowledge) return ERROR_SUCCESS;
  json_t *whole = json_pack("{s:s, s:s, s:{s:I}}", "jsonrpc", "2.0", "method",
                            "event.acknowledge", "params", "subscription",
                            (json_int_t)s->number);
  DWORD error = whole != NULL ? message_put_whole(&r->wire.out, whole)
                              : ERROR_NOT_ENOUGH_MEMORY;
  json_decref(whole);
  return error == ERROR_SUCCESS ? wire_flush(&r->wire, NULL, 0, SILENCE)
                                : error;
}

/* ERROR_ABANDONED_WAIT_0: nobody takes events any more, or none will come. */
static DWORD post(struct remote_subscription *s,
                  const struct event_told *told) {
  const struct fax_event *e = told->event;
  if (e == NULL || told->subscription != s->number || s->unwanted)
    return ERROR_SUCCESS;
  DWORD error = event_post(&s->sink, e, s->backlog);
  if (error == ERROR_ABANDONED_WAIT_0) return error;
  error = acknowledge(s, told);
  return e->event_id == FEI_FAXSVC_ENDED ? ERROR_ABANDONED_WAIT_0 : error;
}

static DWORD obey(struct remote_subscription *s, const struct message *m) {
  struct arena a = {0};
  struct event_told told;
  if (m->method == NULL || m->params == NULL || strcmp(m->method, "event") != 0)
    return ERROR_SUCCESS;
  DWORD error = record_from_json(&event_told_record, m->params, &told, &a);
  if (error == ERROR_SUCCESS) error = post(s, &told);
  arena_free(&a);
  return error;
}

static DWORD obey_all(struct remote_subscription *s) {
  struct message m;
  DWORD error;
  while ((error = message_take(&s->remote->wire.in, &m)) == ERROR_SUCCESS) {
    error = obey(s, &m);
    message_free(&m);
    if (error != ERROR_SUCCESS) return error;
  }
  return error == ERROR_NOT_FOUND ? ERROR_SUCCESS : error;
}

/* The server went away without a word (EVT-6). */
static void post_end(struct remote_subscription *s) {
  struct fax_event e = event_blank(FEI_FAXSVC_ENDED, FAX_EVENT_SERVICE);
  e.time = time_to_filetime(FaxClockWall());
  event_post(&s->sink, &e, s->backlog);
}

static void run(void *arg) {
  struct remote_subscription *s = arg;
  DWORD error;
  clock_leave(); /* thread_start made it a participant */
  do {
    error = obey_all(s);
    if (error == ERROR_SUCCESS) error = wire_receive(&s->remote->wire, 1e9);
    if (error == ERROR_OPERATION_ABORTED) error = ERROR_SUCCESS;
  } while (error == ERROR_SUCCESS);
  if (error != ERROR_ABANDONED_WAIT_0 && !s->unwanted) post_end(s);
  shutdown(s->remote->wire.fd, SHUT_RDWR);
  s->ended = true;
  /* Whoever joins waits by the clock, which stands still until then. */
  clock_join();
  clock_enter();
}

/* ---- life ---- */

static void subscription_free(struct remote_subscription *s) {
  mem_unref(s->remote);
  mem_unref(s->sink.port);
  mem_free(s);
}

/* Those that `is` says of are taken out of the list and ended. */
static void end_where(bool (*is)(const struct remote_subscription *s,
                                 const void *arg),
                      const void *arg) {
  struct list gone;
  list_init(&gone);
  pthread_mutex_lock(&lock);
  list_each_safe(link, &all) {
    struct remote_subscription *s =
        list_entry(link, struct remote_subscription, link);
    if (!is(s, arg)) continue;
    list_remove(link);
    list_append(&gone, link);
  }
  pthread_mutex_unlock(&lock);
  list_each_safe(link, &gone) {
    struct remote_subscription *s =
        list_entry(link, struct remote_subscription, link);
    s->unwanted = true;
    shutdown(s->remote->wire.fd, SHUT_RDWR);
    thread_join(s->thread);
    subscription_free(s);
  }
}

static bool has_ended(const struct remote_subscription *s, const void *arg) {
  (void)arg;
  return s->ended;
}

static bool has_id(const struct remote_subscription *s, const void *arg) {
  return s->id == *(const DWORD *)arg;
}

static bool has_port(const struct remote_subscription *s, const void *arg) {
  return s->sink.port == arg;
}

void remote_unsubscribe(DWORD id) {
  if (id >= FIRST_ID) end_where(has_id, &id);
}

void remote_port_closed(const struct completion_port *port) {
  end_where(has_port, port);
}

/* ---- subscribing ---- */

static DWORD ask_server(struct remote_subscription *s, DWORD on) {
  struct event_subscribe asked = {s->sink.extended, TRUE};
  struct event_subscribed got;
  struct question q = {.method = "event.subscribe", .on = on};
  struct reply reply = {0};
  struct arena a = {0};
  bool sent;
  q.params = record_to_json(&event_subscribe_record, &asked);
  DWORD error = q.params != NULL ? remote_exchange(s->remote, &q, &reply, &sent)
                                 : ERROR_NOT_ENOUGH_MEMORY;
  if (error == ERROR_SUCCESS)
    error = record_from_json(&event_subscribed_record, reply.result, &got, &a);
  if (error == ERROR_SUCCESS) {
    s->number = got.subscription;
    s->backlog = got.backlog;
  }
  arena_free(&a);
  reply_free(&reply);
  question_free(&q);
  return error;
}

/* Under the lock, so that whoever ends it finds a thread. */
static DWORD begin(struct remote_subscription *s, DWORD *id_out) {
  pthread_once(&once, watch_forks);
  pthread_mutex_lock(&lock);
  s->id = FIRST_ID | ++last_id;
  DWORD error = thread_start(&s->thread, "fax-events", run, s);
  if (error == ERROR_SUCCESS) {
    list_append(&all, &s->link);
    if (id_out != NULL) *id_out = s->id;
  }
  pthread_mutex_unlock(&lock);
  return error;
}

static DWORD subscription_new(HANDLE port, ULONG_PTR key, BOOL extended,
                              struct remote_subscription **s_out) {
  struct completion_port *p = handle_get(port, HANDLE_COMPLETION);
  if (p == NULL)
    return error_say(ERROR_INVALID_PARAMETER,
                     "the completion port is not a valid handle");
  struct remote_subscription *s = mem_alloc(sizeof *s);
  if (s == NULL) {
    mem_unref(p);
    return error_say(ERROR_NOT_ENOUGH_MEMORY, "out of memory");
  }
  list_init(&s->link);
  s->sink =
      (struct event_sink){.port = p, .key = key, .extended = extended != FALSE};
  *s_out = s;
  return ERROR_SUCCESS;
}

DWORD remote_subscribe(struct remote_handle *h, HANDLE port, ULONG_PTR key,
                       BOOL extended, DWORD *id_out) {
  struct remote_subscription *s;
  end_where(has_ended, NULL);
  DWORD error = subscription_new(port, key, extended, &s);
  if (error != ERROR_SUCCESS) return error;
  error = remote_again(h->remote, &s->remote);
  if (error == ERROR_SUCCESS) error = ask_server(s, 0);
  if (error == ERROR_SUCCESS) error = begin(s, id_out);
  if (error != ERROR_SUCCESS) subscription_free(s);
  return error;
}
