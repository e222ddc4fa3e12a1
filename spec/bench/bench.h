/* SPDX-License-Identifier: MIT
   What the benchmark programs share: clocks, a folder, and giving up. Their
   output is lines of `name value`, which run.lua reads. */
#ifndef FAX_BENCH_H
#define FAX_BENCH_H

#include <fax/faxerr.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "../c/folder.h"

/* Seconds: of the wall, and of the processor (all threads of the process; the
   children that it has waited for). */
struct bench_cost {
  double wall, own, children;
};

static inline double bench_usage(int who) {
  struct rusage u;
  getrusage(who, &u);
  return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
         (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) * 1e-6;
}

static inline struct bench_cost bench_now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (struct bench_cost){(double)t.tv_sec + (double)t.tv_nsec * 1e-9,
                             bench_usage(RUSAGE_SELF),
                             bench_usage(RUSAGE_CHILDREN)};
}

static inline struct bench_cost bench_since(struct bench_cost from) {
  struct bench_cost now = bench_now();
  return (struct bench_cost){now.wall - from.wall, now.own - from.own,
                             now.children - from.children};
}

/* Bytes of this process that are in memory. */
static inline size_t bench_resident(void) {
  size_t all = 0, resident = 0;
  FILE *f = fopen("/proc/self/statm", "r");
  if (f == NULL) return 0;
  if (fscanf(f, "%zu %zu", &all, &resident) != 2) resident = 0;
  fclose(f);
  return resident * (size_t)sysconf(_SC_PAGESIZE);
}

/* `what` and the last error, unless all is well. */
static inline void bench_need(int ok, const char *what) {
  if (ok) return;
  fprintf(stderr, "%s: %s\n", what, FaxGetLastErrorMessage());
  exit(1);
}

static char bench_own[FOLDER_SIZE];

static inline void bench_remove_own(void) {
  folder_remove(bench_own);
}

/* Makes the folder of this program, which goes with its exit. */
static inline const char *bench_folder(void) {
  if (!folder_make(bench_own) || atexit(bench_remove_own) != 0) {
    perror(bench_own);
    exit(1);
  }
  return bench_own;
}

#endif
