/* SPDX-License-Identifier: MIT
   The main job in C: a document goes from one line to the other through the
   service, and what is told of it on the way. */
#include "service_stage.h"

static void whole_way(void **unused) {
  struct stage st = {0};
  struct fax_received *received;
  DWORD count;
  (void)unused;
  stage_start(&st, NULL, NULL);
  stage_document(&st, 2);
  DWORD job = stage_send(&st, "102");
  struct fax_event *got = stage_until(&st, FEI_FAX_RECEIVED, 0);
  assert_int_equal(got->complete, 1);
  assert_int_equal(got->pages, 2);
  assert_int_equal(got->bad_rows, 0);
  assert_string_equal(got->remote_id, "sender");
  assert_true(pages_same(st.document, 0, got->path, 0));
  assert_true(pages_same(st.document, 1, got->path, 1));
  DWORD reception = got->job_id;
  FaxLocalFree(got);
  stage_skip(&st, FEI_DELETED, reception);

  struct fax_job_result *result;
  for (;;) { /* the two ends are not told in a fixed order */
    result = stage_result(&st, job);
    if (result->outcome != FAX_OUTCOME_PENDING) break;
    FaxFreeBuffer(result);
    stage_skip(&st, FEI_DELETED, job);
  }
  assert_int_equal(result->outcome, FAX_OUTCOME_COMPLETED);
  assert_int_equal(result->pages_confirmed, 2);
  assert_int_equal(result->attempt_count, 1);
  assert_int_equal(result->attempts[0].pages_confirmed, 2);
  assert_int_equal(result->attempts[0].rate, 14400);
  assert_int_equal(result->attempts[0].ecm, 1);
  FaxFreeBuffer(result);

  assert_true(FaxEnumInbox(st.server, (FILETIME){0, 0}, &received, &count));
  assert_int_equal(count, 1);
  assert_int_equal(received[0].pages, 2);
  assert_true(received[0].complete);
  FaxFreeBuffer(received);
  stage_stop(&st);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(whole_way)};
  test_start();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
