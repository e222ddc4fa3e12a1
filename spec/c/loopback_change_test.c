/* SPDX-License-Identifier: MIT
   Calls that go over to T.38, or are refused it, through the service: what they
   went over, and what is known of their pages. */
#include <fax/fax_operation.h>
#include <fax/faxdev.h>

#include "service_stage.h"

#define PAGES 2

/* One that is decided, whose result is freed by the caller. */
static struct fax_job_result *decided(struct stage *st, DWORD job) {
  while (stage_outcome(st, job) == FAX_OUTCOME_PENDING)
    FaxLocalFree(stage_event(st));
  return stage_result(st, job);
}

static DWORD submit(struct stage *st, const char *number, DWORD transport,
                    DWORD ecm) {
  const char *file = st->document;
  FAX_JOB_PARAM params = {.SizeOfStruct = sizeof params,
                          .RecipientNumber = number};
  struct fax_submission sub = stage_of_file(&file, &params);
  sub.ecm = ecm;
  sub.transport = transport;
  DWORD id = stage_submit(st, &sub);
  return id;
}

static void expect(struct stage *st, const char *number, DWORD asked,
                   DWORD transport, const char *cause) {
  struct fax_job_result *r = decided(st, submit(st, number, asked, 1));
  const struct fax_attempt *a = &r->attempts[0];
  if (a->transport != transport) fail_msg("%s: %u", number, a->transport);
  if (cause == NULL) {
    assert_int_equal(r->outcome, FAX_OUTCOME_COMPLETED);
    assert_int_equal(a->quality, FAX_QUALITY_VERIFIED);
  } else {
    assert_int_equal(r->outcome, FAX_OUTCOME_FAILED);
    assert_int_equal(a->status, FS_DISCONNECTED);
    assert_int_equal(a->quality, FAX_UNKNOWN);
    assert_string_equal(a->cause, cause);
    if (strcmp(cause, "t38_refused") == 0)
      assert_non_null(strstr(a->evidence, "T.38"));
    assert_non_null(a->advice);
  }
  FaxFreeBuffer(r);
}

static void test_who_wants_t38(void **state) {
  static const char *const audio[] = {"lines=1", NULL},
                           *const t38[] = {"lines=1", "transport=t38", NULL},
                           *const only[] = {"lines=1", "transport=t38",
                                            "fallback=none", NULL};
  struct stage st = {0};
  (void)state;
  stage_start(&st, audio, NULL);
  stage_document(&st, PAGES);
  expect(&st, "+999 9999 100", FAX_TRANSPORT_ANY, FAX_TRANSPORT_AUDIO, NULL);
  expect(&st, "+999 9999 100", FAX_TRANSPORT_T38, FAX_TRANSPORT_T38, NULL);
  expect(&st, "+999 9999 800", FAX_TRANSPORT_ANY, FAX_TRANSPORT_T38, NULL);
  expect(&st, "+999 9999 800", FAX_TRANSPORT_AUDIO, FAX_TRANSPORT_AUDIO, NULL);
  expect(&st, "+999 9999 801", FAX_TRANSPORT_ANY, FAX_TRANSPORT_AUDIO, NULL);
  expect(&st, "+999 9999 801", FAX_TRANSPORT_T38, FAX_TRANSPORT_AUDIO,
         "t38_refused");
  stage_stop(&st);
  stage_start(&st, t38, NULL);
  stage_document(&st, PAGES);
  expect(&st, "+999 9999 100", FAX_TRANSPORT_ANY, FAX_TRANSPORT_T38, NULL);
  expect(&st, "+999 9999 801", FAX_TRANSPORT_ANY, FAX_TRANSPORT_AUDIO, NULL);
  stage_stop(&st);
  stage_start(&st, only, NULL);
  stage_document(&st, PAGES);
  expect(&st, "+999 9999 801", FAX_TRANSPORT_ANY, FAX_TRANSPORT_AUDIO,
         "t38_refused");
  expect(&st, "+999 9999 801", FAX_TRANSPORT_AUDIO, FAX_TRANSPORT_AUDIO, NULL);
  stage_stop(&st);
}

/* A call that is over by then does not begin again. */
static void test_who_has_hung_up(void **state) {
  static const char *const cut[] = {"lines=1", "transport=t38",
                                    /* the change comes after a second */
                                    "to.9999999100.cut=0.98",
                                    "to.9999999108.cut=1.02", NULL};
  struct stage st = {0};
  (void)state;
  stage_start(&st, cut, NULL);
  stage_document(&st, PAGES);
  expect(&st, "+999 9999 100", FAX_TRANSPORT_ANY, FAX_TRANSPORT_AUDIO,
         "disconnected");
  expect(&st, "+999 9999 108", FAX_TRANSPORT_ANY, FAX_TRANSPORT_T38,
         "disconnected");
  stage_stop(&st);
}

/* A fax from line 1 to line 2, and what its receiver is told. */
static void flow(const char *const *options, DWORD ecm, DWORD sent,
                 DWORD received) {
  struct stage st = {0};
  struct fax_received *inbox;
  DWORD count;
  stage_start(&st, options, NULL);
  assert_true(pages_make(st.document, PAGES_LETTER, PAGES, PAGES_A4_FINE, 196));
  DWORD job = submit(&st, "102", FAX_TRANSPORT_ANY, ecm);
  struct fax_event *got = stage_until(&st, FEI_FAX_RECEIVED, 0);
  assert_int_equal(got->pages, PAGES);
  assert_int_equal(got->complete, 1);
  assert_int_equal(got->quality, received);
  assert_int_equal(got->bad_rows != 0, received == FAX_QUALITY_DAMAGED);
  struct fax_job_result *r = decided(&st, got->job_id);
  assert_int_equal(r->outcome, FAX_OUTCOME_COMPLETED);
  assert_int_equal(r->attempts[0].quality, received);
  assert_int_equal(r->attempts[0].bad_rows, got->bad_rows);
  assert_int_equal(r->attempts[0].transport, FAX_TRANSPORT_T38);
  for (unsigned i = 0; i < PAGES && received != FAX_QUALITY_DAMAGED; i++)
    assert_true(pages_same(st.document, i, got->path, i));
  FaxFreeBuffer(r);
  assert_true(FaxEnumInbox(st.server, (FILETIME){0, 0}, &inbox, &count));
  assert_int_equal(count, 1);
  assert_int_equal(inbox[0].quality, received);
  assert_int_equal(inbox[0].bad_rows, got->bad_rows);
  FaxFreeBuffer(inbox);
  FaxLocalFree(got);
  r = decided(&st, job);
  assert_int_equal(r->outcome, FAX_OUTCOME_COMPLETED);
  assert_int_equal(r->attempts[0].quality, sent);
  FaxFreeBuffer(r);
  stage_stop(&st);
}

/* The sender of a page without error correction never learns what became of
   it; its receiver knows that packets are missing. */
static void test_what_is_known_of_pages(void **state) {
  static const char *const clean[] = {"lines=2", "transport=t38", NULL},
                           *const bad[] = {"lines=2",      "transport=t38",
                                           "redundancy=0", "loss=2",
                                           "seed=4",       NULL};
  (void)state;
  flow(clean, 1, FAX_QUALITY_VERIFIED, FAX_QUALITY_VERIFIED);
  flow(clean, 0, FAX_QUALITY_UNVERIFIED, FAX_QUALITY_UNVERIFIED);
  flow(bad, 0, FAX_QUALITY_UNVERIFIED, FAX_QUALITY_DAMAGED);
}

/* A fax is not in the inbox before all is known of it. */
static void test_what_the_inbox_knows(void **state) {
  struct stage st = {0};
  struct fax_received *inbox;
  DWORD count;
  (void)state;
  for (int i = 0; i < 8; i++) {
    stage_start(&st, NULL, NULL);
    stage_document(&st, 1);
    DWORD job = submit(&st, "102", FAX_TRANSPORT_T38, 1);
    do {
      assert_true(FaxEnumInbox(st.server, (FILETIME){0, 0}, &inbox, &count));
      if (count != 0) {
        assert_int_equal(inbox[0].quality, FAX_QUALITY_VERIFIED);
        assert_int_equal(inbox[0].bad_rows, 0);
      }
      FaxFreeBuffer(inbox);
    } while (count == 0);
    FaxFreeBuffer(decided(&st, job));
    stage_stop(&st);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_who_wants_t38),
      cmocka_unit_test(test_who_has_hung_up),
      cmocka_unit_test(test_what_is_known_of_pages),
      cmocka_unit_test(test_what_the_inbox_knows),
  };
  test_start();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
