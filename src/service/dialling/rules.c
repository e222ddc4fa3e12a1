/* SPDX-License-Identifier: MIT
   The rules of dialling, checked and copied once. */
#include <string.h>

#include "service/dialling/own.h"

enum { MOST_PREFIX = 15, MOST_DIGITS = 15 };

static void dialling_destroy(void *object) {
  struct dialling *d = object;
  mem_free(d->country);
  mem_free(d->international);
  mem_free(d->national);
  routes_free(d);
  mem_unref(d->before);
}

static DWORD check_digits(const char *key, const char *text, size_t least,
                          size_t most) {
  if (text == NULL) return ERROR_SUCCESS;
  size_t length = strlen(text);
  if (length >= least && length <= most && strspn(text, "0123456789") == length)
    return ERROR_SUCCESS;
  return error_say(ERROR_INVALID_PARAMETER,
                   "dialling.%s is \"%s\": %zu to %zu digits are wanted", key,
                   text, least, most);
}

static DWORD check(const struct fax_dialling *given) {
  if (given->size != sizeof *given)
    return error_say(ERROR_INVALID_PARAMETER,
                     "struct fax_dialling has the wrong size");
  DWORD error = check_digits("country", given->country, 1, 3);
  if (error == ERROR_SUCCESS)
    error = check_digits("international", given->international, 1, MOST_PREFIX);
  if (error == ERROR_SUCCESS)
    error = check_digits("national", given->national, 0, MOST_PREFIX);
  if (error != ERROR_SUCCESS) return error;
  if (given->country != NULL && *given->country == '0')
    return error_say(ERROR_INVALID_PARAMETER,
                     "dialling.country is \"%s\": no country's code begins "
                     "with 0",
                     given->country);
  if (given->national_digits > MOST_DIGITS)
    return error_say(ERROR_INVALID_PARAMETER,
                     "dialling.national_digits is %u: %d at most",
                     given->national_digits, MOST_DIGITS);
  if (given->country == NULL &&
      (given->national != NULL || given->national_digits != 0))
    return error_say(ERROR_INVALID_PARAMETER,
                     "dialling.national is given without dialling.country");
  return routes_check(given);
}

static DWORD copy(struct dialling *d, const struct fax_dialling *given) {
  d->country = mem_text(given->country);
  d->international = mem_text(given->international);
  d->national = mem_text(given->national);
  d->national_digits = given->national_digits;
  bool whole = (d->country != NULL || given->country == NULL) &&
               (d->international != NULL || given->international == NULL) &&
               (d->national != NULL || given->national == NULL);
  return whole ? routes_copy(d, given) : ERROR_NOT_ENOUGH_MEMORY;
}

DWORD dialling_new(const struct fax_dialling *given,
                   struct dialling **dialling_out) {
  DWORD error = given != NULL ? check(given) : ERROR_SUCCESS;
  if (error != ERROR_SUCCESS) return error;
  struct dialling *d = mem_new(sizeof *d, dialling_destroy);
  if (d == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  if (given != NULL) error = copy(d, given);
  if (error != ERROR_SUCCESS) {
    mem_unref(d);
    return error;
  }
  *dialling_out = d;
  return ERROR_SUCCESS;
}
