/* SPDX-License-Identifier: MIT
   A person on the telephone: syllables of a buzzing voice with pauses between,
   and nothing in them that a fax machine answers to. */
#include <stdlib.h>

#include "answer.h"

#define SYLLABLE (CHANNEL_RATE / 5)
#define LOUDNESS 3000

/* A triangle between -32768 and 32767 of a phase of 16 bits. */
static int32_t triangle(uint32_t phase) {
  return abs((int32_t)(phase & 0xffff) - 32768) * 2 - 32768;
}

void voice_speak(struct voice *v, int16_t *block) {
  for (int i = 0; i < CHANNEL_BLOCK; i++, v->now++) {
    int32_t at = (int32_t)(v->now % SYLLABLE);
    if (at == 0) {
      v->pitch = 90 + random_below(&v->chance, 60);
      v->pause = random_below(&v->chance, 4) == 0;
    }
    /* Louder, then softer again; the third harmonic makes it buzz. */
    int32_t swell = LOUDNESS - abs(2 * at - SYLLABLE) * LOUDNESS / SYLLABLE;
    v->phase += v->pitch * 65536 / CHANNEL_RATE;
    int32_t tone = triangle(v->phase) + triangle(3 * v->phase) / 2;
    block[i] = v->pause ? 0 : clip((int64_t)tone * swell / 65536);
  }
}
