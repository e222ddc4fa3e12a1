/* SPDX-License-Identifier: MIT
   A message of the client: what it asks for, and the answer, as JSON-RPC 2.0
   wants them. */
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "ipc/server/own.h"

enum {
  PARSE_ERROR = -32700, /* of JSON-RPC */
  INVALID_REQUEST = -32600,
  LINE = MESSAGE_LENGTH / 2 /* a longer result goes as raw bytes */
};

/* ---- answers ---- */

static json_t *frame(const json_t *id) {
  json_t *whole = json_pack("{s:s}", "jsonrpc", "2.0");
  json_t *copy = id != NULL ? json_deep_copy(id) : json_null();
  if (json_object_set_new(whole, "id", copy) == 0) return whole;
  json_decref(whole);
  return NULL;
}

static DWORD no_memory(void) {
  return error_say(ERROR_NOT_ENOUGH_MEMORY, "out of memory");
}

/* Takes `whole`; the raw bytes are borrowed. */
static DWORD send_whole(struct session *s, json_t *whole, const void *bytes,
                        size_t size) {
  DWORD error = whole == NULL ? no_memory() : ERROR_SUCCESS;
  pthread_mutex_lock(&s->writing);
  if (error == ERROR_SUCCESS) error = message_put_whole(&s->wire.out, whole);
  if (error == ERROR_SUCCESS && size != 0)
    error = message_put_raw(&s->wire.out, bytes, size);
  if (error == ERROR_SUCCESS) error = wire_flush(&s->wire, NULL, 0, PATIENCE);
  pthread_mutex_unlock(&s->writing);
  json_decref(whole);
  return error;
}

/* `code` of JSON-RPC, or, above zero, an ERROR_ code. */
static DWORD send_error(struct session *s, const json_t *id, int code) {
  const char *name = code > 0 ? FaxErrorName((DWORD)code) : NULL;
  const char *text = error_message();
  if (*text == '\0' && code > 0) text = FaxErrorText((DWORD)code);
  json_t *error = json_pack("{s:i, s:s#}", "code", code, "message", text,
                            (int)strlen(text));
  if (error == NULL)
    error = json_pack("{s:i, s:s}", "code", code, "message", "?");
  if (name != NULL)
    json_object_set_new(error, "data", json_pack("{s:s}", "name", name));
  json_t *whole = frame(id);
  if (json_object_set_new(whole, "error", error) != 0) {
    json_decref(whole);
    whole = NULL;
  }
  return send_whole(s, whole, NULL, 0);
}

void session_refuse(struct session *s, DWORD error) {
  send_error(s, NULL, error == ERROR_INVALID_DATA ? PARSE_ERROR : (int)error);
}

/* A result that is too long for a line follows it. */
static DWORD send_long(struct session *s, json_t *whole, json_t *result) {
  char *text = json_dumps(result, JSON_COMPACT | JSON_ENCODE_ANY);
  size_t size = text != NULL ? strlen(text) : 0;
  json_decref(result);
  int failed = text == NULL;
  failed |= json_object_set_new(whole, "result", json_null());
  failed |=
      json_object_set_new(whole, "attachment", json_integer((json_int_t)size));
  failed |= json_object_set_new(whole, "attached", json_string("result"));
  if (failed) {
    json_decref(whole);
    whole = NULL;
  }
  DWORD error = send_whole(s, whole, text, size);
  free(text);
  return error;
}

static DWORD send_result(struct session *s, const struct request *r,
                         struct answer *a) {
  json_t *whole = frame(r->id);
  int failed = 0;
  if (a->cursor != 0)
    failed |= json_object_set_new(whole, "cursor", json_integer(a->cursor));
  if (a->content != NULL)
    failed |= json_object_set_new(whole, "attachment", json_integer(a->size));
  else if (json_dumpb(a->result, NULL, 0, JSON_COMPACT) > LINE)
    return send_long(s, whole, a->result);
  failed |= json_object_set_new(whole, "result", a->result);
  if (failed) {
    json_decref(whole);
    whole = NULL;
  }
  return send_whole(s, whole, a->content, a->size);
}

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

static const struct {
  const char *name;
  bool stranger; /* before the hello */
  DWORD (*serve)(struct session *s, struct request *r, struct answer *a);
} own[] = {{"hello", true, serve_hello},
           {"ping", true, serve_ping},
           {"session.open", false, serve_session},
           {"handle.close", false, serve_close},
           {"cursor.next", false, serve_more},
           {"event.subscribe", false, serve_subscribe},
           {"event.unsubscribe", false, serve_unsubscribe},
           {"event.acknowledge", false, serve_acknowledge},
           {"provider.attach", false, serve_attach},
           {"provider.detach", false, serve_detach},
           {"provider.ring", false, serve_ring},
           {"operation.status", false, serve_operation},
           {"operation.caller", false, serve_operation},
           {"operation.commit", false, serve_operation},
           {"operation.end", false, serve_operation}};

static DWORD serve(struct session *s, struct request *r, struct answer *a) {
  const char *name = r->message.method;
  for (size_t i = 0; i < sizeof own / sizeof *own; i++)
    if (strcmp(own[i].name, name) == 0 && (own[i].stranger || s->base != NULL))
      return own[i].serve(s, r, a);
  if (s->base == NULL)
    return error_say(ERROR_ACCESS_DENIED, "%.64s: hello comes first", name);
  const struct method *m = method_find(name);
  if (m != NULL) return serve_method(s, r, m, a);
  return error_say(RPC_S_PROCNUM_OUT_OF_RANGE, "%.64s: there is no such method",
                   name);
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
  while (r->content > 0) {
    size_t most = sizeof some;
    if ((json_int_t)most > r->content) most = (size_t)r->content;
    size_t n = message_raw(&s->wire.in, some, most);
    r->content -= (json_int_t)n;
    DWORD error = n == 0 ? wire_receive(&s->wire, PATIENCE) : ERROR_SUCCESS;
    if (error != ERROR_SUCCESS && error != ERROR_OPERATION_ABORTED)
      return error;
  }
  return ERROR_SUCCESS;
}

DWORD request_obey(struct session *s, struct request *r) {
  struct answer a = {0};
  DWORD error = check(s, r);
  if (error != ERROR_SUCCESS) {
    send_error(s, NULL, INVALID_REQUEST);
    return error;
  }
  error_clear();
  DWORD code = serve(s, r, &a);
  if (code == ERROR_SUCCESS && a.result == NULL) code = no_memory();
  if (s->wire.fd < 0) return RPC_S_CALL_FAILED;
  if (code != ERROR_SUCCESS) {
    json_decref(a.result);
    if (r->id != NULL) error = send_error(s, r->id, (int)code);
  } else if (r->id != NULL) {
    error = send_result(s, r, &a);
  } else {
    json_decref(a.result);
  }
  FaxFreeBuffer(a.content);
  if (a.sent != NULL) a.sent(s);
  return error == ERROR_SUCCESS ? skip_content(s, r) : error;
}
