/* SPDX-License-Identifier: MIT
   A number's normal form. The rules only ever make a number of E.164 of what
   can be one; an extension, a service code, an address with "@" stays what it
   is. */
#include <string.h>

#include "service/dialling/own.h"

/* Digits of a number of E.164, the country's code included; and of what may
   follow a national prefix. A country's own emergency and service numbers are
   shorter. */
enum { LEAST_WHOLE = 7, LEAST_NATIONAL = 5, MOST_WHOLE = 15 };

static bool separates(char c) {
  return strchr(" -.()/", c) != NULL;
}

/* "+49 (0)30 ...": the zero is dialled inside the country only. */
static bool is_trunk_zero(const char *at) {
  return strncmp(at, "(0)", 3) == 0;
}

char *number_stripped(const char *number) {
  char *stripped = mem_alloc(strlen(number) + 1), *to = stripped;
  bool international = false;
  if (stripped == NULL) return NULL;
  for (const char *c = number; *c != '\0'; c++) {
    if (international && is_trunk_zero(c)) {
      c += 2;
      continue;
    }
    if (separates(*c)) continue;
    if (*c == '+') international = true;
    *to++ = *c;
  }
  return stripped;
}

static bool is_digits(const char *text) {
  return *text != '\0' && text[strspn(text, "0123456789")] == '\0';
}

/* The digits behind "+". */
static bool is_whole(const char *digits) {
  size_t length = strlen(digits);
  return *digits != '0' && length >= LEAST_WHOLE && length <= MOST_WHOLE;
}

/* NULL: it does not begin with the prefix, or there is none. */
static const char *behind(const char *digits, const char *prefix) {
  size_t length = prefix != NULL ? strlen(prefix) : 0;
  if (prefix == NULL || strncmp(digits, prefix, length) != 0) return NULL;
  return digits + length;
}

/* The digits of a national number, or NULL. */
static const char *national(const struct dialling *d, const char *digits) {
  size_t length = strlen(digits), own = d->national_digits;
  const char *rest = behind(digits, d->national);
  if (own != 0 && length == own) return digits;
  if (rest == NULL) return NULL;
  length = strlen(rest);
  if (own != 0 ? length != own : length < LEAST_NATIONAL) return NULL;
  return length + strlen(d->country) <= MOST_WHOLE ? rest : NULL;
}

/* Gives; NULL: no memory. */
static char *normal(const struct dialling *d, const char *text) {
  const char *rest;
  if (!is_digits(text)) return mem_text(text);
  rest = behind(text, d->international);
  if (rest != NULL)
    return is_whole(rest) ? mem_format("+%s", rest) : mem_text(text);
  if (d->country == NULL || (rest = national(d, text)) == NULL)
    return mem_text(text);
  return mem_format("+%s%s", d->country, rest);
}

char *dialling_number(const struct dialling *d, const char *number) {
  if (strchr(number, '@') != NULL) return mem_text(number);
  char *stripped = number_stripped(number);
  if (stripped == NULL) return NULL;
  char *called = normal(d, stripped);
  mem_free(stripped);
  return called;
}
