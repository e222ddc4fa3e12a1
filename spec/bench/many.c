/* SPDX-License-Identifier: MIT
   Many calls at once in one service, on the virtual clock: `many FILE.tif CALLS
   [PACE]` has CALLS lines call as many others, holds that no event is lost and
   that all arrives, and prints what a call costs in memory and a page in
   processor time. At fast pace as many calls as there are processors talk at a
   time, the others are up and wait; at real pace all talk, in line time. */
#include "bench.h"

#include <pthread.h>
#include <stdatomic.h>

#include "../c/many.h"

static const char *folder;

static void need(const char *wrong) {
  if (wrong == NULL) return;
  fprintf(stderr, "many: %s\n", wrong);
  exit(1);
}

static void start(struct many *m, const char *pace) {
  struct fax_service_config config;
  char lines[32], pace_option[32];
  const char *const options[] = {lines, "numbers=10001", pace_option, NULL};
  struct fax_provider_config loopback = {.name = "loopback",
                                         .options = options};
  folder = bench_folder();
  many_options(lines, sizeof lines, m->calls);
  snprintf(pace_option, sizeof pace_option, "pace=%s", pace);
  FaxServiceDefaults(&config);
  config.calls_per_number = 0;
  config.directory = folder;
  config.branding = FALSE;
  config.retries = 0;
  config.event_backlog = 10000000;
  config.providers = &loopback;
  config.provider_count = 1;
  bench_need(FaxServiceStart(&config), "FaxServiceStart");
  bench_need(FaxConnectFaxServer(NULL, &m->server), "FaxConnectFaxServer");
}

/* ---- the most that is in memory; on a thread that no clock knows ---- */

static atomic_bool measured;

static void *measure(void *most) {
  size_t *bytes = most;
  while (!atomic_load(&measured)) {
    struct timespec pause = {.tv_nsec = 5000000};
    size_t now = bench_resident();
    if (now > *bytes) *bytes = now;
    nanosleep(&pause, NULL);
  }
  return NULL;
}

int main(int argc, char **argv) {
  struct many m = {.calls = argc >= 3 ? (unsigned)atoi(argv[2]) : 0};
  m.pages = m.calls > 0 && m.calls <= 500 ? pages_count(argv[1]) : 0;
  if (m.pages == 0) {
    fprintf(stderr, "usage: many FILE.tif CALLS [fast|real], 500 at most\n");
    return 2;
  }
  bench_need(FaxClockVirtual(INT64_C(1767268800) * FAX_SECOND), "the clock");
  start(&m, argc > 3 ? argv[3] : "fast");
  need(many_begin(&m));
  need(many_submit(&m, argv[1]));
  pthread_t watcher;
  size_t before = bench_resident(), most = before;
  struct bench_cost from = bench_now();
  bench_need(pthread_create(&watcher, NULL, measure, &most) == 0, "a thread");
  need(many_lines(&m, FPF_SEND));
  need(many_run(&m, 24 * 3600 * FAX_SECOND));
  struct bench_cost sent = bench_since(from);
  atomic_store(&measured, true);
  pthread_join(watcher, NULL);
  need(many_idle(&m, 3600 * FAX_SECOND));
  printf("most_calls_up %u\n", m.most_up);
  printf("events %llu\n", (unsigned long long)m.sequence);
  printf("bytes_per_call %zu\n", (most - before) / m.calls);
  printf("cpu_seconds_per_page %.6f\n", sent.own / (m.calls * m.pages));
  printf("pages_per_second %.3f\n", m.calls * m.pages / sent.wall);
  many_end(&m);
  fax_deadline now = FaxClockNow();
  FaxClose(m.server);
  bench_need(FaxServiceStop(now + 60 * FAX_SECOND, now), "FaxServiceStop");
  return 0;
}
