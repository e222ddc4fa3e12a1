/* SPDX-License-Identifier: MIT
   The power goes at each operation of each scenario: the disk is made anew from
   the record, without what was not synced or with a part of it
   (docs/crash.md). */
#include "crash_power.h"

static void test_power(void **state) {
  const struct crash_scenario *s = *state;
  struct crash_found found = {.count = 0};
  crash_record(s, "");
  long points = crash_cuts(), limit = crash_limit(8), visited = 0;
  for (long n; (n = crash_nth(visited, limit, points)) >= 0; visited++)
    crash_cut_at(s, n, &found);
  printf("crash: power: %s: %ld of %ld points\n", s->name, visited, points);
  crash_report(s, &found);
}

/* Killed first, and the power goes while the next start mends that. */
static void test_again(void **state) {
  const struct crash_scenario *s = *state;
  struct crash_found found = {.count = 0};
  long limit = crash_limit(2), visited = 0;
  crash_record(s, "");
  long points = crash->points, kills = limit == 0 ? 12 : limit;
  for (long i = 0, n; (n = crash_nth(i, kills, points)) >= 0; i++) {
    if (!crash_record_again(s, n, "")) continue;
    long cuts = limit == 0 ? 24 : limit;
    for (long k = 0, at; (at = crash_nth(k, cuts, crash_cuts())) >= 0; k++) {
      crash_cut_at(s, at, &found);
      visited++;
    }
  }
  printf("crash: killed, then power: %s: %ld points\n", s->name, visited);
  crash_report(s, &found);
}

static void test_both(void **state) {
  test_power(state);
  test_again(state);
}

int main(void) {
  return crash_main("crash_power", test_both);
}
