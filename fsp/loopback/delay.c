/* SPDX-License-Identifier: MIT
   The time that a signal takes, and clocks that do not agree: when the far one
   has run away by a slip, samples are heard twice; when they agree again, as
   many are lost. */
#include <stdlib.h>

#include "channel.h"

bool delay_init(struct delay *d, int behind, int slip, int64_t every) {
  *d = (struct delay){.behind = behind, .slip = slip, .every = every};
  if (every == 0) d->slip = 0;
  if (behind == 0 && d->slip == 0) return true;
  d->size = behind + d->slip + 1;
  d->ring = calloc((size_t)d->size, sizeof *d->ring);
  return d->ring != NULL;
}

void delay_pass(struct delay *d, int16_t *block) {
  if (d->ring == NULL) return;
  for (int i = 0; i < CHANNEL_BLOCK; i++) {
    d->ring[d->at] = block[i];
    if (d->slip != 0 && ++d->now % d->every == 0) d->slipped = !d->slipped;
    int behind = d->behind + (d->slipped ? d->slip : 0);
    block[i] = d->ring[(d->at - behind + d->size) % d->size];
    d->at = (d->at + 1) % d->size;
  }
}

void delay_free(struct delay *d) {
  free(d->ring);
  d->ring = NULL;
}
