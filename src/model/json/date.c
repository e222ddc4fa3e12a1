/* SPDX-License-Identifier: MIT
   Times, read. */
#include <fax/winfax.h>
#include <string.h>

#include "model/json/reading.h"
#include "model/time.h"

/* Steps of 100 ns since 1601, in digits: only what seconds cannot tell. */
static DWORD read_steps(const struct reading *in, const json_t *value,
                        char *at) {
  DWORDLONG steps;
  FILETIME near;
  DWORD error = reading_id64(in, value, (char *)&steps);
  if (error != ERROR_SUCCESS)
    return reading_wrong(in, "a time in seconds since 1970");
  FILETIME time = {(DWORD)steps, (DWORD)(steps >> 32)};
  if (time_filetime_of_seconds(FaxFileTimeToSeconds(time), &near))
    return reading_wrong(in, "a time in seconds since 1970");
  memcpy(at, &time, sizeof time);
  return ERROR_SUCCESS;
}

DWORD reading_filetime(const struct reading *in, const json_t *value,
                       char *at) {
  FILETIME time;
  if (json_is_string(value)) return read_steps(in, value, at);
  if (!json_is_number(value) ||
      !time_filetime_of_seconds(json_number_value(value), &time))
    return reading_wrong(in, "a time in seconds since 1970");
  memcpy(at, &time, sizeof time);
  return ERROR_SUCCESS;
}

DWORD reading_systemtime(const struct reading *in, const json_t *value,
                         char *at) {
  FILETIME in_range;
  SYSTEMTIME time;
  if (!json_is_number(value) ||
      !time_filetime_of_seconds(json_number_value(value), &in_range))
    return reading_wrong(in, "a time in seconds since 1970");
  FaxSecondsToSystemTime(json_number_value(value), &time);
  memcpy(at, &time, sizeof time);
  return ERROR_SUCCESS;
}

static bool two_digits(const char *text, WORD *out) {
  if (text[0] < '0' || text[0] > '9' || text[1] < '0' || text[1] > '9')
    return false;
  *out = (WORD)((text[0] - '0') * 10 + text[1] - '0');
  return true;
}

DWORD reading_time_of_day(const struct reading *in, const json_t *value,
                          char *at) {
  const char *text = json_string_value(value);
  FAX_TIME time;
  DWORD none; /* see record.h */
  if (json_to_dword(value, &none) && (none >> 16 > 23 || (WORD)none > 59)) {
    time = (FAX_TIME){(WORD)(none >> 16), (WORD)none};
    memcpy(at, &time, sizeof time);
    return ERROR_SUCCESS;
  }
  if (text == NULL || json_string_length(value) != 5 || text[2] != ':' ||
      !two_digits(text, &time.Hour) || !two_digits(text + 3, &time.Minute) ||
      time.Hour > 23 || time.Minute > 59)
    return reading_wrong(in, "a time of day \"HH:MM\"");
  memcpy(at, &time, sizeof time);
  return ERROR_SUCCESS;
}
