/* SPDX-License-Identifier: MIT
   What a long queue costs: `backlog JOBS`. The time of one durable submission
   with that many queued, beside an empty queue; of a start, beside reading the
   rows; and the bytes on the disk, beside those of the rows alone. On the disk
   of $TMPDIR. */
#include <sqlite3.h>
#include <sys/stat.h>

#include "../c/pages.h"
#include "queue.h"

enum { SAMPLES = 400, AT_ONCE = 1000 };

static struct queue q;
static char folder[128];
static double when;

static void remove_folder(void) {
  bench_remove(folder);
}

static int by_size(const void *a, const void *b) {
  const double *x = a, *y = b;
  return (*x > *y) - (*x < *y);
}

/* Seconds of one submission after the other: the median, and of a hundred the
   slowest but one. */
static void sample(double *median_out, double *slow_out) {
  double seconds[SAMPLES];
  for (int i = 0; i < SAMPLES; i++) {
    struct bench_cost from = bench_now();
    queue_submit(&q, when);
    seconds[i] = bench_since(from).wall;
  }
  qsort(seconds, SAMPLES, sizeof *seconds, by_size);
  *median_out = seconds[SAMPLES / 2];
  *slow_out = seconds[SAMPLES * 99 / 100];
}

static void fill(DWORD count) {
  static struct fax_submission subs[AT_ONCE];
  static DWORD ids[AT_ONCE];
  FAX_JOB_PARAM params;
  for (DWORD done = 0; done < count; done += AT_ONCE) {
    for (int i = 0; i < AT_ONCE; i++) queue_order(&q, when, &params, &subs[i]);
    bench_need(FaxSubmitAll(q.server, subs, AT_ONCE, ids), "FaxSubmitAll");
  }
}

/* ---- on the disk ---- */

static double disk_bytes;

static int add_size(const char *path, const struct stat *st, int flag,
                    struct FTW *walk) {
  (void)path, (void)flag, (void)walk;
  disk_bytes += (double)st->st_blocks * 512;
  return 0;
}

static double measure_disk(void) {
  disk_bytes = 0;
  nftw(folder, add_size, 16, FTW_PHYS);
  return disk_bytes;
}

static sqlite3 *open_rows(void) {
  char path[160];
  sqlite3 *db;
  snprintf(path, sizeof path, "%s/fax.db", folder);
  bench_need(sqlite3_open(path, &db) == SQLITE_OK, path);
  return db;
}

/* Seconds for every column of every row. */
static double read_rows(void) {
  sqlite3 *db = open_rows();
  sqlite3_stmt *all;
  struct bench_cost from = bench_now();
  bench_need(
      sqlite3_prepare_v2(db, "SELECT * FROM jobs", -1, &all, NULL) == SQLITE_OK,
      "jobs");
  while (sqlite3_step(all) == SQLITE_ROW)
    for (int i = 0; i < sqlite3_column_count(all); i++)
      sqlite3_column_text(all, i);
  sqlite3_finalize(all);
  double seconds = bench_since(from).wall;
  sqlite3_close(db);
  return seconds;
}

/* Of the values, without what holds them. */
static double row_bytes(void) {
  sqlite3 *db = open_rows();
  sqlite3_stmt *all;
  double bytes = 0;
  bench_need(
      sqlite3_prepare_v2(db, "SELECT * FROM jobs", -1, &all, NULL) == SQLITE_OK,
      "jobs");
  while (sqlite3_step(all) == SQLITE_ROW)
    for (int i = 0; i < sqlite3_column_count(all); i++)
      bytes += sqlite3_column_type(all, i) == SQLITE_INTEGER
                   ? 4
                   : sqlite3_column_bytes(all, i);
  sqlite3_finalize(all);
  sqlite3_close(db);
  return bytes;
}

static void measure_start(void) {
  struct bench_cost from = bench_now();
  queue_again(&q, folder, 2);
  double seconds = bench_since(from).wall;
  queue_stop(&q);
  printf("start %.6f %.6f\n", seconds, read_rows());
}

int main(int argc, char **argv) {
  DWORD jobs = argc == 2 ? (DWORD)atol(argv[1]) : 0;
  double empty, empty_slow, full, full_slow;
  char file[160];
  if (jobs == 0) {
    fprintf(stderr, "usage: backlog JOBS\n");
    return 2;
  }
  when = (double)time(NULL) + 30 * 86400;
  bench_folder(folder, sizeof folder);
  queue_start(&q, folder, 2);
  atexit(remove_folder);
  queue_hold(&q);
  snprintf(file, sizeof file, "%s/short.tif", folder);
  bench_need(pages_make(file, PAGES_SHORT, 1, 2292, 196), file);
  queue_prepare(&q, file);
  sample(&empty, &empty_slow);
  fill(jobs);
  sample(&full, &full_slow);
  printf("p50 %.6f %.6f\np99 %.6f %.6f\n", full, empty, full_slow, empty_slow);
  queue_stop(&q);
  measure_start();
  double all = jobs + 2 * SAMPLES;
  printf("bytes %.1f %.1f\n", measure_disk() / all, row_bytes() / all);
  return 0;
}
