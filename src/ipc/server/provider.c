/* SPDX-License-Identifier: MIT
   Providers that a client attaches, or has the service load: they come, ring
   and go. What they are told of goes through the push of the session. */
#include "base/clock.h"
#include "base/error.h"
#include "ipc/server/push.h"
#include "method/find.h"
#include "provider/provider.h"
#include "service/service.h"

/* ---- coming; the session's thread ---- */

/* A provider that is to come; its packets go to the push with that key. */
struct coming {
  DWORD(*open)
  (struct connection *c, void *asked, HANDLE port, DWORD key,
   HANDLE *handle_out);
  void *asked; /* the params */
  bool acknowledges;
};

static DWORD fill_devices(HANDLE handle, struct attach_given *given,
                          struct arena *arena) {
  struct attachment *a;
  DWORD error = find_provider(handle, &a);
  if (error != ERROR_SUCCESS) return error;
  given->device_count = attachment_device_count(a);
  given->devices =
      arena_alloc(arena, given->device_count * sizeof *given->devices);
  error = given->devices != NULL
              ? attachment_devices(a, given->devices, given->device_count)
              : ERROR_NOT_ENOUGH_MEMORY;
  mem_unref(a);
  return error;
}

static DWORD open_attached(struct connection *c, void *asked, HANDLE port,
                           DWORD key, HANDLE *handle_out) {
  struct fax_attach *attach = &((struct attach_asked *)asked)->attach;
  struct attachment *a;
  attach->size = sizeof *attach;
  attach->port = port;
  attach->key = key;
  DWORD error = attachment_open(c, attach, handle_out);
  if (error != ERROR_SUCCESS || !((struct attach_asked *)asked)->answers)
    return error;
  if (find_provider(*handle_out, &a) == ERROR_SUCCESS) {
    attachment_answers(a);
    mem_unref(a);
  }
  return ERROR_SUCCESS;
}

/* The path is one of the service's process. */
static DWORD open_loaded(struct connection *c, void *asked, HANDLE port,
                         DWORD key, HANDLE *handle_out) {
  const struct fax_provider_config *config =
      &((struct load_asked *)asked)->config;
  struct fax_load load = {
      .size = sizeof load, .provider = *config, .port = port, .key = key};
  if (config->path != NULL && *config->path != '/')
    return error_say(ERROR_INVALID_PARAMETER,
                     "%s: of a server in another process a full path is needed",
                     config->path);
  return attachment_load(c, &load, handle_out);
}

/* What was reserved is known to the thread from now on. */
static DWORD open_as(struct session *s, struct connection *c,
                     const struct coming *new, struct pushed *pushed) {
  HANDLE handle;
  DWORD error =
      new->open(c, new->asked, s->push->handle, pushed->number, &handle);
  if (error != ERROR_SUCCESS) return error;
  push_fill(s->push, pushed, handle, 0);
  return ERROR_SUCCESS;
}

static DWORD come(struct session *s, DWORD on, const struct coming *new,
                  struct attach_given *given, struct arena *arena) {
  struct connection *c;
  struct pushed *pushed,
      blank = {.as = PUSHED_PROVIDER, .acknowledges = new->acknowledges};
  DWORD error = push_connection(s, on, &c);
  if (error != ERROR_SUCCESS) return error;
  error = push_reserve(s->push, blank, &pushed);
  if (error == ERROR_SUCCESS) {
    error = open_as(s, c, new, pushed);
    given->provider = pushed->number;
    if (error == ERROR_SUCCESS)
      error = fill_devices(pushed->object, given, arena);
    else
      push_free_number(s->push, given->provider);
    if (error != ERROR_SUCCESS) push_release(s);
  }
  mem_unref(c);
  return error;
}

static DWORD serve_coming(struct session *s, struct request *r,
                          struct answer *answer, const struct coming *new,
                          struct arena *a) {
  struct attach_given given = {0};
  clock_join();
  clock_enter();
  DWORD error = come(s, r->on, new, &given, a);
  clock_leave();
  if (error != ERROR_SUCCESS) return error;
  answer->result = record_to_json(&attach_given_record, &given);
  answer->sent = push_release;
  return ERROR_SUCCESS;
}

DWORD serve_attach(struct session *s, struct request *r,
                   struct answer *answer) {
  struct arena a = {0};
  struct attach_asked asked = {.acknowledges = FALSE};
  DWORD error = params_of(r, &attach_record, &asked, &a);
  struct coming new = {open_attached, &asked, asked.acknowledges};
  if (error == ERROR_SUCCESS) error = serve_coming(s, r, answer, &new, &a);
  arena_free(&a);
  return error;
}

DWORD serve_load(struct session *s, struct request *r, struct answer *answer) {
  struct arena a = {0};
  struct load_asked asked = {.acknowledges = FALSE};
  DWORD error = params_of(r, &load_record, &asked, &a);
  struct coming new = {open_loaded, &asked, asked.acknowledges};
  if (error == ERROR_SUCCESS) error = serve_coming(s, r, answer, &new, &a);
  arena_free(&a);
  return error;
}

/* ---- of one that is there ---- */

static DWORD find_it(struct session *s, DWORD number,
                     struct pushed *pushed_out) {
  if (push_find(s, number, PUSHED_PROVIDER, pushed_out)) return ERROR_SUCCESS;
  return error_say(ERROR_INVALID_PARAMETER, "%u is no provider", number);
}

static DWORD detach(struct session *s, const struct detach_said *said) {
  struct pushed pushed;
  DWORD error = find_it(s, said->provider, &pushed);
  if (error != ERROR_SUCCESS) return error;
  push_leave(s->push, said->provider);
  clock_join();
  clock_enter();
  error = method_close(pushed.object);
  if (said->lost) push_lose_ops(s->push, said->provider);
  clock_leave();
  return error;
}

/* Calls about its last operations still come, and a stop. */
DWORD serve_detach(struct session *s, struct request *r,
                   struct answer *answer) {
  struct arena a = {0};
  struct detach_said said;
  DWORD error = params_of(r, &detach_said_record, &said, &a);
  arena_free(&a);
  if (error == ERROR_SUCCESS) error = detach(s, &said);
  if (error == ERROR_SUCCESS) answer->result = json_object();
  return error;
}

DWORD serve_alive(struct session *s, struct request *r, struct answer *answer) {
  struct arena arena = {0};
  struct alive_said said;
  struct pushed pushed;
  struct attachment *a;
  DWORD error = params_of(r, &alive_said_record, &said, &arena);
  arena_free(&arena);
  if (error == ERROR_SUCCESS) error = find_it(s, said.provider, &pushed);
  if (error == ERROR_SUCCESS) error = find_provider(pushed.object, &a);
  if (error != ERROR_SUCCESS) return error;
  attachment_alive(a);
  mem_unref(a);
  answer->result = json_object();
  return ERROR_SUCCESS;
}

static DWORD ring(struct session *s, const struct ring_said *said) {
  struct attachment *a;
  struct pushed pushed;
  DWORD error = find_it(s, said->provider, &pushed);
  if (error == ERROR_SUCCESS) error = find_provider(pushed.object, &a);
  if (error != ERROR_SUCCESS) return error;
  clock_join();
  clock_enter();
  error = attachment_ring(a, said->device_id, said->rings, said->caller_id);
  clock_leave();
  mem_unref(a);
  return error;
}

DWORD serve_ring(struct session *s, struct request *r, struct answer *answer) {
  struct arena a = {0};
  struct ring_said said;
  DWORD error = params_of(r, &ring_said_record, &said, &a);
  if (error == ERROR_SUCCESS) error = ring(s, &said);
  arena_free(&a);
  if (error == ERROR_SUCCESS) answer->result = json_object();
  return error;
}
