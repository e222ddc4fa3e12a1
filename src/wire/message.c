/* SPDX-License-Identifier: MIT
   Lines of JSON, read and written. */
#include "wire/message.h"

#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "wire/quick.h"
#include "wire/trace.h"

/* More than the latter is not kept when there is nothing in it. */
enum { LEAST_ROOM = 4096, MOST_KEPT = 256 << 10 };

/* Room for `more` bytes behind those there are. */
static bool make_room(char **bytes, size_t *room, size_t length, size_t more) {
  size_t wanted = *room != 0 ? *room : LEAST_ROOM;
  while (wanted - length < more) wanted *= 2;
  if (wanted == *room) return true;
  char *larger = mem_resize(*bytes, wanted);
  if (larger == NULL) return false;
  *bytes = larger;
  *room = wanted;
  return true;
}

/* ---- reading ---- */

DWORD message_feed(struct message_in *in, const char *bytes, size_t length) {
  if (in->taken != 0) {
    memmove(in->bytes, in->bytes + in->taken, in->length - in->taken);
    in->length -= in->taken;
    in->taken = 0;
  }
  if (!make_room(&in->bytes, &in->room, in->length, length))
    return error_say(ERROR_NOT_ENOUGH_MEMORY, "out of memory");
  memcpy(in->bytes + in->length, bytes, length);
  in->length += length;
  return ERROR_SUCCESS;
}

/* What would take a deep stack is refused before it is read. */
static bool is_shallow(const char *line, size_t length) {
  int depth = 0;
  bool text = false;
  for (size_t i = 0; i < length; i++) {
    char c = line[i];
    if (text && c == '\\')
      i++;
    else if (c == '"')
      text = !text;
    else if (!text && (c == '{' || c == '[') && ++depth > MESSAGE_DEPTH)
      return false;
    else if (!text && (c == '}' || c == ']'))
      depth--;
  }
  return true;
}

static DWORD parse_any(const char *line, size_t length, json_t **whole_out) {
  json_error_t why;
  if (!is_shallow(line, length))
    return error_say(ERROR_INVALID_DATA, "a message is nested too deeply");
  *whole_out = json_loadb(line, length, JSON_REJECT_DUPLICATES, &why);
  if (*whole_out != NULL) return ERROR_SUCCESS;
  return error_say(ERROR_INVALID_DATA, "a message is no JSON: %s", why.text);
}

static DWORD parse(const char *line, size_t length, struct message *m) {
  DWORD error = ERROR_SUCCESS;
  m->whole = quick_object(line, length);
  if (m->whole == NULL) error = parse_any(line, length, &m->whole);
  if (error != ERROR_SUCCESS) return error;
  m->method = message_text(m->whole, "method");
  m->params = json_object_get(m->whole, "params");
  if (!json_is_object(m->params)) m->params = NULL;
  if (json_is_object(m->whole)) return ERROR_SUCCESS;
  message_free(m);
  return error_say(ERROR_INVALID_DATA, "a message is no JSON object");
}

DWORD message_take(struct message_in *in, struct message *message_out) {
  const char *line = in->bytes + in->taken;
  size_t left = in->length - in->taken;
  const char *end = left == 0 ? NULL : memchr(line, '\n', left);
  size_t length = end != NULL ? (size_t)(end - line) : left;
  if (left == 0 && in->room > MOST_KEPT) message_in_free(in);
  if (length >= MESSAGE_LENGTH)
    return error_say(ERROR_INVALID_DATA, "a message is longer than %d bytes",
                     MESSAGE_LENGTH);
  if (end == NULL) return ERROR_NOT_FOUND;
  in->taken += length + 1;
  trace_line('<', line, length);
  return parse(line, length, message_out);
}

DWORD message_take_call(struct message_in *in, struct message *message_out) {
  DWORD code = message_take(in, message_out);
  if (code != ERROR_SUCCESS) return code;
  if (message_out->method != NULL && message_out->params != NULL)
    return ERROR_SUCCESS;
  message_free(message_out);
  return error_say(ERROR_INVALID_DATA, "a message has no method or no params");
}

size_t message_raw(struct message_in *in, char *to, size_t most) {
  size_t there = in->length - in->taken;
  if (there > most) there = most;
  if (there != 0) memcpy(to, in->bytes + in->taken, there);
  in->taken += there;
  return there;
}

void message_free(struct message *message) {
  json_decref(message->whole);
  *message = (struct message){0};
}

void message_in_free(struct message_in *in) {
  mem_free(in->bytes);
  *in = (struct message_in){0};
}

bool message_number(const json_t *params, const char *key, json_int_t most,
                    json_int_t otherwise, json_int_t *out) {
  const json_t *value = json_object_get(params, key);
  if (value == NULL) {
    *out = otherwise;
    return true;
  }
  json_int_t n = json_integer_value(value);
  if (!json_is_integer(value) || n < 0 || n > most) return false;
  *out = n;
  return true;
}

const char *message_text(const json_t *params, const char *key) {
  const json_t *value = json_object_get(params, key);
  const char *text = json_string_value(value);
  if (text == NULL || strlen(text) != json_string_length(value)) return NULL;
  return text;
}

/* ---- writing ---- */

static int append(const char *bytes, size_t length, void *to) {
  struct message_out *out = to;
  if (!make_room(&out->bytes, &out->room, out->length, length)) return -1;
  memcpy(out->bytes + out->length, bytes, length);
  out->length += length;
  return 0;
}

/* Those that were sent make room. */
static void compact(struct message_out *out) {
  if (out->sent == 0) return;
  memmove(out->bytes, out->bytes + out->sent, out->length - out->sent);
  out->length -= out->sent;
  out->sent = 0;
}

size_t message_begin(struct message_out *out) {
  compact(out);
  return out->length;
}

int message_add_text(struct message_out *out, const char *json) {
  return append(json, strlen(json), out);
}

int message_add_bytes(struct message_out *out, const char *json,
                      size_t length) {
  return append(json, length, out);
}

int message_add_number(struct message_out *out, const char *name,
                       json_int_t n) {
  int failed = append(",\"", 2, out);
  failed |= message_add_text(out, name);
  failed |= append("\":", 2, out);
  return failed | quick_integer(n, append, out);
}

int message_add_value(struct message_out *out, const json_t *value) {
  return quick_put(value, append, out);
}

static DWORD end_line(struct message_out *out, size_t begin, int failed) {
  if (failed || append("\n", 1, out) != 0)
    return error_say(ERROR_NOT_ENOUGH_MEMORY, "out of memory");
  if (out->length - begin <= MESSAGE_LENGTH) {
    trace_line('>', out->bytes + begin, out->length - begin - 1);
    return ERROR_SUCCESS;
  }
  return error_say(ERROR_INVALID_DATA, "a message is longer than %d bytes",
                   MESSAGE_LENGTH);
}

DWORD message_end(struct message_out *out, size_t begin, int failed) {
  DWORD code = end_line(out, begin, failed);
  if (code != ERROR_SUCCESS) message_cancel(out, begin);
  return code;
}

void message_cancel(struct message_out *out, size_t begin) {
  out->length = begin;
}

DWORD message_put_whole(struct message_out *out, const json_t *whole) {
  size_t begin = message_begin(out);
  return message_end(out, begin, message_add_value(out, whole));
}

DWORD message_put_raw(struct message_out *out, const void *bytes,
                      size_t length) {
  compact(out);
  if (append(bytes, length, out) == 0) return ERROR_SUCCESS;
  return error_say(ERROR_NOT_ENOUGH_MEMORY, "out of memory");
}

DWORD message_put(struct message_out *out, const char *method, json_t *params) {
  json_t *whole = json_object();
  int failed = json_object_set_new(whole, "method", json_string(method));
  failed |= json_object_set_new(whole, "params", params);
  DWORD code = failed == 0
                   ? message_put_whole(out, whole)
                   : error_say(ERROR_NOT_ENOUGH_MEMORY, "out of memory");
  json_decref(whole);
  return code;
}

void message_sent(struct message_out *out, size_t bytes) {
  out->sent += bytes;
  if (out->sent < out->length) return;
  out->sent = out->length = 0;
  if (out->room > MOST_KEPT) message_out_free(out);
}

void message_out_free(struct message_out *out) {
  mem_free(out->bytes);
  *out = (struct message_out){0};
}
