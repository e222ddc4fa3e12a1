/* SPDX-License-Identifier: MIT
   The discount period, a time of day in UTC (JOB-42..45). */
#include "service/state.h"

#define DAY (INT64_C(86400) * FAX_SECOND)

static int64_t of_day(FAX_TIME t) {
  return (t.Hour * 3600 + t.Minute * 60) * FAX_SECOND;
}

/* How long after `from` the time of day `to` comes; a whole day when they are
   the same. */
static int64_t until(int64_t from, int64_t to) {
  return to > from ? to - from : to - from + DAY;
}

bool discount_open(const FAX_CONFIGURATION *config, int64_t wall,
                   int64_t *next_out) {
  int64_t start = of_day(config->StartCheapTime);
  int64_t stop = of_day(config->StopCheapTime);
  if (start == stop) { /* JOB-43: there is none; JOB-44: due now */
    *next_out = INT64_MAX;
    return true;
  }
  int64_t now = wall % DAY;
  if (now < 0) now += DAY;
  bool open =
      start < stop ? now >= start && now < stop : now >= start || now < stop;
  *next_out = wall + until(now, open ? stop : start);
  return open;
}
