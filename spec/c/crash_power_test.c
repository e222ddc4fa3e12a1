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

int main(void) {
  return crash_main("crash_power", test_power);
}
