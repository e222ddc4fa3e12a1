/* SPDX-License-Identifier: MIT
   Several jobs in one call over real modems: each page arrives as it is, and
   there are fewer calls. */
#include "service_config.h"

static struct stage st;

static const char *const two_lines[] = {"lines=2", NULL};

static void together(struct fax_service_config *config) {
  config->socket = "";
  config->calls_per_number = 1;
  config->batch = 3;
}

/* A document of its own for each job. */
static void write_document(DWORD n, char *path, size_t size) {
  snprintf(path, size, "%s/%u.tif", st.directory, n);
  assert_true(pages_make(path, n == 2 ? PAGES_DENSE : PAGES_SHORT, n, 100 + n,
                         n < 4 ? 196 : 98));
}

static DWORD send_document(DWORD n) {
  char path[96];
  write_document(n, path, sizeof path);
  memcpy(st.document, path, sizeof st.document);
  return stage_send(&st, "102");
}

/* The next fax that is received, of so many pages: its path. */
static void receive(DWORD pages, char *path, size_t size) {
  struct fax_event *e = stage_until(&st, FEI_FAX_RECEIVED, 0);
  assert_int_equal(e->complete, 1);
  assert_int_equal(e->pages, pages);
  snprintf(path, size, "%s", e->path);
  FaxLocalFree(e);
}

static void is_sent(DWORD job, DWORD pages) {
  struct fax_job_result *r = stage_result(&st, job);
  while (r->outcome == FAX_OUTCOME_PENDING) {
    FaxFreeBuffer(r);
    config_settle();
    r = stage_result(&st, job);
  }
  assert_int_equal(r->outcome, FAX_OUTCOME_COMPLETED);
  assert_int_equal(r->attempt_count, 1);
  assert_int_equal(r->attempts[0].pages_confirmed, pages);
  assert_int_equal(r->attempts[0].ecm, 1);
  assert_int_equal(r->attempts[0].quality, FAX_QUALITY_VERIFIED);
  FaxFreeBuffer(r);
}

/* The documents n..m, one behind the other. */
static void has_documents(const char *received, DWORD n, DWORD m) {
  char path[96];
  for (unsigned at = 0; n <= m; n++) {
    write_document(n, path, sizeof path);
    for (unsigned page = 0; page < n; page++, at++)
      assert_true(pages_same(path, page, received, at));
  }
}

static void pages_arrive_as_they_are(void **unused) {
  char received[256];
  (void)unused;
  stage_start_virtual(&st, two_lines, together);
  is_sent(send_document(1), 1);
  receive(1, received, sizeof received);
  config_pause(&st, TRUE);
  DWORD first = send_document(1);
  for (DWORD n = 2; n <= 5; n++) send_document(n);
  config_pause(&st, FALSE);
  receive(6, received, sizeof received); /* those of fine resolution */
  has_documents(received, 1, 3);
  receive(9, received, sizeof received); /* the others */
  has_documents(received, 4, 5);
  for (DWORD n = 1; n <= 5; n++) is_sent(first + n - 1, n);
  stage_stop_virtual(&st);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(pages_arrive_as_they_are)};
  test_start();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
