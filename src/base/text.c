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

/* Lines end at the separators too; the directions (embeddings, overrides,
   isolates, marks) make a viewer show things in another order. */
static bool rearranges(const unsigned char *s, int length) {
  if (length == 1) return s[0] < 0x20 || s[0] == 0x7f;
  if (length == 2) return s[0] == 0xc2 && s[1] < 0xa0; /* C1 */
  if (length != 3 || s[0] != 0xe2) return false;
  if (s[1] == 0x80) /* U+200E, -F, U+2028..E */
    return s[2] == 0x8e || s[2] == 0x8f || (s[2] >= 0xa8 && s[2] <= 0xae);
  return s[1] == 0x81 && s[2] >= 0xa6 && s[2] <= 0xa9; /* U+2066..9 */
}

static size_t escape_byte(unsigned char byte, char *out) {
  static const char digits[] = "0123456789abcdef";
  char letter = byte == '\n'   ? 'n'
                : byte == '\r' ? 'r'
                : byte == '\t' ? 't'
                : byte == '\\' ? '\\'
                               : '\0';
  out[0] = '\\';
  out[1] = letter != '\0' ? letter : 'x';
  if (letter != '\0') return 2;
  out[2] = digits[byte >> 4];
  out[3] = digits[byte & 15];
  return 4;
}

static bool is_plain(unsigned char c) {
  return c >= 0x20 && c < 0x7f && c != '\\';
}

void text_escape(const char *text, char *out, size_t size) {
  const unsigned char *s = (const unsigned char *)text;
  size_t used = 0;

  while (*s != '\0') {
    while (is_plain(*s) && used + 1 < size) out[used++] = (char)*s++;
    if (*s == '\0') break;
    char piece[12]; /* three bytes of four at most */
    int length = character(s);
    size_t n = 0;
    if (length == 0 || *s == '\\' || rearranges(s, length)) {
      if (length == 0) length = 1;
      for (int i = 0; i < length; i++) n += escape_byte(s[i], piece + n);
    } else {
      memcpy(piece, s, n = (size_t)length);
    }
    if (used + n >= size) break;
    memcpy(out + used, piece, n);
    used += n;
    s += length;
  }
  out[used] = '\0';
}

const char *text_of_integer(int64_t value, char room[TEXT_INTEGER]) {
  char *at = room + TEXT_INTEGER - 1;
  uint64_t left = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
  *at = '\0';
  do *--at = (char)('0' + left % 10);
  while ((left /= 10) != 0);
  if (value < 0) *--at = '-';
  return at;
}
