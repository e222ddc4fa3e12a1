/* SPDX-License-Identifier: MIT
   One round of packets: see packet.h. */
#ifndef FAX_SPEC_FUZZ_PACKET_ROUND_H
#define FAX_SPEC_FUZZ_PACKET_ROUND_H

#include <fax/fax_operation.h>

#include "packet.h"

/* ---- what to post ---- */

static const DWORD packet_statuses[] = {
    0,           FS_DIALING,      FS_TRANSMITTING, FS_RECEIVING, FS_COMPLETED,
    FS_ANSWERED, FS_FATAL_ERROR,  FS_USER_ABORT,   FS_HANDLED,   FS_BUSY,
    0x80000001,  FS_INITIALIZING, 0xffffffff};

/* Of an operation under way, of one that has ended, of rings, of nothing. */
static inline ULONG_PTR packet_any_key(struct fuzz *f) {
  switch (fuzz_below(f, 8)) {
    case 0:
      return packet.dead[fuzz_below(f, PACKET_DEAD)];
    case 1:
      return packet.ring_key;
    case 2:
      return packet.calls[0].key ^ (ULONG_PTR)1 << fuzz_below(f, 64);
    case 3:
      return (ULONG_PTR)fuzz_draw(f) << 32 | fuzz_draw(f);
    default:
      return packet.calls[fuzz_below(f, PACKET_DEVICES - 1)].key;
  }
}

static inline DWORD packet_any_size(struct fuzz *f, size_t right) {
  switch (fuzz_below(f, 12)) {
    case 0:
      return (DWORD)right - 1;
    case 1:
      return (DWORD)right + 1;
    case 2:
      return fuzz_draw(f);
    case 3:
      return fuzz_below(f, 200);
    default:
      return (DWORD)right;
  }
}

static inline void packet_any_text(struct fuzz *f, char *to, size_t size) {
  size_t len = fuzz_below(f, (uint32_t)size);
  for (size_t i = 0; i < len; i++)
    to[i] = fuzz_one_in(f, 20) ? (char)fuzz_draw(f)
                               : (char)('a' + fuzz_below(f, 26));
  to[len] = '\0';
}

/* Into the block, to its edges, or nowhere. */
static inline LPTSTR packet_any_pointer(struct fuzz *f, const FAX_DEV_STATUS *s,
                                        size_t size) {
  uintptr_t start = (uintptr_t)s;
  switch (fuzz_below(f, 10)) {
    case 0:
      return (LPTSTR)(start + fuzz_below(f, (uint32_t)size + 8));
    case 1:
      return (LPTSTR)(start + size - fuzz_below(f, 3));
    case 2:
      return (LPTSTR)(start - fuzz_below(f, 64));
    case 3:
      return (LPTSTR)((uintptr_t)fuzz_draw(f) << 16 ^ fuzz_draw(f));
    case 4:
    case 5:
    case 6:
      return size > sizeof *s ? (LPTSTR)(start + sizeof *s) : NULL;
    default:
      return NULL;
  }
}

static inline void packet_fill_status(struct fuzz *f, FAX_DEV_STATUS *s,
                                      size_t size) {
  s->SizeOfStruct = packet_any_size(f, sizeof *s);
  s->StatusId = fuzz_one_in(f, 8)
                    ? fuzz_draw(f)
                    : packet_statuses[fuzz_below(
                          f, sizeof packet_statuses / sizeof(DWORD))];
  s->StringId = fuzz_draw(f);
  s->PageCount = fuzz_one_in(f, 3) ? fuzz_draw(f) : fuzz_below(f, 9);
  if (size > sizeof *s) {
    char *behind = (char *)(s + 1);
    packet_any_text(f, behind, size - sizeof *s);
    if (fuzz_one_in(f, 3)) behind[size - sizeof *s - 1] = 'x'; /* no end */
  }
  s->CSI = packet_any_pointer(f, s, size);
  s->CallerId = packet_any_pointer(f, s, size);
  s->RoutingInfo = packet_any_pointer(f, s, size);
  s->ErrorCode = fuzz_draw(f);
  if (fuzz_one_in(f, 10)) fuzz_spoil(f, (uint8_t *)s, sizeof *s, sizeof *s);
}

static inline struct packet_given packet_make_status(struct fuzz *f) {
  size_t size = sizeof(FAX_DEV_STATUS);
  if (fuzz_one_in(f, 2)) size += 1 + fuzz_below(f, 80);
  struct packet_given g = {packet_any_size(f, size), packet_any_key(f),
                           FaxHeapAlloc(packet.heap, size)};
  fuzz_require(f, g.block != NULL, "no memory");
  packet_fill_status(f, g.block, size);
  return g;
}

/* A block of the right heap, or of LocalAlloc, that is too small. */
static inline struct packet_given packet_short_block(struct fuzz *f) {
  size_t size = 1 + fuzz_below(f, sizeof(FAX_DEV_STATUS));
  void *block =
      fuzz_one_in(f, 2) ? FaxHeapAlloc(packet.heap, size) : FaxLocalAlloc(size);
  fuzz_require(f, block != NULL, "no memory");
  fuzz_fill(f, block, size);
  return (struct packet_given){packet_any_size(f, sizeof(FAX_DEV_STATUS)),
                               packet_any_key(f), block};
}

static inline struct packet_given packet_make_ring(struct fuzz *f) {
  LINEMESSAGE *m = FaxLocalAlloc(sizeof *m);
  fuzz_require(f, m != NULL, "no memory");
  m->hDevice = PACKET_FIRST + fuzz_below(f, PACKET_DEVICES);
  m->dwParam1 = LINEDEVSTATE_RINGING;
  m->dwParam3 = fuzz_below(f, 5);
  if (fuzz_one_in(f, 3)) fuzz_spoil(f, (uint8_t *)m, sizeof *m, sizeof *m);
  return (struct packet_given){
      packet_any_size(f, sizeof *m),
      fuzz_one_in(f, 4) ? packet_any_key(f) : packet.ring_key, m};
}

/* Nothing of the service's to free: of the stack, of another heap, within a
   block, of nowhere. What is to be freed afterwards is a block of that heap. */
static inline struct packet_given packet_make_foreign(struct fuzz *f) {
  static uint8_t own[512];
  struct packet_given g = {packet_any_size(f, sizeof(FAX_DEV_STATUS)),
                           packet_any_key(f), NULL};
  switch (fuzz_below(f, 4)) {
    case 0:
      break;
    case 1:
      g.block = own + fuzz_below(f, 256);
      break;
    case 2:
      g.block = (void *)((uintptr_t)fuzz_draw(f) << 16 ^ fuzz_draw(f));
      break;
    default:
      g.block = packet.foreign_heap;
  }
  return g;
}

static inline struct packet_given packet_any(struct fuzz *f) {
  uint32_t n = fuzz_below(f, 16);
  if (n < 9) return packet_make_status(f);
  if (n < 12) return packet_make_ring(f);
  return n < 14 ? packet_short_block(f) : packet_make_foreign(f);
}

/* ---- what to ask and to tell of an operation ---- */

static inline HANDLE packet_any_port(struct fuzz *f) {
  if (!fuzz_one_in(f, 10)) return packet.ring_port;
  return (HANDLE)((uintptr_t)packet.ring_port ^ (uintptr_t)1
                                                    << fuzz_below(f, 64));
}

static inline void packet_ask(struct fuzz *f) {
  DWORD size = fuzz_one_in(f, 2) ? (DWORD)sizeof(struct fax_operation)
                                 : fuzz_below(f, 120);
  struct fax_operation *o = malloc(size < 4 ? 4 : size);
  o->size = size;
  FaxOperationQuery(packet_any_port(f), packet_any_key(f), o);
  free(o);
}

static const struct fax_t30_event *packet_any_events(struct fuzz *f,
                                                     DWORD *count_out,
                                                     char *frame) {
  DWORD count = fuzz_below(f, 6);
  struct fax_t30_event *events = malloc((count + 1) * sizeof *events);
  fuzz_fill(f, (uint8_t *)events, (count + 1) * sizeof *events);
  packet_any_text(f, frame, 16);
  for (DWORD i = 0; i < count; i++)
    events[i].frame = fuzz_one_in(f, 5) ? NULL : frame;
  *count_out = count;
  return events;
}

/* A block of just the size that it says; what lies in it is the FSP's to keep
   sound. */
static inline void packet_tell(struct fuzz *f) {
  struct fax_progress p = FAX_PROGRESS_INIT;
  char texts[4][40], frame[16];
  for (int i = 0; i < 4; i++) packet_any_text(f, texts[i], sizeof texts[i]);
  if (fuzz_one_in(f, 2)) p.page = fuzz_draw(f);
  if (fuzz_one_in(f, 2)) p.rate = fuzz_draw(f);
  if (fuzz_one_in(f, 2)) p.phase = fuzz_draw(f);
  if (fuzz_one_in(f, 3)) p.remote_id = texts[0];
  if (fuzz_one_in(f, 3)) p.cause = texts[1];
  if (fuzz_one_in(f, 3)) p.evidence = texts[2];
  if (fuzz_one_in(f, 3)) p.advice = texts[3];
  const struct fax_t30_event *events =
      packet_any_events(f, &p.timeline_count, frame);
  if (fuzz_one_in(f, 4)) p.timeline = events;
  p.size = fuzz_one_in(f, 2) ? (DWORD)sizeof p : fuzz_below(f, sizeof p + 64);
  uint8_t *exact = malloc(p.size < 4 ? 4 : p.size);
  memset(exact, 0xa5, p.size < 4 ? 4 : p.size);
  memcpy(exact, &p, p.size < 4 ? 4 : p.size < sizeof p ? p.size : sizeof p);
  FaxOperationReport(packet_any_port(f), packet_any_key(f),
                     (const void *)exact);
  free(exact);
  free((void *)events);
}

/* ---- a round ---- */

/* The status thread has taken all that was posted before. */
static inline void packet_meet(struct fuzz *f) {
  struct packet_call *c = &packet.calls[PACKET_DEVICES - 1];
  FAX_DEV_STATUS *s = FaxHeapAlloc(packet.heap, sizeof *s);
  fuzz_require(f, s != NULL, "no memory");
  s->SizeOfStruct = sizeof *s;
  s->StatusId = FS_TRANSMITTING;
  s->PageCount = atomic_load(&packet.page) + 1;
  if (s->PageCount == 0) s->PageCount = 1;
  atomic_store(&packet.page, s->PageCount);
  fuzz_require(f, FaxPostCompletion(c->port, sizeof *s, c->key, s),
               "the port is closed");
  while (sem_wait(&packet.there) != 0) continue;
}

/* All blocks are made before the first is posted: from then on the service may
   free it, and another would get its address. */
static inline void packet_round(struct fuzz *f, void *arg) {
  struct packet_given given[PACKET_BATCH];
  (void)arg;
  for (int i = 0; i < PACKET_BATCH; i++) given[i] = packet_any(f);
  for (int i = 0; i < PACKET_BATCH; i++) {
    struct packet_given g = given[i];
    FaxPostCompletion(packet.ring_port, g.bytes, g.key, g.block);
    if (fuzz_one_in(f, 30)) /* again, when it may be free */
      FaxPostCompletion(packet.ring_port, g.bytes, packet_any_key(f), g.block);
    if (fuzz_one_in(f, 8)) packet_ask(f);
    if (fuzz_one_in(f, 4)) packet_tell(f);
    f->runs++;
  }
  packet_meet(f);
  if (fuzz_one_in(f, 200)) packet_rest(f);
  if (!fuzz_one_in(f, 8)) return;
  memset(packet.report, 0, sizeof packet.report);
  packet_fill_status(f, (FAX_DEV_STATUS *)packet.report, sizeof packet.report);
  int i = (int)fuzz_below(f, PACKET_DEVICES - 1);
  packet_end(f, i);
  packet_begin(f, i);
}

#endif
