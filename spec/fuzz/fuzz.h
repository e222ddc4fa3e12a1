/* SPDX-License-Identifier: MIT
   What the fuzzers share: numbers by a seed, ways to spoil bytes, and the loop
   for a number of runs or of seconds. A fuzzer that finds something crashes or
   aborts, and says with which seed it began: the same seed and count do the
   same again. `NAME_fuzz [--seed N] [--runs N | --seconds N]`. */
#ifndef FAX_SPEC_FUZZ_H
#define FAX_SPEC_FUZZ_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define FUZZ_STUCK 60 /* seconds for one round, after which it is a finding */

struct fuzz {
  uint64_t state;
  uint64_t seed;
  uint64_t runs; /* inputs given so far */
};

static inline uint32_t fuzz_draw(struct fuzz *f) {
  f->state = f->state * 6364136223846793005u + 1442695040888963407u;
  return (uint32_t)(f->state >> 33);
}

static inline uint32_t fuzz_below(struct fuzz *f, uint32_t limit) {
  return limit == 0 ? 0 : fuzz_draw(f) % limit;
}

static inline bool fuzz_one_in(struct fuzz *f, uint32_t n) {
  return fuzz_below(f, n) == 0;
}

static inline void fuzz_require(const struct fuzz *f, bool holds,
                                const char *what) {
  if (holds) return;
  fprintf(stderr, "seed %llu, run %llu: %s\n", (unsigned long long)f->seed,
          (unsigned long long)f->runs, what);
  abort();
}

static inline void fuzz_fill(struct fuzz *f, uint8_t *bytes, size_t len) {
  for (size_t i = 0; i < len; i++) bytes[i] = (uint8_t)fuzz_draw(f);
}

static inline size_t fuzz_change(struct fuzz *f, uint8_t *bytes, size_t len,
                                 size_t room) {
  static const uint8_t odd[] = {0, 1, 0x7f, 0x80, 0x81, 0xbf, 0xc0, 0xff};
  size_t at = fuzz_below(f, (uint32_t)len), n = 0;
  switch (fuzz_below(f, 6)) {
    case 0:
      if (len > 0) bytes[at] ^= (uint8_t)(1u << fuzz_below(f, 8));
      return len;
    case 1:
      if (len > 0) bytes[at] = odd[fuzz_below(f, sizeof odd)];
      return len;
    case 2:
      if (len > 0) bytes[at] = (uint8_t)fuzz_draw(f);
      return len;
    case 3:
      return at; /* cut off */
    case 4:      /* grown */
      n = fuzz_below(f, (uint32_t)(room - len < 40 ? room - len : 40));
      fuzz_fill(f, bytes + len, n);
      return len + n;
    default: /* a piece taken out */
      n = fuzz_below(f, (uint32_t)(len - at));
      memmove(bytes + at, bytes + at + n, len - at - n);
      return len - n;
  }
}

/* Some changes to `len` bytes in a buffer of `room`; the new length. */
static inline size_t fuzz_spoil(struct fuzz *f, uint8_t *bytes, size_t len,
                                size_t room) {
  uint32_t changes = 1 + fuzz_below(f, 4);
  while (changes-- > 0) len = fuzz_change(f, bytes, len, room);
  return len;
}

/* One round: any number of inputs, each counted in `runs`. */
typedef void fuzz_round_fn(struct fuzz *f, void *arg);

static inline void fuzz_on_stuck(int signal_number) {
  static const char text[] = "a round does not end\n";
  (void)signal_number;
  if (write(2, text, sizeof text - 1) >= 0) abort();
  abort();
}

/* Until so many runs were done (0: no matter), or so many seconds are over. */
static inline void fuzz_rounds(struct fuzz *f, uint64_t runs, long seconds,
                               fuzz_round_fn *round, void *arg) {
  time_t end = time(NULL) + seconds;
  f->state = f->seed * 2862933555777941757u + 3037000493u;
  signal(SIGALRM, fuzz_on_stuck);
  while (runs != 0 ? f->runs < runs : time(NULL) < end) {
    alarm(FUZZ_STUCK);
    round(f, arg);
  }
  alarm(0);
}

static inline int fuzz_main(int argc, char **argv, fuzz_round_fn *round,
                            void *arg) {
  struct fuzz f = {.seed = 1};
  uint64_t runs = 0;
  long seconds = 10;
  for (int i = 1; i + 1 < argc; i += 2) {
    if (strcmp(argv[i], "--seed") == 0) f.seed = strtoull(argv[i + 1], NULL, 0);
    if (strcmp(argv[i], "--runs") == 0) runs = strtoull(argv[i + 1], NULL, 0);
    if (strcmp(argv[i], "--seconds") == 0) seconds = atol(argv[i + 1]);
  }
  printf("%s: seed %llu\n", argv[0], (unsigned long long)f.seed);
  fflush(stdout);
  fuzz_rounds(&f, runs, seconds, round, arg);
  printf("%s: %llu runs, nothing found\n", argv[0], (unsigned long long)f.runs);
  return 0;
}

#endif
