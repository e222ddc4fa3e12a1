/* SPDX-License-Identifier: MIT
   The archive after a crash at a point of a copy or a removal: a fax is there,
   or not, but never half of it. And while the disk refuses. */
#include <errno.h>
#include <sqlite3.h>

#include "service_archive.h"

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
  if (runs_apart()) {
    DWORD first = 1, removed;
    crash_at = point;
    layer = disk_system;
    layer.link = crash_link;
    layer.unlink = crash_unlink;
    disk_layer = &layer;
    start_archiving();
    stage_document(&st, 2);
    send_to("1");
    wait_until(1);
    FaxRemoveArchived(st.server, &first, 1, &removed);
    _exit(1); /* the point was not reached */
  }
}

/* Before its file is there, or before the row knows it: one file, one row, and
   the document gone. */
static void a_copy_is_made_once(void **unused) {
  (void)unused;
  for (int point = AT_LINK; point <= AFTER_LINK; point++) {
    crash(point);
    start_archiving();
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
  start_archiving();
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
  start_archiving();
  later(1);
  assert_string_equal(ids((struct fax_archive_query){0}), "");
  restart_archiving();
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
    start_archiving();
    assert_string_equal(ids((struct fax_archive_query){0}), "");
    assert_int_equal(stage_files(&st, "archive"), 0);
    stop();
    stage_clear(&st);
    assert_int_equal(mkdir(st.directory, 0700), 0);
  }
}

static int refuse_sync(int fd, const char *site) {
  char path[64], name[256] = "";
  snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
  if (readlink(path, name, sizeof name - 1) < 0 ||
      strstr(name, "/archive") == NULL)
    return disk_system.sync(fd, site);
  errno = EIO;
  return -1;
}

static int rows_of_archive(void) {
  char path[160];
  sqlite3 *db;
  sqlite3_stmt *rows;
  snprintf(path, sizeof path, "%s/fax.db", st.directory);
  assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
  assert_int_equal(
      sqlite3_prepare_v2(db, "SELECT count(*) FROM archive", -1, &rows, NULL),
      SQLITE_OK);
  assert_int_equal(sqlite3_step(rows), SQLITE_ROW);
  int count = sqlite3_column_int(rows, 0);
  sqlite3_finalize(rows);
  sqlite3_close(db);
  return count;
}

/* The row stays until it is safe that the file has gone. */
static void a_removal_waits_for_its_folder(void **unused) {
  (void)unused;
  crash(AFTER_UNLINK);
  layer = disk_system;
  layer.sync = refuse_sync;
  disk_layer = &layer;
  start_archiving();
  assert_string_equal(ids((struct fax_archive_query){0}), "");
  stop();
  assert_int_equal(rows_of_archive(), 1);
  disk_layer = &disk_system;
  start_archiving();
  stop();
  assert_int_equal(rows_of_archive(), 0);
}

/* The file was stored, and its row was not. */
static void a_file_of_the_inbox_gets_a_row(void **unused) {
  char name[256];
  struct fax_received *faxes;
  DWORD count;
  (void)unused;
  start_archiving();
  stop();
  snprintf(name, sizeof name, "%s/inbox/20251231-235959-1f-4-77-incomplete.tif",
           st.directory);
  assert_true(pages_make(name, PAGES_SHORT, 3, 300, 196));
  start_archiving();
  receive();
  for (int i = 0; i < 2; i++) {
    assert_true(FaxEnumInbox(st.server, (FILETIME){0, 0}, &faxes, &count));
    assert_int_equal(count, 2);
    assert_string_equal(faxes[0].path, name);
    assert_int_equal(faxes[0].pages, 3);
    assert_int_equal(faxes[0].device_id, 4);
    assert_false(faxes[0].complete);
    FaxFreeBuffer(faxes);
    restart_archiving();
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
  start_archiving();
  stage_document(&st, 1);
  disk_layer = &layer;
  send_to("1");
  later(400);
  assert_string_equal(ids((struct fax_archive_query){0}), "");
  assert_int_equal(stage_files(&st, "spool"), 1);
  restart_archiving();
  later(400);
  disk_layer = &disk_system;
  later(400);
  assert_string_equal(ids((struct fax_archive_query){0}), "1 ");
  stop();
  assert_int_equal(stage_files(&st, "spool"), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, restore_disk)
      TEST(a_copy_is_made_once),
      TEST(a_copy_that_is_there_needs_no_document),
      TEST(a_document_that_is_lost_has_no_row),
      TEST(a_removal_goes_on),
      TEST(a_removal_waits_for_its_folder),
      TEST(a_file_of_the_inbox_gets_a_row),
      TEST(a_full_disk_is_waited_for),
  };
  test_start();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
