/* SPDX-License-Identifier: MIT
   Several jobs in one call: which go together, and what becomes of each. */
#include <fax/fax_policy.h>

#include "service_batch.h"

/* ---- one call ---- */

static void all_are_sent(void **unused) {
  (void)unused;
  begin_and_learn();
  call_of_three();
  assert_string_equal(fax_op_told(op)->called_number, NUMBER);
  assert_int_equal(fax_op_told(op)->job_id, one);
  assert_int_equal(fax_op_told(op)->first_page, 1);
  send_pages(1, 6);
  hang_up(FS_COMPLETED, NULL);
  is_completed(one, 1, 1);
  is_completed(two, 1, 2);
  is_completed(three, 1, 3);
  nothing_comes();
  assert_int_equal(stage_files(&st, "spool"), 0);
  end();
}

/* Pages of the call are those of its jobs, one behind the other. */
static void the_pages_are_the_jobs_own(void **unused) {
  char path[128];
  (void)unused;
  begin_and_learn();
  call_of_three();
  snprintf(path, sizeof path, "%s/own.tif", st.directory);
  for (unsigned pages = 1, at = 0; pages <= 3; pages++) {
    assert_true(pages_make(path, PAGES_SHORT, pages, 200 + pages, 196));
    for (unsigned page = 0; page < pages; page++, at++)
      assert_true(pages_same(path, page, fax_op_file(op), at));
  }
  send_pages(1, 6);
  hang_up(FS_COMPLETED, NULL);
  end();
}

static void each_has_its_own_events(void **unused) {
  char trace[256];
  (void)unused;
  begin_and_learn();
  call_of_three();
  send_pages(1, 6);
  hang_up(FS_COMPLETED, NULL);
  for (DWORD job = one; job <= three; job++) {
    assert_int_equal(stage_trace(&st, job, FEI_DELETED, trace, sizeof trace),
                     FAX_OUTCOME_COMPLETED);
    assert_string_equal(trace, job == one
                                   ? "JOB_QUEUED INITIALIZING SENDING "
                                     "COMPLETED DELETED"
                                   : "INITIALIZING SENDING COMPLETED DELETED");
  }
  end();
}

/* Its page is told as that of its document. */
static void an_event_has_the_page_of_its_job(void **unused) {
  (void)unused;
  begin_and_learn();
  call_of_three();
  send_pages(1, 2);
  say(3, 2);
  for (DWORD page = 1; page <= 2; page++) {
    struct fax_event *e = stage_until(&st, FEI_SENDING, two);
    while (e->page != page) {
      FaxLocalFree(e);
      e = stage_until(&st, FEI_SENDING, two);
    }
    assert_int_equal(e->device_id, 1);
    assert_int_equal(e->attempt, 1);
    FaxLocalFree(e);
  }
  send_pages(3, 6);
  hang_up(FS_COMPLETED, NULL);
  end();
}

static DWORD shown_by_port(void) {
  HANDLE port;
  FAX_DEVICE_STATUS *status;
  assert_true(FaxOpenPort(st.server, 1, PORT_OPEN_QUERY, &port));
  assert_true(FaxGetDeviceStatus(port, &status));
  DWORD pages = status->TotalPages;
  FaxFreeBuffer(status);
  assert_true(FaxClose(port));
  return pages;
}

/* Those behind wait for their turn; the port shows the one that has it. */
static void one_at_a_time_is_in_progress(void **unused) {
  (void)unused;
  begin_and_learn();
  call_of_three();
  say(1, 0);
  assert_int_equal(stage_queue_status(&st, one), JS_INPROGRESS);
  assert_int_equal(stage_queue_status(&st, two), JS_PENDING);
  assert_int_equal(shown_by_port(), 1);
  send_pages(1, 1);
  assert_int_equal(stage_queue_status(&st, one), FAX_UNKNOWN);
  assert_int_equal(stage_queue_status(&st, two), JS_INPROGRESS);
  assert_int_equal(stage_queue_status(&st, three), JS_PENDING);
  assert_int_equal(shown_by_port(), 2);
  is_completed(one, 1, 1);
  send_pages(2, 6);
  hang_up(FS_COMPLETED, NULL);
  end();
}

/* A count may skip. */
static void many_are_confirmed_at_once(void **unused) {
  (void)unused;
  begin_and_learn();
  call_of_three();
  assert_int_equal(note(1), ERROR_SUCCESS);
  say(4, 4);
  is_completed(one, 1, 1);
  is_completed(two, 1, 2);
  assert_int_equal(note(5), ERROR_SUCCESS);
  struct fax_progress last = FAX_PROGRESS_INIT;
  last.pages_confirmed = 6;
  fax_op_end(op, FS_COMPLETED, &last);
  config_settle();
  is_completed(three, 1, 3);
  end();
}

/* ---- a call that fails ---- */

static void the_one_being_sent_fails(void **unused) {
  (void)unused;
  begin_and_learn();
  call_of_three();
  send_pages(1, 2);
  say(3, 2);
  hang_up(FS_DISCONNECTED, "no_carrier");
  is_completed(one, 1, 1);
  is_tried_again(two, 1, "no_carrier");
  is_untouched(three);
  call_of(3); /* at once: it had no call */
  assert_int_equal(fax_op_told(op)->job_id, three);
  send_pages(1, 3);
  hang_up(FS_COMPLETED, NULL);
  is_completed(three, 1, 3);
  call_of(2); /* by itself, from the document: it asks where to begin */
  assert_int_equal(fax_op_told(op)->first_page, 2);
  fax_op_end(op, FS_COMPLETED, NULL);
  config_settle();
  end();
}

/* It goes on behind its confirmed pages also in a call with others, which has
   no more of it. */
static void what_is_left_goes_with_others(void **unused) {
  struct fax_retry_policy policy;
  (void)unused;
  FaxPolicyDefaults(&policy);
  policy.ladder_count = 0; /* else a call after a failure is another */
  config.policy = &policy;
  begin_and_learn();
  DWORD first = submit(3);
  call_of(3);
  send_pages(1, 2);
  hang_up(FS_DISCONNECTED, "no_carrier");
  hold_queue();
  DWORD other = submit(2);
  config_wait(700);
  free_queue();
  call_of(3);
  say(1, 0);
  assert_int_equal(note(1), ERROR_SUCCESS);
  say(2, 1);
  is_completed(first, 2, 1);
  send_pages(2, 3);
  hang_up(FS_COMPLETED, NULL);
  is_completed(other, 1, 2);
  end();
}

/* Nothing was sent: one attempt of the first. */
static void a_busy_number_fails_one(void **unused) {
  (void)unused;
  begin_and_learn();
  call_of_three();
  hang_up(FS_BUSY, "busy");
  is_tried_again(one, 0, "busy");
  is_untouched(two);
  is_untouched(three);
  call_succeeds(5);
  is_completed(three, 1, 3);
  call_succeeds(1);
  is_completed(one, 2, 1);
  end();
}

static void a_line_that_is_away_fails_none(void **unused) {
  (void)unused;
  begin_and_learn();
  call_of_three();
  hang_up(FS_LINE_UNAVAILABLE, NULL);
  is_untouched(two);
  is_untouched(three);
  call_of(6); /* and the first went behind those that were there */
  assert_int_equal(fax_op_told(op)->job_id, two);
  send_pages(1, 6);
  hang_up(FS_COMPLETED, NULL);
  is_completed(three, 1, 3);
  end();
}

/* The last page of one was confirmed, and no more: it has been sent. */
static void the_end_of_one_is_its_own(void **unused) {
  (void)unused;
  begin_and_learn();
  call_of_three();
  send_pages(1, 6);
  hang_up(FS_DISCONNECTED, "no_carrier");
  is_completed(one, 1, 1);
  is_completed(two, 1, 2);
  is_completed(three, 1, 3);
  end();
}

static void a_call_that_lacks_pages_is_not_complete(void **unused) {
  (void)unused;
  begin_and_learn();
  call_of_three();
  send_pages(1, 2);
  hang_up(FS_COMPLETED, NULL);
  is_completed(one, 1, 1);
  is_tried_again(two, 1, "pages_missing");
  is_untouched(three);
  call_succeeds(3);
  end();
}

/* ---- providers ---- */

/* Until it has shown that it can. */
static void a_first_call_has_one_job(void **unused) {
  (void)unused;
  begin();
  hold_queue();
  submit(1), submit(1), submit(1);
  free_queue();
  call_succeeds(1);
  call_succeeds(2);
  end();
}

static void one_that_does_not_note_gets_one_job(void **unused) {
  (void)unused;
  begin();
  hold_queue();
  submit(1), submit(1);
  free_queue();
  for (int i = 0; i < 2; i++) {
    call_of(1);
    say(1, 1);
    hang_up(FS_COMPLETED, NULL);
  }
  nothing_comes();
  end();
}

static void one_that_does_not_count_gets_one_job(void **unused) {
  (void)unused;
  begin();
  hold_queue();
  submit(1), submit(1);
  free_queue();
  for (int i = 0; i < 2; i++) {
    call_of(1);
    assert_int_equal(note(1), ERROR_SUCCESS);
    hang_up(FS_COMPLETED, NULL);
  }
  nothing_comes();
  end();
}

/* It did once, and does not any more: its word is taken for all of the call, as
   it is for one job, and it gets no such call again. */
static void one_that_stops_counting_is_not_trusted_again(void **unused) {
  (void)unused;
  begin_and_learn();
  call_of_three();
  hang_up(FS_COMPLETED, NULL);
  is_completed(one, 1, FAX_UNKNOWN);
  is_completed(two, 1, FAX_UNKNOWN);
  is_completed(three, 1, FAX_UNKNOWN);
  hold_queue();
  submit(1), submit(1);
  free_queue();
  call_succeeds(1);
  call_succeeds(1);
  end();
}

/* Of a job that is not on the line yet no page may be finished. */
static void a_page_that_is_asked_for_too_early_is_refused(void **unused) {
  (void)unused;
  begin_and_learn();
  call_of_three();
  say(1, 0);
  assert_int_equal(note(2), ERROR_OPERATION_ABORTED);
  assert_int_equal(note(1), ERROR_SUCCESS);
  say(2, 1);
  assert_int_equal(note(2), ERROR_SUCCESS);
  hang_up(FS_DISCONNECTED, "no_carrier");
  is_completed(one, 1, 1);
  is_tried_again(two, 0, "no_carrier");
  call_succeeds(3);
  end();
}

static void reload_batch(DWORD batch) {
  char *left;
  config.batch = batch;
  if (!FaxServiceReload(&config, &left))
    fail_msg("%s", FaxGetLastErrorMessage());
  assert_null(left);
}

/* Those that wait go by what a reload has set. */
static void a_reload_changes_how_many_go(void **unused) {
  (void)unused;
  config.batch = 1;
  begin_and_learn();
  hold_queue();
  one = submit(1), two = submit(2), three = submit(3);
  reload_batch(2);
  free_queue();
  call_of(3);
  send_pages(1, 3);
  hang_up(FS_COMPLETED, NULL);
  call_succeeds(3); /* of three pages, the third job's */
  reload_batch(0);
  hold_queue();
  one = submit(1), two = submit(2);
  free_queue();
  call_succeeds(1);
  call_succeeds(2);
  end();
}

int main(void) {
  const struct CMUnitTest tests[] = {
      batched(all_are_sent),
      batched(the_pages_are_the_jobs_own),
      batched(each_has_its_own_events),
      batched(an_event_has_the_page_of_its_job),
      batched(one_at_a_time_is_in_progress),
      batched(many_are_confirmed_at_once),
      batched(the_one_being_sent_fails),
      batched(what_is_left_goes_with_others),
      batched(a_busy_number_fails_one),
      batched(a_line_that_is_away_fails_none),
      batched(the_end_of_one_is_its_own),
      batched(a_call_that_lacks_pages_is_not_complete),
      batched(a_first_call_has_one_job),
      batched(one_that_does_not_note_gets_one_job),
      batched(one_that_does_not_count_gets_one_job),
      batched(one_that_stops_counting_is_not_trusted_again),
      batched(a_page_that_is_asked_for_too_early_is_refused),
      batched(a_reload_changes_how_many_go)};
  test_start();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
