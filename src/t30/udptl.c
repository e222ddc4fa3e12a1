/* SPDX-License-Identifier: MIT
   UDPTL: a packet into a datagram with its correction, and a datagram into the
   packets that it and the memory of those before it can give. */
#include "t30/udptl.h"

#include <string.h>

#include "base/error.h"
#include "base/mem.h"

#define NEAR 512 /* sequence numbers: farther is believed when said twice */
#define NEAR_STRANGE 16 /* how close the second one must be */
#define MOST_REDUNDANCY 8
#define MOST_PARITY 32

static DWORD check_config(const struct fax_udptl_config *c) {
  if (c == NULL || c->size < sizeof *c || c->ifp == NULL)
    return error_say(ERROR_INVALID_PARAMETER,
                     "fax_udptl_config has no size or no ifp");
  if (c->redundancy > MOST_REDUNDANCY)
    return error_say(ERROR_INVALID_PARAMETER,
                     "redundancy is more than 8 packets");
  if ((c->fec_span == 0) != (c->fec_entries == 0) ||
      (c->fec_span != 0 && c->redundancy != 0))
    return error_say(ERROR_INVALID_PARAMETER,
                     "parity needs a span and entries, and no redundancy");
  if (c->fec_span > MOST_PARITY || c->fec_entries > MOST_PARITY ||
      c->fec_span * c->fec_entries > MOST_PARITY)
    return error_say(ERROR_INVALID_PARAMETER,
                     "parity spans more than 32 packets");
  return ERROR_SUCCESS;
}

struct fax_udptl *fax_udptl_new(const struct fax_udptl_config *config) {
  struct fax_udptl *u = NULL;
  DWORD error = check_config(config);
  if (error == ERROR_SUCCESS) {
    u = mem_alloc(sizeof *u);
    if (u == NULL) error = ERROR_NOT_ENOUGH_MEMORY;
  }
  FaxSetLastError(error);
  if (u == NULL) return NULL;
  u->config = *config;
  u->config.size = sizeof u->config;
  if (u->config.max_datagram == 0) u->config.max_datagram = 400;
  return u;
}

void fax_udptl_free(struct fax_udptl *u) {
  if (u == NULL) return;
  udptl_forget(&u->out);
  udptl_forget(&u->in);
  mem_free(u);
}

/* ---- out ---- */

struct writer {
  uint8_t *bytes;
  size_t len, size;
  bool full;
};

static void write_octet(struct writer *w, size_t octet) {
  if (w->len == w->size)
    w->full = true;
  else
    w->bytes[w->len++] = (uint8_t)octet;
}

static void write_length(struct writer *w, size_t length) {
  if (length >= 0x80) write_octet(w, 0x80 | length >> 8);
  write_octet(w, length & 0xff);
}

static void write_packet(struct writer *w, const uint8_t *bytes, size_t len) {
  write_length(w, len);
  if (w->full || len > w->size - w->len) {
    w->full = true;
    return;
  }
  memcpy(w->bytes + w->len, bytes, len);
  w->len += len;
}

/* The last packets, the latest first, as many as fit. The count stands in
   front of them: one octet, for there are never 128. */
static void write_redundancy(const struct fax_udptl *u, struct writer *w) {
  size_t wanted =
      u->gone_out < u->config.redundancy ? u->gone_out : u->config.redundancy;
  size_t count = 0, count_at;
  write_octet(w, 0x00);
  count_at = w->len;
  write_octet(w, 0);
  while (!w->full && count < wanted) {
    size_t before = w->len;
    const struct udptl_packet *p =
        udptl_find(&u->out, (uint16_t)(u->next_out - 1 - count));
    if (p == NULL) break;
    write_packet(w, p->bytes, p->len);
    if (!w->full) {
      count++;
      continue;
    }
    w->len = before;
    w->full = false;
    break;
  }
  if (!w->full) w->bytes[count_at] = (uint8_t)count;
}

/* Parity goes in whole or not at all: each entry's place depends on how many
   there are. In the beginning there are fewer packets to cover. */
static void write_parity(const struct fax_udptl *u, struct writer *w) {
  uint8_t parity[FAX_UDPTL_MAX_IFP];
  size_t span = u->config.fec_span, start = w->len;
  size_t entries = u->gone_out / span;
  if (entries > u->config.fec_entries) entries = u->config.fec_entries;
  write_octet(w, 0x80);
  write_octet(w, 1);
  write_octet(w, span);
  write_octet(w, entries);
  for (size_t m = 0; m < entries && !w->full; m++) {
    memset(parity, 0, sizeof parity);
    size_t len = udptl_add(&u->out, (uint16_t)(u->next_out + m), entries, span,
                           NULL, parity);
    write_packet(w, parity, len);
  }
  if (!w->full) return;
  w->len = start;
  w->full = false;
  write_octet(w, 0x00);
  write_octet(w, 0);
}

size_t fax_udptl_send(struct fax_udptl *u, const uint8_t *ifp, size_t len,
                      uint8_t *datagram, size_t size) {
  if (ifp == NULL || datagram == NULL || len == 0 || len > FAX_UDPTL_MAX_IFP) {
    FaxSetLastError(ERROR_INVALID_PARAMETER);
    return 0;
  }
  if (size > u->config.max_datagram) size = u->config.max_datagram;
  struct writer w = {datagram, 0, size, false};
  write_octet(&w, u->next_out >> 8);
  write_octet(&w, u->next_out & 0xff);
  write_packet(&w, ifp, len);
  if (w.full || w.size - w.len < 2) {
    FaxSetLastError(ERROR_INSUFFICIENT_BUFFER);
    return 0;
  }
  if (u->config.fec_span != 0)
    write_parity(u, &w);
  else
    write_redundancy(u, &w);
  udptl_keep(&u->out, u->next_out, ifp, len);
  u->next_out++;
  if (u->gone_out < UDPTL_KEPT) u->gone_out++;
  u->numbers.sent++;
  return w.len;
}

/* ---- in ---- */

static void deliver(struct fax_udptl *u, const uint8_t *bytes, size_t len) {
  uint16_t seq = u->next_in;
  DWORD lost = u->lost;
  udptl_keep(&u->in, seq, bytes, len);
  u->next_in = (uint16_t)(seq + 1);
  u->lost = 0;
  u->inside = true;
  u->config.ifp(u->config.arg, bytes, len, seq, lost);
  u->inside = false;
}

/* The packet `seq`, before the datagram's own, if it can be had. */
static bool recover(struct fax_udptl *u, const struct udptl_datagram *d,
                    uint16_t seq) {
  uint8_t mended[FAX_UDPTL_MAX_IFP];
  size_t behind = (uint16_t)(d->seq - seq), len;
  const struct udptl_slice *s = NULL;
  if (d->fec_span != 0) {
    len = udptl_mend(&u->in, d, seq, mended);
    if (len == 0) return false;
    u->numbers.recovered++;
    deliver(u, mended, len);
    return true;
  }
  if (behind > d->count) return false;
  s = &d->extra[behind - 1];
  if (s->len == 0 || s->len > FAX_UDPTL_MAX_IFP) return false;
  u->numbers.recovered++;
  deliver(u, s->bytes, s->len);
  return true;
}

/* Where the other side begins: with the first packet that can be had. */
static void begin_at(struct fax_udptl *u, const struct udptl_datagram *d) {
  size_t before = d->fec_span == 0 ? d->count : 0;
  if (before > d->seq) before = d->seq;
  u->next_in = (uint16_t)(d->seq - before);
  u->any_in = true;
}

/* A number far from the expected one: a damaged datagram, or the other side
   has begun again. Only the one after it tells. */
static bool believe(struct fax_udptl *u, const struct udptl_datagram *d) {
  uint16_t ahead = (uint16_t)(d->seq - u->next_in);
  uint16_t since = (uint16_t)(d->seq - u->strange_next);
  bool near = ahead < NEAR || ahead >= 0x10000 - NEAR;
  bool again = u->strange && since < NEAR_STRANGE;
  u->strange = !near && !again;
  u->strange_next = (uint16_t)(d->seq + 1);
  if (near) return true;
  if (!again) return false;
  u->lost++; /* nobody knows how many */
  u->numbers.lost++;
  u->next_in = d->seq;
  return true;
}

BOOL fax_udptl_receive(struct fax_udptl *u, const uint8_t *datagram,
                       size_t len) {
  struct udptl_datagram d;
  if (datagram == NULL || u->inside || !udptl_read(datagram, len, &d)) {
    u->numbers.malformed++;
    FaxSetLastError(ERROR_INVALID_DATA);
    return FALSE;
  }
  u->numbers.received++;
  if (!u->any_in) begin_at(u, &d);
  if (!believe(u, &d)) return TRUE;
  if ((uint16_t)(d.seq - u->next_in) >= 0x8000) {
    u->numbers.late++;
    return TRUE;
  }
  while (u->next_in != d.seq) {
    if (recover(u, &d, u->next_in)) continue;
    u->lost++;
    u->numbers.lost++;
    u->next_in++;
  }
  deliver(u, d.primary.bytes, d.primary.len);
  return TRUE;
}

BOOL fax_udptl_count(const struct fax_udptl *u,
                     struct fax_udptl_numbers *numbers_inout) {
  struct fax_udptl_numbers n;
  DWORD size = numbers_inout != NULL ? numbers_inout->size : 0;
  if (u == NULL || size < sizeof size) {
    FaxSetLastError(ERROR_INVALID_PARAMETER);
    return FALSE;
  }
  n = u->numbers;
  n.size = size;
  memcpy(numbers_inout, &n, size < sizeof n ? size : sizeof n);
  return TRUE;
}
