/* SPDX-License-Identifier: MIT
   Two fax machines on T.38 over UDPTL in memory: a line that loses datagrams by
   a seed, or falls silent. For the tests and the line's long runs. */
#ifndef FAX_SPEC_T38_PAIR_H
#define FAX_SPEC_T38_PAIR_H

#include <assert.h>
#include <fax/fax_t30.h>
#include <fax/fax_udptl.h>
#include <fax/faxdev.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "folder.h"
#include "pages.h"

#define T38_STEP 160 /* samples */
#define T38_SECOND (FAX_T30_SAMPLE_RATE / T38_STEP)
#define T38_QUEUE 256 /* datagrams on their way in one direction */

struct t38_datagram {
  uint8_t bytes[500];
  size_t len;
};

struct t38_line {
  struct t38_datagram queue[T38_QUEUE];
  unsigned count;
  bool overrun;
  uint32_t seed;
  double loss;       /* of a datagram, 0..1 */
  long silent_from;  /* steps; nothing passes from then on */
  unsigned long cut; /* datagrams lost */
};

struct t38_end {
  struct fax_t30_config config;
  struct fax_udptl_config udptl_config;
  struct fax_t30 *machine;
  struct fax_udptl *udptl;
  struct t38_line *out;
  struct t38_pair *pair;
  long ended; /* step; -1: not yet */
};

struct t38_pair {
  struct t38_end sender, receiver;
  struct t38_line to_sender, to_receiver;
  char directory[FOLDER_SIZE], source[80], target[80];
  long step;
  long limit; /* steps until it is given up */
};

static inline double t38_random(uint32_t *seed) {
  *seed = *seed * 1664525u + 1013904223u;
  uint32_t x = *seed ^ *seed >> 15;
  x *= 2246822519u;
  return (double)(x ^ x >> 13) / 4294967296.0;
}

static inline void t38_put(struct t38_end *end, const uint8_t *bytes,
                           size_t len) {
  struct t38_line *line = end->out;
  bool lost = t38_random(&line->seed) < line->loss ||
              end->pair->step >= line->silent_from;
  if (lost) {
    line->cut++;
  } else if (line->count == T38_QUEUE) {
    line->overrun = true;
  } else {
    memcpy(line->queue[line->count].bytes, bytes, len);
    line->queue[line->count++].len = len;
  }
}

static inline void t38_ifp_out(void *arg, const uint8_t *ifp, size_t len,
                               DWORD repeats) {
  struct t38_end *end = arg;
  uint8_t datagram[500];
  size_t n = fax_udptl_send(end->udptl, ifp, len, datagram, sizeof datagram);
  assert(n > 0);
  while (n > 0 && repeats-- > 0) t38_put(end, datagram, n);
}

static inline void t38_ifp_in(void *arg, const uint8_t *ifp, size_t len,
                              uint16_t seq, DWORD lost) {
  struct t38_end *end = arg;
  (void)lost;
  fax_t30_ifp_in(end->machine, ifp, len, seq);
}

static inline void t38_deliver(struct t38_line *line, struct t38_end *to) {
  for (unsigned i = 0; i < line->count; i++)
    fax_udptl_receive(to->udptl, line->queue[i].bytes, line->queue[i].len);
  line->count = 0;
}

static inline void t38_set_end(struct t38_end *end, struct t38_pair *pair,
                               struct t38_line *out) {
  end->pair = pair;
  end->out = out;
  end->config.size = sizeof end->config;
  end->config.ecm = TRUE;
  end->config.line = FAX_T30_T38;
  end->config.ifp_out = t38_ifp_out;
  end->config.arg = end;
  end->udptl_config.size = sizeof end->udptl_config;
  end->udptl_config.redundancy = 3;
  end->udptl_config.ifp = t38_ifp_in;
  end->udptl_config.arg = end;
}

static inline bool t38_set_up(struct t38_pair *p, uint32_t seed) {
  memset(p, 0, sizeof *p);
  if (!folder_make(p->directory)) return false;
  snprintf(p->source, sizeof p->source, "%s/sent.tif", p->directory);
  snprintf(p->target, sizeof p->target, "%s/received.tif", p->directory);
  t38_set_end(&p->sender, p, &p->to_receiver);
  t38_set_end(&p->receiver, p, &p->to_sender);
  p->sender.config.calling = TRUE;
  p->sender.config.send_file = p->source;
  p->sender.config.local_id = "+1 555 0100";
  p->receiver.config.receive_file = p->target;
  p->receiver.config.local_id = "+1 555 0199";
  p->to_sender.seed = seed * 2 + 1;
  p->to_receiver.seed = seed * 2;
  p->to_sender.silent_from = p->to_receiver.silent_from = 1L << 40;
  p->limit = 3600L * T38_SECOND;
  return true;
}

static inline void t38_set_loss(struct t38_pair *p, double loss) {
  p->to_sender.loss = p->to_receiver.loss = loss;
}

static inline bool t38_open_end(struct t38_end *end) {
  end->ended = -1;
  end->udptl = fax_udptl_new(&end->udptl_config);
  end->machine = fax_t30_new(&end->config);
  return end->udptl != NULL && end->machine != NULL;
}

static inline bool t38_pass(struct t38_end *end, long step) {
  if (!fax_t30_done(end->machine)) return false;
  if (end->ended < 0) end->ended = step;
  return true;
}

/* Until both have ended; false: not within the limit. */
static inline bool t38_talk(struct t38_pair *p) {
  for (p->step = 0; p->step < p->limit; p->step++) {
    bool over = t38_pass(&p->sender, p->step);
    over = t38_pass(&p->receiver, p->step) && over;
    if (over) return true;
    fax_t30_advance(p->sender.machine, T38_STEP);
    fax_t30_advance(p->receiver.machine, T38_STEP);
    t38_deliver(&p->to_receiver, &p->receiver);
    t38_deliver(&p->to_sender, &p->sender);
  }
  return false;
}

static inline bool t38_call(struct t38_pair *p) {
  return t38_open_end(&p->sender) && t38_open_end(&p->receiver) && t38_talk(p);
}

static inline const struct fax_t30_result *t38_sent(const struct t38_pair *p) {
  return fax_t30_result(p->sender.machine);
}

static inline const struct fax_t30_result *t38_got(const struct t38_pair *p) {
  return fax_t30_result(p->receiver.machine);
}

static inline void t38_close_end(struct t38_end *end) {
  fax_t30_free(end->machine);
  fax_udptl_free(end->udptl);
  end->machine = NULL;
  end->udptl = NULL;
}

static inline void t38_tear_down(struct t38_pair *p) {
  t38_close_end(&p->sender);
  t38_close_end(&p->receiver);
  unlink(p->source);
  unlink(p->target);
  rmdir(p->directory);
}

#endif
