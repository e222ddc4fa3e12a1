/* SPDX-License-Identifier: MIT
   FaxSetConfiguration: what it refuses, what it keeps, and what each member
   does (CFG-1..16); the archive, DirtyDays. */
#include <glob.h>
#include <sys/stat.h>

#include "service/state.h"
#include "service_config.h"

static struct stage st;
static char trace[512];

static void try_thrice(struct fax_service_config *config) {
  config->retries = 2;
  config->retry_delay = 90;
}

/* ---- reading and setting ---- */

/* CFG-2, -15: the values of the start; seconds become whole minutes. */
static void the_first_values_are_those_of_the_start(void **unused) {
  (void)unused;
  script_start(&st, 1, try_thrice);
  FAX_CONFIGURATION *c = config_take(&st);
  assert_int_equal(c->SizeOfStruct, sizeof *c);
  assert_int_equal(c->Retries, 2);
  assert_int_equal(c->RetryDelay, 2);
  assert_int_equal(c->DirtyDays, 0);
  assert_false(c->Branding);
  assert_true(c->UseDeviceTsid);
  assert_false(c->ServerCp);
  assert_false(c->PauseServerQueue);
  assert_int_equal(c->StartCheapTime.Hour, c->StopCheapTime.Hour);
  assert_false(c->ArchiveOutgoingFaxes);
  assert_null(c->ArchiveDirectory);
  assert_null(c->Reserved);
  FaxFreeBuffer(c);
  stage_stop(&st);
}

static char long_path[5000], long_profile[255];

static void wrong_size(FAX_CONFIGURATION *c) {
  c->SizeOfStruct--;
}
static void no_size(FAX_CONFIGURATION *c) {
  c->SizeOfStruct = 0;
}
static void many_retries(FAX_CONFIGURATION *c) {
  c->Retries = 100;
}
static void long_delay(FAX_CONFIGURATION *c) {
  c->RetryDelay = 366 * 24 * 60 + 1;
}
static void endless_delay(FAX_CONFIGURATION *c) {
  c->RetryDelay = 0xffffffff;
}
static void many_days(FAX_CONFIGURATION *c) {
  c->DirtyDays = 36501;
}
static void endless_days(FAX_CONFIGURATION *c) {
  c->DirtyDays = 0xfffffffe;
}
static void start_hour(FAX_CONFIGURATION *c) {
  c->StartCheapTime.Hour = 24;
}
static void start_minute(FAX_CONFIGURATION *c) {
  c->StartCheapTime.Minute = 60;
}
static void stop_hour(FAX_CONFIGURATION *c) {
  c->StopCheapTime.Hour = 0xffff;
}
static void stop_minute(FAX_CONFIGURATION *c) {
  c->StopCheapTime.Minute = 60;
}
static void latin_profile(FAX_CONFIGURATION *c) {
  c->Reserved = "M\xfcller";
}
static void endless_profile(FAX_CONFIGURATION *c) {
  c->Reserved = long_profile;
}
static void no_archive(FAX_CONFIGURATION *c) {
  c->ArchiveOutgoingFaxes = TRUE;
}
static void empty_archive(FAX_CONFIGURATION *c) {
  c->ArchiveOutgoingFaxes = TRUE;
  c->ArchiveDirectory = "";
}
static void near_archive(FAX_CONFIGURATION *c) {
  c->ArchiveOutgoingFaxes = TRUE;
  c->ArchiveDirectory = "archive";
}
static void latin_archive(FAX_CONFIGURATION *c) {
  c->ArchiveOutgoingFaxes = TRUE;
  c->ArchiveDirectory = "/tmp/\xff";
}
static void long_archive(FAX_CONFIGURATION *c) {
  c->ArchiveOutgoingFaxes = TRUE;
  c->ArchiveDirectory = long_path;
}
static void file_archive(FAX_CONFIGURATION *c) {
  c->ArchiveOutgoingFaxes = TRUE;
  c->ArchiveDirectory = st.document;
}

/* CFG-1, -3, -10, -11, -12 */
static void what_is_wrong_is_named_and_changes_nothing(void **unused) {
  static const struct {
    void (*change)(FAX_CONFIGURATION *);
    const char *member;
    DWORD error;
  } cases[] = {
      {wrong_size, "SizeOfStruct", ERROR_INVALID_PARAMETER},
      {no_size, "SizeOfStruct", ERROR_INVALID_PARAMETER},
      {many_retries, "Retries", ERROR_INVALID_PARAMETER},
      {long_delay, "RetryDelay", ERROR_INVALID_PARAMETER},
      {endless_delay, "RetryDelay", ERROR_INVALID_PARAMETER},
      {many_days, "DirtyDays", ERROR_INVALID_PARAMETER},
      {endless_days, "DirtyDays", ERROR_INVALID_PARAMETER},
      {start_hour, "StartCheapTime", ERROR_INVALID_PARAMETER},
      {start_minute, "StartCheapTime", ERROR_INVALID_PARAMETER},
      {stop_hour, "StopCheapTime", ERROR_INVALID_PARAMETER},
      {stop_minute, "StopCheapTime", ERROR_INVALID_PARAMETER},
      {latin_profile, "Reserved", ERROR_INVALID_PARAMETER},
      {endless_profile, "Reserved", ERROR_INVALID_PARAMETER},
      {no_archive, "ArchiveDirectory", ERROR_INVALID_PARAMETER},
      {empty_archive, "ArchiveDirectory", ERROR_INVALID_PARAMETER},
      {near_archive, "ArchiveDirectory", ERROR_INVALID_PARAMETER},
      {latin_archive, "ArchiveDirectory", ERROR_INVALID_PARAMETER},
      {long_archive, "ArchiveDirectory", ERROR_INVALID_PARAMETER},
      {file_archive, "ArchiveDirectory", FAX_ERR_FILE_ACCESS_DENIED},
  };
  (void)unused;
  memset(long_path, 'x', sizeof long_path - 1);
  long_path[0] = '/';
  memset(long_profile, 'x', sizeof long_profile - 1);
  script_start(&st, 1, NULL);
  FAX_CONFIGURATION *before = config_take(&st), *after;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    FAX_CONFIGURATION c = *before;
    c.Retries = 7;
    cases[i].change(&c);
    assert_fails(FaxSetConfiguration(st.server, &c), cases[i].error);
    if (strstr(FaxGetLastErrorMessage(), cases[i].member) == NULL)
      fail_msg("%s: %s", cases[i].member, FaxGetLastErrorMessage());
    after = config_take(&st);
    assert_int_equal(after->Retries, before->Retries);
    FaxFreeBuffer(after);
  }
  assert_fails(FaxSetConfiguration(st.server, NULL), ERROR_INVALID_PARAMETER);
  assert_fails(FaxGetConfiguration(st.server, NULL), ERROR_INVALID_PARAMETER);
  config_put(&st, before); /* the first that changes anything, and tells it */
  struct fax_event *e = stage_event(&st);
  assert_int_equal(e->event_id, FEI_FAX_CONFIG_CHANGED);
  assert_int_equal(e->kind, FAX_EVENT_CONFIG);
  FaxLocalFree(e);
  stage_stop(&st);
}

/* CFG-2, -3, -4, -6, -10, -12 */
static void what_is_set_is_read(void **unused) {
  char folder[128];
  (void)unused;
  script_start(&st, 1, NULL);
  snprintf(folder, sizeof folder, "%s/kept", st.directory);
  FAX_CONFIGURATION c = {.SizeOfStruct = sizeof c,
                         .Retries = 99,
                         .RetryDelay = 366 * 24 * 60,
                         .DirtyDays = 36500,
                         .Branding = 2,
                         .UseDeviceTsid = -1,
                         .ServerCp = 8,
                         .PauseServerQueue = 0,
                         .StartCheapTime = {23, 59},
                         .StopCheapTime = {0, 0},
                         .ArchiveOutgoingFaxes = 5,
                         .ArchiveDirectory = folder,
                         .Reserved = "profil \xc3\xa4"},
                    *now;
  assert_true(FaxSetConfiguration(st.server, &c));
  now = config_take(&st);
  assert_int_equal(now->Retries, 99);
  assert_int_equal(now->RetryDelay, 366 * 24 * 60);
  assert_int_equal(now->DirtyDays, 36500);
  assert_int_equal(now->Branding, TRUE); /* and no other number */
  assert_int_equal(now->UseDeviceTsid, TRUE);
  assert_int_equal(now->ServerCp, TRUE);
  assert_int_equal(now->PauseServerQueue, FALSE);
  assert_int_equal(now->StartCheapTime.Hour, 23);
  assert_int_equal(now->StartCheapTime.Minute, 59);
  assert_int_equal(now->StopCheapTime.Hour, 0);
  assert_int_equal(now->ArchiveOutgoingFaxes, TRUE);
  assert_string_equal(now->ArchiveDirectory, folder);
  assert_string_equal(now->Reserved, "profil \xc3\xa4");
  assert_int_equal(access(folder, F_OK), 0); /* it was made */
  FaxFreeBuffer(now);
  c.ArchiveOutgoingFaxes = FALSE;
  c.ArchiveDirectory = "no full path"; /* CFG-3: not looked at */
  assert_true(FaxSetConfiguration(st.server, &c));
  now = config_take(&st);
  assert_null(now->ArchiveDirectory);
  FaxFreeBuffer(now);
  stage_stop(&st);
}

static HANDLE connect_with(DWORD rights) {
  struct fax_connect c = {
      .size = sizeof c, .rights = rights, .user = "someone"};
  HANDLE server;
  assert_true(stage_connect_as(&st, &c, &server));
  return server;
}

/* CFG-13, -16: one right reads, one sets, and no port right is asked for. */
static void the_configuration_has_two_rights(void **unused) {
  (void)unused;
  script_start(&st, 1, NULL);
  FAX_CONFIGURATION *c = config_take(&st), *other = NULL;
  HANDLE reads = connect_with(FAX_CONFIG_QUERY);
  HANDLE sets = connect_with(FAX_CONFIG_SET);
  assert_true(FaxGetConfiguration(reads, &other));
  FaxFreeBuffer(other);
  assert_fails(FaxSetConfiguration(reads, c), ERROR_ACCESS_DENIED);
  assert_true(FaxSetConfiguration(sets, c));
  assert_fails(FaxGetConfiguration(sets, &other), ERROR_ACCESS_DENIED);
  assert_true(FaxClose(reads));
  assert_true(FaxClose(sets));
  assert_fails(FaxGetConfiguration(reads, &other), ERROR_INVALID_HANDLE);
  assert_fails(FaxSetConfiguration(sets, c), ERROR_INVALID_HANDLE);
  FaxFreeBuffer(c);
  stage_stop(&st);
}

/* ---- the queue ---- */

/* CFG-5 */
static void a_paused_queue_accepts_and_starts_nothing(void **unused) {
  (void)unused;
  script_start_virtual(&st, 1, NULL);
  HANDLE pages = config_prepare(&st);
  DWORD running = config_send(&st, pages, FSP_ON_LET FSP_COMPLETES);
  stage_skip(&st, FEI_SENDING, running);
  config_pause(&st, TRUE);
  DWORD waiting = config_send(&st, pages, FSP_COMPLETES);
  config_wait(3600);
  assert_int_equal(stage_queue_status(&st, running), JS_INPROGRESS);
  assert_int_equal(stage_queue_status(&st, waiting),
                   JS_PENDING); /* not NOLINE */
  fsp_let();
  stage_skip(&st, FEI_DELETED, running); /* it went on */
  config_wait(3600);
  assert_int_equal(stage_queue_status(&st, waiting), JS_PENDING);
  assert_int_equal(atomic_load(&fsp.started), 1);
  config_pause(&st, FALSE);
  stage_skip(&st, FEI_DELETED, waiting);
  assert_int_equal(stage_outcome(&st, waiting), FAX_OUTCOME_COMPLETED);
  assert_true(FaxClose(pages));
  stage_stop_virtual(&st);
}

/* CFG-7, -8, -9: for every attempt that begins from then on. */
static void branding_and_tsid_are_those_of_now(void **unused) {
  FAX_PORT_INFO *info;
  HANDLE port;
  (void)unused;
  script_start_virtual(&st, 1, NULL);
  for (DWORD id = FSP_FIRST; id < FSP_FIRST + FSP_LINES; id++) {
    assert_true(FaxOpenPort(st.server, id, PORT_OPEN_MODIFY, &port));
    assert_true(FaxGetPort(port, &info));
    info->Tsid = "port";
    assert_true(FaxSetPort(port, info));
    FaxFreeBuffer(info);
    assert_true(FaxClose(port));
  }
  HANDLE pages = config_prepare(&st);
  for (int on = 0; on < 2; on++) {
    FAX_CONFIGURATION *c = config_take(&st);
    c->Branding = c->UseDeviceTsid = on;
    config_put(&st, c);
    FAX_JOB_PARAM p = {.SizeOfStruct = sizeof p,
                       .RecipientNumber = FSP_COMPLETES,
                       .SenderCompany = "Acme",
                       .Tsid = "job"};
    stage_skip(&st, FEI_DELETED, config_submit(&st, pages, &p, 0));
    assert_string_equal(fsp.branding, on ? "Acme" : "");
    assert_string_equal(fsp.local_id, on ? "port" : "job");
  }
  assert_true(FaxClose(pages));
  stage_stop_virtual(&st);
}

/* CFG-2, JOB-30, -31: also for jobs that are under way. */
static void retries_are_those_of_now(void **unused) {
  (void)unused;
  script_start_virtual(&st, 1, NULL);
  HANDLE pages = config_prepare(&st);
  config_retries(&st, 5, 10);
  DWORD job = config_send(&st, pages, FSP_BUSY);
  stage_skip(&st, FEI_BUSY, job);
  fax_deadline failed = FaxClockNow();
  config_retries(&st, 2, 30); /* this delay has begun already */
  stage_skip(&st, FEI_BUSY, job);
  assert_int_equal((FaxClockNow() - failed) / FAX_SECOND, 600);
  assert_int_equal(stage_queue_status(&st, job), JS_RETRYING);
  stage_skip(&st, FEI_BUSY, job);
  assert_int_equal((FaxClockNow() - failed) / FAX_SECOND, 600 + 1800);
  assert_int_equal(stage_queue_status(&st, job), JS_RETRIES_EXCEEDED);
  assert_true(FaxClose(pages));
  stage_stop_virtual(&st);
}

/* The seconds of the start stay when the minutes are written back. */
static void seconds_of_the_start_survive_other_changes(void **unused) {
  (void)unused;
  script_start_virtual(&st, 1, try_thrice);
  HANDLE pages = config_prepare(&st);
  config_days(&st, 3);
  DWORD job = config_send(&st, pages, FSP_BUSY);
  stage_skip(&st, FEI_BUSY, job);
  fax_deadline failed = FaxClockNow();
  stage_skip(&st, FEI_BUSY, job);
  assert_int_equal((FaxClockNow() - failed) / FAX_SECOND, 90);
  assert_true(FaxClose(pages));
  stage_stop_virtual(&st);
}

/* ---- the archive ---- */

static void archive_in(const char *folder) {
  FAX_CONFIGURATION *c = config_take(&st);
  c->ArchiveOutgoingFaxes = folder != NULL;
  c->ArchiveDirectory = folder;
  config_put(&st, c);
}

/* CFG-3, -4 */
static void what_was_sent_is_archived_whole(void **unused) {
  char folder[128], pattern[256];
  glob_t found;
  (void)unused;
  script_start_virtual(&st, 3, NULL);
  snprintf(folder, sizeof folder, "%s/archive", st.directory);
  archive_in(folder);
  DWORD job = stage_send(&st, FSP_COMPLETES);
  DWORD failed = stage_send(&st, FSP_BLACKLISTED);
  stage_skip(&st, FEI_DELETED, job);
  config_settle();
  assert_int_equal(stage_queue_status(&st, failed), JS_RETRIES_EXCEEDED);
  assert_true(FaxAbort(st.server, failed));
  archive_in(NULL);
  DWORD other = stage_send(&st, FSP_COMPLETES);
  stage_skip(&st, FEI_DELETED, other);
  config_settle();
  assert_int_equal(stage_files(&st, "archive"), 1); /* of what was sent then */
  assert_int_equal(stage_files(&st, "spool"), 0);
  snprintf(pattern, sizeof pattern, "%s/20260101-120000-*-%u.tif", folder, job);
  assert_int_equal(glob(pattern, 0, NULL, &found), 0);
  assert_int_equal(found.gl_pathc, 1);
  assert_int_equal(pages_count(found.gl_pathv[0]), 3);
  for (unsigned page = 0; page < 3; page++)
    assert_true(pages_same(found.gl_pathv[0], page, st.document, page));
  globfree(&found);
  stage_stop_virtual(&st);
}

/* It was asked to be kept, and the folder is gone. */
static void an_archive_that_is_lost_keeps_the_spool(void **unused) {
  char folder[128], pattern[256];
  glob_t found;
  (void)unused;
  script_start_virtual(&st, 2, NULL);
  snprintf(folder, sizeof folder, "%s/archive", st.directory);
  archive_in(folder);
  assert_int_equal(rmdir(folder), 0);
  DWORD job = stage_send(&st, FSP_COMPLETES);
  stage_skip(&st, FEI_DELETED, job);
  assert_int_equal(stage_outcome(&st, job), FAX_OUTCOME_COMPLETED);
  config_settle();
  assert_int_equal(stage_files(&st, "spool"), 0);
  snprintf(pattern, sizeof pattern, "%s/unarchived/*-%u.tif", st.directory,
           job);
  assert_int_equal(glob(pattern, 0, NULL, &found), 0);
  assert_true(pages_same(found.gl_pathv[0], 1, st.document, 1));
  globfree(&found);
  stage_stop_virtual(&st);
}

/* ---- how long what failed is kept ---- */

#define DAY_SECONDS 86400

/* JOB-33..35; also when it is set while jobs rest. */
static void what_is_not_sent_goes_after_its_days(void **unused) {
  static const DWORD for_ever[] = {0, 0xffffffff};
  (void)unused;
  script_start_virtual(&st, 1, NULL);
  DWORD job = stage_send(&st, FSP_BUSY);
  stage_skip(&st, FEI_BUSY, job);
  for (int i = 0; i < 2; i++) {
    config_days(&st, for_ever[i]);
    config_wait(20.0 * DAY_SECONDS);
    assert_int_equal(stage_queue_status(&st, job), JS_RETRIES_EXCEEDED);
  }
  config_days(&st, 41);
  config_wait(DAY_SECONDS - 7200);
  assert_int_equal(stage_queue_status(&st, job), JS_RETRIES_EXCEEDED);
  config_wait(3 * 3600); /* looked at once an hour */
  assert_int_equal(stage_queue_status(&st, job), FAX_UNKNOWN);
  assert_int_equal(stage_trace(&st, job, FEI_DELETED, trace, sizeof trace),
                   FAX_OUTCOME_FAILED);
  assert_string_equal(trace, "DELETED");
  assert_int_equal(stage_files(&st, "spool"), 0);
  stage_stop_virtual(&st);
}

/* JOB-34: days count from when it was clear; a restart begins anew. */
static void a_restart_gives_it_days_again(void **unused) {
  (void)unused;
  script_start_virtual(&st, 1, NULL);
  config_days(&st, 2);
  DWORD job = stage_send(&st, FSP_BUSY);
  stage_skip(&st, FEI_BUSY, job);
  config_wait(1.5 * DAY_SECONDS);
  assert_true(FaxSetJob(st.server, job, JC_RESTART, NULL));
  stage_skip(&st, FEI_BUSY, job);
  config_wait(1.5 * DAY_SECONDS);
  assert_int_equal(stage_queue_status(&st, job), JS_RETRIES_EXCEEDED);
  config_wait(DAY_SECONDS);
  assert_int_equal(stage_queue_status(&st, job), FAX_UNKNOWN);
  stage_stop_virtual(&st);
}

/* A reception in part rests, too; what came of it stays. */
static void a_part_of_a_fax_goes_after_its_days(void **unused) {
  (void)unused;
  script_start_virtual(&st, 1, NULL);
  config_days(&st, 1);
  fsp.reception = FSP_PART;
  fsp_ring(FSP_FIRST, 9);
  struct fax_event *e = stage_until(&st, FEI_FAX_RECEIVED, 0);
  DWORD job = e->job_id;
  FaxLocalFree(e);
  assert_int_equal(stage_queue_status(&st, job), JS_FAILED);
  config_wait(DAY_SECONDS + 3600);
  stage_skip(&st, FEI_DELETED, job);
  assert_int_equal(stage_outcome(&st, job), FAX_OUTCOME_INCOMPLETE);
  assert_int_equal(stage_files(&st, "inbox"), 1);
  stage_stop_virtual(&st);
}

/* ---- no memory ---- */

static DWORD set_poor(void *arg) {
  FAX_CONFIGURATION *c = arg;
  return FaxSetConfiguration(st.server, c) ? ERROR_SUCCESS : FaxGetLastError();
}

/* Events are unsubscribed: what is posted would stay. */
static void want_of_memory_sets_nothing(void **unused) {
  (void)unused;
  stage_only_here();
  script_start_virtual(&st, 1, NULL);
  assert_true(FaxCloseCompletionPort(st.events));
  st.events = FaxCreateCompletionPort();
  FAX_CONFIGURATION *c = config_take(&st), *now;
  c->Reserved = "profile";
  assert_true(FaxSetConfiguration(st.server, c)); /* as large as the next */
  c->Retries = 9;
  config_sweep(set_poor, c);
  now = config_take(&st);
  assert_int_equal(now->Retries, 9);
  FaxFreeBuffer(now);
  FaxFreeBuffer(c);
  stage_stop_virtual(&st);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_first_values_are_those_of_the_start),
      cmocka_unit_test(what_is_wrong_is_named_and_changes_nothing),
      cmocka_unit_test(what_is_set_is_read),
      cmocka_unit_test(the_configuration_has_two_rights),
      cmocka_unit_test(a_paused_queue_accepts_and_starts_nothing),
      cmocka_unit_test(branding_and_tsid_are_those_of_now),
      cmocka_unit_test(retries_are_those_of_now),
      cmocka_unit_test(seconds_of_the_start_survive_other_changes),
      cmocka_unit_test(what_was_sent_is_archived_whole),
      cmocka_unit_test(an_archive_that_is_lost_keeps_the_spool),
      cmocka_unit_test(what_is_not_sent_goes_after_its_days),
      cmocka_unit_test(a_restart_gives_it_days_again),
      cmocka_unit_test(a_part_of_a_fax_goes_after_its_days),
      cmocka_unit_test(want_of_memory_sets_nothing),
  };
  test_start();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
