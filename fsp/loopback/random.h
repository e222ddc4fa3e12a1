/* SPDX-License-Identifier: MIT
   Chance that is the same every time: a stream of numbers from a seed. Each
   impairment has a stream of its own, so that one more changes no other. */
#ifndef LOOPBACK_RANDOM_H
#define LOOPBACK_RANDOM_H

#include <stdbool.h>
#include <stdint.h>

struct random {
  uint64_t at;
};

/* A Weyl sequence whose terms are mixed until no bit tells of its neighbours.
 */
static inline uint64_t random_next(struct random *r) {
  uint64_t x = r->at += UINT64_C(0x9e3779b97f4a7c15);
  x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
  x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
  return x ^ (x >> 31);
}

static inline struct random random_stream(uint64_t seed, uint32_t stream) {
  struct random mix = {seed ^ ((uint64_t)stream << 40)};
  return (struct random){random_next(&mix)};
}

/* 0..n-1, for an n far below 2^32. */
static inline uint32_t random_below(struct random *r, uint32_t n) {
  return (uint32_t)(((random_next(r) >> 32) * n) >> 32);
}

/* True in so many thousandths of a percent of all cases. */
static inline bool random_hits(struct random *r, int32_t percent) {
  return percent > 0 && random_below(r, 100000) < (uint32_t)percent;
}

/* The bell curve: mean 0, deviation 65536, within six deviations. */
static inline int32_t random_bell(struct random *r) {
  int32_t sum = -6 * 65535;
  for (int i = 0; i < 3; i++) {
    uint64_t x = random_next(r);
    sum += (int32_t)((x & 0xffff) + (x >> 16 & 0xffff) + (x >> 32 & 0xffff) +
                     (x >> 48));
  }
  return sum;
}

#endif
