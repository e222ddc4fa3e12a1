/* SPDX-License-Identifier: MIT
   The inside of UDPTL: the packets that each direction remembers, and a
   datagram that was taken apart. Included by src/t30/udptl*.c only. */
#ifndef FAX_T30_UDPTL_H
#define FAX_T30_UDPTL_H

#include <fax/fax_udptl.h>
#include <stdbool.h>

#define UDPTL_KEPT 64       /* packets remembered; a power of two */
#define UDPTL_MOST_EXTRA 64 /* secondary or parity packets read */

struct udptl_packet {
  bool known;
  uint16_t seq;
  size_t len, room;
  uint8_t *bytes; /* ours */
};

/* The last packets by sequence number. */
struct udptl_memory {
  struct udptl_packet packets[UDPTL_KEPT];
};

struct udptl_slice {
  const uint8_t *bytes; /* of the datagram */
  size_t len;
};

struct udptl_datagram {
  uint16_t seq;
  struct udptl_slice primary;
  size_t fec_span; /* 0: `extra` are the packets before, the latest first */
  size_t count;
  struct udptl_slice extra[UDPTL_MOST_EXTRA];
};

struct fax_udptl {
  struct fax_udptl_config config;
  struct fax_udptl_numbers numbers;
  bool inside; /* within the callback */
  uint16_t next_out;
  DWORD gone_out; /* packets remembered in `out` */
  struct udptl_memory out, in;

  bool any_in;
  uint16_t next_in; /* expected */
  DWORD lost;       /* directly before next_in, not yet told */
  bool strange;     /* the last datagram was far from what was expected */
  uint16_t strange_next;
};

/* False: not a datagram. What it gives points into `bytes`. */
bool udptl_read(const uint8_t *bytes, size_t len, struct udptl_datagram *d_out);

/* Keeps a copy; without memory the packet is as one that never came. */
void udptl_keep(struct udptl_memory *m, uint16_t seq, const uint8_t *bytes,
                size_t len);
/* NULL: not remembered. Borrowed until the next udptl_keep. */
const struct udptl_packet *udptl_find(const struct udptl_memory *m,
                                      uint16_t seq);
void udptl_forget(struct udptl_memory *m); /* frees */

/* Recovers from a parity entry the one packet that is missing: writes up to
   FAX_UDPTL_MAX_IFP bytes, gives how many; 0: it is not known. */
size_t udptl_mend(const struct udptl_memory *m, const struct udptl_datagram *d,
                  uint16_t missing, uint8_t *to);

/* Adds the packets that lie `step` apart, `count` of them, before `seq`; the
   longest length, or 0 when one is not remembered. `skip` is left out. */
size_t udptl_add(const struct udptl_memory *m, uint16_t seq, size_t step,
                 size_t count, const uint16_t *skip, uint8_t *to);

#endif
