/* SPDX-License-Identifier: MIT
   Many calls at once, each of three pages, page for page and event for event:
   the small form of spec/bench/many.c. */
#include "many.h"
#include "service_stage.h"

enum { CALLS = 40, PAGES = 3 };

static void backlog(struct fax_service_config *config) {
  config->event_backlog = 1000000;
}

static void is_well(const char *wrong) {
  if (wrong != NULL) fail_msg("%s", wrong);
}

/* At real pace on the virtual clock all of them talk at once. */
static void all_arrive_with_all_their_events(void **unused) {
  struct stage st = {0};
  char lines[32];
  (void)unused;
  const char *options[] = {lines, "numbers=10001", "pace=real", NULL};
  many_options(lines, sizeof lines, CALLS);
  stage_start_virtual(&st, options, backlog);
  stage_document(&st, PAGES);
  struct many m = {.server = st.server,
                   .calls = CALLS,
                   .pages = PAGES,
                   .document = st.document};
  is_well(many_begin(&m));
  is_well(many_submit(&m, st.document));
  is_well(many_lines(&m, FPF_SEND));
  is_well(many_run(&m, 3600 * FAX_SECOND));
  is_well(many_idle(&m, 3600 * FAX_SECOND));
  assert_int_equal(m.most_up, CALLS);
  many_end(&m);
  stage_stop_virtual(&st);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(all_arrive_with_all_their_events)};
  test_start();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
