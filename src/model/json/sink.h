/* SPDX-License-Identifier: MIT
   Where the parts of a JSON value go, in their order: into a tree, or into a
   text. */
#ifndef FAX_MODEL_JSON_SINK_H
#define FAX_MODEL_JSON_SINK_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

struct sink;

struct sink_form {
  void (*open)(struct sink *s, bool object); /* else an array */
  void (*close)(struct sink *s, bool object);
  /* Of the value that comes next; a name of ours, which needs no escapes. */
  void (*key)(struct sink *s, const char *name);
  void (*integer)(struct sink *s, int64_t value);
  void (*real)(struct sink *s, double value);
  void (*truth)(struct sink *s, bool value);
  void (*text)(struct sink *s, const char *utf8, size_t length);
};

struct sink {
  const struct sink_form *form;
  bool failed; /* there was no memory; what comes now is lost */
};

/* A byte that is no UTF-8 becomes U+FFFD. */
void sink_text(struct sink *s, const char *text);
/* Whoever filled it in may have left the end out. */
void sink_chars(struct sink *s, const char *at, size_t size);

enum { SINK_DEPTH = 16 };

struct tree_sink {
  struct sink sink; /* first */
  json_t *whole;    /* the caller's, NULL when it failed before */
  json_t *open[SINK_DEPTH];
  unsigned depth;
  const char *key;
};
void tree_sink_begin(struct tree_sink *t);

/* Behind what `to` has: nothing, a bracket, a comma or a colon. */
struct text_sink {
  struct sink sink; /* first */
  struct bytes *to; /* borrowed */
};
void text_sink_begin(struct text_sink *t, struct bytes *to);

#endif
