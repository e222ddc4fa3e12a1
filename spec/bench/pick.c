/* SPDX-License-Identifier: MIT
   What it costs to find the next job for a line, by the length of the queue:
   its choice, its call, and its way back to the end of the queue. Half of the
   jobs are for numbers that have all their calls, and older than the rest.
   pick JOBS... */
#include "queue.h"
#include "service/schedule/number.h"

enum { PICKS = 20000, ROUNDS = 9, BLOCKED = 100 };

static FAX_JOB_PARAM params = {.SizeOfStruct = sizeof params};

static struct job *add(struct service *s, DWORD id, const char *number) {
  struct job *j;
  bench_need(job_new(id, JT_SEND, &j) == ERROR_SUCCESS &&
                 number_new(s->dialling, number, &j->number) == ERROR_SUCCESS,
             "memory");
  j->params = &params;
  j->admitted = j->since = FaxClockNow();
  job_enter(s, j);
  return j;
}

static void block(struct service *s, DWORD first_id) {
  for (DWORD i = 0; i < BLOCKED; i++) {
    char number[16];
    snprintf(number, sizeof number, "b%u", i);
    number_call_begins(s, add(s, first_id + i, number));
  }
}

/* Until there are so many. */
static DWORD fill(struct service *s, DWORD from, DWORD count) {
  for (; from < count; from++) {
    char number[16];
    bool blocked = from < count / 2;
    snprintf(number, sizeof number, "%s%u", blocked ? "b" : "",
             blocked ? from % BLOCKED : from % (count / 4 + 1));
    add(s, from + 1, number);
  }
  s->next_job = count + 1;
  return count;
}

static void pick(struct service *s) {
  struct job *j;
  struct port *p;
  fax_deadline next = FAX_FOREVER;
  bench_need(wait_next(s, FaxClockNow(), &next, &j, &p), "no job was found");
  number_call_begins(s, j);
  wait_end(s, j);
  number_call_ends(s, j);
  turn_behind(s, j);
  wait_begin(s, j);
}

static int by_size(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return x < y ? -1 : x > y;
}

/* Seconds of the processor for one: the median of the rounds. */
static double cost(struct service *s) {
  double rounds[ROUNDS];
  for (int i = 0; i < ROUNDS; i++) {
    struct bench_cost from = bench_now();
    for (int n = 0; n < PICKS; n++) pick(s);
    rounds[i] = bench_since(from).own / PICKS;
  }
  qsort(rounds, ROUNDS, sizeof *rounds, by_size);
  return rounds[ROUNDS / 2];
}

/* The lock is held all along: no thread of the service moves. It is not let go
   of, and nothing is freed. */
int main(int argc, char **argv) {
  struct queue q = {0};
  DWORD count = 0;
  queue_start(&q, bench_folder(), 4);
  struct service *s = service_current();
  pthread_mutex_lock(&s->lock);
  s->config.calls_per_number = 1;
  block(s, 3000000000u);
  for (int i = 1; i < argc; i++) {
    count = fill(s, count, (DWORD)strtoul(argv[i], NULL, 10));
    double seconds = cost(s);
    printf("pick_%s %.9f\n", argv[i], seconds);
  }
  fflush(stdout);
  bench_remove_own();
  _exit(0);
}
