/* SPDX-License-Identifier: MIT
   Lines of the exposition format: names, labels with their escapes, values. */
#include "service/metrics/out.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"

static bool make_room(struct metrics_out *o, size_t more) {
  if (o->failed) return false;
  if (o->length + more < o->room) return true;
  size_t room = (o->length + more) * 2 + 4096;
  char *text = mem_resize(o->text, room);
  o->failed = text == NULL;
  if (text == NULL) return false;
  o->text = text;
  o->room = room;
  return true;
}

static void add_text(struct metrics_out *o, const char *text, size_t length) {
  if (!make_room(o, length)) return;
  memcpy(o->text + o->length, text, length);
  o->length += length;
  o->text[o->length] = '\0';
}

void out_add(struct metrics_out *o, const char *format, ...) {
  char text[256];
  va_list args;
  va_start(args, format);
  int length = vsnprintf(text, sizeof text, format, args);
  va_end(args);
  if (length < 0 || (size_t)length >= sizeof text) return; /* our own texts */
  add_text(o, text, (size_t)length);
}

void out_family(struct metrics_out *o, const char *name, const char *kind,
                const char *help) {
  out_add(o, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, kind);
}

/* What is between the quotes: \, " and the end of a line are escaped. */
static void add_label(struct metrics_out *o, const char *text) {
  for (; *text != '\0'; text++) {
    if (*text == '\n')
      add_text(o, "\\n", 2);
    else if (*text == '\\' || *text == '"')
      add_text(o, *text == '"' ? "\\\"" : "\\\\", 2);
    else
      add_text(o, text, 1);
  }
}

static void add_labels(struct metrics_out *o, va_list args) {
  const char *label, *between = "{";
  while ((label = va_arg(args, const char *)) != NULL) {
    out_add(o, "%s%s=\"", between, label);
    add_label(o, va_arg(args, const char *));
    add_text(o, "\"", 1);
    between = ",";
  }
  if (*between == ',') add_text(o, "}", 1);
}

void out_sample(struct metrics_out *o, const char *name, double value, ...) {
  va_list args;
  add_text(o, name, strlen(name));
  va_start(args, value);
  add_labels(o, args);
  va_end(args);
  out_add(o, " %.15g\n", value);
}
