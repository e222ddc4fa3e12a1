/* SPDX-License-Identifier: MIT
   The way between two machines, in blocks of 20 ms, and all that can be wrong
   with it. Time is samples; the same seed spoils the same samples. Knows
   nothing of lines, calls and providers. */
#ifndef LOOPBACK_CHANNEL_H
#define LOOPBACK_CHANNEL_H

#include "random.h"

#define CHANNEL_BLOCK 160
#define CHANNEL_RATE 8000
#define DISPLACED_MAX 10

enum companding { COMPANDING_NONE, COMPANDING_ALAW, COMPANDING_ULAW };

/* Decibels, percent, milliseconds and seconds in thousandths; 0: as on a clean
   line, unless a note says more. */
struct impairments {
  uint32_t seed;
  int32_t level;        /* dB */
  int32_t noise;        /* dBm0 */
  int32_t echo;         /* dB: how loud a machine hears itself */
  int32_t echo_delay;   /* ms */
  int32_t delay;        /* ms, each way */
  int32_t delay_called; /* ms more for what the called side says */
  int32_t slip;         /* samples, by turns repeated and lost */
  int32_t slip_every;   /* s */
  int32_t loss;         /* % of the frames */
  int32_t burst_begin;  /* %: a frame begins a burst */
  int32_t burst_end;    /* %: a frame ends it */
  int32_t burst_loss;   /* % of the frames in a burst */
  int32_t jitter;       /* % of the frames are displaced */
  int32_t jitter_by;    /* ms at most */
  int32_t duplicate;    /* % of the frames: the next one is lost to them */
  int32_t corrupt;      /* % of the frames */
  int32_t cut;          /* s after the answer */
  int32_t mute_caller;  /* s after the answer nothing of it is heard */
  int32_t mute_called;
  enum companding companding;
  bool repeat; /* a lost frame is the one before it; else silence */
};

#define IMPAIRMENTS_NONE                                                     \
  {                                                                          \
    .seed = 1, .echo_delay = 50000, .slip_every = 10000, .burst_end = 25000, \
    .burst_loss = 100000, .jitter_by = 40000                                 \
  }

/* Reads "key" and "value" into the set. False: no such key or value, and the
   set is as it was. */
bool impairments_read(struct impairments *set, const char *key,
                      const char *value);

/* ---- the parts, in the order in which a signal meets them ---- */

int16_t clip(int64_t sample);
/* Decibels in thousandths as a factor of 65536. */
int32_t factor_of(int32_t decibel);

struct analog {
  int32_t factor;    /* 65536: as loud as it came */
  int32_t deviation; /* of the noise, in samples; 0: none */
  enum companding companding;
  struct random noise;
};
void analog_init(struct analog *a, const struct impairments *set,
                 uint64_t seed);
void analog_pass(struct analog *a, int16_t *block);

/* Frames of a packet network, one a block. */
struct packets {
  struct impairments set;
  struct random loss, burst, jitter, duplicate, corrupt;
  bool in_burst, doubled;
  int queued, at; /* the queue in which frames change places */
  int16_t queue[DISPLACED_MAX + 1][CHANNEL_BLOCK];
  int16_t last[CHANNEL_BLOCK], twin[CHANNEL_BLOCK];
};
void packets_init(struct packets *p, const struct impairments *set,
                  uint64_t seed);
/* The next packet is lost: at random, or in bursts by Gilbert and Elliott. */
bool packets_lose(struct packets *p);
void packets_pass(struct packets *p, int16_t *block);

/* Samples come later, and now and then a few twice or not at all. */
struct delay {
  int16_t *ring; /* NULL: they come at once */
  int size, at, behind, slip;
  int64_t now, every;
  bool slipped;
};
bool delay_init(struct delay *d, int behind, int slip, int64_t every);
void delay_pass(struct delay *d, int16_t *block);
void delay_free(struct delay *d);

/* ---- both directions ---- */

struct channel;

/* Gives a channel; NULL: memory. `seed` is the call's. */
struct channel *channel_new(const struct impairments *set, uint64_t seed);
/* CHANNEL_BLOCK samples each way; what is heard may not be what was said. */
void channel_pass(struct channel *c, const int16_t *from_caller,
                  const int16_t *from_called, int16_t *to_caller,
                  int16_t *to_called);
void channel_free(struct channel *c); /* takes; NULL ok */

/* Something of it is not as on a clean line. */
bool impairments_any(const struct impairments *set);

#endif
