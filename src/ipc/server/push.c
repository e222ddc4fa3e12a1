/* SPDX-License-Identifier: MIT
   Events on their way to a client: a completion port of the session, and a
   thread that takes from it and writes. A client that reads slowly costs only
   itself: what waits in the port is bounded as in the process itself, and
   whoever takes nothing at all is hung up on. */
#include <errno.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "base/thread.h"
#include "ipc/server/own.h"
#include "ipc/server/push.h"
#include "method/find.h"
#include "model/event.h"
#include "provider/provider.h"
#include "service/service.h"

enum { BATCH = 64 };

/* ---- an event as a message ---- */

/* The documented form as the extended one, which the wire has. */
static struct fax_event widen(const FAX_EVENT *e) {
  struct fax_event wide = event_blank(e->EventId, event_kind(e->EventId));
  wide.time = e->TimeStamp;
  wide.device_id = e->DeviceId;
  wide.job_id = e->JobId;
  return wide;
}

DWORD push_put(struct session *s, const char *method, json_t *params) {
  json_t *whole = json_pack("{s:s, s:s, s:o}", "jsonrpc", "2.0", "method",
                            method, "params", params);
  DWORD error = whole != NULL ? message_put_whole(&s->wire.out, whole)
                              : ERROR_NOT_ENOUGH_MEMORY;
  json_decref(whole);
  return error;
}

void push_expect(struct push *p) {
  pthread_mutex_lock(&p->lock);
  p->due++;
  pthread_mutex_unlock(&p->lock);
}

static void drop(struct fax_packet packet) {
  if (mem_tagged_size(packet.packet, MEM_CALL) != 0)
    provider_call_drop(packet.packet);
  else
    mem_free_tagged(packet.packet, MEM_LOCAL);
}

/* With session->writing; borrows the packet. */
static DWORD put_event(struct session *s, const struct pushed *pushed,
                       const struct fax_packet *packet) {
  struct fax_event wide, *e = packet->packet;
  if (!pushed->extended) wide = widen(packet->packet), e = &wide;
  struct event_told told = {pushed->number, e,
                            pushed->acknowledges && clock_is_virtual()};
  if (told.acknowledge) push_expect(s->push);
  return push_put(s, "event", record_to_json(&event_told_record, &told));
}

/* With session->writing. Takes the packet. Of a subscription that was ended
   nothing is told any more. */
static DWORD put_packet(struct session *s, struct fax_packet packet) {
  struct pushed pushed;
  DWORD error = ERROR_SUCCESS;
  if (push_look_up(s->push, (DWORD)packet.key, &pushed)) {
    if (pushed.as == PUSHED_PROVIDER)
      return push_call(s, &pushed, packet.packet);
    error = pushed.as == PUSHED_POLICY
                ? push_question(s, &pushed, packet.packet)
                : put_event(s, &pushed, &packet);
  }
  drop(packet);
  return error;
}

/* ---- the thread ---- */

/* Until `is_done` or the end, for so many seconds of the machine's clock, in
   which the virtual one stands still. */
static DWORD wait_until(struct push *p, double seconds,
                        bool (*is_done)(const struct push *p)) {
  struct timespec until;
  int failed = 0;
  clock_gettime(CLOCK_MONOTONIC, &until);
  until.tv_sec += (time_t)seconds;
  pthread_mutex_lock(&p->lock);
  while (!is_done(p) && !p->ended && failed == 0)
    failed = pthread_cond_timedwait(&p->changed, &p->lock, &until);
  bool done = is_done(p);
  pthread_mutex_unlock(&p->lock);
  return done ? ERROR_SUCCESS
              : error_say(ERROR_TIMEOUT, "events are not acknowledged");
}

static bool is_released(const struct push *p) {
  return p->held == 0;
}

static bool is_acknowledged(const struct push *p) {
  return p->came >= p->due;
}

static DWORD push_batch(struct session *s, struct fax_packet *batch,
                        size_t count) {
  size_t i = 0;
  DWORD error = wait_until(s->push, s->server->patience, is_released);
  pthread_mutex_lock(&s->writing);
  for (; error == ERROR_SUCCESS && i < count; i++)
    error = put_packet(s, batch[i]);
  if (error == ERROR_SUCCESS)
    error = wire_flush(&s->wire, NULL, 0, s->server->patience);
  pthread_mutex_unlock(&s->writing);
  for (; i < count; i++) drop(batch[i]);
  return error == ERROR_SUCCESS
             ? wait_until(s->push, s->server->patience, is_acknowledged)
             : error;
}

static void push_run(void *session) {
  struct session *s = session;
  struct fax_packet batch[BATCH];
  size_t count;
  DWORD error;
  do {
    error = completion_take(s->push->port, batch, BATCH, FAX_FOREVER, &count);
    if (error == ERROR_SUCCESS) error = push_batch(s, batch, count);
  } while (error == ERROR_SUCCESS || error == ERROR_OPERATION_ABORTED);
  if (error != ERROR_ABANDONED_WAIT_0) {
    log_line(LOG_INIT, FAX_LOG_WARN, "socket",
             "session %u of %s hears no more events: %s", s->number,
             s->peer.user, error_message());
    session_hang_up(s);
  }
  pthread_mutex_lock(&s->server->lock);
  s->push->over = true;
  pthread_cond_broadcast(&s->server->ended);
  pthread_mutex_unlock(&s->server->lock);
}

/* ---- life; the session's thread ---- */

static void push_free(struct push *p) {
  if (p->handle != NULL) mem_unref(handle_close(p->handle, HANDLE_COMPLETION));
  mem_unref(p->port);
  pthread_cond_destroy(&p->changed);
  pthread_mutex_destroy(&p->lock);
  mem_free(p);
}

static DWORD push_new(struct session *s, struct push **push_out) {
  pthread_condattr_t monotonic;
  struct push *p = mem_alloc(sizeof *p);
  if (p == NULL) return error_say(ERROR_NOT_ENOUGH_MEMORY, "out of memory");
  pthread_condattr_init(&monotonic);
  pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
  pthread_cond_init(&p->changed, &monotonic);
  pthread_condattr_destroy(&monotonic);
  pthread_mutex_init(&p->lock, NULL);
  list_init(&p->ops);
  DWORD error = completion_new(drop, &p->port);
  if (error == ERROR_SUCCESS) completion_share(p->port, s->tally);
  if (error == ERROR_SUCCESS)
    error = handle_open(HANDLE_COMPLETION, p->port, NULL, &p->handle);
  if (error == ERROR_SUCCESS)
    *push_out = p;
  else
    push_free(p);
  return error;
}

static void publish(struct session *s, struct push *p) {
  pthread_mutex_lock(&s->server->lock);
  s->push = p;
  pthread_mutex_unlock(&s->server->lock);
}

DWORD push_begin(struct session *s) {
  struct push *p;
  if (s->push != NULL) return ERROR_SUCCESS;
  DWORD error = push_new(s, &p);
  if (error != ERROR_SUCCESS) return error;
  publish(s, p);
  error = thread_start(&p->thread, "fax-push", push_run, s);
  if (error == ERROR_SUCCESS) return ERROR_SUCCESS;
  publish(s, NULL);
  push_free(p);
  return error;
}

void push_finish(struct session *s) {
  if (s->push != NULL) completion_close(s->push->port);
}

bool push_runs(const struct session *s) {
  return s->push != NULL && !s->push->over;
}

static void tell_end(struct push *p) {
  pthread_mutex_lock(&p->lock);
  p->ended = true;
  pthread_cond_broadcast(&p->changed);
  pthread_mutex_unlock(&p->lock);
}

/* The thread may free numbers of others meanwhile. */
static void unsubscribe_all(struct push *p) {
  struct pushed list[SUBSCRIPTIONS];
  pthread_mutex_lock(&p->lock);
  memcpy(list, p->list, sizeof list);
  pthread_mutex_unlock(&p->lock);
  for (DWORD i = 0; i < SUBSCRIPTIONS; i++)
    if (list[i].number != 0 && list[i].as == PUSHED_EVENTS)
      event_unsubscribe(list[i].id);
}

void push_end(struct session *s) {
  struct push *p = s->push;
  if (p == NULL) return;
  unsubscribe_all(p);
  completion_close(p->port);
  session_hang_up(s);
  tell_end(p);
  thread_join(p->thread);
  for (DWORD i = 0; i < SUBSCRIPTIONS; i++)
    if (p->list[i].number != 0 && p->list[i].object != NULL)
      method_close(p->list[i].object);
  push_lose_ops(p, 0);
  completion_drop_all(p->port);
  publish(s, NULL);
  push_free(p);
}
