/* SPDX-License-Identifier: MIT
   The little that is to be known of UTF-8 text. */
#include "base/text.h"

#include <fax/faxtypes.h>
#include <string.h>

void text_trim(char *text) {
  size_t end = strlen(text);
  size_t start = end;
  size_t need;
  unsigned char lead;

  while (start > 0 && end - start < 3 && (text[start - 1] & 0xc0) == 0x80)
    start--;
  if (start == 0) return;
  lead = (unsigned char)text[start - 1];
  need = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
  if (end - (start - 1) < need) text[start - 1] = '\0';
}

void text_one_line(char *text) {
  for (unsigned char *p = (unsigned char *)text; *p != '\0'; p++)
    if (*p < 0x20 || *p == 0x7f) *p = '?';
}

/* The length of the character at `s`, 0 when it is none: no overlong form, no
   surrogate, nothing past U+10FFFF. */
static int character(const unsigned char *s) {
  static const DWORD least[] = {0, 0, 0x80, 0x800, 0x10000};
  int length = s[0] < 0x80             ? 1
               : (s[0] & 0xe0) == 0xc0 ? 2
               : (s[0] & 0xf0) == 0xe0 ? 3
               : (s[0] & 0xf8) == 0xf0 ? 4
                                       : 0;
  DWORD value;

  if (length < 2) return length;
  value = s[0] & (0x7fu >> length);
  for (int i = 1; i < length; i++) {
    if ((s[i] & 0xc0) != 0x80) return 0;
    value = value << 6 | (s[i] & 0x3fu);
  }
  if (value < least[length] || value > 0x10ffff) return 0;
  return value >= 0xd800 && value <= 0xdfff ? 0 : length;
}

bool text_is_utf8(const char *text) {
  const unsigned char *s = (const unsigned char *)text;

  while (*s != '\0') {
    int length = character(s);
    if (length == 0) return false;
    s += length;
  }
  return true;
}
