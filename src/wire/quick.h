/* SPDX-License-Identifier: MIT
   JSON as messages have it, read and written faster than jansson does with
   all JSON. */
#ifndef FAX_WIRE_QUICK_H
#define FAX_WIRE_QUICK_H

#include <jansson.h>
#include <stddef.h>

/* An object, the same tree that json_loadb makes with JSON_REJECT_DUPLICATES
   (json_decref). NULL: it is for json_loadb, whatever it says of it: escapes
   by number, fractions, long numbers and keys, what is nested deeply, what is
   wrong, no memory. */
json_t *quick_object(const char *line, size_t length);

/* What json_dump_callback puts with JSON_COMPACT and JSON_ENCODE_ANY, of a tree
   without circles. Not 0: the callback failed, or a text is not UTF-8. */
int quick_put(const json_t *value, json_dump_callback_t put, void *arg);
int quick_integer(json_int_t n, json_dump_callback_t put, void *arg);

#endif
