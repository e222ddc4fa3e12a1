/* SPDX-License-Identifier: MIT
   Texts, written. */
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "model/json/sink.h"

/* The length of the character there, 0 when it is none. */
static size_t character(const char *s) {
  char part[5] = {*s};
  if ((unsigned char)*s < 0x80) return 1;
  for (size_t n = 2; n <= 4 && s[n - 1] != '\0'; n++) {
    part[n - 1] = s[n - 1];
    if (text_is_utf8(part)) return n;
  }
  return 0;
}

/* Each byte that is no UTF-8 as U+FFFD. */
static void mended(struct sink *sink, const char *s) {
  char *text = mem_alloc(strlen(s) * 3 + 1);
  char *end = text;
  if (text == NULL) {
    sink->failed = true;
    return;
  }
  while (*s != '\0') {
    size_t n = character(s);
    const char *from = n != 0 ? s : "\xef\xbf\xbd";
    size_t size = n != 0 ? n : 3;
    memcpy(end, from, size);
    end += size;
    s += n != 0 ? n : 1;
  }
  sink->form->text(sink, text, (size_t)(end - text));
  mem_free(text);
}

void sink_text(struct sink *sink, const char *s) {
  if (text_is_utf8(s))
    sink->form->text(sink, s, strlen(s));
  else
    mended(sink, s);
}

void sink_chars(struct sink *s, const char *at, size_t size) {
  size_t length = strnlen(at, size);
  char *copy = mem_alloc(length + 1);
  if (copy == NULL) {
    s->failed = true;
    return;
  }
  memcpy(copy, at, length);
  copy[length] = '\0';
  sink_text(s, copy);
  mem_free(copy);
}
