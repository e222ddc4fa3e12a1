/* SPDX-License-Identifier: MIT
   The little that is to be known of UTF-8 text, and numbers as text. */
#ifndef FAX_BASE_TEXT_H
#define FAX_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* `text` was cut at some byte: takes the broken character at its end away. */
void text_trim(char *text);
/* Control characters become '?': a line stays one line. */
void text_one_line(char *text);
/* Copies as much as fits, whole characters only. What could end a line or
   rearrange it (control characters, separators and directions of Unicode) and
   what is not UTF-8 becomes \xNN byte by byte, or \n, \r, \t; a backslash is
   doubled, so that the copy can be read back. size > 0. */
void text_escape(const char *text, char *out, size_t size);
/* No broken, overlong or surrogate sequence. */
bool text_is_utf8(const char *text);

enum { TEXT_INTEGER = 24 };
/* A whole number in decimal, within `room`, whatever the locale. */
const char *text_of_integer(int64_t value, char room[TEXT_INTEGER]);

#endif
