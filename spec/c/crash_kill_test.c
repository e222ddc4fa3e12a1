/* SPDX-License-Identifier: MIT
   The process is killed at each write point of each scenario (docs/crash.md).
 */
#include "crash_run.h"

/* Points of a run that nothing disturbs; what it leaves holds as well. */
static long count_points(const struct crash_scenario *s) {
  crash_clear(s);
  const char *why = crash_trouble(crash_process(crash_scenario_process, s));
  if (why != NULL) fail_msg("%s: %s", s->name, why);
  long points = crash->points;
  why = crash_holds(s, false, 1);
  if (why != NULL) fail_msg("%s: undisturbed: %s", s->name, why);
  return points;
}

static void kill_at(const struct crash_scenario *s, long point,
                    struct crash_found *found) {
  struct crash_plan plan = crash_no_plan;
  plan.kill_at = point;
  crash_clear(s);
  crash_log_plan(plan, false);
  int status = crash_process(crash_scenario_process, s);
  /* The last points may be fewer in another run. */
  const char *why = crash_was_killed(status) ? NULL : crash_trouble(status);
  if (why == NULL) why = crash_holds(s, false, 1);
  if (why != NULL) crash_note(found, "  killed at point %ld: %s\n", point, why);
}

static void test_kill(void **state) {
  const struct crash_scenario *s = *state;
  struct crash_found found = {.count = 0};
  long points = count_points(s), limit = crash_limit(6), visited = 0;
  for (long n; (n = crash_nth(visited, limit, points)) >= 0; visited++)
    kill_at(s, n, &found);
  printf("crash: kill: %s: %ld of %ld points\n", s->name, visited, points);
  crash_report(s, &found);
}

int main(void) {
  return crash_main("crash_kill", test_kill);
}
