/* SPDX-License-Identifier: MIT
   Durable submissions a second, from one and from 64 submitters, with one
   document for all and with one of its own each, beside a loop that writes the
   same files and rows with the same batching (bare.h), in turn. A page is
   short: what checking pages costs has figures of its own (service.c). On the
   disk of $TMPDIR. */
#include "bare.h"

#include <stdatomic.h>
#include <stdbool.h>

#include "../c/pages.h"
#include "queue.h"

enum { ROUNDS = 5, MOST_THREADS = 64 };

struct load {
  const char *name;
  bool own; /* a document each */
  unsigned threads, each;
};

static const struct load loads[] = {{"own_1", true, 1, 40},
                                    {"own_64", true, MOST_THREADS, 8},
                                    {"shared_1", false, 1, 80},
                                    {"shared_64", false, MOST_THREADS, 24}};

static struct queue q;
static struct bare bare;
static const char *folder;
static char documents[160];
static char file[160];
static atomic_uint next;
static double when;

/* What stands behind the last page is nobody's: the bytes are others, the pages
   are not. */
static void make_document(unsigned n, char *path, size_t size) {
  char bytes[65536];
  FILE *from = fopen(file, "rb");
  snprintf(path, size, "%s/%u.tif", documents, n);
  FILE *to = fopen(path, "wb");
  bare_need(from != NULL && to != NULL, path);
  size_t length = fread(bytes, 1, sizeof bytes, from);
  fwrite(bytes, 1, length, to);
  fwrite(&n, sizeof n, 1, to);
  fclose(from);
  fclose(to);
}

static void submit(const char *document) {
  FAX_JOB_PARAM params = {.SizeOfStruct = sizeof params,
                          .RecipientNumber = "+49 30 123456-0",
                          .RecipientName = "A. Recipient",
                          .DocumentName = "bench",
                          .ScheduleAction = JSA_SPECIFIC_TIME};
  struct fax_submission sub = {.size = sizeof sub,
                               .files = &document,
                               .file_count = document != NULL,
                               .document = document == NULL ? q.document : NULL,
                               .params = &params,
                               .retries = FAX_UNKNOWN,
                               .retry_delay = FAX_UNKNOWN,
                               .ecm = FAX_UNKNOWN};
  DWORD id;
  FaxSecondsToSystemTime(when, &params.ScheduleTime);
  bench_need(FaxSubmit(q.server, &sub, &id), "FaxSubmit");
}

struct turn {
  const struct load *load;
  bool service;
};

static void *run_thread(void *arg) {
  const struct turn *turn = arg;
  for (unsigned i = 0; i < turn->load->each; i++) {
    unsigned n = atomic_fetch_add(&next, 1);
    char path[192];
    if (turn->load->own) snprintf(path, sizeof path, "%s/%u.tif", documents, n);
    const char *document = turn->load->own ? path : NULL;
    if (turn->service)
      submit(document);
    else
      bare_submit(&bare, document, n);
  }
  return NULL;
}

/* Submissions a second. */
static double run(const struct load *load, bool service) {
  pthread_t threads[MOST_THREADS];
  struct turn turn = {load, service};
  unsigned first = atomic_load(&next), count = load->threads * load->each;
  for (unsigned i = 0; load->own && i < count; i++) {
    char path[192];
    make_document(first + i, path, sizeof path);
  }
  sync(); /* what came before is not to be paid for by either */
  struct bench_cost from = bench_now();
  for (unsigned i = 0; i < load->threads; i++)
    pthread_create(&threads[i], NULL, run_thread, &turn);
  for (unsigned i = 0; i < load->threads; i++) pthread_join(threads[i], NULL);
  return count / bench_since(from).wall;
}

static int by_size(const void *a, const void *b) {
  const double *x = a, *y = b;
  return (*x > *y) - (*x < *y);
}

static double median(double *list) {
  qsort(list, ROUNDS, sizeof *list, by_size);
  return list[ROUNDS / 2];
}

static void measure(const struct load *load) {
  double service[ROUNDS], peer[ROUNDS], ratio[ROUNDS];
  for (int i = 0; i < ROUNDS; i++) {
    peer[i] = run(load, false);
    service[i] = run(load, true);
    ratio[i] = service[i] / peer[i];
  }
  printf("%s %.1f %.1f\n", load->name, median(service), median(peer));
  printf("%s_ratio %.4f\n", load->name, median(ratio));
}

/* A row of the service's for the peer to write. */
static void begin(void) {
  char state[160];
  folder = bench_folder();
  snprintf(documents, sizeof documents, "%s/documents", folder);
  bare_need(mkdir(documents, 0700) == 0, documents);
  snprintf(file, sizeof file, "%s/short.tif", folder);
  bare_need(pages_make(file, PAGES_SHORT, 1, 2292, 196), file);
  snprintf(state, sizeof state, "%s/state", folder);
  bare_need(mkdir(state, 0700) == 0, state);
  queue_start(&q, state, 2);
  queue_hold(&q);
  queue_prepare(&q, file);
  submit(NULL);
  queue_stop(&q);
  bare_open(&bare, state);
  snprintf(state, sizeof state, "%s/again", folder);
  bare_need(mkdir(state, 0700) == 0, state);
  queue_start(&q, state, 2);
  queue_hold(&q);
  queue_prepare(&q, file);
}

int main(void) {
  when = (double)time(NULL) + 30 * 86400;
  begin();
  for (size_t i = 0; i < sizeof loads / sizeof *loads; i++) measure(&loads[i]);
  bare_close(&bare);
  queue_stop(&q);
  return 0;
}
