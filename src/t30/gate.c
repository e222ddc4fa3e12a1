/* SPDX-License-Identifier: MIT
   What stands between foreign T.38 packets and spandsp 0.0.6, which believes
   the lengths and terms in some frames and writes where it should not. Packets
   are taken apart here; a frame of the control channel, or of an image with
   error correction, goes on when it is whole, as a bad one if it cannot be. */
#include "t30/t30.h"

#include <string.h>

#define HAS_FIELDS 0x80
#define IS_DATA 0x40
#define IS_EXTENDED 0x20 /* V.8, V.34, V.33: nothing that we offer */

struct field {
  uint8_t type;
  const uint8_t *bytes;
  size_t len;
};

static uint8_t reversed(uint8_t octet) {
  octet = (uint8_t)(octet >> 4 | octet << 4);
  octet = (uint8_t)((octet & 0xcc) >> 2 | (octet & 0x33) << 2);
  return (uint8_t)((octet & 0xaa) >> 1 | (octet & 0x55) << 1);
}

static void begin_frame(struct t38_gate *g) {
  g->len = 0;
  g->damaged = false;
}

static bool is_good_frame(const struct t38_gate *g) {
  uint8_t f[sizeof g->frame];
  for (size_t i = 0; i < g->len; i++) f[i] = reversed(g->frame[i]);
  if (g->len < 3 || f[0] != 0xff || (f[1] & 0xef) != 0x03) return false;
  return t30_is_bearable(f, (int)g->len);
}

static size_t put_field(uint8_t *to, uint8_t type, const uint8_t *bytes,
                        size_t len) {
  to[0] = (uint8_t)(type << 4);
  if (len == 0) return 1;
  to[0] |= HAS_FIELDS;
  to[1] = (uint8_t)((len - 1) >> 8);
  to[2] = (uint8_t)(len - 1);
  memcpy(to + 3, bytes, len);
  return 3 + len;
}

static void feed(struct fax_t30 *t, const uint8_t *ifp, size_t len) {
  t38_core_rx_ifp_packet(t38_terminal_get_t38_core_state(t->t38), ifp, (int)len,
                         t->fed_seq++);
}

static void feed_frame(struct fax_t30 *t, uint8_t kind, uint8_t type) {
  struct t38_gate *g = &t->gate;
  uint8_t packet[sizeof g->frame + 8] = {kind, 0};
  size_t len = 2;
  if (g->len > 0 && (g->damaged || !is_good_frame(g))) {
    if (type == T38_FIELD_HDLC_FCS_OK) type = T38_FIELD_HDLC_FCS_BAD;
    if (type == T38_FIELD_HDLC_FCS_OK_SIG_END)
      type = T38_FIELD_HDLC_FCS_BAD_SIG_END;
  }
  if (g->len > 0) {
    packet[1]++;
    len += put_field(packet + len, T38_FIELD_HDLC_DATA, g->frame, g->len);
  }
  packet[1]++;
  len += put_field(packet + len, type, NULL, 0);
  begin_frame(g);
  feed(t, packet, len);
}

static void add_to_frame(struct t38_gate *g, const struct field *f) {
  size_t room = sizeof g->frame - g->len;
  size_t len = f->len < room ? f->len : room;
  if (len < f->len) g->damaged = true;
  if (len > 0) memcpy(g->frame + g->len, f->bytes, len);
  g->len += len;
}

static void feed_image(struct fax_t30 *t, uint8_t kind, const struct field *f) {
  uint8_t packet[T38_IMAGE_MOST + 8] = {kind, 1};
  size_t at = 0;
  do {
    size_t len = f->len - at < T38_IMAGE_MOST ? f->len - at : T38_IMAGE_MOST;
    bool last = at + len == f->len;
    size_t size =
        put_field(packet + 2, last ? f->type : T38_FIELD_T4_NON_ECM_DATA,
                  len > 0 ? f->bytes + at : NULL, len);
    feed(t, packet, 2 + size);
    at += len;
  } while (at < f->len && !t->phase_e);
}

static void take_field(struct fax_t30 *t, uint8_t kind, const struct field *f) {
  switch (f->type) {
    case T38_FIELD_HDLC_DATA:
      add_to_frame(&t->gate, f);
      break;
    case T38_FIELD_HDLC_SIG_END:
      begin_frame(&t->gate);
      feed_frame(t, kind, f->type);
      break;
    case T38_FIELD_T4_NON_ECM_DATA:
    case T38_FIELD_T4_NON_ECM_SIG_END:
      feed_image(t, kind, f);
      break;
    default: /* the ends of a frame; some machines put its last octets there */
      add_to_frame(&t->gate, f);
      feed_frame(t, kind, f->type);
      break;
  }
}

/* The next field from *at on; false: there is none that is whole. */
static bool read_field(const uint8_t *ifp, size_t len, size_t *at,
                       struct field *f) {
  if (*at >= len) return false;
  uint8_t head = ifp[(*at)++];
  f->type = head >> 4 & 7;
  f->bytes = NULL;
  f->len = 0;
  if ((head & HAS_FIELDS) == 0) return true;
  if (len - *at < 2) return false;
  f->len =
      ((size_t)ifp[*at] << 8 | ifp[*at + 1]) + 1; /* one less on the wire */
  *at += 2;
  if (len - *at < f->len) return false;
  f->bytes = ifp + *at;
  *at += f->len;
  return true;
}

static bool take_data(struct fax_t30 *t, const uint8_t *ifp, size_t len) {
  struct field f;
  size_t at = 2, count = len > 1 ? ifp[1] : 0;
  if ((ifp[0] & HAS_FIELDS) == 0 || count == 0 || count > 127) return false;
  for (size_t i = 0; i < count; i++)
    if (!read_field(ifp, len, &at, &f)) return false;
  at = 2;
  for (size_t i = 0; i < count && read_field(ifp, len, &at, &f); i++)
    if (!t->phase_e) take_field(t, ifp[0], &f);
  return true;
}

static bool take_indicator(struct fax_t30 *t, const uint8_t *ifp) {
  if ((ifp[0] & HAS_FIELDS) != 0) return false;
  if (ifp[0] != t->gate.indicator) begin_frame(&t->gate);
  t->gate.indicator = ifp[0];
  feed(t, ifp, 1);
  return true;
}

void t38_damage(struct fax_t30 *t) {
  t->gate.damaged = true;
}

bool t38_take(struct fax_t30 *t, const uint8_t *ifp, size_t len) {
  if ((ifp[0] & IS_EXTENDED) != 0) return true;
  if ((ifp[0] & IS_DATA) == 0) return take_indicator(t, ifp);
  if ((ifp[0] & 0x3e) >> 1 > T38_DATA_V17_14400) return true;
  t->gate.indicator = 0xff;
  return take_data(t, ifp, len);
}
