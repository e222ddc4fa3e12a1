/* SPDX-License-Identifier: MIT
   At each write point the disk fails, once and for good, and each allocation
   fails once (docs/crash.md). */
#include "crash_fail.h"

static const int errors[] = {ENOSPC, EIO, EROFS};

/* False: nothing failed, so there are no more points. */
static bool try(const struct crash_failure *f, struct crash_plan plan,
                const char *what, long point, struct crash_found *found) {
  crash_clear(f->scenario);
  crash_log_plan(plan, false);
  int status = crash_process(crash_fail_process, f);
  if (WIFEXITED(status) && WEXITSTATUS(status) == 2) return false;
  const char *why = crash_trouble(status);
  char kind[64];
  snprintf(kind, sizeof kind, "%s", crash->failed_kind);
  if (why == NULL) why = crash_holds(f->scenario, false, 0);
  if (why != NULL)
    crash_note(found, "  %s %ld (%s %s): %s\n", what, point, kind,
               f->memory < 0 ? strerror(plan.fail_with) : "", why);
  return true;
}

/* `for_good`: until the scenario is over. */
static bool fail_at(const struct crash_scenario *s, long point, bool for_good,
                    struct crash_found *found) {
  struct crash_failure f = {.scenario = s, .memory = -1};
  struct crash_plan plan = {.kill_at = -1,
                            .fail_at = point,
                            .fail_count = for_good ? LONG_MAX / 2 : 1,
                            .fail_with = errors[point % 3]};
  return try(&f, plan, for_good ? "failing from point" : "failed point", point,
             found);
}

static bool starve(const struct crash_scenario *s, long n,
                   struct crash_found *found) {
  struct crash_failure f = {.scenario = s, .memory = n};
  return try(&f, crash_no_plan, "allocation", n, found);
}

/* The points of a run that nothing disturbs. */
static long count_points(const struct crash_scenario *s) {
  crash_clear(s);
  const char *why = crash_trouble(crash_process(crash_scenario_process, s));
  if (why != NULL) fail_msg("%s: %s", s->name, why);
  return crash->points;
}

/* The first of 512, 1024 ... that is not reached. */
static long count_allocations(const struct crash_scenario *s) {
  struct crash_found unused = {.count = 0};
  long n = 512;
  while (starve(s, n, &unused)) n *= 2;
  return n;
}

static void test_disk(const struct crash_scenario *s) {
  struct crash_found found = {.count = 0};
  long points = count_points(s), limit = crash_limit(3), visited = 0;
  for (long n; (n = crash_nth(visited, limit, points)) >= 0; visited++) {
    fail_at(s, n, false, &found);
    fail_at(s, n, true, &found);
  }
  printf("crash: fail: %s: %ld of %ld points\n", s->name, visited, points);
  crash_report(s, &found);
}

static void test_memory(const struct crash_scenario *s) {
  struct crash_found found = {.count = 0};
  long points = count_allocations(s), limit = crash_limit(3), visited = 0;
  for (long n; (n = crash_nth(visited, limit, points)) >= 0; visited++)
    if (!starve(s, n, &found)) break;
  printf("crash: memory: %s: %ld of %ld points at most\n", s->name, visited,
         points);
  crash_report(s, &found);
}

static void test_fail(void **state) {
  test_disk(*state);
  test_memory(*state);
}

int main(void) {
  return crash_main("crash_fail", test_fail);
}
