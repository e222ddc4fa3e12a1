/* SPDX-License-Identifier: MIT
   A packet network between two telephones, a frame of 20 ms in each packet:
   some are lost, late, there twice, or damaged. */
#include <string.h>

#include "channel.h"

#define FRAME_MS 20
#define CORRUPT_SAMPLES (CHANNEL_BLOCK / 10)

void packets_init(struct packets *p, const struct impairments *set,
                  uint64_t seed) {
  memset(p, 0, sizeof *p);
  p->set = *set;
  p->loss = random_stream(seed, 2);
  p->burst = random_stream(seed, 3);
  p->jitter = random_stream(seed, 4);
  p->duplicate = random_stream(seed, 5);
  p->corrupt = random_stream(seed, 6);
  if (set->jitter == 0) return;
  p->queued = (set->jitter_by / 1000 + FRAME_MS - 1) / FRAME_MS;
}

bool packets_lose(struct packets *p) {
  const struct impairments *set = &p->set;
  if (set->burst_begin != 0)
    p->in_burst = p->in_burst ? !random_hits(&p->burst, set->burst_end)
                              : random_hits(&p->burst, set->burst_begin);
  return random_hits(&p->loss, p->in_burst ? set->burst_loss : set->loss);
}

static void corrupt(struct packets *p, int16_t *block) {
  if (!random_hits(&p->corrupt, p->set.corrupt)) return;
  for (int i = 0; i < CORRUPT_SAMPLES; i++) {
    uint64_t x = random_next(&p->corrupt);
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
static void displace(struct packets *p, int16_t *block) {
  int places = p->queued + 1;
  int16_t *place = p->queue[p->at];
  if (p->queued == 0) return;
  swap(place, block);
  if (random_hits(&p->jitter, p->set.jitter)) {
    int other = 1 + (int)random_below(&p->jitter, (uint32_t)p->queued);
    swap(place, p->queue[(p->at + other) % places]);
  }
  p->at = (p->at + 1) % places;
}

static void duplicate(struct packets *p, int16_t *block) {
  if (p->set.duplicate == 0) return;
  if (p->doubled) {
    memcpy(block, p->twin, sizeof p->twin);
    p->doubled = false;
    return;
  }
  p->doubled = random_hits(&p->duplicate, p->set.duplicate);
  memcpy(p->twin, block, sizeof p->twin);
}

static void lose(struct packets *p, int16_t *block) {
  if (p->set.loss == 0 && p->set.burst_begin == 0) return;
  if (!packets_lose(p))
    memcpy(p->last, block, sizeof p->last);
  else if (p->set.repeat)
    memcpy(block, p->last, sizeof p->last);
  else
    memset(block, 0, sizeof p->last);
}

void packets_pass(struct packets *p, int16_t *block) {
  corrupt(p, block);
  displace(p, block);
  duplicate(p, block);
  lose(p, block);
}
