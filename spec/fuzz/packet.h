/* SPDX-License-Identifier: MIT
   What an FSP may post: a round posts some hundred packets of any content, by
   any key, with any pointer, and asks and tells of operations in between. The
   service's side must live, free what is its to free, tell nothing that is not
   text, and nothing after the end. */
#ifndef FAX_SPEC_FUZZ_PACKET_H
#define FAX_SPEC_FUZZ_PACKET_H

#include <fax/faxwin.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>

#include "base/mem.h"
#include "base/text.h"
#include "fsp/script.h"
#include "fuzz.h"
#include "provider/provider.h"

enum {
  PACKET_DEVICES = 4, /* the last one is not fuzzed: it shows where we are */
  PACKET_FIRST = 10,
  PACKET_BATCH = 256,
  PACKET_DEAD = 16 /* keys of operations that have ended */
};

struct packet_call {
  sem_t go_on, released; /* FaxDevSend ends; the service knows of it */
  sem_t begun;
  HANDLE port;
  ULONG_PTR key;
  struct fax_op *op;
  atomic_bool over;
};

struct packet_given {
  DWORD bytes;
  ULONG_PTR key;
  void *block;
};

static struct {
  struct packet_call calls[PACKET_DEVICES];
  HANDLE heap, ring_port, foreign_heap;
  ULONG_PTR ring_key, dead[PACKET_DEAD];
  sem_t there; /* the page that was asked for came */
  _Atomic DWORD page;
  size_t live; /* what is alive when nothing is under way */
  _Atomic uint64_t told, rings;
  struct fuzz *fuzz;
  uint8_t report[sizeof(FAX_DEV_STATUS) + 64]; /* of FaxDevReportStatus */
  struct fax_provider *provider;
} packet;

FAX_EXPORT struct fsp_script fsp_script;

/* ---- what the service is told ---- */

static inline void packet_is_text(const char *text) {
  fuzz_require(packet.fuzz, text == NULL || text_is_utf8(text),
               "what is told is no text");
}

static inline void packet_on_status(void *arg, DWORD status,
                                    const struct fax_progress *p) {
  struct packet_call *c = arg;
  (void)status;
  fuzz_require(packet.fuzz, !atomic_load(&c->over), "told after the end");
  packet_is_text(p->remote_id);
  packet_is_text(p->cause);
  packet_is_text(p->evidence);
  packet_is_text(p->advice);
  atomic_fetch_add(&packet.told, 1);
  if (c == &packet.calls[PACKET_DEVICES - 1] && p->page == packet.page)
    sem_post(&packet.there);
}

static inline void packet_on_caller(void *arg, const char *caller_id,
                                    const char *routing) {
  struct packet_call *c = arg;
  fuzz_require(packet.fuzz, !atomic_load(&c->over), "called after the end");
  packet_is_text(caller_id);
  packet_is_text(routing);
}

static inline void packet_on_ended(void *arg, DWORD status,
                                   const struct fax_progress *last) {
  struct packet_call *c = arg;
  (void)status;
  fuzz_require(packet.fuzz, !atomic_exchange(&c->over, true), "ended twice");
  packet_is_text(last->evidence);
  for (DWORD i = 0; i < last->timeline_count; i++)
    fuzz_require(packet.fuzz,
                 memchr(last->timeline[i].details, '\0', 48) != NULL &&
                     text_is_utf8(last->timeline[i].frame),
                 "an event that cannot be read");
}

static inline void packet_on_released(void *arg) {
  struct packet_call *c = arg;
  sem_post(&c->released);
}

static inline void packet_on_ring(void *arg, const struct fax_provider *p,
                                  DWORD device, DWORD rings,
                                  const char *caller_id) {
  (void)arg, (void)p, (void)rings, (void)caller_id;
  fuzz_require(packet.fuzz, device - PACKET_FIRST < PACKET_DEVICES,
               "a ring of an unknown device");
  atomic_fetch_add(&packet.rings, 1);
}

static const struct provider_events packet_events = {
    packet_on_status,   packet_on_caller, packet_on_ended,
    packet_on_released, packet_on_ring,   NULL};

/* ---- the FSP ---- */

static inline BOOL packet_create(LPDWORD count, LPTSTR name, LPDWORD first,
                                 HANDLE port, ULONG_PTR key) {
  *count = PACKET_DEVICES;
  strcpy(name, "fuzz");
  *first = PACKET_FIRST;
  packet.ring_port = port;
  packet.ring_key = key;
  return TRUE;
}

static inline BOOL packet_initialize(HLINEAPP app, HANDLE heap,
                                     PFAX_LINECALLBACK *callback,
                                     PFAX_SERVICE_CALLBACK service) {
  (void)app, (void)callback, (void)service;
  packet.heap = heap;
  return TRUE;
}

static inline BOOL packet_start(HLINE line, DWORD device, PHANDLE handle,
                                HANDLE port, ULONG_PTR key) {
  struct packet_call *c = &packet.calls[device - PACKET_FIRST];
  (void)line;
  c->port = port;
  c->key = key;
  *handle = c;
  return TRUE;
}

static inline BOOL packet_send(HANDLE handle, PFAX_SEND send,
                               PFAX_SEND_CALLBACK callback) {
  struct packet_call *c = handle;
  (void)send, (void)callback;
  sem_post(&c->begun);
  while (sem_wait(&c->go_on) != 0) continue;
  return FALSE;
}

/* Any bytes at all, the pointers among them. */
static inline BOOL packet_report(HANDLE handle, PFAX_DEV_STATUS status,
                                 DWORD size, LPDWORD required) {
  (void)handle;
  memcpy(status, packet.report,
         size < sizeof packet.report ? size : sizeof packet.report);
  *required = sizeof packet.report;
  return TRUE;
}

static inline BOOL packet_no_receive(HANDLE handle, HCALL call,
                                     PFAX_RECEIVE receive) {
  (void)handle, (void)call, (void)receive;
  return FALSE;
}

static inline BOOL packet_nothing(HANDLE handle) {
  (void)handle;
  return TRUE;
}

static inline HRESULT packet_shutdown(void) {
  return S_OK;
}

/* ---- operations ---- */

static inline void packet_begin(struct fuzz *f, int i) {
  struct packet_call *c = &packet.calls[i];
  struct op_order order = {.kind = FAX_OP_SEND, .file = "/dev/null"};
  order.told.device_id = PACKET_FIRST + (DWORD)i;
  order.told.called_number = "1";
  atomic_store(&c->over, false);
  fuzz_require(
      f,
      op_new(&order, c, &c->op) == 0 && op_start(packet.provider, c->op) == 0,
      "no operation");
  while (sem_wait(&c->begun) != 0) continue;
}

static inline void packet_end(struct fuzz *f, int i) {
  struct packet_call *c = &packet.calls[i];
  packet.dead[fuzz_below(f, PACKET_DEAD)] = c->key;
  sem_post(&c->go_on);
  while (sem_wait(&c->released) != 0) continue;
  fax_op_unref(c->op);
}

/* Every block that was posted has been freed. The last of an operation goes
   with its thread, which takes a moment. */
static inline void packet_rest(struct fuzz *f) {
  for (int i = 0; i < PACKET_DEVICES - 1; i++) packet_end(f, i);
  for (int i = 0; i < 10000 && mem_live() > packet.live; i++)
    FaxClockWait(FaxClockNow() + FAX_MILLISECOND, NULL);
  fuzz_require(f, mem_live() <= packet.live, "a block was not freed");
  for (int i = 0; i < PACKET_DEVICES - 1; i++) packet_begin(f, i);
}

static inline void packet_close(struct fuzz *f) {
  for (int i = 0; i < PACKET_DEVICES; i++) packet_end(f, i);
  provider_stop(packet.provider, FaxClockNow() + 10 * FAX_SECOND);
  mem_unref(packet.provider);
  FaxHeapDestroy(packet.foreign_heap);
}

static inline DWORD packet_open(struct fuzz *f, const char *path) {
  struct fax_provider_config config = {.name = "fuzz", .path = path};
  packet.fuzz = f;
  packet.foreign_heap = FaxHeapCreate();
  sem_init(&packet.there, 0, 0);
  fsp_script = (struct fsp_script){.create = packet_create,
                                   .initialize = packet_initialize,
                                   .start_job = packet_start,
                                   .end_job = packet_nothing,
                                   .send = packet_send,
                                   .receive = packet_no_receive,
                                   .report = packet_report,
                                   .abort = packet_nothing,
                                   .shutdown = packet_shutdown};
  DWORD error = provider_load(&config, &packet_events, NULL, &packet.provider);
  for (int i = PACKET_DEVICES - 1; error == 0 && i >= 0; i--) {
    struct packet_call *c = &packet.calls[i];
    sem_init(&c->go_on, 0, 0);
    sem_init(&c->begun, 0, 0);
    sem_init(&c->released, 0, 0);
    packet_begin(f, i);
    if (i == PACKET_DEVICES - 1) packet.live = mem_live();
  }
  return error;
}

#endif
