/* SPDX-License-Identifier: MIT
   What happens to a signal on copper and in the codec: its level, noise, and
   the 8 bits of G.711. */
#include <inttypes.h>
#include <math.h>
#include <spandsp/telephony.h>
#include <spandsp/bit_operations.h>
#include <spandsp/g711.h>

#include "channel.h"

/* Of a sine at full scale, which is 3.14 dBm0. */
#define FULL_SCALE 23170.0
#define FULL_SCALE_DBM0 3.14

int16_t clip(int64_t sample) {
  if (sample > INT16_MAX) return INT16_MAX;
  return sample < INT16_MIN ? INT16_MIN : (int16_t)sample;
}

int32_t factor_of(int32_t decibel) {
  return (int32_t)lrint(65536.0 * pow(10.0, decibel / 20000.0));
}

void analog_init(struct analog *a, const struct impairments *set,
                 uint64_t seed) {
  a->factor = factor_of(set->level);
  a->deviation = 0;
  if (set->noise != 0)
    a->deviation = (int32_t)lrint(
        FULL_SCALE * pow(10.0, (set->noise / 1000.0 - FULL_SCALE_DBM0) / 20));
  a->companding = set->companding;
  a->noise = random_stream(seed, 1);
}

static int16_t compand(enum companding law, int16_t sample) {
  if (law == COMPANDING_ALAW) return alaw_to_linear(linear_to_alaw(sample));
  if (law == COMPANDING_ULAW) return ulaw_to_linear(linear_to_ulaw(sample));
  return sample;
}

void analog_pass(struct analog *a, int16_t *block) {
  if (a->factor != 65536)
    for (int i = 0; i < CHANNEL_BLOCK; i++)
      block[i] = clip((int64_t)block[i] * a->factor / 65536);
  if (a->deviation != 0)
    for (int i = 0; i < CHANNEL_BLOCK; i++)
      block[i] = clip(block[i] +
                      (int64_t)random_bell(&a->noise) * a->deviation / 65536);
  if (a->companding != COMPANDING_NONE)
    for (int i = 0; i < CHANNEL_BLOCK; i++)
      block[i] = compand(a->companding, block[i]);
}
