/* SPDX-License-Identifier: MIT
   The packets of one direction that are remembered, and the parity over them.
 */
#include <string.h>

#include "base/mem.h"
#include "t30/udptl.h"

void udptl_keep(struct udptl_memory *m, uint16_t seq, const uint8_t *bytes,
                size_t len) {
  struct udptl_packet *p = &m->packets[seq % UDPTL_KEPT];
  p->known = false;
  if (len > p->room) {
    uint8_t *grown = mem_resize(p->bytes, len);
    if (grown == NULL) return;
    p->bytes = grown;
    p->room = len;
  }
  if (len > 0) memcpy(p->bytes, bytes, len);
  p->len = len;
  p->seq = seq;
  p->known = true;
}

const struct udptl_packet *udptl_find(const struct udptl_memory *m,
                                      uint16_t seq) {
  const struct udptl_packet *p = &m->packets[seq % UDPTL_KEPT];
  return p->known && p->seq == seq ? p : NULL;
}

void udptl_forget(struct udptl_memory *m) {
  for (size_t i = 0; i < UDPTL_KEPT; i++) mem_free(m->packets[i].bytes);
  memset(m, 0, sizeof *m);
}

size_t udptl_add(const struct udptl_memory *m, uint16_t seq, size_t step,
                 size_t count, const uint16_t *skip, uint8_t *to) {
  size_t longest = 0;
  for (size_t j = 1; j <= count; j++) {
    uint16_t one = (uint16_t)(seq - step * j);
    if (skip != NULL && one == *skip) continue;
    const struct udptl_packet *p = udptl_find(m, one);
    if (p == NULL) return 0;
    for (size_t i = 0; i < p->len; i++) to[i] ^= p->bytes[i];
    if (p->len > longest) longest = p->len;
  }
  return longest;
}

/* Entry m of n covers the packets n, 2n, ... before the datagram's own + m. */
size_t udptl_mend(const struct udptl_memory *m, const struct udptl_datagram *d,
                  uint16_t missing, uint8_t *to) {
  size_t behind = (uint16_t)(d->seq - missing);
  if (d->fec_span == 0 || d->count == 0 || behind == 0) return 0;
  size_t entry = (d->count - behind % d->count) % d->count;
  if ((behind + entry) / d->count > d->fec_span) return 0;
  if (d->fec_span * d->count > UDPTL_KEPT) return 0;
  const struct udptl_slice *parity = &d->extra[entry];
  if (parity->len == 0 || parity->len > FAX_UDPTL_MAX_IFP) return 0;
  memset(to, 0, FAX_UDPTL_MAX_IFP);
  memcpy(to, parity->bytes, parity->len);
  size_t longest = udptl_add(m, (uint16_t)(d->seq + entry), d->count,
                             d->fec_span, &missing, to);
  if (longest == 0 && d->fec_span > 1) return 0;
  return parity->len;
}
