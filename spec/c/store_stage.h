/* SPDX-License-Identifier: MIT
   A store in a folder of its own, commits that are waited for, and rows. */
#ifndef FAX_SPEC_STORE_STAGE_H
#define FAX_SPEC_STORE_STAGE_H

#include <fax/fax_operation.h>
#include <fax/faxdev.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/thread.h"
#include "folder.h"
#include "model/time.h"
#include "store/own.h"
#include "store_vfs.h"

static char folder[FOLDER_SIZE];
static struct store *store;
static size_t live, threads;

static inline void open_store(void) {
  assert_int_equal(store_open(folder, &store), ERROR_SUCCESS);
}

static inline void close_store(void) {
  store_close(store, FAX_FOREVER);
  store = mem_unref(store);
}

static inline int set_up(void **unused) {
  (void)unused;
  live = mem_live();
  threads = thread_live();
  assert_true(folder_make(folder));
  open_store();
  return 0;
}

static inline int tear_down(void **unused) {
  (void)unused;
  close_store();
  vfs_clear();
  folder_remove(folder);
  assert_int_equal(thread_live(), threads);
  assert_int_equal(mem_live(), live);
  assert_int_equal(mem_faults(), 0);
  return 0;
}

/* ---- commits ---- */

struct told {
  pthread_mutex_t lock;
  struct clock_cond changed;
  int count;   /* how many were told */
  DWORD error; /* of the last */
  char why[STORE_WHY];
};

static inline void told_init(struct told *t) {
  memset(t, 0, sizeof *t);
  pthread_mutex_init(&t->lock, NULL);
  clock_cond_init(&t->changed);
}

static inline void tell(void *arg, DWORD error, const char *why) {
  struct told *t = arg;
  pthread_mutex_lock(&t->lock);
  t->count++;
  t->error = error;
  snprintf(t->why, sizeof t->why, "%s", why);
  clock_cond_broadcast(&t->changed);
  pthread_mutex_unlock(&t->lock);
}

static inline DWORD told_wait(struct told *t, int count) {
  pthread_mutex_lock(&t->lock);
  while (t->count < count) clock_cond_wait(&t->changed, &t->lock, FAX_FOREVER);
  pthread_mutex_unlock(&t->lock);
  return t->error;
}

static inline struct store_changes *changes(void) {
  struct store_changes *c;
  assert_int_equal(store_changes_new(&c), ERROR_SUCCESS);
  return c;
}

static inline DWORD commit(struct store_changes *c) {
  struct told t;
  told_init(&t);
  store_commit(store, c, STORE_TRY, tell, &t);
  return told_wait(&t, 1);
}

/* ---- rows ---- */

static inline struct store_job job(DWORD id, const FAX_JOB_PARAM *p) {
  return (struct store_job){
      .id = id,
      .type = JT_SEND,
      .state = STORE_WAITING,
      .paused = 1,
      .user = "somebody",
      .submitted = time_to_filetime(INT64_C(1700000000000000000)),
      .pages = 3,
      .confirmed = 1,
      .retries = FAX_UNKNOWN,
      .retry_delay = 60,
      .ecm = 1,
      .bad_rows = FAX_UNKNOWN,
      .bytes = INT64_C(5000000000),
      .document = "abc.tif",
      .params = p,
      .param_count = p != NULL};
}

static const struct fax_t30_event exchange[] = {
    {100, FALSE, "DIS", "14400 bit/s ECM MMR"}, {2500, TRUE, "DCN", ""}};

static inline struct store_attempt attempt(DWORD id, DWORD number) {
  return (struct store_attempt){
      .job_id = id,
      .attempt = {.number = number,
                  .device_id = 7,
                  .status = FS_BUSY,
                  .started = time_to_filetime(INT64_C(1700000001000000000)),
                  .pages_confirmed = FAX_UNKNOWN,
                  .rate = 14400,
                  .ecm = 0,
                  .encoding = FAX_UNKNOWN,
                  .bad_rows = 0,
                  .longest_bad_run = FAX_UNKNOWN,
                  .cause = "busy",
                  .timeline = exchange,
                  .timeline_count = 2}};
}

/* Of `second` since 1970; of somebody, to the number 100. */
static inline struct store_archived archived(DWORD id, int64_t second,
                                             DWORD bytes) {
  return (struct store_archived){
      .fax = {.size = sizeof(struct fax_archived),
              .id = id,
              .folder = FAX_ARCHIVE_SENT,
              .time = time_to_filetime(second * 1000000000),
              .user = "somebody",
              .number = "1-00",
              .pages = 2,
              .bytes = bytes,
              .path = "/archive/a.tif",
              .complete = TRUE,
              .quality = FAX_UNKNOWN,
              .bad_rows = FAX_UNKNOWN},
      .own = {.state = STORE_KEPT, .pending = FAX_UNKNOWN, .called = "100"}};
}

static inline void put_job(struct store_changes *c, DWORD id) {
  struct store_job j = job(id, NULL);
  assert_int_equal(store_put(c, STORE_JOBS, &j), ERROR_SUCCESS);
}

static inline void put_attempt(struct store_changes *c, DWORD id,
                               DWORD number) {
  struct store_attempt a = attempt(id, number);
  assert_int_equal(store_put(c, STORE_ATTEMPTS, &a), ERROR_SUCCESS);
}

static inline void put_record(struct store_changes *c, DWORD id, DWORD number) {
  struct fax_attempt_record r = {
      .size = sizeof r,
      .job_id = id,
      .attempt = number,
      .id = FAX_UNKNOWN, /* the store's own */
      .direction = FAX_DIRECTION_SENT,
      .status = FS_BUSY,
      .ended = time_to_filetime(INT64_C(1700000001000000000) + number),
      .duration = 1500,
      .number = "101",
      .rate = FAX_UNKNOWN,
      .cause = "busy"};
  assert_int_equal(store_put(c, STORE_RECORDS, &r), ERROR_SUCCESS);
}

#endif
