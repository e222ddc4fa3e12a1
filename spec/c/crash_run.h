/* SPDX-License-Identifier: MIT
   Processes that may die, and which points are visited: all of them, or
   CRASH_POINTS of each scenario, spread evenly. */
#ifndef FAX_SPEC_CRASH_RUN_H
#define FAX_SPEC_CRASH_RUN_H

#include "crash_check.h"
#include "test.h"

/* ---- processes ---- */

typedef void crash_process_fn(const void *arg);

/* The status of waitpid. */
static inline int crash_process(crash_process_fn *fn, const void *arg) {
  int status;
  (void)fflush(NULL); /* else both have what is in it */
  pid_t child = fork();
  assert_true(child >= 0);
  if (child == 0) {
    fn(arg);
    _exit(0);
  }
  assert_int_equal(waitpid(child, &status, 0), child);
  return status;
}

static inline bool crash_was_killed(int status) {
  return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
}

/* The sentence when it did not come to its end; NULL. */
static inline const char *crash_trouble(int status) {
  static char text[sizeof crash->failure + 64];
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return NULL;
  if (WIFSIGNALED(status))
    snprintf(text, sizeof text, "signal %d%s", WTERMSIG(status),
             WTERMSIG(status) == SIGALRM ? ": it hangs" : "");
  else
    snprintf(text, sizeof text, "%s", crash->failure);
  return text;
}

/* ---- what runs in them ---- */

static inline void crash_prepare_process(const void *scenario) {
  ((const struct crash_scenario *)scenario)->prepare();
}

/* An empty root, or what the scenario makes of it. */
static inline void crash_clear(const struct crash_scenario *s) {
  crash_remove_all();
  crash_log_plan(crash_no_plan, true);
  crash_stage.batch = s->batch ? 4 : 0;
  if (s->prepare == NULL) return;
  const char *why = crash_trouble(crash_process(crash_prepare_process, s));
  if (why != NULL) fail_msg("%s: %s", s->name, why);
}

static inline void crash_scenario_process(const void *scenario) {
  const struct crash_scenario *s = scenario;
  crash_set_up(0);
  crash_arm(!s->archive);
  if (!crash_try_start()) crash_fail("start: %s", FaxGetLastErrorMessage());
  if (s->archive)
    crash_hold(crash_set_archive(), "archive: %s", FaxGetLastErrorMessage());
  crash_arm(true);
  s->run();
  crash_stop();
}

/* It goes on after an end. */
static inline void crash_resume_process(const void *scenario) {
  const struct crash_scenario *s = scenario;
  crash_set_up(1);
  crash_arm(true);
  if (!crash_try_start()) crash_fail("start: %s", FaxGetLastErrorMessage());
  if (s->archive)
    crash_hold(crash_set_archive(), "archive: %s", FaxGetLastErrorMessage());
  crash_wait(3600);
  crash_mark_decided();
  crash_mark_stored();
  crash_stop();
}

static inline void crash_check_process(const void *past) {
  crash_check(past);
}

/* NULL: all holds. */
static inline const char *crash_holds(const struct crash_scenario *s,
                                      bool power, unsigned ends) {
  struct crash_past past = {
      .scenario = s, .end = crash->count, .power = power, .ends = ends};
  crash_log_plan(crash_no_plan, false);
  return crash_trouble(crash_process(crash_check_process, &past));
}

/* ---- points ---- */

/* CRASH_POINTS; 0: all. */
static inline long crash_limit(long otherwise) {
  const char *text = getenv("CRASH_POINTS");
  if (text == NULL || *text == '\0') return otherwise;
  return strcmp(text, "all") == 0 ? 0 : strtol(text, NULL, 10);
}

/* The i-th of `limit` points among so many; -1: there are no more. */
static inline long crash_nth(long i, long limit, long points) {
  if (limit == 0 || limit >= points) return i < points ? i : -1;
  return i < limit ? i * points / limit + (points / limit) / 2 : -1;
}

/* ---- what did not hold ---- */

enum { CRASH_SHOWN = 5 };

struct crash_found {
  long count;
  char text[CRASH_SHOWN * 512];
};

__attribute__((format(printf, 2, 3))) static inline void crash_note(
    struct crash_found *found, const char *format, ...) {
  size_t used = strlen(found->text);
  va_list args;
  if (found->count++ >= CRASH_SHOWN) return;
  va_start(args, format);
  vsnprintf(found->text + used, sizeof found->text - used, format, args);
  va_end(args);
}

static inline void crash_report(const struct crash_scenario *s,
                                const struct crash_found *found) {
  if (found->count != 0)
    fail_msg("%s: %ld points do not hold, such as\n%s", s->name, found->count,
             found->text);
}

static inline bool crash_wanted(const struct crash_scenario *s) {
  const char *only = getenv("CRASH_ONLY");
  return only == NULL || *only == '\0' || strcmp(only, s->name) == 0;
}

/* ---- the program ---- */

static inline int crash_begin_all(void **unused) {
  (void)unused;
  assert_true(folder_make(crash_folder));
  snprintf(crash_document, sizeof crash_document, "%s/document.tif",
           crash_folder);
  assert_true(pages_make(crash_document, PAGES_SHORT, CRASH_PAGES, 100, 98));
  crash_log_make();
  snprintf(crash->root, sizeof crash->root, "%s/disk", crash_folder);
  assert_int_equal(mkdir(crash->root, 0700), 0);
  return 0;
}

static inline int crash_end_all(void **unused) {
  (void)unused;
  crash_remove_all();
  rmdir(crash->root);
  unlink(crash_document);
  rmdir(crash_folder);
  return 0;
}

static inline int crash_main(const char *name, CMUnitTestFunction test) {
  struct CMUnitTest tests[CRASH_SCENARIOS];
  size_t count = 0;
  test_start();
  for (int i = 0; i < CRASH_SCENARIOS; i++)
    if (crash_wanted(&crash_scenarios[i]))
      tests[count++] =
          (struct CMUnitTest){crash_scenarios[i].name, test, NULL, NULL,
                              (void *)(uintptr_t)&crash_scenarios[i]};
  return _cmocka_run_group_tests(name, tests, count, crash_begin_all,
                                 crash_end_all);
}

#endif
