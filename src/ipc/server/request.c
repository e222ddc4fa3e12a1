/* SPDX-License-Identifier: MIT
   A message of the client: what it asks for. */
#include <string.h>

#include "base/error.h"
#include "ipc/server/own.h"

enum { INVALID_REQUEST = -32600 /* of JSON-RPC */ };

/* ---- the question ---- */

static DWORD serve_close(struct session *s, struct request *r,
                         struct answer *a) {
  a->result = json_object();
  if (r->on == 0) return entry_close_base(s);
  return entry_close(s, r->on);
}

static DWORD serve_ping(struct session *s, struct request *r,
                        struct answer *a) {
  (void)s, (void)r;
  a->result = json_object();
  return ERROR_SUCCESS;
}

struct own {
  const char *name;
  bool stranger; /* before the hello */
  bool quick;    /* answers before it may wait for its own */
  DWORD (*serve)(struct session *s, struct request *r, struct answer *a);
};

static const struct own own[] = {
    {"hello", true, false, serve_hello},
    {"ping", true, true, serve_ping},
    {"cancel", true, true, serve_cancel},
    {"session.open", false, true, serve_session},
    {"handle.close", false, true, serve_close},
    {"cursor.next", false, true, serve_more},
    {"event.subscribe", false, false, serve_subscribe},
    {"event.unsubscribe", false, false, serve_unsubscribe},
    {"event.acknowledge", false, false, serve_acknowledge},
    {"provider.attach", false, false, serve_attach},
    {"provider.load", false, false, serve_load},
    {"provider.detach", false, false, serve_detach},
    {"policy.attach", false, false, serve_policy},
    {"policy.answer", false, false, serve_policy_answer},
    {"policy.detach", false, false, serve_policy_detach},
    {"provider.ring", false, false, serve_ring},
    {"provider.alive", false, false, serve_alive},
    {"operation.status", false, false, serve_operation},
    {"operation.caller", false, false, serve_operation},
    {"operation.commit", false, false, serve_operation},
    {"operation.end", false, false, serve_operation}};

static const struct own *own_find(const struct session *s, const char *name) {
  for (size_t i = 0; i < sizeof own / sizeof *own; i++)
    if (strcmp(own[i].name, name) == 0 && (own[i].stranger || s->base != NULL))
      return &own[i];
  return NULL;
}

/* Before what may take long, or waits for more of the client, all that was
   answered goes out. */
static DWORD let_go(struct session *s, const struct request *r, bool quick) {
  return quick && r->content == 0 ? ERROR_SUCCESS : answers_flush(s);
}

static DWORD serve(struct session *s, struct request *r, struct answer *a) {
  const char *name = r->message.method;
  const struct own *o = own_find(s, name);
  if (o == NULL && s->base == NULL)
    return error_say(ERROR_ACCESS_DENIED, "%.64s: hello comes first", name);
  const struct method *m = o == NULL ? method_find(name) : NULL;
  if (o == NULL && m == NULL)
    return error_say(RPC_S_PROCNUM_OUT_OF_RANGE,
                     "%.64s: there is no such method", name);
  DWORD error = let_go(s, r, o != NULL ? o->quick : m->repeats);
  if (error != ERROR_SUCCESS) return error;
  return o != NULL ? o->serve(s, r, a) : serve_method(s, r, m, a);
}

/* The first of those that came are the request's now. */
static DWORD take_files(struct session *s, struct request *r, unsigned count) {
  struct wire *w = &s->wire;
  if (count > w->descriptor_count)
    return error_say(ERROR_INVALID_DATA, "%u descriptors: %u came", count,
                     w->descriptor_count);
  memcpy(r->files, w->descriptors, count * sizeof *r->files);
  r->file_count = count;
  w->descriptor_count -= count;
  memmove(w->descriptors, w->descriptors + count,
          w->descriptor_count * sizeof *r->files);
  return ERROR_SUCCESS;
}

static DWORD check(struct session *s, struct request *r) {
  json_int_t on, content, files;
  const json_t *whole = r->message.whole;
  r->id = json_object_get(whole, "id");
  if (r->message.method == NULL ||
      (r->id != NULL && !json_is_integer(r->id) && !json_is_string(r->id)) ||
      !message_number(whole, "on", UINT32_MAX, 0, &on) ||
      !message_number(whole, "attachment", UINT32_MAX, 0, &content) ||
      !message_number(whole, "descriptors", WIRE_DESCRIPTORS,
                      s->wire.descriptor_count, &files))
    return error_say(ERROR_INVALID_DATA,
                     "a request has a method, and an id, `on`, `attachment` "
                     "and `descriptors` of the right kinds");
  r->on = (DWORD)on;
  r->content = content;
  return take_files(s, r, (unsigned)files);
}

/* What nobody wanted to read of the raw bytes. */
static DWORD skip_content(struct session *s, struct request *r) {
  char some[4096];
  size_t n;
  DWORD error = r->content > 0 ? answers_flush(s) : ERROR_SUCCESS;
  while (error == ERROR_SUCCESS && r->content > 0)
    error = content_next(s, r, some, sizeof some, &n);
  return error;
}

DWORD request_obey(struct session *s, struct request *r) {
  struct answer a = {0};
  DWORD error = check(s, r);
  if (error != ERROR_SUCCESS) {
    answer_error(s, NULL, INVALID_REQUEST);
    answers_flush(s);
    return error;
  }
  error_clear();
  DWORD code = serve(s, r, &a);
  if (code == ERROR_SUCCESS && a.result == NULL && a.text.at == NULL)
    code = error_say(ERROR_NOT_ENOUGH_MEMORY, "out of memory");
  if (s->wire.fd < 0) {
    answer_drop(&a);
    return RPC_S_CALL_FAILED;
  }
  if (code != ERROR_SUCCESS) {
    answer_drop(&a);
    if (r->id != NULL) error = answer_error(s, r->id, (int)code);
  } else if (r->id != NULL) {
    error = answer_result(s, r, &a);
  } else {
    answer_drop(&a);
  }
  FaxFreeBuffer(a.content);
  if (a.sent != NULL) a.sent(s);
  return error == ERROR_SUCCESS ? skip_content(s, r) : error;
}
