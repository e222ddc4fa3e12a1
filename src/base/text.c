/* SPDX-License-Identifier: MIT
   The little that base itself must know of UTF-8 text. */
#include "base/text.h"

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
