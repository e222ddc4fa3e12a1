/* SPDX-License-Identifier: MIT
   The machine on T.38: packets in and out, the time between them, and what was
   lost on the way. */
#include "t30/t30.h"

#include "base/error.h"
#include "base/sign.h"

#define STEP \
  (FAX_T30_SAMPLE_RATE / 100) /* samples: spandsp sends once a step */
#define STEP_PACKETS 64       /* far more than a step ever makes */
#define LATE 512 /* sequence numbers: farther back, it begins again */

/* The first octet of a packet: 01 in front for data, then for both the kind. */
#define IS_DATA 0x40
#define KIND(octet) (((octet) >> 1) & 0x1f)

static bool is_image(const uint8_t *ifp, size_t len) {
  return len > 0 && (ifp[0] & IS_DATA) != 0 && KIND(ifp[0]) != T38_DATA_V21;
}

/* Data or preamble of the control channel. */
static bool is_control(const uint8_t *ifp, size_t len) {
  if (len == 0) return false;
  return KIND(ifp[0]) ==
         ((ifp[0] & IS_DATA) != 0 ? T38_DATA_V21 : T38_IND_V21_PREAMBLE);
}

/* spandsp 0.0.6 can send for ever within one step: failing ends its call. */
static int on_packet(t38_core_state_t *s, void *arg, const uint8_t *ifp,
                     int len, int repeats) {
  struct fax_t30 *t = arg;
  (void)s;
  if (len <= 0) return 0;
  if (++t->made > STEP_PACKETS) {
    if (t->end_cause[0] == '\0')
      snprintf(t->end_cause, sizeof t->end_cause, "engine_stuck");
    return -1;
  }
  if (is_image(ifp, (size_t)len)) t->packet_at = t->now;
  t->config.ifp_out(t->config.arg, ifp, (size_t)len,
                    repeats > 1 ? (DWORD)repeats : 1);
  return 0;
}

bool t38_open(struct fax_t30 *t) {
  t->t38 = t38_terminal_init(NULL, t->config.calling != 0, on_packet, t);
  return t->t38 != NULL;
}

/* The packets between the last one and this. Of an image it is not known what
   was in them: from its beginning until the control channel is back they count
   as the page's. */
static void count_lost(struct fax_t30 *t, DWORD lost) {
  const struct fax_progress *p = &t->result.progress;
  t->result.lost_packets += lost;
  if (!t->sending && p->phase == FAX_PHASE_PAGE && p->ecm == 0 &&
      !t->image_over)
    t->page_lost += lost;
}

/* False: it comes too late. */
static bool follow_seq(struct fax_t30 *t, uint16_t seq) {
  uint16_t gap = (uint16_t)(seq - t->next_seq);
  if (!t->any_seq) gap = 0;
  if (gap >= 0x8000) {
    if (0x10000 - gap <= LATE) return false;
    gap = 1; /* of a peer that begins again nobody knows how many */
  }
  if (gap != 0) {
    count_lost(t, gap);
    t38_damage(t);
  }
  t->any_seq = true;
  t->next_seq = (uint16_t)(seq + 1);
  return true;
}

BOOL fax_t30_ifp_in(struct fax_t30 *t, const uint8_t *ifp, size_t len,
                    uint16_t seq) {
  bool whole = false;
  if (t->t38 == NULL || t->inside) {
    FaxSetLastError(ERROR_INVALID_FUNCTION);
    return FALSE;
  }
  if (len > 0xffff || (len > 0 && ifp == NULL)) {
    FaxSetLastError(ERROR_INVALID_PARAMETER);
    return FALSE;
  }
  t->packet_at = t->now;
  if (!follow_seq(t, seq) || len == 0) return TRUE;
  if (is_control(ifp, len)) t->image_over = true;
  t30_enter(t);
  whole = t38_take(t, ifp, len);
  t30_leave(t);
  if (whole) return TRUE;
  FaxSetLastError(ERROR_INVALID_DATA);
  return FALSE;
}

void fax_t30_advance(struct fax_t30 *t, int samples) {
  sign_note();
  while (samples > 0 && t->t38 != NULL && !t->inside) {
    if (t30_is_held(t, samples)) return;
    int step = samples < STEP ? samples : STEP;
    samples -= step;
    t->made = 0;
    t30_enter(t);
    t->now += step;
    t38_terminal_send_timeout(t->t38, step);
    t30_leave(t);
  }
}
