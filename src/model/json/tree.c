/* SPDX-License-Identifier: MIT
   A JSON value as a tree of jansson's. */
#include "model/json/sink.h"

/* Takes it. */
static void put(struct sink *s, json_t *value) {
  struct tree_sink *t = (struct tree_sink *)s;
  int failed = value == NULL || s->failed;
  if (failed)
    json_decref(value);
  else if (t->depth == 0)
    t->whole = value;
  else if (json_is_object(t->open[t->depth - 1]))
    failed = json_object_set_new_nocheck(t->open[t->depth - 1], t->key, value);
  else
    failed = json_array_append_new(t->open[t->depth - 1], value);
  if (failed != 0) s->failed = true;
}

static void open(struct sink *s, bool object) {
  struct tree_sink *t = (struct tree_sink *)s;
  json_t *value = object ? json_object() : json_array();
  if (t->depth == SINK_DEPTH) s->failed = true;
  put(s, value);
  if (!s->failed) t->open[t->depth++] = value;
}

static void close(struct sink *s, bool object) {
  (void)object;
  if (!s->failed) ((struct tree_sink *)s)->depth--;
}

static void key(struct sink *s, const char *name) {
  ((struct tree_sink *)s)->key = name;
}

static void integer(struct sink *s, int64_t value) {
  put(s, json_integer(value));
}

static void real(struct sink *s, double value) {
  put(s, json_real(value));
}

static void truth(struct sink *s, bool value) {
  put(s, json_boolean(value));
}

static void text(struct sink *s, const char *utf8, size_t length) {
  put(s, json_stringn_nocheck(utf8, length));
}

void tree_sink_begin(struct tree_sink *t) {
  static const struct sink_form form = {open, close, key, integer,
                                        real, truth, text};
  *t = (struct tree_sink){.sink = {&form, false}};
}
