/* SPDX-License-Identifier: MIT
   What a client says about events. */
#include "base/clock.h"
#include "base/error.h"
#include "ipc/server/push.h"
#include "method/find.h"
#include "service/service.h"

static DWORD subscribe_as(struct session *s, struct connection *c,
                          const struct event_subscribe *asked,
                          DWORD *number_out) {
  struct pushed *pushed;
  DWORD id, error = push_begin(s);
  if (error == ERROR_SUCCESS)
    error = push_reserve(s->push,
                         (struct pushed){.extended = asked->extended,
                                         .acknowledges = asked->acknowledges},
                         &pushed);
  if (error != ERROR_SUCCESS) return error;
  *number_out = pushed->number;
  error =
      event_subscribe(c, s->push->handle, pushed->number, asked->extended, &id);
  if (error == ERROR_SUCCESS) {
    push_fill(s->push, pushed, NULL, id);
    return ERROR_SUCCESS;
  }
  push_free_number(s->push, *number_out);
  push_release(s);
  return error;
}

static DWORD unsubscribe(struct session *s, DWORD number) {
  struct pushed pushed;
  if (!push_find(s, number, PUSHED_EVENTS, &pushed))
    return error_say(ERROR_INVALID_PARAMETER, "%u is no subscription", number);
  event_unsubscribe(pushed.id);
  push_free_number(s->push, number);
  return ERROR_SUCCESS;
}

static void note_acknowledged(struct session *s) {
  struct push *p = s->push;
  if (p == NULL) return;
  pthread_mutex_lock(&p->lock);
  p->came++;
  pthread_cond_broadcast(&p->changed);
  pthread_mutex_unlock(&p->lock);
}

/* The thread takes part in the clock meanwhile. */
static DWORD subscribe(struct session *s, DWORD on,
                       const struct event_subscribe *asked,
                       struct event_subscribed *out) {
  HANDLE handle;
  struct connection *c;
  DWORD error = entry_handle(s, on, &handle);
  if (error == ERROR_SUCCESS) error = find_server(handle, &c);
  if (error != ERROR_SUCCESS) return error;
  clock_join();
  clock_enter();
  error = subscribe_as(s, c, asked, &out->subscription);
  clock_leave();
  out->backlog = event_backlog(c);
  mem_unref(c);
  return error;
}

DWORD serve_subscribe(struct session *s, struct request *r,
                      struct answer *answer) {
  struct arena a = {0};
  struct event_subscribe asked;
  struct event_subscribed out = {0};
  DWORD error = params_of(r, &event_subscribe_record, &asked, &a);
  arena_free(&a);
  if (error == ERROR_SUCCESS) error = subscribe(s, r->on, &asked, &out);
  if (error != ERROR_SUCCESS) return error;
  answer->result = record_to_json(&event_subscribed_record, &out);
  answer->sent = push_release;
  return ERROR_SUCCESS;
}

static DWORD number_of(struct request *r, DWORD *number_out) {
  struct arena a = {0};
  struct event_of of;
  DWORD error = params_of(r, &event_of_record, &of, &a);
  arena_free(&a);
  if (error == ERROR_SUCCESS) *number_out = of.subscription;
  return error;
}

DWORD serve_unsubscribe(struct session *s, struct request *r,
                        struct answer *answer) {
  DWORD number = 0, error = number_of(r, &number);
  if (error == ERROR_SUCCESS) error = unsubscribe(s, number);
  if (error == ERROR_SUCCESS) answer->result = json_object();
  return error;
}

DWORD serve_acknowledge(struct session *s, struct request *r,
                        struct answer *answer) {
  DWORD number = 0, error = number_of(r, &number);
  if (error != ERROR_SUCCESS) return error;
  note_acknowledged(s);
  answer->result = json_object();
  return ERROR_SUCCESS;
}
