/* SPDX-License-Identifier: MIT
   A tree as text, see quick.h. Fractions, and texts with bytes that are more
   than plain, are left to jansson one by one. */
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/text.h"
#include "wire/quick.h"

struct to {
  json_dump_callback_t put;
  void *arg;
};

static int put(const struct to *t, const char *bytes, size_t length) {
  return t->put(bytes, length, t->arg);
}

static int others(const struct to *t, const json_t *value) {
  return json_dump_callback(value, t->put, t->arg,
                            JSON_COMPACT | JSON_ENCODE_ANY);
}

static bool is_plain(const char *text, size_t length) {
  for (const char *c = text; c < text + length; c++)
    if ((unsigned char)*c < 0x20 || (unsigned char)*c >= 0x7f || *c == '"' ||
        *c == '\\')
      return false;
  return true;
}

static int quoted(const struct to *t, const char *text, size_t length) {
  int failed = put(t, "\"", 1);
  failed |= put(t, text, length);
  return failed | put(t, "\"", 1);
}

static int string(const struct to *t, const json_t *value) {
  const char *text = json_string_value(value);
  size_t length = json_string_length(value);
  return is_plain(text, length) ? quoted(t, text, length) : others(t, value);
}

int quick_integer(json_int_t n, json_dump_callback_t put_bytes, void *arg) {
  char room[TEXT_INTEGER];
  const char *digits = text_of_integer(n, room);
  return put_bytes(digits, strlen(digits), arg);
}

static int any(const struct to *t, const json_t *value);

static int array(const struct to *t, const json_t *list) {
  int failed = put(t, "[", 1);
  for (size_t i = 0; failed == 0 && i < json_array_size(list); i++) {
    if (i != 0) failed = put(t, ",", 1);
    failed |= any(t, json_array_get(list, i));
  }
  return failed | put(t, "]", 1);
}

/* A key of ours is plain; one that is not has a tree of its own. */
static int key(const struct to *t, const char *name) {
  if (is_plain(name, strlen(name))) return quoted(t, name, strlen(name));
  json_t *text = json_string(name);
  int failed = text == NULL ? -1 : others(t, text);
  json_decref(text);
  return failed;
}

static int object(const struct to *t, json_t *members) {
  int failed = put(t, "{", 1);
  void *first = json_object_iter(members);
  for (void *at = first; failed == 0 && at != NULL;
       at = json_object_iter_next(members, at)) {
    if (at != first) failed = put(t, ",", 1);
    failed |= key(t, json_object_iter_key(at));
    failed |= put(t, ":", 1);
    failed |= any(t, json_object_iter_value(at));
  }
  return failed | put(t, "}", 1);
}

static int any(const struct to *t, const json_t *value) {
  if (value == NULL) return -1;
  switch (json_typeof(value)) {
    case JSON_OBJECT:
      return object(t, (json_t *)(uintptr_t)value);
    case JSON_ARRAY:
      return array(t, value);
    case JSON_STRING:
      return string(t, value);
    case JSON_INTEGER:
      return quick_integer(json_integer_value(value), t->put, t->arg);
    case JSON_TRUE:
      return put(t, "true", 4);
    case JSON_FALSE:
      return put(t, "false", 5);
    case JSON_NULL:
      return put(t, "null", 4);
    case JSON_REAL:
      break;
  }
  return others(t, value);
}

int quick_put(const json_t *value, json_dump_callback_t put_bytes, void *arg) {
  const struct to to = {put_bytes, arg};
  return any(&to, value);
}
