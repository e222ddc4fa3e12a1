/* SPDX-License-Identifier: MIT
   The way between two machines, as samples in blocks of 20 ms or as datagrams,
   and all that can be wrong with it. Time is samples; the same seed spoils the
   same. Knows nothing of lines, calls and providers. */
#ifndef LOOPBACK_CHANNEL_H
#define LOOPBACK_CHANNEL_H

#include <stddef.h>

#include "random.h"

#define CHANNEL_BLOCK 160
#define CHANNEL_RATE 8000
#define DISPLACED_MAX 10

enum companding { COMPANDING_NONE, COMPANDING_ALAW, COMPANDING_ULAW };
enum transport { TRANSPORT_AUDIO, TRANSPORT_T38 };

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
  int32_t loss;         /* % of the packets: frames, or datagrams of T.38 */
  int32_t burst_begin;  /* %: a packet begins a burst */
  int32_t burst_end;    /* %: a packet ends it */
  int32_t burst_loss;   /* % of the packets in a burst */
  int32_t jitter;       /* % of the packets are displaced */
  int32_t jitter_by;    /* ms at most */
  int32_t duplicate;    /* % of the packets; of frames the next one is lost */
  int32_t corrupt;      /* % of the packets */
  int32_t cut;          /* s after the answer */
  int32_t mute_caller;  /* s after the answer nothing of it is heard */
  int32_t mute_called;
  enum companding companding;
  bool repeat; /* a lost frame is the one before it; else silence */
  enum transport transport;
  bool only;           /* no audio when the change to T.38 is refused */
  int32_t redundancy;  /* packets before it that a datagram repeats */
  int32_t fec_entries; /* parity instead: so many in a datagram, ... */
  int32_t fec_span;    /* ... each over so many packets; 0: no parity */
  int32_t interval;    /* ms: datagrams leave at multiples of it */
};

#define IMPAIRMENTS_NONE                                                     \
  {                                                                          \
    .seed = 1, .echo_delay = 50000, .slip_every = 10000, .burst_end = 25000, \
    .burst_loss = 100000, .jitter_by = 40000, .redundancy = 3, .fec_span = 3 \
  }

/* Reads "key" and "value" into the set. False: no such key or value, and the
   set is as it was. */
bool impairments_read(struct impairments *set, const char *key,
                      const char *value);

/* The same of "key=value". */
bool impairments_pair(struct impairments *set, const char *pair);
/* Several with blanks between (NULL: none); a value that is n, or -n, is that
   number, and t a tenth of it. */
bool impairments_row(struct impairments *set, const char *options, unsigned n);

/* Milliseconds and seconds in thousandths as samples. */
static inline int samples_of(int32_t milliseconds) {
  return (int)((int64_t)milliseconds * CHANNEL_RATE / 1000000);
}

/* When nothing is heard any more of a side, 0: never; and is it so? */
static inline int64_t mute_at_of(int32_t seconds) {
  return (int64_t)seconds * CHANNEL_RATE / 1000;
}
static inline bool is_mute(int64_t mute_at, int64_t now) {
  return mute_at != 0 && now >= mute_at;
}

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

/* What becomes of the packets of a network, one after the other. Each
   impairment has a chance of its own. */
struct packets {
  struct impairments set;
  struct random loss, burst, jitter, duplicate, corrupt;
  bool in_burst;
};
void packets_init(struct packets *p, const struct impairments *set,
                  uint64_t seed);
/* The next packet is lost: at random, or in bursts by Gilbert and Elliott. */
bool packets_lose(struct packets *p);
/* It is displaced by so many of 1..`most`; 0: it is not. */
int packets_displace(struct packets *p, int most);
bool packets_double(struct packets *p);
bool packets_damage(struct packets *p);

/* Packets with a frame of sound in each, one a block. */
struct frames {
  struct packets packets;
  bool doubled;
  int queued, at; /* the queue in which frames change places */
  int16_t queue[DISPLACED_MAX + 1][CHANNEL_BLOCK];
  int16_t last[CHANNEL_BLOCK], twin[CHANNEL_BLOCK];
};
void frames_init(struct frames *f, const struct impairments *set,
                 uint64_t seed);
void frames_pass(struct frames *f, int16_t *block);

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

/* ---- both directions of the samples ---- */

struct channel;

/* Gives a channel; NULL: memory. `seed` is the call's. */
struct channel *channel_new(const struct impairments *set, uint64_t seed);
/* CHANNEL_BLOCK samples each way; what is heard may not be what was said. */
void channel_pass(struct channel *c, const int16_t *from_caller,
                  const int16_t *from_called, int16_t *to_caller,
                  int16_t *to_called);
void channel_free(struct channel *c); /* takes; NULL ok */

/* Something of it is heard: the samples are not as on a clean line. */
bool impairments_any(const struct impairments *set);

/* ---- one direction of the datagrams ---- */

struct datagram {
  struct datagram *next;
  int64_t due;
  size_t len;
  uint8_t bytes[];
};

struct datagrams {
  struct packets packets;
  int delay, interval; /* samples */
  int64_t mute_at;
  struct datagram *first; /* in the order in which they arrive */
};
/* `delay` and `mute` in thousandths, as in the set. */
void datagrams_init(struct datagrams *d, const struct impairments *set,
                    uint64_t seed, int32_t delay, int32_t mute);
void datagrams_put(struct datagrams *d, int64_t now, const uint8_t *bytes,
                   size_t len);
/* Gives the next one that has arrived, to be freed; NULL: there is none. */
struct datagram *datagrams_take(struct datagrams *d, int64_t now);
void datagrams_free(struct datagrams *d);

#endif
