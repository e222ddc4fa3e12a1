/* SPDX-License-Identifier: MIT
   Several jobs in one call over real modems: each page arrives as it is, and
   there are fewer calls. */
#include "service_config.h"

static struct stage st;

static const char *const two_lines[] = {"lines=2", NULL};
/* In line time, so that the test is not overtaken by what it looks at. */
static const char *const in_time[] = {"lines=2", "pace=real", NULL};

static void together(struct fax_service_config *config) {
  if (!stage_over_socket()) config->socket = "";
  config->calls_per_number = 1;
  config->batch = 3;
  config->retries = 9; /* of a line that is busy with the end of a call */
  config->retry_delay = 60;
}

/* Its lines in a process of their own, which asks for each page's end. */
static void together_apart(struct fax_service_config *config) {
  together(config);
  ((struct fax_provider_config *)(ULONG_PTR)config->providers)->isolate = 2;
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
static void receive(DWORD pages, bool complete, char *path, size_t size) {
  struct fax_event *e = stage_until(&st, FEI_FAX_RECEIVED, 0);
  assert_int_equal(e->complete, complete);
  assert_int_equal(e->pages, pages);
  snprintf(path, size, "%s", e->path);
  FaxLocalFree(e);
}

static void is_sent(DWORD job, DWORD pages) {
  struct fax_job_result *r = stage_result(&st, job);
  while (r->outcome == FAX_OUTCOME_PENDING) {
    FaxFreeBuffer(r);
    config_wait(1);
    r = stage_result(&st, job);
  }
  assert_int_equal(r->outcome, FAX_OUTCOME_COMPLETED);
  const struct fax_attempt *last = &r->attempts[r->attempt_count - 1];
  assert_int_equal(last->pages_confirmed, pages);
  assert_int_equal(last->ecm, 1);
  assert_int_equal(last->quality, FAX_QUALITY_VERIFIED);
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

static void start(const char *const *options, bool isolated) {
  stage_start_virtual(&st, options, isolated ? together_apart : together);
  is_sent(send_document(1), 1); /* alone: it shows what the provider can */
}

/* Documents 4 and 5: together, unless the line was busy for the first of them.
 */
static void receive_rest(char *received, size_t size) {
  struct fax_event *e = stage_until(&st, FEI_FAX_RECEIVED, 0);
  snprintf(received, size, "%s", e->path);
  DWORD pages = e->pages;
  FaxLocalFree(e);
  if (pages == 9)
    has_documents(received, 4, 5);
  else
    has_documents(received, pages, pages);
}

static void arrive(bool isolated) {
  char received[256];
  start(two_lines, isolated);
  receive(1, true, received, sizeof received);
  config_wait(60); /* both lines are idle */
  config_pause(&st, TRUE);
  DWORD first = send_document(1);
  for (DWORD n = 2; n <= 5; n++) send_document(n);
  config_pause(&st, FALSE);
  receive(6, true, received, sizeof received); /* those of fine resolution */
  has_documents(received, 1, 3);
  for (DWORD n = 1; n <= 3; n++) is_sent(first + n - 1, n);
  receive_rest(received, sizeof received);
  for (DWORD n = 1; n <= 5; n++) is_sent(first + n - 1, n);
  stage_stop_virtual(&st);
}

static void pages_arrive_as_they_are(void **unused) {
  (void)unused;
  arrive(false);
  arrive(true);
}

/* Nor is the end of a page of its own said, nor is who goes before disturbed.
 */
static void leave(bool isolated) {
  char received[256];
  start(in_time, isolated);
  receive(1, true, received, sizeof received);
  config_wait(60);
  config_pause(&st, TRUE);
  DWORD one = send_document(1), two = send_document(2),
        three = send_document(3);
  config_pause(&st, FALSE);
  stage_skip(&st, FEI_SENDING, one);
  assert_true(FaxSetJob(st.server, two, JC_PAUSE, NULL));
  receive(1, false, received, sizeof received);
  has_documents(received, 1, 1);
  is_sent(one, 1);
  receive(3, true, received, sizeof received);
  has_documents(received, 3, 3);
  is_sent(three, 3);
  struct fax_job_result *r = stage_result(&st, two);
  assert_int_equal(r->attempt_count, 0);
  FaxFreeBuffer(r);
  stage_stop_virtual(&st);
}

static void one_that_leaves_is_not_sent(void **unused) {
  (void)unused;
  leave(false);
  leave(true);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(pages_arrive_as_they_are),
      cmocka_unit_test(one_that_leaves_is_not_sent)};
  test_start();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
