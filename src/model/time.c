/* SPDX-License-Identifier: MIT
   Conversion of times; see time.h. */
#include "model/time.h"

#include <fax/fax_record.h>
#include <math.h>
#include <string.h>
#include <time.h>

/* 100 ns steps from 1601-01-01 to 1970-01-01 */
#define EPOCH INT64_C(116444736000000000)

FILETIME time_to_filetime(int64_t wall) {
  uint64_t steps = (uint64_t)(wall / 100 + EPOCH);
  return (FILETIME){(DWORD)steps, (DWORD)(steps >> 32)};
}

/* What is farther away than that is as far; with the past room is left, for it
   is taken from other times. */
#define MOST_STEPS (INT64_MAX / 100 + EPOCH)
#define LEAST_STEPS (INT64_MIN / 200 + EPOCH)

int64_t time_from_filetime(FILETIME t) {
  uint64_t steps = (uint64_t)t.dwHighDateTime << 32 | t.dwLowDateTime;
  if (steps > MOST_STEPS) return INT64_MAX;
  if (steps < LEAST_STEPS) return INT64_MIN / 2;
  return ((int64_t)steps - EPOCH) * 100;
}

bool time_from_systemtime(const SYSTEMTIME *t, int64_t *wall_out) {
  if (t->wYear < 1601 || t->wMonth < 1 || t->wMonth > 12 || t->wDay < 1 ||
      t->wHour > 23 || t->wMinute > 59 || t->wSecond > 59 ||
      t->wMilliseconds > 999)
    return false;
  struct tm tm = {.tm_year = t->wYear - 1900,
                  .tm_mon = t->wMonth - 1,
                  .tm_mday = t->wDay,
                  .tm_hour = t->wHour,
                  .tm_min = t->wMinute,
                  .tm_sec = t->wSecond};
  time_t seconds = timegm(&tm);
  /* timegm turns February 30 into March; that is not the date given. */
  if (tm.tm_mday != t->wDay || seconds > INT64_MAX / 1000000000 - 1 ||
      seconds < INT64_MIN / 1000000000 + 1)
    return false;
  *wall_out = (int64_t)seconds * 1000000000 + t->wMilliseconds * 1000000;
  return true;
}

void time_to_systemtime(int64_t wall, SYSTEMTIME *out) {
  time_t seconds = (time_t)(wall / 1000000000);
  int64_t rest = wall % 1000000000;
  if (rest < 0) {
    rest += 1000000000;
    seconds--;
  }
  struct tm tm;
  gmtime_r(&seconds, &tm);
  *out = (SYSTEMTIME){.wYear = (WORD)(tm.tm_year + 1900),
                      .wMonth = (WORD)(tm.tm_mon + 1),
                      .wDayOfWeek = (WORD)tm.tm_wday,
                      .wDay = (WORD)tm.tm_mday,
                      .wHour = (WORD)tm.tm_hour,
                      .wMinute = (WORD)tm.tm_min,
                      .wSecond = (WORD)tm.tm_sec,
                      .wMilliseconds = (WORD)(rest / 1000000)};
}

bool time_filetime_of_seconds(double seconds, FILETIME *out) {
  if (!(seconds > -9.2e9 && seconds < 9.2e9)) return false;
  uint64_t steps = (uint64_t)(llrint(seconds * 1e6) * 10 + EPOCH);
  *out = (FILETIME){(DWORD)steps, (DWORD)(steps >> 32)};
  return true;
}

/* Whole seconds and the rest apart, so that the sum is rounded once. */
double FaxFileTimeToSeconds(FILETIME t) {
  uint64_t steps = (uint64_t)t.dwHighDateTime << 32 | t.dwLowDateTime;
  uint64_t whole = steps / 10000000;
  return (double)whole - 11644473600.0 + (double)(steps % 10000000) / 1e7;
}

double FaxSystemTimeToSeconds(const SYSTEMTIME *t) {
  int64_t wall;
  return time_from_systemtime(t, &wall) ? (double)wall / 1e9 : 0;
}

void FaxSecondsToSystemTime(double seconds, SYSTEMTIME *out) {
  /* 1601 .. 9999; outside, a date that time_from_systemtime refuses */
  if (!(seconds > -11644473600.0 && seconds < 253402300800.0)) {
    memset(out, 0, sizeof *out);
    return;
  }
  /* Nanoseconds since 1970 end in 2262; a fax may well wait no longer. */
  if (seconds > 9.2e9) seconds = 9.2e9;
  if (seconds < -9.2e9) seconds = -9.2e9;
  time_to_systemtime(llrint(seconds * 1000) * 1000000, out);
}
