/* SPDX-License-Identifier: MIT
   Texts, read. */
#include <string.h>

#include "model/json/reading.h"

DWORD reading_text(const struct reading *in, const json_t *value, char *at) {
  const char *given = json_to_text(value);
  if (given == NULL) return reading_wrong(in, "a text without a NUL");
  char *copy = arena_text(in->arena, given, strlen(given));
  if (copy == NULL) return reading_no_room(in);
  memcpy(at, &copy, sizeof copy);
  return ERROR_SUCCESS;
}

DWORD reading_chars(const struct reading *in, const json_t *value, char *at) {
  const char *text = json_string_value(value);
  if (text == NULL || strlen(text) != json_string_length(value) ||
      strlen(text) >= in->field->count)
    return reading_wrong(in, "a short text without a NUL");
  memcpy(at, text, strlen(text) + 1);
  return ERROR_SUCCESS;
}
