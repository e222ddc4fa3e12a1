/* SPDX-License-Identifier: MIT
   T.38 packets of any content into a fax machine. Packets of good calls are
   recorded first; a round plays some of them, so that it comes far, and spoils
   what follows. The machine must live, and end in time. */
#ifndef FAX_SPEC_FUZZ_IFP_H
#define FAX_SPEC_FUZZ_IFP_H

#include "fuzz.h"
#include "t38_pair.h"

#define IFP_CALLS 4 /* recorded: with and without ECM, each side */
#define IFP_PACKETS 6000
#define IFP_BYTES 512
#define IFP_MOST_STEPS (600L * T38_SECOND) /* of line time in a round */

struct ifp_packet {
  long step;
  size_t len;
  uint8_t bytes[300];
};

struct ifp_call {
  bool to_sender;
  size_t count;
  struct ifp_packet packets[IFP_PACKETS];
};

struct ifp_corpus {
  char directory[FOLDER_SIZE], source[80], target[80];
  struct ifp_call calls[IFP_CALLS];
  unsigned made; /* calls */
  size_t out;    /* packets of the machine in the round */
};

/* ---- recording ---- */

struct ifp_tap {
  struct t38_pair *pair;
  struct fax_t30 **to;
  struct ifp_call *call;
  uint16_t seq;
};

static inline void ifp_tap_out(void *arg, const uint8_t *ifp, size_t len,
                               DWORD repeats) {
  struct ifp_tap *tap = arg;
  (void)repeats;
  if (tap->call->count < IFP_PACKETS && len <= 300) {
    struct ifp_packet *p = &tap->call->packets[tap->call->count++];
    p->step = tap->pair->step;
    p->len = len;
    memcpy(p->bytes, ifp, len);
  }
  fax_t30_ifp_in(*tap->to, ifp, len, tap->seq++);
}

static inline bool ifp_record(struct ifp_corpus *c, bool ecm) {
  struct t38_pair p;
  struct ifp_call *calls = &c->calls[c->made];
  if (!t38_set_up(&p, 1)) return false;
  struct ifp_tap taps[2] = {{&p, &p.receiver.machine, &calls[0], 0},
                            {&p, &p.sender.machine, &calls[1], 0}};
  calls[1].to_sender = true;
  p.sender.config.ecm = ecm;
  p.sender.config.ifp_out = p.receiver.config.ifp_out = ifp_tap_out;
  p.sender.config.arg = &taps[0];
  p.receiver.config.arg = &taps[1];
  bool ok = pages_make(p.source, PAGES_SHORT, 2, PAGES_A4_STANDARD, 98) &&
            t38_call(&p) && t38_sent(&p)->status == FS_COMPLETED;
  t38_tear_down(&p);
  c->made += 2;
  return ok;
}

static inline bool ifp_open(struct ifp_corpus *c) {
  memset(c, 0, sizeof *c);
  if (!folder_make(c->directory)) return false;
  snprintf(c->source, sizeof c->source, "%s/sent.tif", c->directory);
  snprintf(c->target, sizeof c->target, "%s/received.tif", c->directory);
  return ifp_record(c, true) && ifp_record(c, false) &&
         pages_make(c->source, PAGES_SHORT, 2, PAGES_A4_STANDARD, 98);
}

static inline void ifp_close(struct ifp_corpus *c) {
  unlink(c->source);
  unlink(c->target);
  rmdir(c->directory);
}

/* ---- a round ---- */

static inline void ifp_count_out(void *arg, const uint8_t *ifp, size_t len,
                                 DWORD repeats) {
  struct ifp_corpus *c = arg;
  (void)ifp;
  c->out += len > 0 && repeats > 0;
}

static inline struct fax_t30 *ifp_machine(struct fuzz *f, struct ifp_corpus *c,
                                          bool to_sender) {
  struct fax_t30_config config = {.size = sizeof config,
                                  .calling = to_sender,
                                  .ecm = !fuzz_one_in(f, 4),
                                  .line = FAX_T30_T38,
                                  .ifp_out = ifp_count_out,
                                  .arg = c};
  if (to_sender)
    config.send_file = c->source;
  else
    config.receive_file = c->target;
  struct fax_t30 *t = fax_t30_new(&config);
  fuzz_require(f, t != NULL, "no machine");
  return t;
}

/* A packet that looks like one: an indicator, or data with fields. */
static inline size_t ifp_invent(struct fuzz *f, uint8_t *to) {
  size_t len = 0;
  if (fuzz_one_in(f, 3)) {
    len = fuzz_below(f, 40);
    fuzz_fill(f, to, len);
    return len;
  }
  to[len++] = (uint8_t)(0xc0 | fuzz_below(f, 16) << 1);
  uint32_t fields = 1 + fuzz_below(f, 3);
  to[len++] = (uint8_t)fields;
  while (fields-- > 0) {
    size_t n = fuzz_below(f, fuzz_one_in(f, 8) ? 130 : 12);
    bool data = n > 0;
    to[len++] = (uint8_t)((data ? 0x80 : 0) | fuzz_below(f, 8) << 4);
    if (!data) continue;
    to[len++] = (uint8_t)((n - 1) >> 8); /* one less than there are */
    to[len++] = (uint8_t)(n - 1);
    fuzz_fill(f, to + len, n);
    if (fuzz_one_in(f, 2)) memcpy(to + len, "\xff\xc8", n < 2 ? n : 2);
    len += n;
  }
  return len;
}

static inline void ifp_give(struct fuzz *f, struct fax_t30 *t,
                            const struct ifp_packet *p, bool spoil,
                            uint16_t *seq) {
  uint8_t bytes[IFP_BYTES];
  size_t len = p->len;
  memcpy(bytes, p->bytes, len);
  if (spoil)
    len = fuzz_one_in(f, 3) ? ifp_invent(f, bytes)
                            : fuzz_spoil(f, bytes, len, sizeof bytes);
  if (spoil && fuzz_one_in(f, 50)) *seq = (uint16_t)fuzz_draw(f);
  uint8_t *exact = malloc(len > 0 ? len : 1);
  memcpy(exact, bytes, len);
  fax_t30_ifp_in(t, exact, len, (*seq)++);
  free(exact);
  f->runs++;
}

static inline void ifp_play(struct fuzz *f, struct fax_t30 *t,
                            const struct ifp_call *call) {
  size_t good = fuzz_one_in(f, 2) ? 0 : fuzz_below(f, (uint32_t)call->count);
  uint32_t every = 1 + fuzz_below(f, 12);
  long step = 0;
  uint16_t seq = 0;
  for (size_t i = 0; i < call->count && !fax_t30_done(t); i++) {
    const struct ifp_packet *p = &call->packets[i];
    for (; step < p->step; step++) fax_t30_advance(t, T38_STEP);
    bool spoil = i >= good && fuzz_one_in(f, every);
    if (spoil && fuzz_one_in(f, 6)) continue; /* lost */
    uint32_t times = spoil && fuzz_one_in(f, 10) ? fuzz_below(f, 30) : 1;
    while (times-- > 0) ifp_give(f, t, p, spoil, &seq);
  }
}

/* What spandsp decodes of a page is written: the file must not grow for ever.
 */
static inline void ifp_round(struct fuzz *f, void *arg) {
  struct ifp_corpus *c = arg;
  const struct ifp_call *call = &c->calls[fuzz_below(f, c->made)];
  struct fax_t30 *t = ifp_machine(f, c, call->to_sender);
  c->out = 0;
  ifp_play(f, t, call);
  for (long i = 0; i < IFP_MOST_STEPS && !fax_t30_done(t); i++)
    fax_t30_advance(t, T38_STEP);
  fuzz_require(f, fax_t30_done(t) != 0, "the call does not end");
  fuzz_require(f, c->out < 100000, "it sends without end");
  const struct fax_t30_result *r = fax_t30_result(t);
  fuzz_require(f, r->status != 0, "no status");
  fuzz_require(f, (r->status == FS_COMPLETED) == (r->progress.cause == NULL),
               "a failure without a cause");
  for (DWORD i = 0; i < r->timeline_count; i++)
    fuzz_require(
        f,
        strlen(r->timeline[i].details) < 48 && strlen(r->timeline[i].frame) > 0,
        "an event that cannot be read");
  fax_t30_free(t);
}

#endif
