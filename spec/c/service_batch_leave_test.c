/* SPDX-License-Identifier: MIT
   Who goes with whom in a call, and who leaves one that goes on; what a stop
   and a crash in the middle of it leave. */
#include "service_batch.h"

/* ---- leaving ---- */

/* The call ends before the pages of one that left it: no end of one of them is
   granted; who comes behind has had no call. */
static void ends_before_two(void) {
  say(1, 0);
  assert_int_equal(note(1), ERROR_SUCCESS);
  nothing_comes(); /* the page at work is not disturbed */
  say(2, 1);
  is_aborted();
  assert_true(fax_op_commit(op, 2));
  struct fax_call answer = take(FAX_CALL_COMMITTED);
  assert_int_equal(answer.error, ERROR_OPERATION_ABORTED);
  fax_op_unref(answer.op);
  hang_up(FS_USER_ABORT, "aborted");
  is_completed(one, 1, 1);
}

static void one_that_waits_is_cancelled(void **unused) {
  (void)unused;
  begin_and_learn();
  call_of_three();
  assert_true(FaxAbort(st.server, two));
  assert_int_equal(stage_outcome(&st, two), FAX_OUTCOME_CANCELLED);
  ends_before_two();
  is_untouched(three);
  call_succeeds(3);
  is_completed(three, 1, 3);
  end();
}

static void one_that_waits_is_paused(void **unused) {
  (void)unused;
  begin_and_learn();
  call_of_three();
  assert_true(FaxSetJob(st.server, two, JC_PAUSE, NULL));
  assert_int_equal(stage_queue_status(&st, two), JS_PENDING | JS_PAUSED);
  ends_before_two();
  is_untouched(two);
  call_succeeds(3);
  is_completed(three, 1, 3);
  resume(two);
  call_succeeds(2);
  is_completed(two, 1, 2);
  end();
}

/* Resumed, it waits for a line again, not for the call it was taken off. */
static void one_that_left_does_not_come_back(void **unused) {
  (void)unused;
  begin_and_learn();
  call_of_three();
  assert_true(FaxSetJob(st.server, two, JC_PAUSE, NULL));
  resume(two);
  ends_before_two();
  call_succeeds(5);
  is_completed(two, 1, 2);
  is_completed(three, 1, 3);
  end();
}

static void one_that_waits_expires(void **unused) {
  (void)unused;
  begin_and_learn();
  hold_queue();
  one = submit(1);
  two = submit_as(
      2, (struct fax_submission){
             .deadline = time_to_filetime(FaxClockWall() + 100 * FAX_SECOND)});
  three = submit(3);
  free_queue();
  call_of(6);
  config_wait(200);
  assert_int_equal(stage_outcome(&st, two), FAX_OUTCOME_FAILED);
  ends_before_two();
  call_succeeds(3);
  end();
}

/* The one on the line: the call is its own to end, and nobody else's page was
   begun. */
static void the_one_being_sent_is_cancelled(void **unused) {
  (void)unused;
  begin_and_learn();
  call_of_three();
  send_pages(1, 2);
  say(3, 2);
  assert_true(FaxAbort(st.server, two));
  is_aborted();
  hang_up(FS_USER_ABORT, NULL);
  is_completed(one, 1, 1);
  assert_int_equal(stage_outcome(&st, two), FAX_OUTCOME_CANCELLED);
  is_untouched(three);
  call_succeeds(3);
  end();
}

/* JOB-49: it takes effect when the job is back, which it is not: it is sent. */
static void the_one_being_sent_is_paused(void **unused) {
  (void)unused;
  begin_and_learn();
  call_of_three();
  say(1, 0);
  assert_true(FaxSetJob(st.server, one, JC_PAUSE, NULL));
  send_pages(1, 6);
  hang_up(FS_COMPLETED, NULL);
  is_completed(one, 1, 1);
  is_completed(three, 1, 3);
  end();
}

/* An abort that comes too late for one ends the call all the same. */
static void a_cancel_may_come_too_late(void **unused) {
  (void)unused;
  begin_and_learn();
  call_of_three();
  say(1, 0);
  assert_int_equal(note(1), ERROR_SUCCESS);
  assert_true(FaxAbort(st.server, one));
  is_aborted();
  say(1, 1);
  hang_up(FS_USER_ABORT, NULL);
  is_completed(one, 1, 1); /* JOB-22 */
  is_untouched(two);
  is_untouched(three);
  call_succeeds(5);
  end();
}

/* What keeps jobs from lines keeps them from this one. */
static void a_paused_queue_ends_the_call(void **unused) {
  (void)unused;
  begin_and_learn();
  call_of_three();
  hold_queue();
  ends_before_two();
  nothing_comes();
  is_untouched(two);
  free_queue();
  call_succeeds(5);
  is_completed(two, 1, 2);
  end();
}

/* A provider that goes on all the same: what it had confirmed was sent, and is
   not sent again. */
static void a_provider_that_does_not_end(void **unused) {
  (void)unused;
  begin_and_learn();
  call_of_three();
  hold_queue();
  say(1, 1);
  is_aborted();
  say(4, 4);
  struct fax_progress last = FAX_PROGRESS_INIT;
  last.pages_confirmed = 5;
  fax_op_end(op, FS_USER_ABORT, &last);
  config_settle();
  is_completed(one, 1, 1);
  is_completed(two, 1, 2);
  assert_int_equal(stage_queue_status(&st, three), JS_PENDING);
  struct fax_job_result *r = stage_result(&st, three);
  assert_int_equal(r->pages_confirmed, 2);
  FaxFreeBuffer(r);
  end();
}

/* Its line is taken away: the call goes on to the end of its job. */
static void a_provider_that_leaves(void **unused) {
  (void)unused;
  begin_and_learn();
  call_of_three();
  assert_true(FaxClose(attached));
  ends_before_two();
  take(FAX_CALL_STOP);
  is_untouched(two);
  attach(1);
  call_succeeds(2); /* a new one has to show what it can do */
  call_succeeds(3);
  end();
}

/* ---- a stop, a crash ---- */

/* Of page 3 of the call nobody knows; of the third job nothing was begun. */
static void a_crash_leaves_each_as_it_is(void **unused) {
  (void)unused;
  if (runs_apart()) {
    begin_and_learn();
    call_of_three();
    send_pages(1, 2);
    say(3, 2);
    assert_int_equal(note(3), ERROR_SUCCESS);
    stage_stored();
    kill(getpid(), SIGKILL);
  }
  one = 2, two = 3, three = 4; /* behind the one that was sent first */
  begin();
  is_completed(one, 1, 1);
  struct fax_job_result *r = stage_result(&st, two);
  assert_int_equal(r->attempt_count, 1);
  assert_string_equal(r->attempts[0].cause, "service_stopped");
  assert_int_equal(r->attempts[0].doubt, 2);
  assert_int_equal(r->attempts[0].first_page, 1);
  assert_int_equal(r->pages_confirmed, 1);
  FaxFreeBuffer(r);
  is_untouched(three);
  call_of(2); /* its own document, from page 2 on */
  assert_int_equal(fax_op_told(op)->first_page, 2);
  assert_int_equal(note(2), ERROR_SUCCESS);
  say(2, 1);
  hang_up(FS_COMPLETED, NULL);
  is_completed(two, 2, 1);
  call_succeeds(3);
  is_completed(three, 1, 3);
  assert_int_equal(stage_files(&st, "spool"), 0); /* the call's went, too */
  end();
}

/* Between the confirmation of one job's last page and the next one's first. */
static void a_crash_between_two_jobs(void **unused) {
  (void)unused;
  config.on_doubt = FAX_DOUBT_HOLD;
  if (runs_apart()) {
    begin_and_learn();
    call_of_three();
    send_pages(1, 1);
    stage_stored();
    kill(getpid(), SIGKILL);
  }
  one = 2, two = 3, three = 4;
  begin();
  is_completed(one, 1, 1);
  struct fax_job_result *r = stage_result(&st, two);
  assert_int_equal(r->attempts[0].doubt, 0); /* so it is not held */
  FaxFreeBuffer(r);
  call_succeeds(2);
  call_succeeds(3);
  end();
}

static void on_doubt_is_each_jobs_own(void **unused) {
  (void)unused;
  if (runs_apart()) {
    begin_and_learn();
    hold_queue();
    submit_as(1, (struct fax_submission){.on_doubt = FAX_DOUBT_HOLD});
    submit_as(2, (struct fax_submission){.on_doubt = FAX_DOUBT_RESEND});
    free_queue();
    call_of(3);
    send_pages(1, 1);
    say(2, 1);
    assert_int_equal(note(2), ERROR_SUCCESS);
    stage_stored();
    kill(getpid(), SIGKILL);
  }
  begin();
  is_completed(2, 1, 1);
  call_succeeds(2); /* it is not held */
  is_completed(3, 2, 2);
  end();
}

static void obey(void *unused) {
  (void)unused;
  fax_op_unref(take(FAX_CALL_ABORT).op);
  fax_op_end(op, FS_USER_ABORT, NULL);
}

/* Every job is where it was; the one on the line goes on behind its pages. */
static void a_stop_ends_the_call(void **unused) {
  (void)unused;
  begin_and_learn();
  call_of_three();
  send_pages(1, 2);
  say(3, 2);
  pthread_t other;
  assert_int_equal(thread_start(&other, "obey", obey, NULL), ERROR_SUCCESS);
  end();
  thread_join(other);
  begin();
  is_completed(one, 1, 1);
  call_of(2);
  assert_int_equal(fax_op_told(op)->first_page, 2);
  assert_int_equal(note(2), ERROR_SUCCESS);
  say(2, 1);
  hang_up(FS_COMPLETED, NULL);
  call_succeeds(3);
  end();
}

/* ---- who goes with whom ---- */

/* Gives how many pages the call of a job of one page and another of two has. */
static void together(DWORD pages) {
  free_queue();
  call_of(pages);
  send_pages(1, pages);
  hang_up(FS_COMPLETED, NULL);
  if (pages == 1) call_succeeds(2);
  nothing_comes();
}

static void whoever_is_told_the_same(void **unused) {
  (void)unused;
  begin_and_learn();
  for (int i = 0; i < 6; i++) {
    hold_queue();
    submit(1);
    FAX_JOB_PARAM *p = next_params();
    if (i == 0) p->RecipientNumber = SAME_NUMBER;
    if (i == 1) p->DocumentName = "another";
    if (i == 2) p->Tsid = "another";
    if (i == 3) p->SenderName = "another";
    if (i == 4) p->RecipientName = "another";
    if (i == 5) p->RecipientNumber = "+49 30 54321";
    submit(2);
    together(i < 2 ? 3 : 1);
  }
  end();
}

static void not_with_a_header_line(void **unused) {
  (void)unused;
  config.branding = TRUE;
  begin_and_learn();
  hold_queue();
  submit(1), submit(2);
  together(1);
  end();
}

static void not_without_the_option(void **unused) {
  (void)unused;
  for (config.batch = 0; config.batch < 2; config.batch++) {
    begin_and_learn();
    hold_queue();
    submit(1), submit(2);
    together(1);
    end();
  }
}

static void no_more_than_the_option_says(void **unused) {
  (void)unused;
  config.batch = 2;
  begin_and_learn();
  hold_queue();
  for (int i = 0; i < 5; i++) submit(1);
  free_queue();
  call_succeeds(2);
  call_succeeds(2);
  call_succeeds(1);
  end();
  config.batch = 101;
  assert_fails(FaxServiceStart(&config), ERROR_INVALID_PARAMETER);
}

static void only_who_may_be_sent_now(void **unused) {
  SYSTEMTIME later = {.wYear = 2026, .wMonth = 6, .wDay = 1};
  (void)unused;
  begin_and_learn();
  hold_queue();
  submit(1);
  submit_as(3, (struct fax_submission){.hold = TRUE});
  next_params()->ScheduleAction = JSA_SPECIFIC_TIME;
  params.ScheduleTime = later;
  submit(3);
  submit_as(3, (struct fax_submission){.device_id = 1});
  submit_as(3, (struct fax_submission){.max_rate = 9600});
  submit(2);
  free_queue();
  call_succeeds(3);
  call_succeeds(3); /* for that line alone */
  call_succeeds(3); /* more slowly */
  nothing_comes();
  end();
}

static void the_first_turn_is_the_first_page(void **unused) {
  (void)unused;
  begin_and_learn();
  hold_queue();
  DWORD low =
      submit_as(1, (struct fax_submission){.priority = FAX_PRIORITY_LOW});
  DWORD high =
      submit_as(2, (struct fax_submission){.priority = FAX_PRIORITY_HIGH});
  free_queue();
  call_of(3);
  assert_int_equal(fax_op_told(op)->job_id, high);
  send_pages(1, 2);
  is_completed(high, 1, 2);
  assert_int_equal(stage_queue_status(&st, low), JS_INPROGRESS);
  send_pages(3, 3);
  hang_up(FS_COMPLETED, NULL);
  end();
}

/* A call is one call, however many jobs it has; those that come while it goes
   on go with the next. */
static void a_call_is_one_of_its_number(void **unused) {
  (void)unused;
  begin();
  assert_true(FaxClose(attached));
  take(FAX_CALL_STOP);
  attach(2);
  submit(1);
  call_succeeds(1);
  call_of_three();
  submit(4), submit(1);
  nothing_comes();
  send_pages(1, 5);
  nothing_comes();
  send_pages(6, 6);
  hang_up(FS_COMPLETED, NULL);
  call_succeeds(5);
  end();
}

/* DOC-2: a document has one resolution. */
static void only_of_one_resolution(void **unused) {
  const char *file = st.document;
  struct fax_submission sub = {.size = sizeof sub,
                               .files = &file,
                               .file_count = 1,
                               .params = &params,
                               .retries = FAX_UNKNOWN,
                               .retry_delay = FAX_UNKNOWN,
                               .ecm = FAX_UNKNOWN};
  DWORD job;
  (void)unused;
  begin_and_learn();
  hold_queue();
  submit(1), submit(1);
  next_params();
  assert_true(pages_make(st.document, PAGES_SHORT, 2, 100, 98));
  assert_true(FaxSubmit(st.server, &sub, &job));
  free_queue();
  call_succeeds(2);
  call_succeeds(2);
  end();
}

/* Somebody took it away: the others are not held up by it. */
static void a_document_that_cannot_be_read(void **unused) {
  char command[256];
  (void)unused;
  stage_only_here(); /* elsewhere the server opens it, and tells nobody */
  begin_and_learn();
  hold_queue();
  submit(1);
  snprintf(command, sizeof command, "mv %s/spool/*.tif %s", st.directory,
           st.directory);
  assert_int_equal(system(command), 0);
  submit(2);
  snprintf(command, sizeof command, "rm %s/spool/*.tif", st.directory);
  assert_int_equal(system(command), 0);
  snprintf(command, sizeof command, "mv %s/*.tif %s/spool", st.directory,
           st.directory);
  assert_int_equal(system(command), 0);
  free_queue();
  call_succeeds(1);
  op = take(FAX_CALL_START).op;
  hang_up(FS_FATAL_ERROR, "bad_document");
  end();
}

int main(void) {
  const struct CMUnitTest tests[] = {batched(one_that_waits_is_cancelled),
                                     batched(one_that_waits_is_paused),
                                     batched(one_that_left_does_not_come_back),
                                     batched(one_that_waits_expires),
                                     batched(the_one_being_sent_is_cancelled),
                                     batched(the_one_being_sent_is_paused),
                                     batched(a_cancel_may_come_too_late),
                                     batched(a_paused_queue_ends_the_call),
                                     batched(a_provider_that_does_not_end),
                                     batched(a_provider_that_leaves),
                                     batched(a_crash_leaves_each_as_it_is),
                                     batched(a_crash_between_two_jobs),
                                     batched(on_doubt_is_each_jobs_own),
                                     batched(a_stop_ends_the_call),
                                     batched(whoever_is_told_the_same),
                                     batched(not_with_a_header_line),
                                     batched(not_without_the_option),
                                     batched(no_more_than_the_option_says),
                                     batched(only_who_may_be_sent_now),
                                     batched(the_first_turn_is_the_first_page),
                                     batched(a_call_is_one_of_its_number),
                                     batched(only_of_one_resolution),
                                     batched(a_document_that_cannot_be_read)};
  test_start();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
