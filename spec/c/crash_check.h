/* SPDX-License-Identifier: MIT
   What must hold after it: the service is started on what is left, has a day of
   virtual time to finish, and is stopped. */
#ifndef FAX_SPEC_CRASH_CHECK_H
#define FAX_SPEC_CRASH_CHECK_H

#include <fax/fax_history.h>

#include "crash_scenario.h"
#include "document/document.h"

/* What of the log was before the end. */
struct crash_past {
  const struct crash_scenario *scenario;
  size_t end;
  bool power;    /* what was not synced may be gone */
  unsigned ends; /* so often did the service end before its time */
};

/* ---- jobs ---- */

/* An attempt says that this page may have arrived. */
static inline bool crash_is_marked(const struct fax_job_result *r, DWORD page) {
  for (DWORD i = 0; i < r->attempt_count; i++)
    if (r->attempts[i].cause != NULL && r->attempts[i].doubt == page &&
        strcmp(r->attempts[i].cause, "service_stopped") == 0)
      return true;
  return false;
}

/* A page goes out once; for each end one page in doubt goes out again. */
static inline void crash_check_pages(const struct crash_past *past,
                                     const struct fax_job_result *r) {
  DWORD job = r->job_id;
  size_t again = 0;
  for (DWORD page = 1; page <= CRASH_PAGES; page++) {
    size_t sent = crash_count_of(CRASH_SENT, job, page, 0, crash_now());
    size_t safe = crash_count_of(CRASH_SAFE, job, page, 0, past->end);
    crash_hold(sent >= 1, "job %u: page %u was not sent", job, page);
    if (sent == 1) continue;
    crash_hold(past->ends > 1 || safe == 0,
               "job %u: page %u was confirmed, and sent again", job, page);
    crash_hold(crash_is_marked(r, page),
               "job %u: page %u was sent %zu times, and no attempt says so",
               job, page, sent);
    again += sent - 1;
  }
  crash_hold(again <= past->ends, "job %u: %zu pages were sent again", job,
             again);
}

/* Decided once. */
static inline void crash_check_decided(const struct crash_past *past,
                                       const struct fax_job_result *r) {
  DWORD job = r->job_id;
  if (crash_count_of(CRASH_DECIDED, job, 0, 0, past->end) == 0) return;
  crash_hold(crash_count_of(CRASH_DECIDED, job, r->outcome, 0, past->end) > 0,
             "job %u: decided again, as %u", job, r->outcome);
  crash_hold(crash_count_of(CRASH_CALL, job, 0, past->end, crash_now()) == 0,
             "job %u: sent again after its end", job);
}

static inline void crash_check_job(const struct crash_past *past, DWORD job) {
  struct fax_job_result *r;
  if (!FaxGetJobResult(crash_stage.server, job, &r))
    crash_fail("job %u is lost: %s", job, FaxGetLastErrorMessage());
  const char *why = r->attempt_count > 0 && r->attempts[0].evidence != NULL
                        ? r->attempts[0].evidence
                        : "-";
  crash_hold(r->outcome == FAX_OUTCOME_COMPLETED,
             "job %u: outcome %u, attempts %u: %s", job, r->outcome,
             r->attempt_count, why);
  crash_check_pages(past, r);
  crash_check_decided(past, r);
  FaxFreeBuffer(r);
}

static inline void crash_check_jobs(const struct crash_past *past) {
  for (size_t i = 0, end = crash_now(); i < end; i++)
    if (crash->ops[i].kind == CRASH_ACCEPTED)
      crash_check_job(past, crash->ops[i].job);
}

/* ---- keys ---- */

/* A submission that is made again is the job of the first. */
static inline void crash_check_key(const struct crash_past *past,
                                   unsigned key) {
  const char *number = key == 5 ? CRASH_CUT_OFF : CRASH_PLAIN;
  if (crash_count_of(CRASH_ASKED, 0, key, 0, past->end) == 0) return;
  DWORD id = crash_submit_with(number, NULL, key);
  crash_hold(id != 0, "key %u: %s", key, FaxGetLastErrorMessage());
  for (size_t i = 0; i < past->end; i++)
    crash_hold(crash->ops[i].kind != CRASH_ACCEPTED ||
                   crash->ops[i].number != key || crash->ops[i].job == id,
               "key %u: jobs %u and %u", key, crash->ops[i].job, id);
}

/* No job goes out that nobody was told of. */
static inline void crash_check_known(void) {
  for (size_t i = 0, end = crash_now(); i < end; i++) {
    const struct crash_op *op = &crash->ops[i];
    if (op->kind == CRASH_CALL && op->job < CRASH_RECEPTION)
      crash_hold(crash_count_of(CRASH_ACCEPTED, op->job, 0, 0, end) > 0,
                 "job %u was sent, and is nobody's", op->job);
  }
}

static inline void crash_check_keys(const struct crash_past *past) {
  for (unsigned key = 1; key < 10; key++) crash_check_key(past, key);
  crash_wait(3600);
  if (crash_count_of(CRASH_ASKED, 0, 0, 0, past->end) > 0)
    crash_check_known(); /* each has been asked for again by now */
}

/* ---- folders ---- */

struct crash_files {
  DWORD files, pages, unreadable;
};

static inline struct crash_files crash_files_of(const char *name) {
  struct crash_files found = {0};
  char path[512];
  crash_below(path, sizeof path, name);
  DIR *folder = opendir(path);
  for (struct dirent *e; folder != NULL && (e = readdir(folder)) != NULL;) {
    if (e->d_name[0] == '.') continue;
    struct document_info info = {0};
    char file[800];
    snprintf(file, sizeof file, "%s/%s", path, e->d_name);
    found.files++;
    if (document_inspect(file, &info) != ERROR_SUCCESS) found.unreadable++;
    found.pages += info.pages;
  }
  if (folder != NULL) closedir(folder);
  return found;
}

/* ---- records ---- */

static inline DWORD crash_records_of(DWORD job, DWORD direction) {
  struct fax_record_query q = {
      .size = sizeof q, .job_id = job, .direction = direction};
  struct fax_attempt_record *records;
  DWORD count;
  if (!FaxEnumRecords(crash_stage.server, &q, &records, &count))
    crash_fail("records: %s", FaxGetLastErrorMessage());
  FaxFreeBuffer(records);
  return count;
}

/* One for each attempt: of none for whose entry there was no memory, and of one
   that was recovered, which has no result. */
static inline void crash_check_records_of(DWORD job, DWORD direction) {
  struct fax_job_result *r;
  DWORD records = crash_records_of(job, direction), attempts = 1;
  if (FaxGetJobResult(crash_stage.server, job, &r)) {
    bool sent = r->job_type == JT_SEND;
    if (sent == (direction == FAX_DIRECTION_SENT)) attempts = r->attempt_count;
    FaxFreeBuffer(r);
  }
  crash_hold(records == attempts, "job %u: %u records, %u attempts (%u)", job,
             records, attempts, direction);
}

/* Of each job, and of each fax in the inbox: the name ends with its job. */
static inline void crash_check_records(void) {
  char path[512];
  for (size_t i = 0, end = crash_now(); i < end; i++)
    if (crash->ops[i].kind == CRASH_ACCEPTED)
      crash_check_records_of(crash->ops[i].job, FAX_DIRECTION_SENT);
  crash_below(path, sizeof path, "state/inbox");
  DIR *folder = opendir(path);
  for (struct dirent *e; folder != NULL && (e = readdir(folder)) != NULL;) {
    unsigned job;
    if (sscanf(e->d_name, "%*d-%*d-%*[0-9a-f]-%*u-%u", &job) == 1)
      crash_check_records_of(job, FAX_DIRECTION_RECEIVED);
  }
  if (folder != NULL) closedir(folder);
}

static inline void crash_check_spool(const struct crash_past *past) {
  struct crash_files spool = crash_files_of("state/spool");
  crash_hold(spool.files == 0, "%u orphans are in the spool", spool.files);
  struct crash_files in = crash_files_of("state/incoming");
  crash_hold(in.files == (past->power ? in.unreadable : 0),
             "%u files are left in incoming", in.files);
}

static inline DWORD crash_receptions(enum crash_kind kind, size_t end) {
  DWORD count = 0;
  for (DWORD line = 0; line < FSP_LINES; line++)
    if (crash_count_of(kind, CRASH_RECEPTION + FSP_FIRST + line, 0, 0, end) > 0)
      count++;
  return count;
}

static inline DWORD crash_stored(size_t end) {
  DWORD stored = 0;
  for (size_t i = 0; i < end; i++)
    if (crash->ops[i].kind == CRASH_STORED) stored = crash->ops[i].number;
  return stored;
}

static inline void crash_check_inbox(const struct crash_past *past) {
  struct crash_files inbox = crash_files_of("state/inbox");
  DWORD most = crash_receptions(CRASH_CALL, crash_now());
  DWORD least = past->power ? crash_stored(past->end)
                            : crash_receptions(CRASH_TAKEN, crash_now());
  crash_hold(inbox.unreadable == 0, "a fax in the inbox cannot be read");
  crash_hold(inbox.files >= least, "%u faxes are in the inbox, not %u",
             inbox.files, least);
  crash_hold(inbox.files <= most, "%u faxes are in the inbox, of %u calls",
             inbox.files, most);
  size_t taken = crash_count_of(CRASH_TAKEN, 0, 0, 0, crash_now());
  crash_hold(past->power || inbox.pages >= taken,
             "%u pages are in the inbox, %zu were taken", inbox.pages, taken);
}

/* While it runs: each row of the archive has a file of its own, and each file a
   row. */
static inline void crash_check_rows(void) {
  struct fax_archived *faxes;
  DWORD count, files = crash_files_of("archive").files +
                       crash_files_of("state/unarchived").files +
                       crash_files_of("state/inbox").files;
  if (!FaxEnumArchive(crash_stage.server, NULL, &faxes, &count))
    crash_fail("the archive: %s", FaxGetLastErrorMessage());
  for (DWORD i = 0; i < count; i++)
    for (DWORD k = 0; k < i; k++)
      crash_hold(strcmp(faxes[i].path, faxes[k].path) != 0,
                 "%s is archived twice", faxes[i].path);
  FaxFreeBuffer(faxes);
  crash_hold(count == files, "%u rows of the archive, %u files", count, files);
}

static inline bool crash_happened(enum crash_kind kind) {
  return crash_count_of(kind, 0, 0, 0, crash_now()) > 0;
}

/* Each that was sent lies there once; or where it was kept when the archive
   could not be written. */
static inline void crash_check_archive(const struct crash_past *past) {
  struct crash_files archive = crash_files_of("archive");
  if (!past->scenario->archive) return;
  DWORD sent = 0;
  for (DWORD job = 1; job < 100; job++)
    if (crash_count_of(CRASH_CONFIRMED, job, CRASH_PAGES, 0, crash_now()) > 0)
      sent++;
  crash_hold(archive.unreadable == 0, "a fax in the archive cannot be read");
  archive.files += crash_files_of("state/unarchived").files;
  if (crash_happened(CRASH_REMOVED)) sent--;
  bool open = crash_happened(CRASH_REMOVING) && !crash_happened(CRASH_REMOVED);
  DWORD least = sent - crash_last(CRASH_TRIED, CRASH_PURGED, past->end) - open;
  DWORD most = sent - crash_last(CRASH_PROMISED, CRASH_PURGED, past->end);
  crash_hold(archive.files >= least && archive.files <= most,
             "%u faxes are in the archive, not %u to %u", archive.files, least,
             most);
}

/* ---- the store ---- */

static inline void crash_check_store(void) {
  sqlite3 *db;
  sqlite3_stmt *statement = NULL;
  char path[160];
  crash_below(path, sizeof path, "state/fax.db");
  if (sqlite3_open(path, &db) != SQLITE_OK ||
      sqlite3_prepare_v2(db, "PRAGMA integrity_check", -1, &statement, NULL) !=
          SQLITE_OK ||
      sqlite3_step(statement) != SQLITE_ROW)
    crash_fail("the store: %s", sqlite3_errmsg(db));
  const char *said = (const char *)sqlite3_column_text(statement, 0);
  crash_hold(strcmp(said, "ok") == 0, "the store: %s", said);
  sqlite3_finalize(statement);
  sqlite3_close(db);
}

/* ---- all of it, in a process of its own ---- */

static inline void crash_check(const struct crash_past *past) {
  crash_set_up(2);
  if (!crash_try_start()) crash_fail("start: %s", FaxGetLastErrorMessage());
  if (past->scenario->archive)
    crash_hold(crash_set_archive(), "archive: %s", FaxGetLastErrorMessage());
  crash_wait(6 * 3600);
  crash_check_keys(past);
  DWORD fresh = crash_submit(CRASH_PLAIN, NULL); /* it is of use */
  crash_hold(fresh != 0, "a new job: %s", FaxGetLastErrorMessage());
  crash_hold(crash_count_of(CRASH_ACCEPTED, fresh, 0, 0, crash_now()) == 1,
             "the number of job %u came twice", fresh);
  crash_wait(60);
  crash_check_jobs(past);
  crash_check_rows();
  crash_check_records();
  if (past->scenario->check != NULL) past->scenario->check(past->end);
  crash_stop();
  crash_check_spool(past);
  crash_check_inbox(past);
  crash_check_archive(past);
  crash_check_store();
}

#endif
