/* SPDX-License-Identifier: MIT
   What a client says about events. */
#include "base/clock.h"
#include "base/error.h"
#include "ipc/server/own.h"
#include "method/find.h"
#include "service/service.h"

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
  error = push_subscribe(s, c, asked, &out->subscription);
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
  if (error == ERROR_SUCCESS) error = push_unsubscribe(s, number);
  if (error == ERROR_SUCCESS) answer->result = json_object();
  return error;
}

DWORD serve_acknowledge(struct session *s, struct request *r,
                        struct answer *answer) {
  DWORD number = 0, error = number_of(r, &number);
  if (error != ERROR_SUCCESS) return error;
  push_acknowledge(s);
  answer->result = json_object();
  return ERROR_SUCCESS;
}
