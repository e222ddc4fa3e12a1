/* SPDX-License-Identifier: MIT
   The options of the exchange: how many lines, their numbers, the pace. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "exchange.h"

void options_reset(void) {
  struct options *o = &loopback.options;
  free(o->number);
  profile_reset(o);
  *o = (struct options){.lines = 4, .prefix = 1, .no_answer = 60};
  strcpy(o->numbers, "101");
  profile_reset(o);
}

bool number_strip(const char *from, char *to) {
  size_t n = 0;
  for (; *from != '\0'; from++) {
    if (strchr(" -()", *from) != NULL) continue;
    if (n + 1 >= NUMBER_SIZE) return false;
    to[n++] = *from;
  }
  to[n] = '\0';
  return true;
}

static bool read_number(const char *text, DWORD least, DWORD most,
                        DWORD *number_out) {
  char *end;
  if (*text < '0' || *text > '9') return false;
  errno = 0;
  unsigned long long n = strtoull(text, &end, 10);
  if (errno != 0 || *end != '\0' || n < least || n > most) return false;
  *number_out = (DWORD)n;
  return true;
}

bool phone_read(const char *text, char *number) {
  if (!number_strip(text, number)) return false;
  const char *digits = number + (number[0] == '+');
  return digits[0] != '\0' && strspn(digits, "0123456789*#") == strlen(digits);
}

/* "number.1=+1 555 0100" */
static bool read_line_number(const char *text) {
  struct options *o = &loopback.options;
  char index_text[8];
  DWORD index;
  const char *equals = strchr(text, '=');
  if (equals == NULL || (size_t)(equals - text) >= sizeof index_text)
    return false;
  memcpy(index_text, text, (size_t)(equals - text));
  index_text[equals - text] = '\0';
  if (!read_number(index_text, 1, LINES_MAX, &index)) return false;
  if (o->number == NULL) o->number = calloc(LINES_MAX, sizeof *o->number);
  return o->number != NULL && phone_read(equals + 1, o->number[index - 1]);
}

static const char *value_of(const char *option, const char *key) {
  size_t n = strlen(key);
  return strncmp(option, key, n) == 0 && option[n] == '=' ? option + n + 1
                                                          : NULL;
}

/* A folder that is there; room for the name of a file stays. */
static bool read_keep(const char *folder) {
  struct stat st;
  size_t n = strlen(folder);
  if (n + 2 * NUMBER_SIZE >= sizeof loopback.options.keep ||
      stat(folder, &st) != 0 || !S_ISDIR(st.st_mode))
    return false;
  memcpy(loopback.options.keep, folder, n + 1);
  return true;
}

static bool read_option(const char *option) {
  struct options *o = &loopback.options;
  const char *v;
  if ((v = value_of(option, "lines")) != NULL)
    return read_number(v, 1, LINES_MAX, &o->lines);
  if ((v = value_of(option, "prefix")) != NULL)
    return read_number(v, 1, INT32_MAX, &o->prefix);
  if ((v = value_of(option, "no_answer")) != NULL)
    return read_number(v, 1, 86400, &o->no_answer);
  if ((v = value_of(option, "numbers")) != NULL)
    return phone_read(v, o->numbers) && strpbrk(v, "*#") == NULL;
  if ((v = value_of(option, "pace")) != NULL) {
    o->real_pace = strcmp(v, "real") == 0;
    return o->real_pace || strcmp(v, "fast") == 0;
  }
  if ((v = value_of(option, "keep")) != NULL) return read_keep(v);
  if (strncmp(option, "number.", 7) == 0) return read_line_number(option + 7);
  return profile_read(o, option);
}

/* Counts the digits of the first number up, as on a block of numbers. */
bool options_number(DWORD index, char *number) {
  const struct options *o = &loopback.options;
  if (o->number != NULL && o->number[index][0] != '\0') {
    memcpy(number, o->number[index], NUMBER_SIZE);
    return true;
  }
  memcpy(number, o->numbers, NUMBER_SIZE);
  for (size_t at = strlen(number); index > 0; index /= 10) {
    if (at == 0 || number[at - 1] == '+') return false;
    at--;
    DWORD digit = (DWORD)(number[at] - '0') + index % 10;
    number[at] = (char)('0' + digit % 10);
    index += digit / 10 * 10;
  }
  return true;
}

static bool is_taken(const char *number, DWORD before) {
  char other[NUMBER_SIZE];
  for (DWORD i = 0; i < before; i++)
    if (options_number(i, other) && strcmp(number, other) == 0) return true;
  return false;
}

static bool check_numbers(char *message, size_t size) {
  char number[NUMBER_SIZE];
  for (DWORD i = 0; i < loopback.options.lines; i++) {
    if (!options_number(i, number)) {
      snprintf(message, size,
               "numbers=%s has too few digits for %" PRIu32 " lines",
               loopback.options.numbers, loopback.options.lines);
      return false;
    }
    if (is_taken(number, i)) {
      snprintf(message, size, "two lines have the number %s", number);
      return false;
    }
  }
  return true;
}

FAX_EXPORT BOOL fax_provider_options(const char *const *options, char *message,
                                     size_t size) {
  options_reset();
  for (; options != NULL && *options != NULL; options++) {
    if (read_option(*options)) continue;
    snprintf(message, size,
             "\"%.100s\" is no option; known are lines=1..%d, "
             "prefix=, numbers=, number.N=, pace=fast|real, no_answer=seconds, "
             "keep=folder and those of docs/test-numbers.md",
             *options, LINES_MAX);
    FaxSetLastError(ERROR_INVALID_PARAMETER);
    return FALSE;
  }
  if (check_numbers(message, size)) return TRUE;
  FaxSetLastError(ERROR_INVALID_PARAMETER);
  return FALSE;
}
