/* SPDX-License-Identifier: MIT
   The machines of a call on T.38, UDPTL at either end, and the way between. */
#include "t38.h"

#include <stdlib.h>

#define DATAGRAM_SIZE 512 /* more than UDPTL makes of a packet */
#define SPOIL_TURN 6
#define HEAD_SIZE 5 /* of a packet, before the data of its first field */

static bool is_image(const uint8_t *ifp, size_t len) {
  const uint8_t data = 0x40, kind = 0x3e; /* kind 0 is V.21 */
  return len > 0 && (ifp[0] & data) != 0 && (ifp[0] & kind) != 0;
}

/* From the machine: UDPTL numbers it, the way may spoil it. */
static void on_packet_out(void *arg, const uint8_t *ifp, size_t len,
                          DWORD repeats) {
  struct t38_side *side = arg;
  uint8_t bytes[DATAGRAM_SIZE];
  size_t n = fax_udptl_send(side->udptl, ifp, len, bytes, sizeof bytes);
  if (n == 0 || side->silent) return;
  while (repeats-- > 0) datagrams_put(&side->way, side->link->now, bytes, n);
}

/* Every other 5 ms of an image (at 9,600 bit/s) upside down: hardly a row is
   right. */
static const uint8_t *spoil(const uint8_t *ifp, size_t len, uint8_t *room) {
  if (!is_image(ifp, len)) return ifp;
  for (size_t i = 0; i < len; i++)
    room[i] = ifp[i] ^ (i >= HEAD_SIZE && i / SPOIL_TURN % 2 == 0 ? 0xff : 0);
  return room;
}

/* To the machine, in order; what never came is a gap in the numbers. */
static void on_packet_in(void *arg, const uint8_t *ifp, size_t len,
                         uint16_t seq, DWORD lost) {
  struct t38_side *side = arg;
  uint8_t room[FAX_UDPTL_MAX_IFP];
  (void)lost;
  if (side->spoiled) ifp = spoil(ifp, len, room);
  fax_t30_ifp_in(side->machine, ifp, len, seq);
}

static void on_progress(void *arg, const struct fax_progress *progress) {
  const struct t38_side *side = arg;
  if (side->progress != NULL) side->progress(side->arg, progress);
}

static enum fax_t30_leave on_end_of_page(void *arg, DWORD page) {
  const struct t38_side *side = arg;
  return side->may_end(side->arg, page);
}

static bool side_open(struct t38_side *side, const struct t38 *link,
                      const struct impairments *set) {
  bool parity = set->fec_entries != 0;
  struct fax_udptl_config c = {
      .size = sizeof c,
      .redundancy = parity ? 0 : (DWORD)set->redundancy,
      .fec_entries = parity ? (DWORD)set->fec_entries : 0,
      .fec_span = parity ? (DWORD)set->fec_span : 0,
      .ifp = on_packet_in,
      .arg = side};
  side->link = link;
  side->udptl = fax_udptl_new(&c);
  return side->udptl != NULL;
}

struct t38 *t38_new(const struct impairments *set, uint64_t seed, int64_t now) {
  struct t38 *t = calloc(1, sizeof *t);
  if (t == NULL) return NULL;
  t->now = now;
  datagrams_init(&t->of_caller.way, set, seed, set->delay, set->mute_caller);
  datagrams_init(&t->of_called.way, set, seed ^ UINT64_MAX,
                 set->delay + set->delay_called, set->mute_called);
  if (side_open(&t->of_caller, t, set) && side_open(&t->of_called, t, set))
    return t;
  t38_free(t);
  return NULL;
}

struct fax_t30 *t38_machine(struct t38_side *side,
                            const struct fax_t30_config *config) {
  struct fax_t30_config c = *config;
  side->progress = c.progress;
  side->may_end = c.may_end;
  side->arg = c.arg;
  c.line = FAX_T30_T38;
  c.ifp_out = on_packet_out;
  c.progress = on_progress;
  if (c.may_end != NULL) c.may_end = on_end_of_page;
  c.arg = side;
  side->machine = fax_t30_new(&c);
  return side->machine;
}

static void deliver(struct datagrams *way, struct t38_side *to, int64_t now) {
  struct datagram *one;
  while ((one = datagrams_take(way, now)) != NULL) {
    fax_udptl_receive(to->udptl, one->bytes, one->len);
    free(one);
  }
}

void t38_pass(struct t38 *t) {
  fax_t30_advance(t->of_caller.machine, CHANNEL_BLOCK);
  fax_t30_advance(t->of_called.machine, CHANNEL_BLOCK);
  deliver(&t->of_caller.way, &t->of_called, t->now);
  deliver(&t->of_called.way, &t->of_caller, t->now);
  t->now += CHANNEL_BLOCK;
}

static void side_close(struct t38_side *side) {
  fax_udptl_free(side->udptl);
  datagrams_free(&side->way);
}

void t38_free(struct t38 *t) {
  if (t == NULL) return;
  side_close(&t->of_caller);
  side_close(&t->of_called);
  free(t);
}
