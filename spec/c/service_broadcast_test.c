/* SPDX-License-Identifier: MIT
   FaxSendDocumentForBroadcast (BC-1..14). */
#include "service_config.h"

static struct stage st;

static void start_with(void (*change)(struct fax_service_config *)) {
  script_start(&st, 2, change);
}

/* What the callback names, and what it saw. */
struct broadcast {
  const char *const *numbers; /* NULL at the end */
  DWORD asked;
  DWORD last_error; /* set before the end */
  DWORD thread_errors;
  DWORD seen[8]; /* jobs in the queue when it was asked */
  const char *page;
};

static DWORD count_jobs(void) {
  FAX_JOB_ENTRY *jobs;
  DWORD count;
  assert_true(FaxEnumJobs(st.server, &jobs, &count));
  FaxFreeBuffer(jobs);
  return count;
}

/* BC-2, -3, -4 */
static BOOL CALLBACK name_one(HANDLE server, DWORD n, LPVOID context,
                              PFAX_JOB_PARAM p, PFAX_COVERPAGE_INFO cover) {
  struct broadcast *b = context;
  static const FAX_JOB_PARAM no_params = {.SizeOfStruct = sizeof no_params};
  static const FAX_COVERPAGE_INFO no_cover = {.SizeOfStruct = sizeof no_cover};
  assert_ptr_equal(server, st.server);
  assert_int_equal(n, ++b->asked);
  assert_int_equal(FaxGetLastError(), ERROR_SUCCESS);
  assert_memory_equal(p, &no_params, sizeof *p);
  assert_memory_equal(cover, &no_cover, sizeof *cover);
  if (n <= 8) b->seen[n - 1] = count_jobs();
  if (b->numbers[n - 1] == NULL) {
    p->RecipientNumber = FSP_COMPLETES; /* not used: it returns FALSE */
    FaxSetLastError(b->last_error);
    return FALSE;
  }
  FaxSetLastError(ERROR_FILE_NOT_FOUND); /* means nothing with TRUE */
  p->RecipientNumber = b->numbers[n - 1][0] != '\0' ? b->numbers[n - 1] : NULL;
  p->RecipientName = "recipient";
  if (b->page != NULL) cover->CoverPageName = b->page;
  return TRUE;
}

static const char *const three[] = {FSP_COMPLETES, FSP_BUSY, FSP_COMPLETES,
                                    NULL};

/* BC-1, -6, -7, -8 */
static void each_recipient_gets_a_job_of_its_own(void **unused) {
  struct broadcast b = {.numbers = three};
  DWORD document = 0, ids[3];
  FAX_JOB_ENTRY *entry;
  (void)unused;
  start_with(NULL);
  config_pause(&st, TRUE);
  if (!FaxSendDocumentForBroadcast(st.server, st.document, &document, name_one,
                                   &b))
    fail_msg("%s", FaxGetLastErrorMessage());
  assert_int_equal(b.asked, 4);
  for (DWORD i = 0; i < 3; i++) {
    struct fax_event *e = stage_until(&st, FEI_JOB_QUEUED, 0);
    ids[i] = e->job_id;
    FaxLocalFree(e);
    assert_true(ids[i] > (i == 0 ? document : ids[i - 1]));
    assert_true(FaxGetJob(st.server, ids[i], &entry));
    assert_string_equal(entry->RecipientNumber, three[i]);
    assert_string_equal(entry->RecipientName, "recipient");
    FaxFreeBuffer(entry);
    assert_int_equal(b.seen[i], 0); /* with one commit, when all are named */
  }
  assert_int_equal(count_jobs(), 3);
  assert_int_equal(stage_files(&st, "spool"), 1);
  stage_stop(&st);
}

/* BC-7, -9: the id is no job's. */
static void the_document_has_an_id_and_no_job(void **unused) {
  struct broadcast b = {.numbers = three};
  DWORD document = 0;
  FAX_JOB_ENTRY *entry;
  struct fax_job_result *result;
  (void)unused;
  start_with(NULL);
  config_pause(&st, TRUE);
  assert_true(FaxSendDocumentForBroadcast(st.server, st.document, &document,
                                          name_one, &b));
  assert_true(document != 0);
  DWORD error = ERROR_INVALID_PARAMETER;
  assert_fails(FaxAbort(st.server, document), error);
  assert_fails(FaxSetJob(st.server, document, JC_DELETE, NULL), error);
  assert_fails(FaxSetJob(st.server, document, JC_PAUSE, NULL), error);
  assert_fails(FaxGetJob(st.server, document, &entry), error);
  assert_fails(FaxGetJobResult(st.server, document, &result), error);
  assert_int_equal(count_jobs(), 3);
  stage_stop(&st);
}

/* One file in the spool until the last of them is gone. */
static void the_pages_stay_until_the_last_job_is_gone(void **unused) {
  struct broadcast b = {.numbers = three};
  DWORD document, busy = 0, gone = 0;
  (void)unused;
  start_with(NULL);
  assert_true(FaxSendDocumentForBroadcast(st.server, st.document, &document,
                                          name_one, &b));
  while (gone < 2 || busy == 0) {
    struct fax_event *e = stage_event(&st);
    if (e->event_id == FEI_BUSY) busy = e->job_id;
    if (e->event_id == FEI_DELETED) gone++;
    FaxLocalFree(e);
  }
  assert_int_equal(stage_queue_status(&st, busy), JS_RETRIES_EXCEEDED);
  assert_int_equal(stage_files(&st, "spool"), 1);
  assert_true(FaxAbort(st.server, busy));
  stage_stop_within(20);
  assert_int_equal(stage_files(&st, "spool"), 0);
  stage_end(&st);
}

/* BC-5: what is queued stays, and the message tells how much. */
static void a_bad_recipient_ends_it(void **unused) {
  static const struct {
    const char *numbers[4], *page;
    DWORD error;
  } cases[] = {
      {{FSP_COMPLETES, FSP_BUSY, "", NULL}, NULL, ERROR_INVALID_PARAMETER},
      {{FSP_COMPLETES, FSP_BUSY, "Bob", NULL}, NULL, ERROR_INVALID_PARAMETER},
  };
  (void)unused;
  start_with(NULL);
  config_pause(&st, TRUE);
  for (DWORD i = 0; i < 2; i++) {
    struct broadcast b = {.numbers = cases[i].numbers, .page = cases[i].page};
    DWORD document = 77;
    assert_fails(FaxSendDocumentForBroadcast(st.server, st.document, &document,
                                             name_one, &b),
                 cases[i].error);
    assert_int_equal(document, 77);
    assert_int_equal(b.asked, 3);
    assert_non_null(strstr(FaxGetLastErrorMessage(), "recipient 3"));
    assert_non_null(strstr(FaxGetLastErrorMessage(), "2 were queued"));
    assert_int_equal(count_jobs(), 2 * (i + 1));
  }
  struct broadcast b = {.numbers = three, .page = "cover.cov"};
  DWORD document;
  assert_fails(FaxSendDocumentForBroadcast(st.server, st.document, &document,
                                           name_one, &b),
               ERROR_CALL_NOT_IMPLEMENTED);
  assert_int_equal(b.asked, 1);
  stage_stop(&st);
}

/* BC-12, -13; nothing is left of a document that went to nobody. */
static void the_callback_may_say_why_it_ends(void **unused) {
  static const char *const nobody[] = {NULL};
  struct broadcast b = {.numbers = nobody};
  DWORD document = 77;
  (void)unused;
  start_with(NULL);
  config_pause(&st, TRUE);
  assert_fails(FaxSendDocumentForBroadcast(st.server, st.document, &document,
                                           name_one, &b),
               ERROR_CANCELLED);
  b = (struct broadcast){.numbers = nobody, .last_error = ERROR_BUSY};
  assert_fails(FaxSendDocumentForBroadcast(st.server, st.document, &document,
                                           name_one, &b),
               ERROR_BUSY);
  assert_int_equal(count_jobs(), 0);
  assert_int_equal(stage_files(&st, "spool"), 0);
  b = (struct broadcast){.numbers = three, .last_error = ERROR_TIMEOUT};
  assert_fails(FaxSendDocumentForBroadcast(st.server, st.document, &document,
                                           name_one, &b),
               ERROR_TIMEOUT);
  assert_non_null(strstr(FaxGetLastErrorMessage(), "3 were queued"));
  assert_int_equal(count_jobs(), 3);
  assert_int_equal(document, 77);
  stage_stop(&st);
}

static void two_at_most(struct fax_service_config *config) {
  config->recipients_limit = 2;
}

/* BC-10; of one document, also when it was prepared */
static void a_limit_of_recipients_is_kept(void **unused) {
  struct broadcast b = {.numbers = three};
  DWORD document;
  (void)unused;
  start_with(two_at_most);
  config_pause(&st, TRUE);
  assert_fails(FaxSendDocumentForBroadcast(st.server, st.document, &document,
                                           name_one, &b),
               FAX_ERR_RECIPIENTS_LIMIT);
  assert_int_equal(count_jobs(), 2);
  HANDLE pages = config_prepare(&st);
  config_send(&st, pages, FSP_COMPLETES);
  config_send(&st, pages, FSP_COMPLETES);
  FAX_JOB_PARAM p = {.SizeOfStruct = sizeof p, .RecipientNumber = "1"};
  struct fax_submission sub = stage_of_document(pages, &p);
  assert_fails(FaxSubmit(st.server, &sub, NULL), FAX_ERR_RECIPIENTS_LIMIT);
  stage_send(&st, FSP_COMPLETES); /* another document */
  assert_int_equal(count_jobs(), 5);
  assert_true(FaxClose(pages));
  stage_stop(&st);
}

static void a_broadcast_checks_its_arguments(void **unused) {
  struct broadcast b = {.numbers = three};
  DWORD id, error = ERROR_INVALID_PARAMETER;
  struct fax_connect query = {
      .size = sizeof query, .rights = FAX_JOB_QUERY, .user = "bob"};
  HANDLE s;
  (void)unused;
  start_with(NULL);
  s = st.server;
  assert_fails(
      FaxSendDocumentForBroadcast(NULL, st.document, &id, name_one, &b), error);
  assert_fails(FaxSendDocumentForBroadcast(s, NULL, &id, name_one, &b), error);
  assert_fails(FaxSendDocumentForBroadcast(s, st.document, NULL, name_one, &b),
               error);
  assert_fails(FaxSendDocumentForBroadcast(s, st.document, &id, NULL, &b),
               error);
  assert_fails(
      FaxSendDocumentForBroadcast(s, "/nonexistent", &id, name_one, &b),
      ERROR_FILE_NOT_FOUND);
  assert_true(stage_connect_as(&st, &query, &s));
  assert_fails(FaxSendDocumentForBroadcast(s, st.document, &id, name_one, &b),
               ERROR_ACCESS_DENIED);
  assert_true(FaxClose(s));
  assert_int_equal(b.asked, 0); /* nobody was asked for nothing */
  assert_int_equal(stage_files(&st, "spool"), 0);
  stage_stop(&st);
}

/* ---- no memory ---- */

static DWORD poor_asked;

static BOOL CALLBACK name_poor(HANDLE server, DWORD n, LPVOID context,
                               PFAX_JOB_PARAM p, PFAX_COVERPAGE_INFO cover) {
  (void)server, (void)context, (void)cover;
  poor_asked = n;
  p->RecipientNumber = FSP_COMPLETES;
  return n <= 3;
}

/* All are queued, or, without memory for the rest of the way, nothing is left.
 */
static void want_of_memory_ends_it(void **unused) {
  DWORD id;
  long n = 0;
  (void)unused;
  stage_only_here();
  start_with(NULL);
  config_pause(&st, TRUE);
  assert_true(FaxCloseCompletionPort(st.events));
  st.events = FaxCreateCompletionPort();
  config_pause(&st, TRUE); /* the subscription ends with the next event */
  for (bool done = false; !done; n++) {
    poor_asked = 0;
    mem_fail_after(n);
    done = FaxSendDocumentForBroadcast(st.server, st.document, &id, name_poor,
                                       NULL);
    DWORD error = FaxGetLastError();
    mem_fail_after(-1);
    if (!done && error != ERROR_OUTOFMEMORY)
      assert_int_equal(error, ERROR_NOT_ENOUGH_MEMORY);
    FAX_JOB_ENTRY *jobs;
    DWORD count;
    assert_true(FaxEnumJobs(st.server, &jobs, &count));
    assert_int_equal(count, done ? 3 : 0);
    for (DWORD i = 0; i < count; i++)
      assert_true(FaxAbort(st.server, jobs[i].JobId));
    FaxFreeBuffer(jobs);
    assert_int_equal(stage_files(&st, "spool"), 0);
  }
  assert_int_equal(poor_asked, 4);
  assert_true(n > 8);
  stage_stop(&st);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(each_recipient_gets_a_job_of_its_own),
      cmocka_unit_test(the_document_has_an_id_and_no_job),
      cmocka_unit_test(the_pages_stay_until_the_last_job_is_gone),
      cmocka_unit_test(a_bad_recipient_ends_it),
      cmocka_unit_test(the_callback_may_say_why_it_ends),
      cmocka_unit_test(a_limit_of_recipients_is_kept),
      cmocka_unit_test(a_broadcast_checks_its_arguments),
      cmocka_unit_test(want_of_memory_ends_it),
  };
  test_start();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
