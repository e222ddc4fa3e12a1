/* SPDX-License-Identifier: MIT
   What a long queue costs: `backlog JOBS`. The time of one durable submission
   with that many queued, beside that of a process whose queue is empty, in
   turn, so that what else the machine does hits both; of a start, beside
   reading the rows; and the bytes on the disk, beside those of the rows alone.
   On the disk of $TMPDIR. */
#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "../c/pages.h"
#include "queue.h"

enum { TURNS = 20, A_TURN = 20, SAMPLES = TURNS * A_TURN, AT_ONCE = 1000 };

static struct queue q;
static const char *folder;
static double when;

static int by_size(const void *a, const void *b) {
  const double *x = a, *y = b;
  return (*x > *y) - (*x < *y);
}

static void submit_some(double *seconds) {
  for (int i = 0; i < A_TURN; i++) {
    struct bench_cost from = bench_now();
    queue_submit(&q, when);
    seconds[i] = bench_since(from).wall;
  }
}

/* With a document for all of them. */
static void begin(void) {
  char file[160];
  folder = bench_folder();
  queue_start(&q, folder, 2);
  queue_hold(&q);
  snprintf(file, sizeof file, "%s/short.tif", folder);
  bench_need(pages_make(file, PAGES_SHORT, 1, 2292, 196), file);
  queue_prepare(&q, file);
}

/* ---- the process with the empty queue ---- */

struct other {
  int ask, answer; /* ends of pipes */
  pid_t pid;
};

/* A turn for each byte that is asked; its end is the end. */
static void run_other(int asked, int answer) {
  double seconds[A_TURN];
  char byte;
  begin();
  while (read(asked, &byte, 1) == 1) {
    submit_some(seconds);
    if (write(answer, seconds, sizeof seconds) != sizeof seconds) break;
  }
  queue_stop(&q);
  exit(0);
}

static void start_other(struct other *o) {
  int ask[2], answer[2];
  bench_need(pipe(ask) == 0 && pipe(answer) == 0, "pipe");
  o->pid = fork();
  bench_need(o->pid >= 0, "fork");
  if (o->pid == 0) {
    close(ask[1]);
    run_other(ask[0], answer[1]);
  }
  close(ask[0]);
  close(answer[1]);
  o->ask = ask[1];
  o->answer = answer[0];
}

static void ask_other(struct other *o, double *seconds) {
  size_t size = A_TURN * sizeof *seconds;
  bench_need(write(o->ask, "", 1) == 1 &&
                 read(o->answer, seconds, size) == (ssize_t)size,
             "the other process");
}

static void end_other(struct other *o) {
  close(o->ask);
  close(o->answer);
  waitpid(o->pid, NULL, 0);
}

/* The median, and of a hundred the slowest but one. */
static void print_times(struct other *o) {
  static double full[SAMPLES], empty[SAMPLES];
  for (int i = 0; i < SAMPLES; i += A_TURN) {
    submit_some(full + i);
    ask_other(o, empty + i);
  }
  qsort(full, SAMPLES, sizeof *full, by_size);
  qsort(empty, SAMPLES, sizeof *empty, by_size);
  printf("p50 %.6f %.6f\n", full[SAMPLES / 2], empty[SAMPLES / 2]);
  printf("p99 %.6f %.6f\n", full[SAMPLES * 99 / 100],
         empty[SAMPLES * 99 / 100]);
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
  queue_start(&q, folder, 2);
  double seconds = bench_since(from).wall;
  queue_stop(&q);
  printf("start %.6f %.6f\n", seconds, read_rows());
}

int main(int argc, char **argv) {
  DWORD jobs = argc == 2 ? (DWORD)atol(argv[1]) : 0;
  struct other other;
  if (jobs == 0) {
    fprintf(stderr, "usage: backlog JOBS\n");
    return 2;
  }
  when = (double)time(NULL) + 30 * 86400;
  start_other(&other);
  begin();
  fill(jobs);
  print_times(&other);
  end_other(&other);
  queue_stop(&q);
  measure_start();
  double all = jobs + SAMPLES;
  printf("bytes %.1f %.1f\n", measure_disk() / all, row_bytes() / all);
  return 0;
}
