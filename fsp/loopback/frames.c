/* SPDX-License-Identifier: MIT
   Telephones over a packet network: a frame of 20 ms in each packet, played at
   its time whatever came. */
#include <string.h>

#include "channel.h"

#define FRAME_MS 20
#define CORRUPT_SAMPLES (CHANNEL_BLOCK / 10)

void frames_init(struct frames *f, const struct impairments *set,
                 uint64_t seed) {
  memset(f, 0, sizeof *f);
  packets_init(&f->packets, set, seed);
  if (set->jitter == 0) return;
  f->queued = (set->jitter_by / 1000 + FRAME_MS - 1) / FRAME_MS;
}

static void corrupt(struct frames *f, int16_t *block) {
  if (!packets_damage(&f->packets)) return;
  for (int i = 0; i < CORRUPT_SAMPLES; i++) {
    uint64_t x = random_next(&f->packets.corrupt);
    block[x % CHANNEL_BLOCK] = (int16_t)(uint16_t)(x >> 48);
  }
}

static void swap(int16_t *a, int16_t *b) {
  int16_t kept[CHANNEL_BLOCK];
  memcpy(kept, a, sizeof kept);
  memcpy(a, b, sizeof kept);
  memcpy(b, kept, sizeof kept);
}

/* Frames wait in a queue; one that is displaced changes places with one of
   those that would be heard before it. */
static void displace(struct frames *f, int16_t *block) {
  int places = f->queued + 1;
  int16_t *place = f->queue[f->at];
  if (f->queued == 0) return;
  swap(place, block);
  int by = packets_displace(&f->packets, f->queued);
  if (by != 0) swap(place, f->queue[(f->at + by) % places]);
  f->at = (f->at + 1) % places;
}

static void duplicate(struct frames *f, int16_t *block) {
  if (f->doubled) {
    memcpy(block, f->twin, sizeof f->twin);
    f->doubled = false;
    return;
  }
  f->doubled = packets_double(&f->packets);
  memcpy(f->twin, block, sizeof f->twin);
}

static void lose(struct frames *f, int16_t *block) {
  if (!packets_lose(&f->packets))
    memcpy(f->last, block, sizeof f->last);
  else if (f->packets.set.repeat)
    memcpy(block, f->last, sizeof f->last);
  else
    memset(block, 0, sizeof f->last);
}

void frames_pass(struct frames *f, int16_t *block) {
  const struct impairments *set = &f->packets.set;
  corrupt(f, block);
  displace(f, block);
  if (set->duplicate != 0) duplicate(f, block);
  if (set->loss != 0 || set->burst_begin != 0) lose(f, block);
}
