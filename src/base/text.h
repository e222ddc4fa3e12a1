/* SPDX-License-Identifier: MIT
   The little that is to be known of UTF-8 text. */
#ifndef FAX_BASE_TEXT_H
#define FAX_BASE_TEXT_H

#include <stdbool.h>

/* `text` was cut at some byte: takes the broken character at its end away. */
void text_trim(char *text);
/* Control characters become '?': a line stays one line. */
void text_one_line(char *text);
/* No broken, overlong or surrogate sequence. */
bool text_is_utf8(const char *text);

#endif
