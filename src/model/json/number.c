/* SPDX-License-Identifier: MIT
   Numbers, names of numbers and truth values, read. */
#include <math.h>
#include <string.h>

#include "model/json/reading.h"
#include "model/names.h"

bool json_to_dword(const json_t *value, DWORD *out) {
  if (json_is_integer(value)) {
    json_int_t n = json_integer_value(value);
    if (n < 0 || n > (json_int_t)UINT32_MAX) return false;
    *out = (DWORD)n;
    return true;
  }
  double n = json_is_real(value) ? json_real_value(value) : -1;
  if (!(n >= 0 && n <= UINT32_MAX) || n != floor(n)) return false;
  *out = (DWORD)n;
  return true;
}

DWORD reading_dword(const struct reading *in, const json_t *value, char *at) {
  DWORD n;
  if (!json_to_dword(value, &n))
    return reading_wrong(in, "a number from 0 to 4294967295");
  memcpy(at, &n, sizeof n);
  return ERROR_SUCCESS;
}

DWORD reading_bool(const struct reading *in, const json_t *value, char *at) {
  if (!json_is_boolean(value)) return reading_wrong(in, "true or false");
  DWORD n = json_is_true(value);
  memcpy(at, &n, sizeof n);
  return ERROR_SUCCESS;
}

static bool to_named(const struct fax_name *names, const json_t *value,
                     DWORD *out) {
  if (!json_is_string(value)) return json_to_dword(value, out);
  for (; names->name != NULL; names++) {
    if (strcmp(names->name, json_string_value(value)) != 0) continue;
    *out = names->value;
    return true;
  }
  return false;
}

DWORD reading_enum(const struct reading *in, const json_t *value, char *at) {
  DWORD n;
  if (!to_named(in->field->names, value, &n))
    return reading_wrong(in, "one of its names or a number");
  memcpy(at, &n, sizeof n);
  return ERROR_SUCCESS;
}

DWORD reading_flags(const struct reading *in, const json_t *value, char *at) {
  DWORD set = 0, one;
  if (!json_is_array(value)) return reading_wrong(in, "an array of its names");
  for (size_t i = 0; i < json_array_size(value); i++) {
    if (!to_named(in->field->names, json_array_get(value, i), &one))
      return reading_wrong(in, "an array of its names");
    set |= one;
  }
  memcpy(at, &set, sizeof set);
  return ERROR_SUCCESS;
}

DWORD reading_id64(const struct reading *in, const json_t *value, char *at) {
  const char *digits = json_string_value(value);
  DWORDLONG n = 0;
  if (digits == NULL || *digits == '\0' ||
      strlen(digits) != json_string_length(value))
    return reading_wrong(in, "a number in digits, as a text");
  for (; *digits != '\0'; digits++) {
    DWORDLONG digit = (DWORDLONG)(*digits - '0');
    if (*digits < '0' || *digits > '9' || n > (UINT64_MAX - digit) / 10)
      return reading_wrong(in, "a number in digits, as a text");
    n = n * 10 + digit;
  }
  memcpy(at, &n, sizeof n);
  return ERROR_SUCCESS;
}

DWORD reading_milliseconds(const struct reading *in, const json_t *value,
                           char *at) {
  double ms = json_is_number(value) ? json_number_value(value) * 1000 : -1;
  if (!(ms >= 0 && ms <= UINT32_MAX))
    return reading_wrong(in, "a number of seconds from 0 to 4294967.295");
  DWORD n = (DWORD)(ms + 0.5);
  memcpy(at, &n, sizeof n);
  return ERROR_SUCCESS;
}

/* Whoever carries the record knows what stands behind the number. */
DWORD reading_handle(const struct reading *in, const json_t *value, char *at) {
  DWORD n;
  if (!json_to_dword(value, &n))
    return reading_wrong(in, "the number of a handle");
  uintptr_t handle = n;
  memcpy(at, &handle, sizeof handle);
  return ERROR_SUCCESS;
}
