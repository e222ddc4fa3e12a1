/* SPDX-License-Identifier: MIT
   Events of a server in another process: each subscription has a channel, which
   posts what the server says in the forms of this process. */
#include <fax/fax_clock.h>
#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "ipc/client/channel.h"
#include "ipc/event.h"
#include "model/event.h"
#include "model/time.h"

struct remote_subscription {
  struct channel channel;
  struct event_sink sink;
  DWORD number, backlog; /* the server's word */
};

static DWORD post(struct remote_subscription *s,
                  const struct event_told *told) {
  const struct fax_event *e = told->event;
  if (e == NULL || told->subscription != s->number) return ERROR_SUCCESS;
  DWORD error = event_post(&s->sink, e, s->backlog);
  if (error == ERROR_ABANDONED_WAIT_0) return error;
  if (told->acknowledge)
    error = remote_channel_acknowledge(&s->channel, s->number);
  return e->event_id == FEI_FAXSVC_ENDED ? ERROR_ABANDONED_WAIT_0 : error;
}

static DWORD heard(struct channel *c, const char *method,
                   const json_t *params) {
  struct arena a = {0};
  struct event_told told;
  if (strcmp(method, "event") != 0) return ERROR_SUCCESS;
  DWORD error = record_from_json(&event_told_record, params, &told, &a);
  if (error == ERROR_SUCCESS)
    error = post((struct remote_subscription *)c, &told);
  arena_free(&a);
  return error;
}

/* EVT-6: it is told all the same. */
static void lost(struct channel *c) {
  struct remote_subscription *s = (struct remote_subscription *)c;
  struct fax_event e = event_blank(FEI_FAXSVC_ENDED, FAX_EVENT_SERVICE);
  e.time = time_to_filetime(FaxClockWall());
  event_post(&s->sink, &e, s->backlog);
}

static void destroy(struct channel *c) {
  (void)c;
}

static const struct remote_channel_kind kind = {heard, lost, NULL, destroy};

static bool has_id(const struct channel *c, const void *arg) {
  return c->id == *(const DWORD *)arg && c->kind == &kind;
}

void remote_unsubscribe(DWORD id) {
  remote_channel_end(has_id, &id);
}

/* ---- subscribing ---- */

static DWORD ask_server(struct remote_subscription *s,
                        const struct remote_handle *h) {
  struct event_subscribe asked = {s->sink.extended, TRUE};
  struct event_subscribed got;
  struct arena a = {0};
  json_t *result = NULL;
  DWORD error = remote_channel_ask(
      &s->channel, h, "event.subscribe",
      record_to_json(&event_subscribe_record, &asked), &result);
  if (error == ERROR_SUCCESS)
    error = record_from_json(&event_subscribed_record, result, &got, &a);
  if (error == ERROR_SUCCESS) {
    s->number = got.subscription;
    s->backlog = got.backlog;
  }
  json_decref(result);
  arena_free(&a);
  return error;
}

DWORD remote_subscribe(struct remote_handle *h, HANDLE port, ULONG_PTR key,
                       BOOL extended, DWORD *id_out) {
  struct channel *c;
  struct remote_subscription *s;
  DWORD error = remote_channel_new(sizeof *s, &kind, port, &c);
  if (error != ERROR_SUCCESS) return error;
  s = (struct remote_subscription *)c;
  s->sink = (struct event_sink){
      .port = c->port, .key = key, .extended = extended != FALSE};
  error = ask_server(s, h);
  if (error == ERROR_SUCCESS) error = remote_channel_begin(c);
  if (error == ERROR_SUCCESS && id_out != NULL) *id_out = c->id;
  mem_unref(c);
  return error;
}
