/* SPDX-License-Identifier: MIT
   A scenario is run once and recorded; then its disk is looked at as a loss of
   power at any operation could have left it, by several seeds. */
#ifndef FAX_SPEC_CRASH_POWER_H
#define FAX_SPEC_CRASH_POWER_H

#include "crash_run.h"

enum { CRASH_SEEDS = 2 };

/* The record; where it begins is what was on the disk before. */
static struct {
  size_t begin, end;
  unsigned ends; /* of the service, with the one to come */
} crash_recorded;

/* `skip`: the site of syncs that are left out. */
static inline void crash_record(const struct crash_scenario *s,
                                const char *skip) {
  struct crash_plan plan = crash_no_plan;
  plan.recording = true;
  snprintf(plan.skip, sizeof plan.skip, "%s", skip);
  crash_clear(s);
  crash_log_plan(plan, false);
  crash_import();
  crash_recorded.begin = crash->count;
  const char *why = crash_trouble(crash_process(crash_scenario_process, s));
  if (why != NULL) fail_msg("%s: recording: %s", s->name, why);
  crash_recorded.end = crash->count;
  crash_recorded.ends = 1;
}

/* The same, killed at a point, and what the next start does: that is the record
   then, on a disk that lacks syncs. False: there is no such point. */
static inline bool crash_record_again(const struct crash_scenario *s,
                                      long kill_at, const char *skip) {
  struct crash_plan plan = crash_no_plan;
  plan.recording = true;
  snprintf(plan.skip, sizeof plan.skip, "%s", skip);
  plan.kill_at = kill_at;
  crash_clear(s);
  crash_log_plan(plan, false);
  crash_import();
  if (!crash_was_killed(crash_process(crash_scenario_process, s))) return false;
  plan.kill_at = -1;
  crash_log_plan(plan, false);
  crash_recorded.begin = crash->count;
  const char *why = crash_trouble(crash_process(crash_resume_process, s));
  if (why != NULL) fail_msg("%s: recording again: %s", s->name, why);
  crash_recorded.end = crash->count;
  crash_recorded.ends = 2;
  return true;
}

static inline long crash_cuts(void) {
  return (long)(crash_recorded.end - crash_recorded.begin) + 1;
}

/* What the later process adds to the log takes the place of what the record
   has behind the cut, and is taken back. NULL: all holds. */
static inline const char *crash_cut_with(const struct crash_scenario *s,
                                         size_t cut, unsigned seed) {
  size_t behind = crash_recorded.end - cut;
  struct crash_op *kept = malloc((behind + 1) * sizeof *kept);
  assert_non_null(kept);
  memcpy(kept, &crash->ops[cut], behind * sizeof *kept);
  size_t used = crash->used;
  crash_replay(cut, seed);
  crash->count = cut;
  const char *why = crash_holds(s, true, crash_recorded.ends);
  memcpy(&crash->ops[cut], kept, behind * sizeof *kept);
  crash->count = crash_recorded.end;
  crash->used = used;
  free(kept);
  return why;
}

static inline void crash_cut_at(const struct crash_scenario *s, long n,
                                struct crash_found *found) {
  size_t cut = crash_recorded.begin + (size_t)n;
  for (unsigned i = 1; i <= CRASH_SEEDS; i++) {
    unsigned seed = i * 7919 + (unsigned)n;
    const char *why = crash_cut_with(s, cut, seed);
    if (why != NULL)
      crash_note(found, "  power cut at %ld, seed %u: %s\n", n, seed, why);
  }
}

#endif
