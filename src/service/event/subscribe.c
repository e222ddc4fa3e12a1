/* SPDX-License-Identifier: MIT
   Subscriptions: a completion port that gets events. They outlive the handle
   that made them (CONN-10) and end with the service or with their port. */
#include <stdatomic.h>

#include "base/handle.h"
#include "service/state.h"

/* Of the process, so that an id of a service that has stopped means nothing to
   the next one. */
static atomic_uint next_id = 1;

void subscription_end(struct subscription *sub) {
  event_log_missed(&sub->sink);
  list_remove(&sub->link);
  mem_unref(sub->sink.port);
  mem_unref(sub->grant);
  mem_free(sub->user);
  mem_free(sub);
}

void event_end_all(struct service *s) {
  while (!list_empty(&s->subscriptions))
    subscription_end(
        list_entry(s->subscriptions.next, struct subscription, link));
}

static DWORD subscription_new(struct connection *c, HANDLE port, ULONG_PTR key,
                              bool extended, struct subscription **out) {
  struct completion_port *p = handle_get(port, HANDLE_COMPLETION);
  if (p == NULL)
    return error_say(ERROR_INVALID_PARAMETER,
                     "the completion port is not a valid handle");
  struct subscription *sub = mem_alloc(sizeof *sub);
  char *user = mem_text(c->user);
  if (sub == NULL || user == NULL) {
    mem_free(sub);
    mem_free(user);
    mem_unref(p);
    return ERROR_NOT_ENOUGH_MEMORY;
  }
  *sub = (struct subscription){
      .sink = {.port = p, .key = key, .extended = extended},
      .user = user,
      .asked = c->asked,
      .grant = mem_ref(c->grant)};
  list_init(&sub->link);
  *out = sub;
  return ERROR_SUCCESS;
}

void event_log_all(struct service *s) {
  list_each(link, &s->subscriptions)
      event_log_missed(&list_entry(link, struct subscription, link)->sink);
}

/* With the lock: lets go of ports that were closed since the last event. */
static void end_closed(struct service *s) {
  list_each_safe(link, &s->subscriptions) {
    struct subscription *sub = list_entry(link, struct subscription, link);
    if (completion_closed(sub->sink.port)) subscription_end(sub);
  }
}

/* With the lock: EVT-5 as on Windows 2000, when that is wanted. Subscriptions
   of ours are no registration. */
static DWORD check_first(const struct service *s) {
  if ((s->config.compat & FAX_COMPAT_ONE_QUEUE) == 0) return ERROR_SUCCESS;
  list_each(link, &s->subscriptions) if (
      !list_entry(link, struct subscription, link)
           ->sink
           .extended) return error_say(ERROR_INVALID_DATA,
                                       "events are registered for already "
                                       "(EVT-5)");
  return ERROR_SUCCESS;
}

DWORD event_subscribe(struct connection *c, HANDLE port, ULONG_PTR key,
                      BOOL extended, DWORD *id_out) {
  struct service *s = c->service;
  struct subscription *sub = NULL;
  DWORD error = subscription_new(c, port, key, extended, &sub);
  if (error != ERROR_SUCCESS) return error;
  error = service_enter(s);
  if (error != ERROR_SUCCESS) {
    subscription_end(sub);
    return error;
  }
  end_closed(s);
  error = extended ? ERROR_SUCCESS : check_first(s);
  if (error != ERROR_SUCCESS) {
    service_leave(s);
    subscription_end(sub);
    return error;
  }
  sub->id = atomic_fetch_add(&next_id, 1);
  list_append(&s->subscriptions, &sub->link);
  if (id_out != NULL) *id_out = sub->id;
  service_leave(s);
  return ERROR_SUCCESS;
}

DWORD event_backlog(const struct connection *c) {
  return c->service->config.event_backlog;
}

void event_unsubscribe(DWORD id) {
  struct service *s = service_current();
  if (s == NULL) return;
  pthread_mutex_lock(&s->lock);
  list_each_safe(link, &s->subscriptions) {
    struct subscription *sub = list_entry(link, struct subscription, link);
    if (sub->id == id) subscription_end(sub);
  }
  pthread_mutex_unlock(&s->lock);
  mem_unref(s);
}
