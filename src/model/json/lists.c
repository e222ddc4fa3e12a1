/* SPDX-License-Identifier: MIT
   Arrays of texts and of numbers, read. */
#include <string.h>

#include "model/json/own.h"

const char *json_to_text(const json_t *value) {
  const char *text = json_string_value(value);
  if (text == NULL || strlen(text) != json_string_length(value)) return NULL;
  return text;
}

/* With room for a NULL behind it. */
static DWORD read_texts(const json_t *value, struct arena *a,
                        const char ***texts_out) {
  size_t count = json_array_size(value);
  if (!json_is_array(value) || count > ARENA_LIMIT / sizeof(char *))
    return ERROR_INVALID_DATA;
  const char **texts = arena_alloc(a, (count + 1) * sizeof *texts);
  if (texts == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  for (size_t i = 0; i < count; i++) {
    const char *text = json_to_text(json_array_get(value, i));
    if (text == NULL) return ERROR_INVALID_DATA;
    texts[i] = arena_text(a, text, strlen(text));
    if (texts[i] == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  }
  *texts_out = texts;
  return ERROR_SUCCESS;
}

DWORD json_to_text_list(const json_t *value, struct arena *a, char *at) {
  const char **texts;
  DWORD error = read_texts(value, a, &texts);
  if (error == ERROR_SUCCESS) memcpy(at, &texts, sizeof texts);
  return error;
}

DWORD json_to_texts(const json_t *value, struct arena *a, char *at,
                    char *count_at) {
  DWORD error = json_to_text_list(value, a, at);
  DWORD count = (DWORD)json_array_size(value);
  if (error == ERROR_SUCCESS) memcpy(count_at, &count, sizeof count);
  return error;
}

DWORD json_to_dwords(const json_t *value, struct arena *a, char *at,
                     char *count_at) {
  size_t size = json_array_size(value);
  if (!json_is_array(value) || size > ARENA_LIMIT / sizeof(DWORD))
    return ERROR_INVALID_DATA;
  DWORD count = (DWORD)size;
  DWORD *numbers = arena_alloc(a, (size + 1) * sizeof *numbers);
  if (numbers == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  for (DWORD i = 0; i < count; i++)
    if (!json_to_dword(json_array_get(value, i), &numbers[i]))
      return ERROR_INVALID_DATA;
  memcpy(at, &numbers, sizeof numbers);
  memcpy(count_at, &count, sizeof count);
  return ERROR_SUCCESS;
}
