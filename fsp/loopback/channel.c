/* SPDX-License-Identifier: MIT
   The way of the samples between the machines, both directions. */
#include "channel.h"

#include <stdlib.h>
#include <string.h>

struct direction {
  struct analog analog;
  struct frames frames;
  struct delay delay, echo;
  int32_t echo_factor; /* of what its machine said, heard back; 0: none */
  int64_t mute_at;     /* in samples; 0: never */
};

struct channel {
  struct direction of_caller, of_called;
  int64_t now;
};

static bool direction_init(struct direction *d, const struct impairments *set,
                           uint64_t seed, int32_t delay, int32_t mute) {
  bool made = delay_init(&d->delay, samples_of(delay), set->slip,
                         (int64_t)set->slip_every * CHANNEL_RATE / 1000);
  analog_init(&d->analog, set, seed);
  frames_init(&d->frames, set, seed);
  d->mute_at = mute_at_of(mute);
  if (set->echo != 0) {
    d->echo_factor = factor_of(set->echo);
    made = delay_init(&d->echo, samples_of(set->echo_delay), 0, 0) && made;
  }
  return made;
}

struct channel *channel_new(const struct impairments *set, uint64_t seed) {
  struct channel *c = calloc(1, sizeof *c);
  if (c == NULL) return NULL;
  bool made =
      direction_init(&c->of_caller, set, seed, set->delay, set->mute_caller) &&
      direction_init(&c->of_called, set, seed ^ UINT64_MAX,
                     set->delay + set->delay_called, set->mute_called);
  if (made) return c;
  channel_free(c);
  return NULL;
}

void channel_free(struct channel *c) {
  if (c == NULL) return;
  delay_free(&c->of_caller.delay);
  delay_free(&c->of_caller.echo);
  delay_free(&c->of_called.delay);
  delay_free(&c->of_called.echo);
  free(c);
}

static void travel(struct direction *d, int64_t now, int16_t *block) {
  if (is_mute(d->mute_at, now)) memset(block, 0, CHANNEL_BLOCK * sizeof *block);
  analog_pass(&d->analog, block);
  frames_pass(&d->frames, block);
  delay_pass(&d->delay, block);
}

/* Adds to what a machine hears what it said itself a while ago. */
static void add_echo(struct direction *own, const int16_t *said,
                     int16_t *heard) {
  int16_t back[CHANNEL_BLOCK];
  if (own->echo_factor == 0) return;
  memcpy(back, said, sizeof back);
  delay_pass(&own->echo, back);
  for (int i = 0; i < CHANNEL_BLOCK; i++)
    heard[i] = clip(heard[i] + (int64_t)back[i] * own->echo_factor / 65536);
}

void channel_pass(struct channel *c, const int16_t *from_caller,
                  const int16_t *from_called, int16_t *to_caller,
                  int16_t *to_called) {
  memcpy(to_called, from_caller, CHANNEL_BLOCK * sizeof *to_called);
  memcpy(to_caller, from_called, CHANNEL_BLOCK * sizeof *to_caller);
  travel(&c->of_caller, c->now, to_called);
  travel(&c->of_called, c->now, to_caller);
  add_echo(&c->of_caller, from_caller, to_caller);
  add_echo(&c->of_called, from_called, to_called);
  c->now += CHANNEL_BLOCK;
}
