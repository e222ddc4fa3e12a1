/* SPDX-License-Identifier: MIT
   The cost of a fax in bare spandsp: two fax machines, sample by sample, with
   nothing around them. `bare_t30 FILE.tif [RECEIVED.tif] [--machines]` prints
   the CPU seconds per page; --machines does the same through fax_t30.
   `bare_t30 FILE.tif --pairs N` has N such calls at once, a block of samples in
   turn, and prints the memory of each, too. */
#include <fax/fax_t30.h>
#include <fax/faxdev.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <tiffio.h>
#include <unistd.h>
#include <spandsp.h>

#include "bench.h"

#define BLOCK 160

struct end {
  bool over;
  int code;
};

static void on_end(t30_state_t *s, void *arg, int code) {
  struct end *end = arg;
  (void)s;
  end->over = true;
  end->code = code;
}

static fax_state_t *machine(bool calls, struct end *end) {
  fax_state_t *fax = fax_init(NULL, calls);
  if (fax == NULL) return NULL;
  t30_state_t *s = fax_get_t30_state(fax);
  fax_set_transmit_on_idle(fax, TRUE);
  t30_set_ecm_capability(s, TRUE);
  t30_set_supported_modems(
      s, T30_SUPPORT_V27TER | T30_SUPPORT_V29 | T30_SUPPORT_V17);
  t30_set_supported_compressions(s, T30_SUPPORT_T4_1D_COMPRESSION |
                                        T30_SUPPORT_T4_2D_COMPRESSION |
                                        T30_SUPPORT_T6_COMPRESSION);
  t30_set_supported_resolutions(s, T30_SUPPORT_STANDARD_RESOLUTION |
                                       T30_SUPPORT_FINE_RESOLUTION |
                                       T30_SUPPORT_R8_RESOLUTION);
  t30_set_supported_image_sizes(
      s, T30_SUPPORT_215MM_WIDTH | T30_SUPPORT_UNLIMITED_LENGTH |
             T30_SUPPORT_A4_LENGTH | T30_SUPPORT_US_LETTER_LENGTH |
             T30_SUPPORT_US_LEGAL_LENGTH);
  t30_set_rx_encoding(s, T4_COMPRESSION_ITU_T6);
  t30_set_phase_e_handler(s, on_end, end);
  return fax;
}

/* The pages that went through; -1: the call failed. */
static int call_bare(const char *source, const char *target) {
  struct end ends[2] = {{false, 0}, {false, 0}};
  fax_state_t *a = machine(true, &ends[0]), *b = machine(false, &ends[1]);
  int16_t to_a[BLOCK], to_b[BLOCK];
  t30_stats_t numbers;
  int pages = -1;
  if (a != NULL && b != NULL) {
    t30_set_tx_file(fax_get_t30_state(a), source, -1, -1);
    t30_set_rx_file(fax_get_t30_state(b), target, -1);
    while (!ends[0].over || !ends[1].over) {
      fax_tx(a, to_b, BLOCK);
      fax_tx(b, to_a, BLOCK);
      fax_rx(a, to_a, BLOCK);
      fax_rx(b, to_b, BLOCK);
    }
    t30_get_transfer_statistics(fax_get_t30_state(b), &numbers);
    if (ends[0].code == T30_ERR_OK && ends[1].code == T30_ERR_OK)
      pages = numbers.pages_rx;
  }
  if (a != NULL) fax_free(a);
  if (b != NULL) fax_free(b);
  return pages;
}

static int call_machines(const char *source, const char *target) {
  struct fax_t30_config send = {
      .size = sizeof send, .calling = TRUE, .send_file = source, .ecm = TRUE};
  struct fax_t30_config receive = {
      .size = sizeof receive, .receive_file = target, .ecm = TRUE};
  struct fax_t30 *a = fax_t30_new(&send), *b = fax_t30_new(&receive);
  int16_t to_a[BLOCK], to_b[BLOCK];
  int pages = -1;
  while (a != NULL && b != NULL && !(fax_t30_done(a) && fax_t30_done(b))) {
    fax_t30_audio_out(a, to_b, BLOCK);
    fax_t30_audio_out(b, to_a, BLOCK);
    fax_t30_audio_in(a, to_a, BLOCK);
    fax_t30_audio_in(b, to_b, BLOCK);
  }
  if (a != NULL && b != NULL && fax_t30_result(a)->status == FS_COMPLETED)
    pages = (int)fax_t30_result(a)->progress.pages_confirmed;
  fax_t30_free(a);
  fax_t30_free(b);
  return pages;
}

/* ---- many at once ---- */

struct pair {
  fax_state_t *a, *b;
  struct end ends[2];
  char target[FOLDER_SIZE + 16];
};

static bool pair_open(struct pair *p, const char *source, const char *folder,
                      unsigned n) {
  snprintf(p->target, sizeof p->target, "%s/%u.tif", folder, n);
  p->a = machine(true, &p->ends[0]);
  p->b = machine(false, &p->ends[1]);
  if (p->a == NULL || p->b == NULL) return false;
  t30_set_tx_file(fax_get_t30_state(p->a), source, -1, -1);
  t30_set_rx_file(fax_get_t30_state(p->b), p->target, -1);
  return true;
}

static bool pair_over(const struct pair *p) {
  return p->ends[0].over && p->ends[1].over;
}

static void pair_step(struct pair *p) {
  int16_t to_a[BLOCK], to_b[BLOCK];
  fax_tx(p->a, to_b, BLOCK);
  fax_tx(p->b, to_a, BLOCK);
  fax_rx(p->a, to_a, BLOCK);
  fax_rx(p->b, to_b, BLOCK);
}

/* The pages that went through, or -1. */
static int pair_close(struct pair *p) {
  t30_stats_t numbers;
  t30_get_transfer_statistics(fax_get_t30_state(p->b), &numbers);
  bool ok = p->ends[0].code == T30_ERR_OK && p->ends[1].code == T30_ERR_OK;
  fax_free(p->a);
  fax_free(p->b);
  unlink(p->target);
  return ok ? numbers.pages_rx : -1;
}

/* Prints what the machines hold while pages are under way. */
static int call_many(const char *source, const char *folder, unsigned count) {
  struct pair *pairs = calloc(count, sizeof *pairs);
  size_t before = bench_resident(), most = before;
  int pages = 0;
  unsigned left = count;
  if (pairs == NULL) return -1;
  for (unsigned i = 0; i < count; i++)
    if (!pair_open(&pairs[i], source, folder, i)) return -1;
  for (unsigned long block = 0; left > 0; block++) {
    for (unsigned i = 0; i < count; i++) {
      if (pair_over(&pairs[i])) continue;
      pair_step(&pairs[i]);
      left -= pair_over(&pairs[i]);
    }
    size_t now = block % 200 == 0 ? bench_resident() : 0;
    if (now > most) most = now;
  }
  for (unsigned i = 0; i < count; i++) {
    int got = pair_close(&pairs[i]);
    pages = got < 0 || pages < 0 ? -1 : pages + got;
  }
  free(pairs);
  printf("bytes_per_call %zu\n", (most - before) / count);
  return pages;
}

static double cpu_seconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

int main(int argc, char **argv) {
  const char *source = NULL, *target = NULL;
  bool machines = false;
  unsigned many = 0;
  for (int i = 1; i < argc; i++) {
    if (strcmp(argv[i], "--machines") == 0)
      machines = true;
    else if (strcmp(argv[i], "--pairs") == 0 && i + 1 < argc)
      many = (unsigned)atoi(argv[++i]);
    else if (source == NULL)
      source = argv[i];
    else
      target = argv[i];
  }
  if (source == NULL) {
    fprintf(stderr, "usage: bare_t30 FILE.tif [RECEIVED.tif] [--machines]\n");
    return 2;
  }
  const char *folder = bench_folder();
  char scratch[FOLDER_SIZE + 16];
  snprintf(scratch, sizeof scratch, "%s/received.tif", folder);
  double start = cpu_seconds();
  int pages = many != 0 ? call_many(source, folder, many)
                        : (machines ? call_machines : call_bare)(
                              source, target != NULL ? target : scratch);
  double used = cpu_seconds() - start;
  if (pages <= 0) {
    fprintf(stderr, "bare_t30: the call failed\n");
    return 1;
  }
  printf("cpu_seconds_per_page %.6f\n", used / pages);
  return 0;
}
