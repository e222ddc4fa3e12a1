/* SPDX-License-Identifier: MIT
   The archive: what was sent and received is listed, by whom it may be seen;
   what is taken out has neither row nor file; limits; a crash at any point of a
   copy or a removal leaves a fax there, or not, but never half of it. */
#include <errno.h>
#include <fax/fax_archive.h>
#include <signal.h>
#include <sys/wait.h>

#include "base/disk.h"
#include "service_config.h"

static struct stage st;
static struct fax_service_config config;
static struct fax_provider_config forward = {.name = "forward"};
static char archive[128];

static int set_up(void **unused) {
  (void)unused;
  assert_true(FaxClockVirtual(STAGE_NOON));
  fsp_set(2);
  stage_count(&st);
  stage_options(&st, &config);
  config.providers = &forward;
  config.provider_count = 1;
  snprintf(archive, sizeof archive, "%s/archive", st.directory);
  return 0;
}

static int tear_down(void **unused) {
  (void)unused;
  disk_layer = &disk_system;
  stage_clear(&st);
  stage_is_empty(&st);
  assert_true(FaxClockReal());
  return 0;
}

static void archive_in(const char *folder) {
  FAX_CONFIGURATION *c = config_take(&st);
  c->ArchiveOutgoingFaxes = folder != NULL;
  c->ArchiveDirectory = folder;
  config_put(&st, c);
}

static void start(void) {
  if (!FaxServiceStart(&config)) fail_msg("%s", FaxGetLastErrorMessage());
  stage_listen(&st);
  archive_in(archive);
}

static void stop(void) {
  stage_stop_within(20);
  FaxClose(st.server);
  assert_true(FaxCloseCompletionPort(st.events));
  st.sequence = 0;
}

static void restart(void) {
  stop();
  start();
}

/* ---- lists ---- */

static struct fax_archived *list(const struct fax_archive_query *query,
                                 DWORD *count) {
  struct fax_archived *faxes;
  if (!FaxEnumArchive(st.server, query, &faxes, count))
    fail_msg("%s", FaxGetLastErrorMessage());
  return faxes;
}

/* The ids, as "1 2 3 ". */
static const char *ids(struct fax_archive_query query) {
  static char text[256];
  DWORD count;
  query.size = sizeof query;
  struct fax_archived *faxes = list(&query, &count);
  *text = '\0';
  for (DWORD i = 0; i < count; i++)
    snprintf(text + strlen(text), sizeof text - strlen(text), "%u ",
             faxes[i].id);
  FaxFreeBuffer(faxes);
  return text;
}

/* Until the file is there: the copy comes after the job's end. */
static struct fax_archived *wait_for(DWORD count) {
  for (;;) {
    DWORD there;
    struct fax_archived *faxes = list(NULL, &there);
    if (there == count) return faxes;
    FaxFreeBuffer(faxes);
    FaxClockWait(FaxClockNow() + FAX_SECOND / 100, NULL);
  }
}

static void wait_until(DWORD count) {
  FaxFreeBuffer(wait_for(count));
}

static DWORD send_to(const char *number) {
  FAX_JOB_PARAM p = {.SizeOfStruct = sizeof p,
                     .RecipientNumber = number,
                     .RecipientName = "Receiver",
                     .SenderName = "Sender",
                     .DocumentName = "Subject"};
  DWORD job;
  if (!FaxSendDocument(st.server, st.document, &p, NULL, &job))
    fail_msg("%s", FaxGetLastErrorMessage());
  stage_skip(&st, FEI_DELETED, job);
  return job;
}

static void receive(void) {
  fsp_ring(FSP_FIRST, 9);
  stage_skip(&st, FEI_FAX_RECEIVED, 0);
}

static void later(double seconds) {
  FaxClockWait(clock_after(FaxClockNow(), seconds), NULL);
}

/* ---- what is in it ---- */

static void the_records_tell_of_the_fax(void **unused) {
  (void)unused;
  start();
  stage_document(&st, 2);
  DWORD sent = send_to("1");
  wait_until(1);
  receive();
  restart();
  struct fax_archived *faxes = wait_for(2), *one;
  assert_int_equal(faxes[0].folder, FAX_ARCHIVE_SENT);
  assert_int_equal(faxes[0].job_id, sent);
  assert_string_equal(faxes[0].number, "1");
  assert_string_equal(faxes[0].recipient, "Receiver");
  assert_string_equal(faxes[0].sender, "Sender");
  assert_string_equal(faxes[0].subject, "Subject");
  assert_non_null(faxes[0].user);
  assert_int_equal(faxes[0].pages, 2);
  assert_true(faxes[0].complete);
  assert_true(pages_same(faxes[0].path, 1, st.document, 1));
  assert_int_equal(faxes[1].folder, FAX_ARCHIVE_RECEIVED);
  assert_int_equal(faxes[1].device_id, FSP_FIRST);
  assert_int_equal(faxes[1].pages, 2);
  assert_null(faxes[1].user);
  assert_true(FaxGetArchived(st.server, faxes[1].id, &one));
  assert_string_equal(one->path, faxes[1].path);
  assert_int_equal(one->bytes, faxes[1].bytes);
  FaxFreeBuffer(one);
  assert_fails(FaxGetArchived(st.server, 99, &one), ERROR_INVALID_PARAMETER);
  FaxFreeBuffer(faxes);
  stop();
}

/* FaxEnumInbox, of an earlier run: what was told of the fax is known. */
static void the_inbox_knows_earlier_runs(void **unused) {
  struct fax_received *before, *after;
  DWORD count;
  (void)unused;
  start();
  fsp.reception = FSP_PART;
  receive();
  assert_true(FaxEnumInbox(st.server, (FILETIME){0, 0}, &before, &count));
  assert_int_equal(count, 1);
  restart();
  assert_true(FaxEnumInbox(st.server, (FILETIME){0, 0}, &after, &count));
  assert_int_equal(count, 1);
  assert_false(after->complete);
  assert_int_equal(after->quality, before->quality);
  assert_int_equal(after->bad_rows, before->bad_rows);
  assert_memory_equal(&after->time, &before->time, sizeof after->time);
  assert_string_equal(after->path, before->path);
  if (before->tsid != NULL) assert_string_equal(after->tsid, before->tsid);
  FaxFreeBuffer(before);
  FaxFreeBuffer(after);
  stop();
}

static FILETIME ago(double seconds) {
  return time_to_filetime(FaxClockWall() - (int64_t)(seconds * FAX_SECOND));
}

/* SEC-9 */
static void each_question_is_answered(void **unused) {
  struct fax_connect narrow = {sizeof narrow, FAX_JOB_SUBMIT, NULL},
                     eve = {sizeof eve, FAX_JOB_SUBMIT, "eve"};
  typedef struct fax_archive_query Q;
  HANDLE all;
  (void)unused;
  start();
  stage_document(&st, 1);
  send_to("1");
  wait_until(1);
  later(3600);
  send_to("1");
  wait_until(2);
  later(3600);
  receive();
  assert_string_equal(ids((Q){0}), "1 2 3 ");
  assert_string_equal(ids((Q){.newest_first = TRUE}), "3 2 1 ");
  assert_string_equal(ids((Q){.limit = 2}), "1 2 ");
  assert_string_equal(ids((Q){.limit = 2, .cursor = 2}), "3 ");
  assert_string_equal(ids((Q){.newest_first = TRUE, .cursor = 2}), "1 ");
  assert_string_equal(ids((Q){.folder = FAX_ARCHIVE_SENT}), "1 2 ");
  assert_string_equal(ids((Q){.folder = FAX_ARCHIVE_RECEIVED}), "3 ");
  assert_string_equal(ids((Q){.number = "1-"}), "1 2 ");
  assert_string_equal(ids((Q){.number = "2"}), "");
  assert_string_equal(ids((Q){.after = ago(5000)}), "2 3 ");
  assert_string_equal(ids((Q){.before = ago(5000)}), "1 ");
  assert_string_equal(ids((Q){.after = ago(100)}), "3 ");
  assert_string_equal(ids((Q){.after = ago(-100)}), "");
  assert_string_equal(ids((Q){.newest_first = TRUE, .before = ago(5000)}),
                      "1 ");
  assert_string_equal(ids((Q){.newest_first = TRUE, .before = ago(100)}),
                      "2 1 ");
  all = st.server;
  assert_true(FaxConnect(&narrow, &st.server));
  assert_string_equal(ids((Q){0}), "1 2 ");
  assert_string_equal(ids((Q){.folder = FAX_ARCHIVE_RECEIVED}), "");
  FaxClose(st.server);
  assert_true(FaxConnect(&eve, &st.server));
  assert_string_equal(ids((Q){0}), "");
  FaxClose(st.server);
  st.server = all;
  stop();
}

/* More than are read at once; files that somebody took away are none. */
static void a_long_list_comes_in_pages(void **unused) {
  enum { FAXES = 300 };
  DWORD count, cursor = 0, seen = 0;
  struct fax_archived *faxes;
  (void)unused;
  start();
  for (int i = 0; i < FAXES; i++) receive();
  faxes = list(NULL, &count);
  assert_int_equal(count, FAXES);
  for (DWORD i = 0; i < FAXES; i += 3)
    assert_int_equal(unlink(faxes[i].path), 0);
  FaxFreeBuffer(faxes);
  do {
    struct fax_archive_query q = {
        .size = sizeof q, .limit = 70, .cursor = cursor};
    faxes = list(&q, &count);
    for (DWORD i = 0; i < count; i++) {
      assert_true(faxes[i].id > cursor);
      cursor = faxes[i].id;
    }
    seen += count;
    FaxFreeBuffer(faxes);
  } while (count == 70);
  assert_int_equal(seen, FAXES * 2 / 3);
  stop();
}

/* ---- taking out ---- */

static void what_is_removed_is_gone(void **unused) {
  struct fax_connect query = {sizeof query, FAX_JOB_QUERY, NULL};
  DWORD gone[] = {1, 1, 99, 3}, removed = 9;
  HANDLE narrow;
  (void)unused;
  start();
  stage_document(&st, 1);
  for (int i = 0; i < 2; i++) send_to("1");
  wait_until(2);
  receive();
  assert_true(FaxConnect(&query, &narrow));
  assert_fails(FaxRemoveArchived(narrow, gone, 4, &removed),
               ERROR_ACCESS_DENIED);
  FaxClose(narrow);
  assert_true(FaxRemoveArchived(st.server, gone, 4, &removed));
  assert_int_equal(removed, 2);
  assert_string_equal(ids((struct fax_archive_query){0}), "2 ");
  assert_int_equal(stage_files(&st, "archive"), 1);
  assert_int_equal(stage_files(&st, "inbox"), 0);
  restart();
  assert_string_equal(ids((struct fax_archive_query){0}), "2 ");
  stop();
}

/* A fax that is being routed is needed still. */
static void what_is_being_routed_stays(void **unused) {
  DWORD first = 1, removed;
  HANDLE port;
  char folder[128];
  (void)unused;
  snprintf(folder, sizeof folder, "%s/routed", st.directory);
  assert_int_equal(mkdir(folder, 0700), 0);
  start();
  assert_true(FaxOpenPort(st.server, FSP_FIRST, PORT_OPEN_MODIFY, &port));
  assert_true(FaxSetRoutingInfo(port, "{92041a90-9af2-11d0-abf7-00c04fd91a4e}",
                                (const BYTE *)folder,
                                (DWORD)strlen(folder) + 1));
  assert_true(FaxEnableRoutingMethod(
      port, "{92041a90-9af2-11d0-abf7-00c04fd91a4e}", TRUE));
  assert_true(FaxClose(port));
  assert_int_equal(rmdir(folder), 0); /* so it will be tried again */
  config_retries(&st, 2, 10);
  receive();
  stage_skip(&st, FEI_FAX_JOB_CHANGED, 0);
  assert_fails(FaxRemoveArchived(st.server, &first, 1, &removed),
               ERROR_SHARING_VIOLATION);
  assert_int_equal(removed, 0);
  assert_int_equal(mkdir(folder, 0700), 0);
  stage_skip(&st, FEI_DELETED, 0);
  assert_true(FaxRemoveArchived(st.server, &first, 1, &removed));
  assert_int_equal(removed, 1);
  assert_int_equal(stage_files(&st, "inbox"), 0);
  assert_int_equal(stage_files(&st, "routed"), 1);
  stop();
}

static void the_oldest_are_purged(void **unused) {
  struct fax_archive_purge purge = {.size = sizeof purge};
  DWORD removed, count;
  (void)unused;
  start();
  for (int i = 0; i < 5; i++) {
    receive();
    later(1000);
  }
  struct fax_archived *faxes = list(NULL, &count);
  DWORD bytes = faxes[0].bytes;
  FaxFreeBuffer(faxes);
  purge.keep_bytes = FAX_ARCHIVE_ALL_BYTES;
  purge.before = ago(3500);
  assert_true(FaxPurgeArchive(st.server, &purge, &removed));
  assert_int_equal(removed, 2);
  assert_string_equal(ids((struct fax_archive_query){0}), "3 4 5 ");
  purge.before = (FILETIME){0, 0};
  purge.keep_bytes = 2 * (DWORDLONG)bytes;
  assert_true(FaxPurgeArchive(st.server, &purge, &removed));
  assert_int_equal(removed, 1);
  assert_string_equal(ids((struct fax_archive_query){0}), "4 5 ");
  purge.folder = FAX_ARCHIVE_SENT;
  purge.keep_bytes = 0;
  assert_true(FaxPurgeArchive(st.server, &purge, &removed));
  assert_int_equal(removed, 0);
  stop();
}

/* ---- limits ---- */

static void days_are_a_limit(void **unused) {
  (void)unused;
  config.archive_days = 2;
  start();
  receive();
  later(86400);
  receive();
  later(86400 - 7200);
  assert_string_equal(ids((struct fax_archive_query){0}), "1 2 ");
  later(7200 + 3700); /* looked at once an hour */
  assert_string_equal(ids((struct fax_archive_query){0}), "2 ");
  restart();
  later(86400);
  assert_string_equal(ids((struct fax_archive_query){0}), "");
  assert_int_equal(stage_files(&st, "inbox"), 0);
  stop();
}

/* Also what an earlier run left counts; it is looked at when one comes. */
static void size_is_a_limit(void **unused) {
  DWORD count;
  (void)unused;
  start();
  receive();
  struct fax_archived *faxes = list(NULL, &count);
  config.archive_bytes = 3 * (DWORDLONG)faxes[0].bytes;
  FaxFreeBuffer(faxes);
  restart();
  for (int i = 0; i < 4; i++) receive();
  later(1);
  assert_string_equal(ids((struct fax_archive_query){0}), "3 4 5 ");
  assert_int_equal(stage_files(&st, "inbox"), 3);
  stop();
}

/* ---- crashes ---- */

enum { AT_LINK = 1, AFTER_LINK, AT_UNLINK, AFTER_UNLINK };
static struct disk_layer layer;
static int crash_at;

static void here(int point, const char *path) {
  bool of_archive = strstr(path, "/archive/") != NULL;
  if (point == crash_at && of_archive) kill(getpid(), SIGKILL);
}

static int crash_link(const char *from, const char *to) {
  here(AT_LINK, to);
  int rc = disk_system.link(from, to);
  here(AFTER_LINK, to);
  return rc;
}

static int crash_unlink(const char *path) {
  here(AT_UNLINK, path);
  int rc = disk_system.unlink(path);
  here(AFTER_UNLINK, path);
  return rc;
}

/* In a process of its own. */
static void crash(int point) {
  pid_t child = fork();
  assert_true(child >= 0);
  if (child == 0) {
    DWORD first = 1, removed;
    alarm(60); /* whatever fails here must not go on as the parent */
    FaxClockVirtual(STAGE_NOON);
    crash_at = point;
    layer = disk_system;
    layer.link = crash_link;
    layer.unlink = crash_unlink;
    disk_layer = &layer;
    start();
    stage_document(&st, 2);
    send_to("1");
    wait_until(1);
    FaxRemoveArchived(st.server, &first, 1, &removed);
    _exit(1); /* the point was not reached */
  }
  int status;
  assert_int_equal(waitpid(child, &status, 0), child);
  assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

/* Before its file is there, or before the row knows it: one file, one row, and
   the document gone. */
static void a_copy_is_made_once(void **unused) {
  (void)unused;
  for (int point = AT_LINK; point <= AFTER_LINK; point++) {
    crash(point);
    start();
    struct fax_archived *faxes = wait_for(1);
    assert_int_equal(faxes[0].id, 1);
    assert_int_equal(pages_count(faxes[0].path), 2);
    FaxFreeBuffer(faxes);
    assert_int_equal(stage_files(&st, "archive"), 1);
    stop();
    assert_int_equal(stage_files(&st, "spool"), 0);
    stage_clear(&st);
    assert_int_equal(mkdir(st.directory, 0700), 0);
  }
}

/* The document may be gone then: its file is there. */
static void a_copy_that_is_there_needs_no_document(void **unused) {
  char command[160];
  (void)unused;
  crash(AFTER_LINK);
  snprintf(command, sizeof command, "rm %s/spool/*", st.directory);
  assert_int_equal(system(command), 0);
  start();
  FaxFreeBuffer(wait_for(1));
  assert_int_equal(stage_files(&st, "archive"), 1);
  stop();
}

/* Else there is nothing to be archived, and the log says so. */
static void a_document_that_is_lost_has_no_row(void **unused) {
  char command[160];
  (void)unused;
  crash(AT_LINK);
  snprintf(command, sizeof command, "rm %s/spool/*", st.directory);
  assert_int_equal(system(command), 0);
  start();
  later(1);
  assert_string_equal(ids((struct fax_archive_query){0}), "");
  restart();
  stage_document(&st, 1);
  send_to("1");
  wait_until(1);
  assert_string_equal(ids((struct fax_archive_query){0}), "2 ");
  snprintf(command, sizeof command, "grep -q 'lost: there is no' %s/fax.log",
           st.directory);
  stop();
  assert_int_equal(system(command), 0);
}

/* What was marked goes, with its row. */
static void a_removal_goes_on(void **unused) {
  (void)unused;
  for (int point = AT_UNLINK; point <= AFTER_UNLINK; point++) {
    crash(point);
    start();
    assert_string_equal(ids((struct fax_archive_query){0}), "");
    assert_int_equal(stage_files(&st, "archive"), 0);
    stop();
    stage_clear(&st);
    assert_int_equal(mkdir(st.directory, 0700), 0);
  }
}

/* The file was stored, and its row was not. */
static void a_file_of_the_inbox_gets_a_row(void **unused) {
  char name[256];
  struct fax_received *faxes;
  DWORD count;
  (void)unused;
  start();
  stop();
  snprintf(name, sizeof name, "%s/inbox/20251231-235959-1f-4-77-incomplete.tif",
           st.directory);
  assert_true(pages_make(name, PAGES_SHORT, 3, 300, 196));
  start();
  receive();
  for (int i = 0; i < 2; i++) {
    assert_true(FaxEnumInbox(st.server, (FILETIME){0, 0}, &faxes, &count));
    assert_int_equal(count, 2);
    assert_string_equal(faxes[0].path, name);
    assert_int_equal(faxes[0].pages, 3);
    assert_int_equal(faxes[0].device_id, 4);
    assert_false(faxes[0].complete);
    FaxFreeBuffer(faxes);
    restart();
  }
  stop();
}

/* ---- a disk that refuses ---- */

static int refuse_link(const char *from, const char *to) {
  (void)from, (void)to;
  errno = ENOSPC;
  return -1;
}

static int refuse_open(const char *path, int flags, mode_t mode) {
  if (strstr(path, "archive") == NULL)
    return disk_system.open(path, flags, mode);
  errno = ENOSPC;
  return -1;
}

/* It waits in the spool until there is room, over a restart too. */
static void a_full_disk_is_waited_for(void **unused) {
  (void)unused;
  layer = disk_system;
  layer.link = refuse_link;
  layer.open = refuse_open;
  start();
  stage_document(&st, 1);
  disk_layer = &layer;
  send_to("1");
  later(400);
  assert_string_equal(ids((struct fax_archive_query){0}), "");
  assert_int_equal(stage_files(&st, "spool"), 1);
  restart();
  later(400);
  disk_layer = &disk_system;
  later(400);
  assert_string_equal(ids((struct fax_archive_query){0}), "1 ");
  stop();
  assert_int_equal(stage_files(&st, "spool"), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
      TEST(the_records_tell_of_the_fax),
      TEST(the_inbox_knows_earlier_runs),
      TEST(each_question_is_answered),
      TEST(a_long_list_comes_in_pages),
      TEST(what_is_removed_is_gone),
      TEST(what_is_being_routed_stays),
      TEST(the_oldest_are_purged),
      TEST(days_are_a_limit),
      TEST(size_is_a_limit),
      TEST(a_copy_is_made_once),
      TEST(a_copy_that_is_there_needs_no_document),
      TEST(a_document_that_is_lost_has_no_row),
      TEST(a_removal_goes_on),
      TEST(a_file_of_the_inbox_gets_a_row),
      TEST(a_full_disk_is_waited_for),
  };
  test_start();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
