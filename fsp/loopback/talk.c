/* SPDX-License-Identifier: MIT
   The talk: one thread, the caller's, plays both machines to each other. Two
   threads in step would cost more than the modems do. */
#include <stdio.h>
#include <string.h>

#include "exchange.h"

#define BLOCK 160
#define BLOCK_TIME (20 * FAX_MILLISECOND)
/* How long the exchange keeps the line of one who is left alone, in blocks:
   the last signal still runs through its filters. */
#define HANG_UP_BLOCKS 50

/* Behind each change of a machine: the packet when the page changed, and all of
   it by the extension. */
static void on_progress(void *arg, const struct fax_progress *p) {
  struct operation *o = arg;
  bool sends = o->file == NULL;
  bool turned = false;
  exchange_lock();
  if (p->remote_id != NULL) snprintf(o->csi, sizeof o->csi, "%s", p->remote_id);
  if (p->phase == FAX_PHASE_PAGE && p->page != FAX_UNKNOWN) {
    turned = o->page != p->page;
    o->page = p->page;
  }
  exchange_unlock();
  if (turned) status_post(o, sends ? FS_TRANSMITTING : FS_RECEIVING);
  status_report(o, p);
}

struct fax_t30 *talk_machine(struct operation *o, const char *send_file,
                             const char *receive_file) {
  struct fax_t30_config c = {.size = sizeof c,
                             .calling = send_file != NULL,
                             .send_file = send_file,
                             .receive_file = receive_file,
                             .local_id = o->told.local_id,
                             .branding = o->told.branding,
                             .first_page = o->told.first_page,
                             .ecm = o->told.ecm != 0,
                             .max_rate = o->told.max_rate,
                             .progress = on_progress,
                             .arg = o};
  if (c.max_rate > 14400) c.max_rate = 14400;
  if (c.max_rate != 0 && c.max_rate < 2400) c.max_rate = 2400;
  return fax_t30_new(&c);
}

/* Who aborts has hung up; the other one hears that. */
static void end_aborted(struct operation *own, struct fax_t30 *mine,
                        struct fax_t30 *other) {
  if (!atomic_load_explicit(&own->aborted, memory_order_relaxed)) return;
  fax_t30_end(mine, "aborted");
  fax_t30_end(other, "disconnected");
}

static void exchange_block(struct fax_t30 *a, struct fax_t30 *b) {
  int16_t to_a[BLOCK], to_b[BLOCK];
  fax_t30_audio_out(a, to_b, BLOCK);
  fax_t30_audio_out(b, to_a, BLOCK);
  fax_t30_audio_in(a, to_a, BLOCK);
  fax_t30_audio_in(b, to_b, BLOCK);
}

static void play(struct call *call, struct fax_t30 *a, struct fax_t30 *b) {
  bool real = loopback.options.real_pace;
  fax_deadline next = FaxClockNow();
  int alone = 0;
  for (;;) {
    end_aborted(call->caller, a, b);
    end_aborted(call->callee, b, a);
    bool a_done = fax_t30_done(a), b_done = fax_t30_done(b);
    if (a_done && b_done) return;
    if ((a_done || b_done) && ++alone > HANG_UP_BLOCKS)
      fax_t30_end(a_done ? b : a, "disconnected");
    else
      exchange_block(a, b);
    next += BLOCK_TIME;
    if (real) FaxClockWait(next, NULL);
  }
}

static void end_callee(struct operation *callee,
                       const struct fax_t30 *machine) {
  if (machine == NULL) {
    status_end(callee, FS_FATAL_ERROR, "no_memory", "No memory was left.",
               "The fax should be sent again.");
  } else {
    const struct fax_t30_result *r = fax_t30_result(machine);
    exchange_lock();
    callee->page = r->progress.pages_confirmed;
    exchange_unlock();
    status_end(callee, r->status, NULL, NULL, NULL);
  }
  call_end(callee);
}

DWORD talk(struct call *call, struct fax_t30 *caller) {
  struct operation *callee = call->callee;
  bool fast = !loopback.options.real_pace;
  status_post(callee, FS_ANSWERED);
  struct fax_t30 *other = talk_machine(callee, NULL, callee->file);
  if (other == NULL) {
    fax_t30_end(caller, "disconnected");
  } else if (!fast || slot_take(call)) {
    play(call, caller, other);
    if (fast) slot_give();
  } else {
    end_aborted(call->caller, caller, other);
    end_aborted(callee, other, caller);
  }
  end_callee(callee, other);
  fax_t30_free(other);
  return fax_t30_result(caller)->status;
}
