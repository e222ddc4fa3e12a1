/* SPDX-License-Identifier: MIT
   The archive: what was sent and received is listed, by whom it may be seen;
   what is taken out has neither row nor file; limits. */
#include <errno.h>

#include <sys/stat.h>

#include "service_archive.h"

/* ---- what is in it ---- */

static void the_records_tell_of_the_fax(void **unused) {
  (void)unused;
  start_archiving();
  stage_document(&st, 2);
  DWORD sent = send_to("1");
  wait_until(1);
  receive();
  restart_archiving();
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
  start_archiving();
  fsp.reception = FSP_PART;
  receive();
  assert_true(FaxEnumInbox(st.server, (FILETIME){0, 0}, &before, &count));
  assert_int_equal(count, 1);
  restart_archiving();
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
  struct fax_connect narrow = {.size = sizeof narrow,
                               .rights = FAX_JOB_SUBMIT,
                               .user = NULL},
                     eve = {.size = sizeof eve,
                            .rights = FAX_JOB_SUBMIT,
                            .user = "eve"};
  typedef struct fax_archive_query Q;
  HANDLE all;
  (void)unused;
  start_archiving();
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
  assert_string_equal(ids((Q){.job_id = 2}), "2 ");
  assert_string_equal(ids((Q){.job_id = 3}), "3 ");
  assert_string_equal(ids((Q){.job_id = 4}), "");
  assert_string_equal(ids((Q){.after = ago(5000)}), "2 3 ");
  assert_string_equal(ids((Q){.before = ago(5000)}), "1 ");
  assert_string_equal(ids((Q){.after = ago(100)}), "3 ");
  assert_string_equal(ids((Q){.after = ago(-100)}), "");
  assert_string_equal(ids((Q){.newest_first = TRUE, .before = ago(5000)}),
                      "1 ");
  assert_string_equal(ids((Q){.newest_first = TRUE, .before = ago(100)}),
                      "2 1 ");
  all = st.server;
  assert_true(stage_connect_as(&st, &narrow, &st.server));
  assert_string_equal(ids((Q){0}), "1 2 ");
  assert_string_equal(ids((Q){.folder = FAX_ARCHIVE_RECEIVED}), "");
  assert_string_equal(ids((Q){.job_id = 3}), "");
  FaxClose(st.server);
  assert_true(stage_connect_as(&st, &eve, &st.server));
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
  start_archiving();
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

/* ---- files ---- */

typedef BOOL read_fn(HANDLE server, DWORD id, BYTE **data_out,
                     LPDWORD size_out);

static void is_file(read_fn *read, DWORD id, const char *path) {
  struct stat stat_of;
  BYTE *data, *expected = malloc(1 << 20);
  DWORD size;
  FILE *file = fopen(path, "rb");
  assert_non_null(file);
  assert_int_equal(stat(path, &stat_of), 0);
  if (!read(st.server, id, &data, &size))
    fail_msg("%s", FaxGetLastErrorMessage());
  assert_int_equal(size, stat_of.st_size);
  assert_int_equal(fread(expected, 1, 1 << 20, file), size);
  assert_memory_equal(data, expected, size);
  assert_int_equal(fclose(file), 0);
  free(expected);
  FaxFreeBuffer(data);
}

/* SEC-9: by the rules of the lists that have them */
static void files_are_read(void **unused) {
  static read_fn *const reads[] = {FaxReadArchived, FaxReadReceived,
                                   FaxReadDocument};
  struct fax_connect eve = {
      .size = sizeof eve, .rights = FAX_JOB_SUBMIT, .user = "eve"};
  DWORD count, size;
  BYTE *data;
  HANDLE stranger;
  (void)unused;
  start_archiving();
  stage_document(&st, 1);
  DWORD job = send_to("1");
  wait_until(1);
  receive();
  struct fax_archived *faxes = list(NULL, &count);
  assert_int_equal(count, 2);
  is_file(FaxReadArchived, faxes[0].id, faxes[0].path);
  is_file(FaxReadArchived, faxes[1].id, faxes[1].path);
  is_file(FaxReadReceived, faxes[1].job_id, faxes[1].path);
  assert_fails(FaxReadReceived(st.server, faxes[0].job_id, &data, &size),
               ERROR_INVALID_PARAMETER);
  assert_fails(FaxReadDocument(st.server, job, &data, &size),
               ERROR_INVALID_PARAMETER); /* it has left the queue */
  assert_true(stage_connect_as(&st, &eve, &stranger));
  assert_fails(FaxReadArchived(stranger, faxes[0].id, &data, &size),
               ERROR_INVALID_PARAMETER);
  assert_fails(FaxReadReceived(stranger, faxes[1].job_id, &data, &size),
               ERROR_ACCESS_DENIED);
  FaxClose(stranger);
  assert_int_equal(unlink(faxes[0].path), 0);
  assert_fails(FaxReadArchived(st.server, faxes[0].id, &data, &size),
               ERROR_INVALID_PARAMETER);
  FaxFreeBuffer(faxes);
  for (size_t i = 0; i < sizeof reads / sizeof *reads; i++) {
    assert_fails(reads[i](st.server, 99, &data, &size),
                 ERROR_INVALID_PARAMETER);
    assert_fails(reads[i](NULL, 1, &data, &size), ERROR_INVALID_PARAMETER);
    assert_fails(reads[i](st.server, 1, NULL, &size), ERROR_INVALID_PARAMETER);
    assert_fails(reads[i](st.server, 1, &data, NULL), ERROR_INVALID_PARAMETER);
  }
  stop();
}

/* SEC-9: as whoever reads the file as it is */
static void files_are_read_in_other_forms(void **unused) {
  struct fax_connect eve = {
      .size = sizeof eve, .rights = FAX_JOB_SUBMIT, .user = "eve"};
  struct fax_file ask = {.size = sizeof ask,
                         .of = FAX_FILE_ARCHIVED,
                         .form = FAX_FORM_PNG,
                         .page = 1};
  HANDLE stranger;
  DWORD count, size;
  BYTE *data;
  (void)unused;
  start_archiving();
  stage_document(&st, 1);
  send_to("1");
  wait_until(1);
  struct fax_archived *faxes = list(NULL, &count);
  assert_int_equal(count, 1);
  ask.id = faxes[0].id;
  if (!FaxReadFile(st.server, &ask, &data, &size))
    fail_msg("%s", FaxGetLastErrorMessage());
  assert_memory_equal(data, "\x89PNG", 4);
  FaxFreeBuffer(data);
  assert_true(stage_connect_as(&st, &eve, &stranger));
  assert_fails(FaxReadFile(stranger, &ask, &data, &size),
               ERROR_INVALID_PARAMETER);
  FaxClose(stranger);
  ask.page = 2;
  assert_fails(FaxReadFile(st.server, &ask, &data, &size),
               ERROR_INVALID_PARAMETER);
  ask.page = 0;
  ask.form = FAX_FORM_PNG + 1;
  assert_fails(FaxReadFile(st.server, &ask, &data, &size),
               ERROR_INVALID_PARAMETER);
  ask.form = FAX_FORM_PDF;
  ask.of = FAX_FILE_DOCUMENT;
  assert_fails(FaxReadFile(st.server, &ask, &data, &size),
               ERROR_INVALID_PARAMETER); /* it has an id */
  ask.of = FAX_FILE_DOCUMENT + 1;
  assert_fails(FaxReadFile(st.server, &ask, &data, &size),
               ERROR_INVALID_PARAMETER);
  assert_fails(FaxReadFile(st.server, NULL, &data, &size),
               ERROR_INVALID_PARAMETER);
  FaxFreeBuffer(faxes);
  stop();
}

/* ---- taking out ---- */

static void what_is_removed_is_gone(void **unused) {
  struct fax_connect query = {
      .size = sizeof query, .rights = FAX_JOB_QUERY, .user = NULL};
  DWORD gone[] = {1, 1, 99, 3}, removed = 9;
  HANDLE narrow;
  (void)unused;
  start_archiving();
  stage_document(&st, 1);
  for (int i = 0; i < 2; i++) send_to("1");
  wait_until(2);
  receive();
  assert_true(stage_connect_as(&st, &query, &narrow));
  assert_fails(FaxRemoveArchived(narrow, gone, 4, &removed),
               ERROR_ACCESS_DENIED);
  FaxClose(narrow);
  assert_true(FaxRemoveArchived(st.server, gone, 4, &removed));
  assert_int_equal(removed, 2);
  assert_string_equal(ids((struct fax_archive_query){0}), "2 ");
  assert_int_equal(stage_files(&st, "archive"), 1);
  assert_int_equal(stage_files(&st, "inbox"), 0);
  restart_archiving();
  assert_string_equal(ids((struct fax_archive_query){0}), "2 ");
  stop();
}

/* A fax that is being routed is needed still. */
static void what_is_being_routed_stays(void **unused) {
  DWORD first = 1, removed = 9;
  HANDLE port;
  char folder[128];
  (void)unused;
  snprintf(folder, sizeof folder, "%s/routed", st.directory);
  assert_int_equal(mkdir(folder, 0700), 0);
  start_archiving();
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
  assert_int_equal(removed, 9);
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
  start_archiving();
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

/* Of a fax that was sent its sender hears, too, of one that came in only who
   sees all jobs. */
static void what_is_removed_is_told(void **unused) {
  struct fax_archive_purge purge = {.size = sizeof purge};
  struct fax_connect connect = {.size = sizeof connect,
                                .rights = FAX_PORT_QUERY};
  HANDLE own, port = FaxCreateCompletionPort();
  struct fax_packet packet;
  DWORD removed, count, taken;
  (void)unused;
  start_archiving();
  assert_true(FaxConnect(&connect, &own)); /* this user */
  document(2);
  DWORD sent = send_to(FSP_COMPLETES);
  wait_until(1);
  receive();
  struct fax_archived *faxes = list(NULL, &count);
  assert_int_equal(count, 2);
  config_settle();
  assert_true(FaxSubscribe(own, port, 1, NULL));
  assert_true(FaxPurgeArchive(st.server, &purge, &removed));
  assert_int_equal(removed, 2);
  for (DWORD i = 0; i < count; i++) {
    struct fax_event *e = stage_until(&st, FEI_FAX_REMOVED, 0);
    assert_int_equal(e->kind, FAX_EVENT_ARCHIVE);
    assert_int_equal(e->job_id, faxes[i].job_id);
    assert_string_equal(e->path, faxes[i].path);
    assert_int_equal(e->pages, faxes[i].pages);
    FaxLocalFree(e);
  }
  assert_true(FaxGetCompletions(port, &packet, 1, &taken, FaxClockNow()));
  assert_int_equal(((struct fax_event *)packet.packet)->job_id, sent);
  FaxLocalFree(packet.packet);
  assert_false(FaxGetCompletions(port, &packet, 1, &taken, FaxClockNow()));
  assert_true(
      FaxPurgeArchive(st.server, &purge, &removed)); /* no more to tell */
  config_settle();
  struct fax_event *e;
  while (config_event_waits(&st, &e)) {
    assert_int_not_equal(e->event_id, FEI_FAX_REMOVED);
    FaxLocalFree(e);
  }
  FaxFreeBuffer(faxes);
  FaxClose(own);
  assert_true(FaxCloseCompletionPort(port));
  stop();
}

/* Some of the oldest cannot go: more than are looked at at once. */
enum { STUCK = 70, FREE = 5 };

static int refuse_stuck(const char *path) {
  const char *name = strrchr(path, '/');
  if (name == NULL || strstr(name, "-1f-4-") == NULL ||
      atoi(strstr(name, "-1f-4-") + 6) > STUCK)
    return disk_system.unlink(path);
  errno = EACCES;
  return -1;
}

static void start_stuck(struct disk_layer *layer) {
  start_archiving();
  stop();
  for (int i = 1; i <= STUCK + FREE; i++) {
    char name[256];
    snprintf(name, sizeof name, "%s/inbox/20251231-2359%02d-1f-4-%d.tif",
             st.directory, i > STUCK ? 59 : 58, i);
    assert_true(pages_make(name, PAGES_SHORT, 1, 300, 196));
  }
  *layer = disk_system;
  layer->unlink = refuse_stuck;
  disk_layer = layer;
}

static void what_cannot_go_keeps_no_other(void **unused) {
  struct fax_archive_purge purge = {.size = sizeof purge};
  struct disk_layer layer;
  DWORD removed;
  (void)unused;
  start_stuck(&layer);
  start_archiving();
  assert_int_equal(stage_files(&st, "inbox"), STUCK + FREE);
  purge.keep_bytes = 0; /* by age all, then by size all */
  purge.before = ago(0);
  assert_true(FaxPurgeArchive(st.server, &purge, &removed));
  assert_int_equal(removed, FREE);
  assert_int_equal(stage_files(&st, "inbox"), STUCK);
  disk_layer = &disk_system;
  purge.before = (FILETIME){0, 0};
  assert_true(FaxPurgeArchive(st.server, &purge, &removed));
  assert_int_equal(removed, STUCK);
  stop();
}

static void nor_does_it_for_the_limits(void **unused) {
  struct disk_layer layer;
  (void)unused;
  start_stuck(&layer);
  config.archive_bytes = 1;
  start_archiving();
  later(1);
  assert_int_equal(stage_files(&st, "inbox"), STUCK);
  receive(); /* it is not looked for another at once */
  later(1);
  assert_int_equal(stage_files(&st, "inbox"), STUCK + 1);
  later(3700);
  assert_int_equal(stage_files(&st, "inbox"), STUCK);
  disk_layer = &disk_system;
  later(3700);
  assert_int_equal(stage_files(&st, "inbox"), 0);
  stop();
}

/* ---- the folder's names ---- */

/* One folder may be called by several names: its faxes are there once. */
static void a_folder_has_one_name(void **unused) {
  char dotted[sizeof st.directory + 8], other[sizeof st.directory + 8];
  (void)unused;
  start_archiving();
  receive();
  stop();
  snprintf(dotted, sizeof dotted, "%s/./", st.directory);
  config.directory = dotted;
  start_archiving();
  assert_string_equal(ids((struct fax_archive_query){0}), "1 ");
  receive();
  stop();
  snprintf(other, sizeof other, "%s-too", st.directory);
  assert_int_equal(symlink(st.directory, other), 0);
  config.directory = other;
  start_archiving();
  assert_string_equal(ids((struct fax_archive_query){0}), "1 2 ");
  stop();
  assert_int_equal(unlink(other), 0);
}

/* ---- limits ---- */

static void days_are_a_limit(void **unused) {
  (void)unused;
  config.archive_days = 2;
  start_archiving();
  receive();
  later(86400);
  receive();
  later(86400 - 7200);
  assert_string_equal(ids((struct fax_archive_query){0}), "1 2 ");
  later(7200 + 3700); /* looked at once an hour */
  assert_string_equal(ids((struct fax_archive_query){0}), "2 ");
  restart_archiving();
  later(86400);
  assert_string_equal(ids((struct fax_archive_query){0}), "");
  assert_int_equal(stage_files(&st, "inbox"), 0);
  stop();
}

/* Also what an earlier run left counts; it is looked at when one comes. */
static void size_is_a_limit(void **unused) {
  DWORD count;
  (void)unused;
  start_archiving();
  receive();
  struct fax_archived *faxes = list(NULL, &count);
  config.archive_bytes = 3 * (DWORDLONG)faxes[0].bytes;
  FaxFreeBuffer(faxes);
  restart_archiving();
  for (int i = 0; i < 4; i++) receive();
  later(1);
  assert_string_equal(ids((struct fax_archive_query){0}), "3 4 5 ");
  assert_int_equal(stage_files(&st, "inbox"), 3);
  stop();
}

int main(void) {
  const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, restore_disk)
      TEST(the_records_tell_of_the_fax),
      TEST(the_inbox_knows_earlier_runs),
      TEST(each_question_is_answered),
      TEST(a_long_list_comes_in_pages),
      TEST(files_are_read),
      TEST(files_are_read_in_other_forms),
      TEST(what_is_removed_is_gone),
      TEST(what_is_being_routed_stays),
      TEST(the_oldest_are_purged),
      TEST(what_is_removed_is_told),
      TEST(what_cannot_go_keeps_no_other),
      TEST(nor_does_it_for_the_limits),
      TEST(a_folder_has_one_name),
      TEST(days_are_a_limit),
      TEST(size_is_a_limit),
  };
  test_start();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
