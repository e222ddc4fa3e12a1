/* SPDX-License-Identifier: MIT
   A datagram taken apart: ASN.1 in packed encoding, aligned. Foreign input:
   nothing is read beyond it, and nothing is allocated by what it says. */
#include "t30/udptl.h"

struct reader {
  const uint8_t *bytes;
  size_t left;
};

static bool read_octet(struct reader *r, uint8_t *octet_out) {
  if (r->left == 0) return false;
  *octet_out = *r->bytes++;
  r->left--;
  return true;
}

/* Up to 127 in one octet, up to 16383 in two. Longer ones come in fragments:
   no datagram of ours is that long. */
static bool read_length(struct reader *r, size_t *length_out) {
  uint8_t first, second;
  if (!read_octet(r, &first)) return false;
  if ((first & 0x80) == 0) {
    *length_out = first;
    return true;
  }
  if ((first & 0x40) != 0 || !read_octet(r, &second)) return false;
  *length_out = (size_t)(first & 0x3f) << 8 | second;
  return true;
}

static bool read_slice(struct reader *r, struct udptl_slice *slice_out) {
  size_t length;
  if (!read_length(r, &length) || length > r->left) return false;
  slice_out->bytes = r->bytes;
  slice_out->len = length;
  r->bytes += length;
  r->left -= length;
  return true;
}

static bool read_list(struct reader *r, struct udptl_datagram *d) {
  struct udptl_slice unused;
  size_t count;
  if (!read_length(r, &count)) return false;
  d->count = count < UDPTL_MOST_EXTRA ? count : UDPTL_MOST_EXTRA;
  for (size_t i = 0; i < count; i++)
    if (!read_slice(r, i < UDPTL_MOST_EXTRA ? &d->extra[i] : &unused))
      return false;
  /* The places of parity entries depend on their number. */
  return d->fec_span == 0 || count <= UDPTL_MOST_EXTRA;
}

/* An integer without bounds: its length, then its octets. */
static bool read_span(struct reader *r, size_t *span_out) {
  uint8_t length, span;
  if (!read_octet(r, &length) || length != 1 || !read_octet(r, &span))
    return false;
  *span_out = span;
  return true;
}

bool udptl_read(const uint8_t *bytes, size_t len,
                struct udptl_datagram *d_out) {
  struct reader r = {bytes, len};
  uint8_t high, low, choice;
  if (!read_octet(&r, &high) || !read_octet(&r, &low)) return false;
  d_out->seq = (uint16_t)(high << 8 | low);
  d_out->fec_span = 0;
  if (!read_slice(&r, &d_out->primary)) return false;
  if (d_out->primary.len > FAX_UDPTL_MAX_IFP) return false;
  if (!read_octet(&r, &choice)) return false;
  if ((choice & 0x80) == 0) return read_list(&r, d_out);
  if (!read_span(&r, &d_out->fec_span)) return false;
  if (!read_list(&r, d_out)) return false;
  if (d_out->fec_span == 0) d_out->count = 0; /* parity of nothing */
  return true;
}
