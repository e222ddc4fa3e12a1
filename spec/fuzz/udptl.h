/* SPDX-License-Identifier: MIT
   UDPTL under spoilt datagrams: a round is one object that gets some thousand,
   good ones, damaged ones and noise, lost, doubled and out of order. */
#ifndef FAX_SPEC_FUZZ_UDPTL_H
#define FAX_SPEC_FUZZ_UDPTL_H

#include <fax/fax_udptl.h>

#include "fuzz.h"

#define FUZZ_DATAGRAM 2000

struct udptl_round {
  struct fuzz *fuzz;
  uint64_t lost, got;
  unsigned sum; /* of the bytes: each must be readable */
};

static inline void udptl_round_ifp(void *arg, const uint8_t *ifp, size_t len,
                                   uint16_t seq, DWORD lost) {
  struct udptl_round *r = arg;
  (void)seq;
  fuzz_require(r->fuzz, len <= FAX_UDPTL_MAX_IFP, "a packet is too long");
  for (size_t i = 0; i < len; i++) r->sum += ifp[i];
  r->lost += lost;
  r->got++;
}

static inline struct fax_udptl *udptl_round_open(struct fuzz *f,
                                                 struct udptl_round *r) {
  struct fax_udptl_config c = {.size = sizeof c,
                               .max_datagram = 20 + fuzz_below(f, 1500),
                               .ifp = udptl_round_ifp,
                               .arg = r};
  if (fuzz_one_in(f, 2)) {
    c.redundancy = fuzz_below(f, 9);
  } else {
    c.fec_span = 1 + fuzz_below(f, 5);
    c.fec_entries = 1 + fuzz_below(f, 6);
  }
  struct fax_udptl *u = fax_udptl_new(&c);
  fuzz_require(f, u != NULL, "no object");
  return u;
}

/* A datagram as the sender makes it, or nothing like it. */
static inline size_t udptl_round_make(struct fuzz *f, struct fax_udptl *from,
                                      uint8_t *to) {
  uint8_t packet[FAX_UDPTL_MAX_IFP];
  size_t len = 1 + fuzz_below(f, fuzz_one_in(f, 50) ? sizeof packet : 60);
  if (fuzz_one_in(f, 12)) {
    len = fuzz_below(f, 64);
    fuzz_fill(f, to, len);
    return len;
  }
  fuzz_fill(f, packet, len);
  len = fax_udptl_send(from, packet, len, to, FUZZ_DATAGRAM);
  return fuzz_one_in(f, 2) ? fuzz_spoil(f, to, len, FUZZ_DATAGRAM) : len;
}

static inline void udptl_round_check(struct fuzz *f, struct fax_udptl *to,
                                     const struct udptl_round *r,
                                     uint64_t given) {
  struct fax_udptl_numbers n = {.size = sizeof n};
  fax_udptl_count(to, &n);
  fuzz_require(f, n.received + n.malformed == given,
               "a datagram is not counted");
  fuzz_require(f, r->lost <= n.lost, "more are told lost than are");
  fuzz_require(f, n.lost <= 600 * given, "one datagram loses too many");
  fuzz_require(f, r->got <= n.received + n.recovered, "a packet from nowhere");
}

static inline void udptl_round(struct fuzz *f, void *arg) {
  struct udptl_round r = {.fuzz = f};
  struct fax_udptl *from = udptl_round_open(f, &r), *to;
  uint64_t given = 0;
  (void)arg;
  to = udptl_round_open(f, &r);
  for (int i = 0; i < 3000; i++) {
    uint8_t datagram[FUZZ_DATAGRAM];
    size_t len = udptl_round_make(f, from, datagram);
    uint8_t *exact = malloc(len > 0 ? len : 1); /* for the sanitizer */
    memcpy(exact, datagram, len);
    for (uint32_t n = fuzz_below(f, 8) == 0 ? fuzz_below(f, 3) : 1; n > 0;
         n--) {
      fax_udptl_receive(to, exact, len);
      given++;
    }
    free(exact);
    f->runs++;
  }
  udptl_round_check(f, to, &r, given);
  fax_udptl_free(from);
  fax_udptl_free(to);
}

#endif
