/* SPDX-License-Identifier: MIT
   Answers, as JSON-RPC 2.0 wants them. They wait for those of requests that
   have come whole already, and go out together. */
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "ipc/server/own.h"

enum {
  PARSE_ERROR = -32700,      /* of JSON-RPC */
  LINE = MESSAGE_LENGTH / 2, /* a longer result goes as raw bytes */
  HELD = 64 << 10            /* bytes that wait, at most */
};

DWORD answers_flush(struct session *s) {
  pthread_mutex_lock(&s->writing);
  DWORD error = wire_flush(&s->wire, NULL, 0, s->server->patience);
  pthread_mutex_unlock(&s->writing);
  return error;
}

/* ---- lines; with session->writing ---- */

static int add_id(struct message_out *out, const json_t *id) {
  if (json_is_integer(id))
    return message_add_number(out, "id", json_integer_value(id));
  int failed = message_add_text(out, ",\"id\":");
  if (id == NULL) return failed | message_add_text(out, "null");
  return failed | message_add_value(out, id);
}

/* Up to its last member, which begins with a comma. */
static int begin_line(struct message_out *out, const json_t *id,
                      const char *member, const struct answer *a,
                      size_t *begin_out) {
  *begin_out = message_begin(out);
  int failed = message_add_text(out, "{\"jsonrpc\":\"2.0\"");
  failed |= add_id(out, id);
  if (a->cursor != 0) failed |= message_add_number(out, "cursor", a->cursor);
  if (a->content != NULL)
    failed |= message_add_number(out, "attachment", a->size);
  return failed | message_add_text(out, member);
}

static DWORD end_line(struct message_out *out, size_t begin, int failed) {
  failed |= message_add_text(out, "}");
  return message_end(out, begin, failed);
}

/* Raw bytes go at once; many of them are not copied before. */
static DWORD put_raw(struct session *s, const void *bytes, size_t size) {
  if (size > HELD) return wire_send(&s->wire, bytes, size, s->server->patience);
  DWORD error = message_put_raw(&s->wire.out, bytes, size);
  return error != ERROR_SUCCESS
             ? error
             : wire_flush(&s->wire, NULL, 0, s->server->patience);
}

/* A result that is too long for a line follows it. */
static DWORD put_long(struct session *s, const json_t *id,
                      const struct answer *a) {
  struct message_out *out = &s->wire.out;
  char *text = a->result != NULL ? json_dumps(a->result, JSON_COMPACT) : NULL;
  const char *bytes = a->result != NULL ? text : a->text.at;
  size_t begin, size = text != NULL ? strlen(text) : a->text.length;
  int failed = begin_line(out, id, ",\"result\":null", a, &begin);
  failed |= bytes == NULL;
  failed |= message_add_number(out, "attachment", (json_int_t)size);
  failed |= message_add_text(out, ",\"attached\":\"result\"");
  DWORD error = end_line(out, begin, failed);
  if (error == ERROR_SUCCESS) error = put_raw(s, bytes, size);
  free(text);
  return error;
}

static DWORD put_result(struct session *s, const json_t *id,
                        const struct answer *a) {
  struct message_out *out = &s->wire.out;
  size_t begin;
  int failed = begin_line(out, id, ",\"result\":", a, &begin);
  failed |= a->result != NULL
                ? message_add_value(out, a->result)
                : message_add_bytes(out, a->text.at, a->text.length);
  if (a->content == NULL && out->length - begin > LINE) {
    message_cancel(out, begin);
    return put_long(s, id, a);
  }
  DWORD error = end_line(out, begin, failed);
  if (error == ERROR_SUCCESS && a->content != NULL && a->size != 0)
    error = put_raw(s, a->content, a->size);
  return error;
}

/* ---- what is sent ---- */

void answer_drop(struct answer *a) {
  json_decref(a->result);
  a->result = NULL;
  bytes_free(&a->text);
}

static DWORD flush_much(struct session *s) {
  if (s->wire.out.length < HELD) return ERROR_SUCCESS;
  return wire_flush(&s->wire, NULL, 0, s->server->patience);
}

DWORD answer_result(struct session *s, const struct request *r,
                    struct answer *a) {
  pthread_mutex_lock(&s->writing);
  DWORD error = put_result(s, r->id, a);
  if (error == ERROR_SUCCESS) error = flush_much(s);
  pthread_mutex_unlock(&s->writing);
  answer_drop(a);
  return error;
}

/* What is said of it; NULL: no memory. */
static json_t *error_value(int code) {
  const char *name = code > 0 ? FaxErrorName((DWORD)code) : NULL;
  const char *text = error_message();
  if (*text == '\0' && code > 0) text = FaxErrorText((DWORD)code);
  json_t *error = json_pack("{s:i, s:s#}", "code", code, "message", text,
                            (int)strlen(text));
  if (error == NULL)
    error = json_pack("{s:i, s:s}", "code", code, "message", "?");
  if (name != NULL)
    json_object_set_new(error, "data", json_pack("{s:s}", "name", name));
  return error;
}

DWORD answer_error(struct session *s, const json_t *id, int code) {
  static const struct answer none;
  json_t *value = error_value(code);
  size_t begin;
  pthread_mutex_lock(&s->writing);
  int failed = begin_line(&s->wire.out, id, ",\"error\":", &none, &begin);
  failed |= value == NULL || message_add_value(&s->wire.out, value);
  DWORD error = end_line(&s->wire.out, begin, failed);
  if (error == ERROR_SUCCESS) error = flush_much(s);
  pthread_mutex_unlock(&s->writing);
  json_decref(value);
  return error;
}

void session_refuse(struct session *s, DWORD error) {
  answer_error(s, NULL, error == ERROR_INVALID_DATA ? PARSE_ERROR : (int)error);
  answers_flush(s);
}
