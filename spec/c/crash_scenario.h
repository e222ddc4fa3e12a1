/* SPDX-License-Identifier: MIT
   The scenarios: what the service is busy with when it ends. */
#ifndef FAX_SPEC_CRASH_SCENARIO_H
#define FAX_SPEC_CRASH_SCENARIO_H

#include "crash_promise.h"
#include "store/own.h"

struct crash_scenario {
  const char *name;
  void (*prepare)(void); /* the disk, before the service; NULL: it is empty */
  void (*run)(void);
  /* What else must be, of what the log has up to `end`; NULL: nothing. */
  void (*check)(size_t end);
  bool archive;
  bool batch; /* jobs for one number go in one call */
};

/* By handle to three, and one of its own; they go out within the run. */
static inline void crash_run_submission(void) {
  HANDLE document = crash_prepare_document();
  for (int i = 0; i < 3 && document != NULL; i++)
    crash_submit(CRASH_PLAIN, document);
  FaxClose(document);
  crash_submit(CRASH_PLAIN, NULL);
}

/* Who gets no answer asks again. */
static inline void crash_run_keys(void) {
  DWORD first = crash_submit_with(CRASH_PLAIN, NULL, 1);
  DWORD again = crash_submit_with(CRASH_PLAIN, NULL, 1);
  crash_hold(first == 0 || again == 0 || again == first,
             "key 1: jobs %u and %u", first, again);
  HANDLE document = crash_prepare_document();
  if (document != NULL) crash_submit_all(document, 2);
  FaxClose(document);
  crash_wait(60);
  crash_mark_decided();
  crash_submit_with(CRASH_CUT_OFF, NULL, 5);
}

static inline void crash_run_sending(void) {
  crash_submit(CRASH_PLAIN, NULL);
  crash_submit(CRASH_CUT_OFF, NULL);
  crash_wait(60);
  crash_mark_decided();
  crash_wait(3600);
  crash_mark_decided();
}

/* The first shows what the provider can; those behind it go together, and those
   whose calls were cut off, too, with what is left of them. */
static inline void crash_run_batch(void) {
  static const char *const numbers[] = {CRASH_PLAIN, CRASH_CUT_OFF};
  crash_submit(CRASH_PLAIN, NULL);
  crash_wait(1);
  HANDLE document = crash_prepare_document();
  for (int i = 0; i < 6 && document != NULL; i++)
    crash_submit(numbers[i % 2], document);
  FaxClose(document);
  crash_wait(60);
  crash_mark_decided();
  crash_wait(3600);
  crash_mark_decided();
}

static inline void crash_run_retry(void) {
  crash_submit(CRASH_BUSY, NULL);
  crash_wait(300);
  crash_wait(3600);
  crash_mark_decided();
}

static inline void crash_ring(DWORD device, enum fsp_reception what) {
  crash_stage.reception = what;
  fsp_ring(device, 9);
  crash_wait(60);
  crash_mark_stored();
}

static inline void crash_run_receiving(void) {
  crash_ring(FSP_FIRST, FSP_WHOLE);
  crash_ring(FSP_FIRST + 1, FSP_PART);
}

static inline void crash_remove_archived(void) {
  DWORD first = 1, removed = 0;
  crash_mark(CRASH_REMOVING, 1, 0);
  FaxRemoveArchived(crash_stage.server, &first, 1, &removed);
  if (removed == 1) crash_mark(CRASH_REMOVED, 1, 0);
}

static inline void crash_run_archive(void) {
  crash_submit(CRASH_PLAIN, NULL);
  crash_wait(60);
  crash_mark_decided();
  crash_submit(CRASH_PLAIN, NULL);
  crash_wait(60);
  crash_mark_decided();
  crash_remove_archived();
}

/* ---- a store of the first version with a job that waits ---- */

static inline void crash_old_store(void) {
  sqlite3 *db;
  char path[160], sql[512];
  struct stat st;
  crash_below(path, sizeof path, "state/fax.db");
  crash_hold(stat(crash_document, &st) == 0 &&
                 sqlite3_open(path, &db) == SQLITE_OK &&
                 schema_upgrade_to(db, path, 1) == ERROR_SUCCESS,
             "no store of the first version");
  snprintf(sql, sizeof sql,
           "INSERT INTO jobs (id, type, state, outcome, paused, user, "
           "device_id, pages, confirmed, failures, ecm, max_rate, transport, "
           "methods_done, complete, bytes, document, params) VALUES (7, 1, 1, "
           "0, 0, 'somebody', 0, %d, 0, 0, 1, 0, 0, 0, 0, %lld, '1-7.tif', "
           "'[{\"recipient_number\": \"" CRASH_PLAIN "\"}]')",
           CRASH_PAGES, (long long)st.st_size);
  char *why = NULL;
  if (sqlite3_exec(db, sql, NULL, NULL, &why) != SQLITE_OK)
    crash_fail("the store of the first version: %s", why);
  sqlite3_close(db);
}

static inline void crash_prepare_migration(void) {
  char path[160], command[512];
  crash_below(path, sizeof path, "state");
  mkdir(path, 0700);
  crash_old_store();
  snprintf(command, sizeof command, "mkdir %s/spool && cp %s %s/spool/1-7.tif",
           path, crash_document, path);
  if (system(command) != 0) crash_fail("no document of the first version");
  crash_mark(CRASH_ACCEPTED, 7, 0);
}

static inline void crash_run_migration(void) {
  crash_wait(60);
  crash_mark_decided();
}

static const struct crash_scenario crash_scenarios[] = {
    {"submission", NULL, crash_run_submission, NULL, false, false},
    {"keys", NULL, crash_run_keys, NULL, false, false},
    {"sending", NULL, crash_run_sending, NULL, false, false},
    {"batch", NULL, crash_run_batch, NULL, false, true},
    {"retry", NULL, crash_run_retry, NULL, false, false},
    {"receiving", NULL, crash_run_receiving, NULL, false, false},
    {"routing", crash_prepare_routing, crash_run_routing, crash_check_routing,
     false, false},
    {"archive", NULL, crash_run_archive, NULL, true, false},
    {"purge", NULL, crash_run_purge, NULL, true, false},
    {"settings", NULL, crash_run_settings, crash_check_settings, false, false},
    {"rendering", crash_prepare_rendering, crash_run_rendering,
     crash_check_rendering, false, false},
    {"migration", crash_prepare_migration, crash_run_migration, NULL, false,
     false}};
enum { CRASH_SCENARIOS = sizeof crash_scenarios / sizeof *crash_scenarios };

#endif
