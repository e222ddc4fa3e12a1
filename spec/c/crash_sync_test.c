/* SPDX-License-Identifier: MIT
   Each sync is left out in turn, and the loss of power must be seen to do harm:
   a sync that nothing needs is removed, and one that is needed is proven so
   (docs/crash.md). */
#include "crash_power.h"

static char sites[CRASH_SITES][96];
static int site_count;
static bool seen_in[CRASH_SITES][CRASH_SCENARIOS];

static int find_site(const char *name) {
  int i = 0;
  while (i < site_count && strcmp(sites[i], name) != 0) i++;
  if (i == site_count) memcpy(sites[site_count++], name, sizeof *sites);
  return i;
}

/* Which syncs each scenario has. */
static int set_up(void **unused) {
  crash_begin_all(unused);
  for (int s = 0; s < CRASH_SCENARIOS; s++) {
    crash_record(&crash_scenarios[s], "");
    for (int i = 0; i < CRASH_SITES && crash->sites[i].name[0] != '\0'; i++)
      if (crash->sites[i].count > 0)
        seen_in[find_site(crash->sites[i].name)][s] = true;
  }
  return 0;
}

/* The cuts in an order that comes to all parts of the record soon. */
static bool does_harm(const struct crash_scenario *s, const char *site,
                      char *why, size_t size) {
  crash_record(s, site);
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

/* SQLite's own, of the journal by which it makes the file of a new store: there
   is nothing in it yet that could be lost. */
static bool is_exempt(const char *site) {
  return strcmp(site, "fax.db-journal") == 0 ||
         strcmp(site, "fax.db-journal folder") == 0;
}

static bool test_site(int i) {
  char why[512] = "nothing is lost";
  bool noticed = false;
  for (int s = 0; s < CRASH_SCENARIOS && !noticed; s++)
    if (seen_in[i][s])
      noticed = does_harm(&crash_scenarios[s], sites[i], why, sizeof why);
  why[strcspn(why, "\n")] = '\0';
  printf("crash: without the sync of %s: %s\n", sites[i], why);
  return noticed;
}

static void test_syncs(void **unused) {
  (void)unused;
  assert_true(site_count > 5);
  for (int i = 0; i < site_count; i++)
    if (!is_exempt(sites[i]) && !test_site(i))
      fail_msg("the sync of %s is of no use, or this test is too weak",
               sites[i]);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_syncs)};
  test_start();
  return cmocka_run_group_tests(tests, set_up, crash_end_all);
}
