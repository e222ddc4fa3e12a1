/* SPDX-License-Identifier: MIT
   Each sync is left out in turn, and the loss of power must be seen to do harm:
   a sync that nothing needs is removed, and one that is needed is proven so
   (docs/crash.md). Those that only a start after a kill does take long to come
   to, and are for `make crash`. */
#include "crash_power.h"

struct site {
  char name[96];
  bool seen_in[CRASH_SCENARIOS];
  long kill_at; /* -1; else in the start after that, of scenario `of` */
  int of;
};
static struct site sites[CRASH_SITES];
static int site_count;

static struct site *find_site(const char *name) {
  int i = 0;
  while (i < site_count && strcmp(sites[i].name, name) != 0) i++;
  if (i == site_count) {
    assert_true(site_count < CRASH_SITES);
    sites[site_count] = (struct site){.kill_at = -1};
    memcpy(sites[site_count++].name, name, sizeof sites[i].name);
  }
  return &sites[i];
}

/* Which syncs each scenario has. */
static int set_up(void **unused) {
  crash_begin_all(unused);
  for (int s = 0; s < CRASH_SCENARIOS; s++) {
    crash_record(&crash_scenarios[s], "");
    for (int i = 0; i < CRASH_SITES && crash->sites[i].name[0] != '\0'; i++)
      if (crash->sites[i].count > 0)
        find_site(crash->sites[i].name)->seen_in[s] = true;
  }
  return 0;
}

/* ---- what a start after a kill does ---- */

static bool is_known(const char *name) {
  for (int i = 0; i < site_count; i++)
    if (strcmp(sites[i].name, name) == 0) return true;
  return false;
}

static void look_behind(int s, long point) {
  if (!crash_record_again(&crash_scenarios[s], point, "")) return;
  for (int i = 0; i < CRASH_SITES && crash->sites[i].name[0] != '\0'; i++)
    if (crash->sites[i].count > 0 && !is_known(crash->sites[i].name)) {
      struct site *site = find_site(crash->sites[i].name);
      site->kill_at = point;
      site->of = s;
    }
}

static void look_behind_all(void) {
  for (int s = 0; s < CRASH_SCENARIOS; s++) {
    crash_record(&crash_scenarios[s], "");
    long points = crash->points;
    for (long n = 0; n < points; n++) look_behind(s, n);
  }
}

/* ---- harm ---- */

/* The cuts in an order that comes to all parts of the record soon. */
static bool is_harmed(const struct crash_scenario *s, char *why, size_t size) {
  long cuts = crash_cuts(), step = 1;
  while (step * step < cuts) step++;
  for (long first = 0; first < step; first++)
    for (long n = first; n < cuts; n += step) {
      struct crash_found found = {.count = 0};
      crash_cut_at(s, n, &found);
      if (found.count == 0) continue;
      snprintf(why, size, "%s:%.300s", s->name, found.text);
      return true;
    }
  return false;
}

/* The points of two runs are not quite the same ones. */
static bool does_harm_behind(const struct site *site, char *why, size_t size) {
  const struct crash_scenario *s = &crash_scenarios[site->of];
  for (long n = site->kill_at - 3; n < site->kill_at + 8; n++)
    if (n >= 0 && crash_record_again(s, n, site->name) &&
        is_harmed(s, why, size))
      return true;
  return false;
}

static bool does_harm(const struct site *site, char *why, size_t size) {
  if (site->kill_at >= 0) return does_harm_behind(site, why, size);
  for (int s = 0; s < CRASH_SCENARIOS; s++) {
    if (!site->seen_in[s]) continue;
    crash_record(&crash_scenarios[s], site->name);
    if (is_harmed(&crash_scenarios[s], why, size)) return true;
  }
  return false;
}

/* SQLite's own, of the journal by which it makes the file of a new store: there
   is nothing in it yet that could be lost. */
static bool is_exempt(const char *name) {
  return strcmp(name, "fax.db-journal") == 0 ||
         strcmp(name, "fax.db-journal folder") == 0;
}

static bool is_needed(const struct site *site) {
  char why[512] = "nothing is lost";
  bool needed = does_harm(site, why, sizeof why);
  why[strcspn(why, "\n")] = '\0';
  printf("crash: without the sync of %s: %s\n", site->name, why);
  return needed;
}

static void test_each_is_needed(void **unused) {
  (void)unused;
  char useless[512] = "";
  assert_true(site_count > 5);
  if (crash_limit(1) == 0) look_behind_all();
  for (int i = 0; i < site_count; i++)
    if (!is_exempt(sites[i].name) && !is_needed(&sites[i]))
      snprintf(useless + strlen(useless), sizeof useless - strlen(useless),
               " %.95s", sites[i].name);
  if (*useless != '\0')
    fail_msg("of no use, or this test is too weak: the syncs of%s", useless);
}

/* ---- none is forgotten ---- */

/* A call of more than one line has the number of one of them. */
static bool is_visited(const char *path, int line) {
  for (int i = 0; i < site_count; i++) {
    const char *colon = strrchr(sites[i].name, ':');
    if (colon == NULL) continue;
    size_t length = (size_t)(colon - sites[i].name);
    if (strlen(path) == length && strncmp(path, sites[i].name, length) == 0 &&
        abs(atoi(colon + 1) - line) <= 2)
      return true;
  }
  return false;
}

/* All that the source has. */
static void test_each_is_visited(void **unused) {
  (void)unused;
  char text[512];
  int count = 0;
  FILE *lines = popen(
      "grep -rnE 'disk_sync(_[a-z]+)*\\(' src --include='*.c' | "
      "grep -v '^src/base/disk.c'",
      "r");
  assert_non_null(lines);
  while (fgets(text, sizeof text, lines) != NULL) {
    char *colon = strchr(text, ':');
    assert_non_null(colon);
    *colon = '\0';
    count++;
    if (!is_visited(text, atoi(colon + 1)))
      fail_msg("no scenario comes to the sync of %s:%d", text, atoi(colon + 1));
  }
  pclose(lines);
  assert_true(count > 10);
}

int main(void) {
  const struct CMUnitTest all[] = {cmocka_unit_test(test_each_is_needed),
                                   cmocka_unit_test(test_each_is_visited)};
  const struct CMUnitTest some[] = {cmocka_unit_test(test_each_is_needed)};
  test_start();
  if (crash_limit(1) == 0)
    return cmocka_run_group_tests(all, set_up, crash_end_all);
  return cmocka_run_group_tests(some, set_up, crash_end_all);
}
