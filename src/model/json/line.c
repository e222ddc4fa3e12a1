/* SPDX-License-Identifier: MIT
   A JSON value as a text, in one line and without spaces. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "model/json/sink.h"

static void add(struct sink *s, const void *bytes, size_t size) {
  if (!s->failed && !bytes_add(((struct text_sink *)s)->to, bytes, size))
    s->failed = true;
}

/* Before a value, or its name: whether it is the first can be seen. */
static void separate(struct sink *s) {
  const struct bytes *to = ((struct text_sink *)s)->to;
  if (to->length != 0 && strchr("{[:,", to->at[to->length - 1]) == NULL)
    add(s, ",", 1);
}

static void open(struct sink *s, bool object) {
  separate(s);
  add(s, object ? "{" : "[", 1);
}

static void close(struct sink *s, bool object) {
  add(s, object ? "}" : "]", 1);
}

static void key(struct sink *s, const char *name) {
  separate(s);
  add(s, "\"", 1);
  add(s, name, strlen(name));
  add(s, "\":", 2);
}

static void integer(struct sink *s, int64_t value) {
  char room[TEXT_INTEGER];
  const char *digits = text_of_integer(value, room);
  separate(s);
  add(s, digits, strlen(digits));
}

/* All digits that it takes to read the same number again. A program may have
   set a locale with another point. */
static void real(struct sink *s, double value) {
  char digits[40];
  int length = snprintf(digits, sizeof digits, "%.17g", value);
  size_t point = strspn(digits, "-0123456789");
  separate(s);
  if (digits[point] == '\0') {
    add(s, digits, (size_t)length);
    add(s, ".0", 2);
    return;
  }
  if (digits[point] != 'e') digits[point] = '.';
  add(s, digits, (size_t)length);
}

static void truth(struct sink *s, bool value) {
  separate(s);
  add(s, value ? "true" : "false", value ? 4 : 5);
}

static void escape(struct sink *s, unsigned char c) {
  static const char short_ones[] = "\bb\ff\nn\rr\tt\"\"\\\\";
  char text[8] = {'\\'};
  for (const char *at = short_ones; *at != '\0'; at += 2) {
    if ((unsigned char)*at != c) continue;
    text[1] = at[1];
    add(s, text, 2);
    return;
  }
  snprintf(text, sizeof text, "\\u%04X", c);
  add(s, text, 6);
}

static bool is_plain(char c) {
  return (unsigned char)c >= 0x20 && c != '"' && c != '\\';
}

static void text(struct sink *s, const char *utf8, size_t length) {
  const char *end = utf8 + length;
  separate(s);
  add(s, "\"", 1);
  while (utf8 < end) {
    const char *from = utf8;
    while (utf8 < end && is_plain(*utf8)) utf8++;
    add(s, from, (size_t)(utf8 - from));
    if (utf8 < end) escape(s, (unsigned char)*utf8++);
  }
  add(s, "\"", 1);
}

void text_sink_begin(struct text_sink *t, struct bytes *to) {
  static const struct sink_form form = {open, close, key, integer,
                                        real, truth, text};
  *t = (struct text_sink){.sink = {&form, false}, .to = to};
}
