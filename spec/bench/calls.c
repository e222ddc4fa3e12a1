/* SPDX-License-Identifier: MIT
   What calls take in C, with so many lines, and jobs that wait, in rising
   numbers: `calls FILE.tif LINES JOBS...` prints `name seconds`. */
#include <math.h>

#include "queue.h"

/* For the scheduler's step, which has no public name. */
#include "service/state.h"

#define ROUNDS 7
#define SUBMITTED 500

static const char *folder;
static struct queue queue;
static HANDLE port;

/* ---- one call ---- */

static void call_access(void) {
  bench_need(FaxAccessCheck(queue.server, FAX_JOB_QUERY), "FaxAccessCheck");
}

static void call_get_port(void) {
  PFAX_PORT_INFO info;
  bench_need(FaxGetPort(port, &info), "FaxGetPort");
  FaxFreeBuffer(info);
}

static void call_enum_ports(void) {
  PFAX_PORT_INFO ports;
  DWORD count;
  bench_need(FaxEnumPorts(queue.server, &ports, &count), "FaxEnumPorts");
  FaxFreeBuffer(ports);
}

/* Another one each time, from all over the queue. */
static void call_get_job(void) {
  static DWORD at;
  PFAX_JOB_ENTRY job;
  at = (at + 7919) % queue.count;
  bench_need(FaxGetJob(queue.server, queue.jobs[at], &job), "FaxGetJob");
  FaxFreeBuffer(job);
}

static void call_enum_jobs(void) {
  PFAX_JOB_ENTRY jobs;
  DWORD count;
  bench_need(FaxEnumJobs(queue.server, &jobs, &count), "FaxEnumJobs");
  FaxFreeBuffer(jobs);
}

/* Nothing is due; what waits is looked at and left. */
static void call_step(void) {
  struct service *s = service_current();
  fax_deadline next;
  pthread_mutex_lock(&s->lock);
  bool found = schedule_step(s, &next);
  pthread_mutex_unlock(&s->lock);
  mem_unref(s);
  if (!found) return;
  fprintf(stderr, "calls: something is due in a queue that rests\n");
  exit(1);
}

/* ---- measuring ---- */

static int compare(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return x < y ? -1 : x > y;
}

static double median(double list[ROUNDS]) {
  qsort(list, ROUNDS, sizeof *list, compare);
  return list[ROUNDS / 2];
}

static void measure(const char *name, void (*call)(void), unsigned times) {
  double rounds[ROUNDS];
  for (unsigned r = 0; r < ROUNDS; r++) {
    struct bench_cost from = bench_now();
    for (unsigned i = 0; i < times; i++) call();
    rounds[r] = bench_since(from).wall / times;
  }
  printf("%s %.12f\n", name, median(rounds));
}

/* As many jobs more and then less, so that the queue keeps its length. Threads
   that wake meanwhile disturb single rounds, so the fastest one counts. */
static void measure_submit(unsigned jobs) {
  double submit = 1, end = 1;
  static DWORD ids[SUBMITTED];
  for (unsigned r = 0; r < 3 * ROUNDS; r++) {
    struct bench_cost from = bench_now();
    for (unsigned i = 0; i < SUBMITTED; i++) ids[i] = queue_submit(&queue, 0);
    submit = fmin(submit, bench_since(from).wall / SUBMITTED);
    from = bench_now();
    for (unsigned i = 0; i < SUBMITTED; i++)
      bench_need(FaxAbort(queue.server, ids[i]), "FaxAbort");
    end = fmin(end, bench_since(from).wall / SUBMITTED);
  }
  printf("submit_%u %.12f\n", jobs, submit);
  printf("abort_%u %.12f\n", jobs, end);
}

static void open_port(void) {
  PFAX_PORT_INFO ports;
  DWORD count;
  bench_need(
      FaxEnumPorts(queue.server, &ports, &count) && count > 0 &&
          FaxOpenPort(queue.server, ports[0].DeviceId, PORT_OPEN_QUERY, &port),
      "FaxOpenPort");
  FaxFreeBuffer(ports);
}

static void measure_ports(unsigned lines) {
  char name[32];
  snprintf(name, sizeof name, "enum_ports_%u", lines);
  open_port();
  measure("access", call_access, 20000);
  measure("get_port", call_get_port, 20000);
  measure(name, call_enum_ports, 40000 / lines);
}

/* Half of the jobs wait for a line, half for a day to come. */
static void measure_jobs(unsigned jobs) {
  char name[32];
  queue_fill(&queue, (queue.count + jobs) / 2, 0);
  queue_fill(&queue, jobs, (double)time(NULL) + 30 * 86400);
  snprintf(name, sizeof name, "get_job_%u", jobs);
  measure(name, call_get_job, 20000);
  snprintf(name, sizeof name, "enum_jobs_%u", jobs);
  measure(name, call_enum_jobs, jobs < 50000 ? 50000 / jobs : 1);
  snprintf(name, sizeof name, "step_%u", jobs);
  measure(name, call_step, 20000);
  measure_submit(jobs);
}

int main(int argc, char **argv) {
  unsigned lines = argc >= 3 ? (unsigned)atoi(argv[2]) : 0;
  if (lines == 0) {
    fprintf(stderr, "usage: calls FILE.tif LINES JOBS...\n");
    return 2;
  }
  folder = bench_folder();
  queue_start(&queue, folder, lines);
  queue_hold(&queue);
  queue_prepare(&queue, argv[1]);
  measure_ports(lines);
  for (int i = 3; i < argc; i++) measure_jobs((unsigned)atoi(argv[i]));
  queue_stop(&queue);
  return 0;
}
