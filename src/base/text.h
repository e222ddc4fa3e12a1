/* SPDX-License-Identifier: MIT
   The little that base itself must know of UTF-8 text. */
#ifndef FAX_BASE_TEXT_H
#define FAX_BASE_TEXT_H

/* `text` was cut at some byte: takes the broken character at its end away. */
void text_trim(char *text);
/* Control characters become '?': a line stays one line. */
void text_one_line(char *text);

#endif
