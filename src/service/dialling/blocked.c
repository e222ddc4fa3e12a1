/* SPDX-License-Identifier: MIT
   Numbers that are not called, however they are dialled: a service code or an
   outside line in front, a pause or an extension behind, an address with "@". A
   number is looked for where one may begin, rather once too often. */
#include <stdlib.h>
#include <string.h>

#include "service/dialling/own.h"

#define DIGITS "0123456789"
#define MARKS "*#" /* of service codes */
#define PAUSES                                                  \
  ",;!&wptWPT" /* and other things that are no part of a number \
                */

/* Digits for an outside line, before a pause; more are a number. */
#define MOST_ACCESS 2

static const char *find_blocked(const struct dialling *d, const char *called) {
  const struct prefix *found = prefixes_find(&d->blocked_numbers, called);
  if (found == NULL) found = prefixes_longest(&d->blocked, called);
  return found != NULL ? found->given : NULL;
}

static size_t number_length(const char *at) {
  size_t plus = *at == '+' ? 1 : 0;
  return plus + strspn(at + plus, DIGITS);
}

static const char *find_number(const struct dialling *d, const char *number) {
  char *called = *number != '\0' ? dialling_number(d, number) : NULL;
  const char *by = called != NULL ? find_blocked(d, called) : NULL;
  mem_free(called);
  return by;
}

/* The number that begins here: its digits up to what may be a pause, and with
   those behind it. */
static const char *begins_here(const struct dialling *d, const char *at) {
  size_t length = number_length(at);
  char *number = mem_format("%.*s", (int)length, at);
  if (number == NULL) return NULL;
  const char *by = find_number(d, number);
  mem_free(number);
  if (by != NULL || at[length] == '\0') return by;
  char *to = number = mem_text(at);
  if (number == NULL) return NULL;
  for (const char *c = at; *c != '\0'; c++)
    if (strchr(DIGITS, *c) != NULL || c == at) *to++ = *c;
  *to = '\0';
  by = find_number(d, number);
  mem_free(number);
  return by;
}

/* Behind "*" or "#": digits up to the next of them are a code, or a number that
   a code is about; at the end ("*67 0900 ...") a code of two or three digits
   may be in front of the number. */
static const char *behind_mark(const struct dialling *d, const char *at) {
  size_t run = strspn(at, DIGITS);
  const char *by = begins_here(d, at);
  bool closed = run != 0 && at[run] != '\0' && strchr(MARKS, at[run]) != NULL;
  for (size_t code = 2; by == NULL && !closed && code < 4 && code < run; code++)
    by = begins_here(d, at + code);
  return by;
}

/* *at_inout goes to where the next number may begin, or to the end. */
static const char *look(const struct dialling *d, const char **at_inout) {
  const char *at = *at_inout;
  size_t marks = strspn(at, MARKS), length = number_length(at + marks);
  const char *by = NULL;
  *at_inout = at + marks + length;
  if (marks != 0) return behind_mark(d, at + marks);
  if (length != 0) by = begins_here(d, at);
  if (length > MOST_ACCESS || (length == 0 && strchr(PAUSES, *at) == NULL))
    *at_inout = at + strlen(at); /* an extension, a name */
  else if (length == 0)
    (*at_inout)++;
  return by;
}

static const char *search(const struct dialling *d, const char *text) {
  const char *by = NULL;
  while (*text != '\0' && by == NULL) by = look(d, &text);
  return by;
}

static bool is_hex(char c) {
  return c != '\0' && strchr(DIGITS "abcdefABCDEF", c) != NULL;
}

/* "sip:%2B49.30@host": what is before the "@", without the name in front of
   ":", with what was escaped. Gives; NULL: no memory. */
static char *dialled(const char *called) {
  size_t name = strspn(called,
                       "abcdefghijklmnopqrstuvwxyz"
                       "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
  if (name != 0 && (called[name] == ':' || called[name] == '='))
    called += name + 1;
  char *text = mem_format("%.*s", (int)strcspn(called, "@"), called),
       *to = text;
  for (const char *c = text; c != NULL && *c != '\0'; c++) {
    if (*c == '%' && is_hex(c[1]) && is_hex(c[2])) {
      char code[] = {c[1], c[2], '\0'};
      *to++ = (char)strtol(code, NULL, 16);
      c += 2;
    } else {
      *to++ = *c;
    }
  }
  if (to != NULL) *to = '\0';
  char *stripped = text != NULL ? number_stripped(text) : NULL;
  mem_free(text);
  return stripped;
}

const char *dialling_blocked(const struct dialling *d, const char *called) {
  if (d->blocked.count == 0 && d->blocked_numbers.count == 0) return NULL;
  const char *by = find_blocked(d, called);
  char *text = by == NULL ? dialled(called) : NULL;
  if (text != NULL) by = search(d, text);
  mem_free(text);
  return by;
}
