/* SPDX-License-Identifier: MIT
   See quick.h. What is not plain is given up at once. */
#include "wire/quick.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "wire/message.h"

enum { KEY = 64, DIGITS = 18, TEXT = 512 };

struct text {
  const char *at, *end;
  int depth;
};

static void skip(struct text *t) {
  while (t->at < t->end &&
         (*t->at == ' ' || *t->at == '\t' || *t->at == '\n' || *t->at == '\r'))
    t->at++;
}

static bool take(struct text *t, char c) {
  skip(t);
  if (t->at == t->end || *t->at != c) return false;
  t->at++;
  return true;
}

/* The quote behind the text whose first byte is next; NULL: there is none, or
   there are escapes or bytes that no text has. */
static const char *plain_end(const struct text *t) {
  for (const char *c = t->at; c < t->end; c++) {
    if (*c == '"') return c;
    if ((unsigned char)*c < 0x20 || *c == '\\') return NULL;
  }
  return NULL;
}

/* ---- texts with escapes ---- */

static char meant(char c) {
  static const char pairs[] = "\"\"\\\\//b\bf\fn\nr\rt\t";
  for (const char *p = pairs; *p != '\0'; p += 2)
    if (*p == c) return p[1];
  return '\0';
}

/* Into `to`, of TEXT bytes; NULL: too long, or not for us. */
static json_t *escaped(struct text *t) {
  char to[TEXT];
  size_t length = 0;
  for (; t->at < t->end && length < TEXT; t->at++) {
    char c = *t->at;
    if (c == '"') {
      t->at++;
      return json_stringn(to, length);
    }
    if ((unsigned char)c < 0x20) return NULL;
    if (c == '\\' && (++t->at == t->end || (c = meant(*t->at)) == '\0'))
      return NULL;
    to[length++] = c;
  }
  return NULL;
}

/* jansson looks whether it is UTF-8. */
static json_t *string(struct text *t) {
  const char *from = t->at, *end = plain_end(t);
  if (end == NULL) return escaped(t);
  t->at = end + 1;
  return json_stringn(from, (size_t)(end - from));
}

/* ---- numbers and words ---- */

static bool is_digit(const struct text *t) {
  return t->at < t->end && *t->at >= '0' && *t->at <= '9';
}

static json_t *integer(struct text *t) {
  bool minus = *t->at == '-';
  json_int_t n = 0;
  if (minus) t->at++;
  const char *from = t->at;
  while (is_digit(t) && t->at - from < DIGITS) n = n * 10 + (*t->at++ - '0');
  if (t->at == from || (*from == '0' && t->at - from > 1) || is_digit(t))
    return NULL;
  if (t->at < t->end && strchr(".eE", *t->at) != NULL) return NULL;
  return json_integer(minus ? -n : n);
}

static bool word(struct text *t, const char *wanted) {
  size_t length = strlen(wanted);
  if ((size_t)(t->end - t->at) < length || memcmp(t->at, wanted, length) != 0)
    return false;
  t->at += length;
  return true;
}

/* ---- what has parts ---- */

static json_t *value(struct text *t);

/* Takes the value; a key that was there already is refused. */
static bool set(json_t *object, const char *key, json_t *one) {
  size_t before = json_object_size(object);
  return one != NULL && json_object_set_new(object, key, one) == 0 &&
         json_object_size(object) > before;
}

static bool member(struct text *t, json_t *object) {
  char key[KEY];
  if (!take(t, '"')) return false;
  const char *end = plain_end(t);
  if (end == NULL || end - t->at >= KEY) return false;
  memcpy(key, t->at, (size_t)(end - t->at));
  key[end - t->at] = '\0';
  t->at = end + 1;
  return take(t, ':') && set(object, key, value(t));
}

static bool item(struct text *t, json_t *array) {
  json_t *one = value(t);
  return one != NULL && json_array_append_new(array, one) == 0;
}

/* Behind the bracket. */
static json_t *parts(struct text *t, json_t *whole, char closes,
                     bool (*part)(struct text *t, json_t *whole)) {
  bool good = whole != NULL && ++t->depth <= MESSAGE_DEPTH;
  if (good && !take(t, closes)) {
    do good = part(t, whole);
    while (good && take(t, ','));
    good = good && take(t, closes);
  }
  t->depth--;
  if (good) return whole;
  json_decref(whole);
  return NULL;
}

static json_t *value(struct text *t) {
  skip(t);
  if (t->at == t->end) return NULL;
  switch (*t->at) {
    case '{':
      t->at++;
      return parts(t, json_object(), '}', member);
    case '[':
      t->at++;
      return parts(t, json_array(), ']', item);
    case '"':
      t->at++;
      return string(t);
    case 't':
      return word(t, "true") ? json_true() : NULL;
    case 'f':
      return word(t, "false") ? json_false() : NULL;
    case 'n':
      return word(t, "null") ? json_null() : NULL;
    default:
      return integer(t);
  }
}

json_t *quick_object(const char *line, size_t length) {
  struct text t = {line, line + length, 0};
  skip(&t);
  if (t.at == t.end || *t.at != '{') return NULL;
  json_t *whole = value(&t);
  skip(&t);
  if (t.at == t.end) return whole;
  json_decref(whole);
  return NULL;
}
