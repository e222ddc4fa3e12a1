/* SPDX-License-Identifier: MIT
   The talk: one thread, the caller's, plays both machines to each other. Two
   threads in step would cost more than the modems do. */
#include <stdio.h>
#include <string.h>

#include "talk.h"

#define BLOCK CHANNEL_BLOCK
#define BLOCK_TIME (20 * FAX_MILLISECOND)
/* How long the exchange keeps the line of one who is left alone, in blocks:
   the last signal still runs through its filters. */
#define HANG_UP_BLOCKS 50
#define COMMIT_TIME (4 * FAX_SECOND)

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
  /* At its beginning, so that it is noted when the page ends. */
  if (turned && o->noted) FaxOperationCommit(o->port, o->key, p->page, 0);
}

/* At the pace of a real line the talk goes on in silence; else nothing else
   would happen meanwhile, and this waits. */
static enum fax_t30_leave may_end(void *arg, DWORD page) {
  struct operation *o = arg;
  fax_deadline until =
      loopback.options.real_pace ? 0 : FaxClockNow() + COMMIT_TIME;
  if (FaxOperationCommit(o->port, o->key, page, until)) return FAX_T30_GO;
  DWORD error = FaxGetLastError();
  if (error == ERROR_OPERATION_ABORTED) return FAX_T30_HOLD; /* and it ends */
  return error == WAIT_TIMEOUT && loopback.options.real_pace ? FAX_T30_HOLD
                                                             : FAX_T30_GIVE_UP;
}

void talk_config(struct operation *o, const char *send_file,
                 const char *receive_file, struct fax_t30_config *config) {
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
                             .may_end = o->noted ? may_end : NULL,
                             .arg = o};
  if (c.max_rate > 14400) c.max_rate = 14400;
  if (c.max_rate != 0 && c.max_rate < 2400) c.max_rate = 2400;
  *config = c;
}

struct fax_t30 *talk_machine(struct operation *o, const char *send_file,
                             const char *receive_file) {
  struct fax_t30_config config;
  talk_config(o, send_file, receive_file, &config);
  return fax_t30_new(&config);
}

/* Who aborts has hung up; the other one hears that. */
static void end_aborted(struct operation *own, struct fax_t30 *mine,
                        struct fax_t30 *other) {
  if (!atomic_load_explicit(&own->aborted, memory_order_relaxed)) return;
  fax_t30_end(mine, "aborted");
  if (other != NULL) fax_t30_end(other, "disconnected");
}

static void hang_up(const struct talk *t) {
  if (t->called != NULL) fax_t30_end(t->called, "disconnected");
  fax_t30_end(t->caller, "disconnected");
}

static void exchange_block(struct talk *t) {
  int16_t of_caller[BLOCK], of_called[BLOCK], to_caller[BLOCK],
      to_called[BLOCK];
  int16_t *heard_by_caller = of_called, *heard_by_called = of_caller;
  fax_t30_audio_out(t->caller, of_caller, BLOCK);
  if (t->answer != NULL)
    answer_speak(t->answer, of_called);
  else
    fax_t30_audio_out(t->called, of_called, BLOCK);
  if (t->channel != NULL) {
    channel_pass(t->channel, of_caller, of_called, to_caller, to_called);
    heard_by_caller = to_caller;
    heard_by_called = to_called;
  }
  fax_t30_audio_in(t->caller, heard_by_caller, BLOCK);
  if (t->answer != NULL)
    answer_hear(t->answer, heard_by_called);
  else
    fax_t30_audio_in(t->called, heard_by_called, BLOCK);
}

static void exchange_packets(struct talk *t) {
  if (t->answer != NULL) answer_guide(t->answer, &t->t38->of_called);
  t38_pass(t->t38);
}

static bool is_past(const struct talk *t, int32_t milliseconds) {
  return milliseconds != 0 && t->blocks * 20 >= milliseconds;
}

bool talk_caller_mute(const struct talk *t) {
  return is_past(t, t->call->profile.mute_caller);
}

bool talk_called_mute(const struct talk *t) {
  return is_past(t, t->call->profile.mute_called);
}

static bool is_cut(const struct talk *t) {
  return is_past(t, t->call->profile.cut) ||
         (t->answer != NULL && answer_hangs_up(t->answer));
}

/* One has hung up, and the other one hears that: not of who is mute. */
static bool is_left_alone(const struct talk *t, bool caller_done,
                          bool called_done) {
  return (caller_done && !talk_caller_mute(t)) ||
         (called_done && !talk_called_mute(t));
}

/* False: both have hung up. */
static bool step(struct talk *t) {
  bool stays = t->answer != NULL && answer_stays(t->answer);
  bool caller_done = fax_t30_done(t->caller);
  bool called_done = t->called == NULL ? caller_done : fax_t30_done(t->called);
  if (stays && !caller_done) called_done = false;
  if (caller_done && called_done) return false;
  if (is_cut(t) || (is_left_alone(t, caller_done, called_done) &&
                    ++t->alone > HANG_UP_BLOCKS))
    hang_up(t);
  else if (t->t38 != NULL)
    exchange_packets(t);
  else
    exchange_block(t);
  t->blocks++;
  change_offer(t);
  return true;
}

static void end_aborts(const struct talk *t) {
  end_aborted(t->call->caller, t->caller, t->called);
  if (t->call->callee != NULL)
    end_aborted(t->call->callee, t->called, t->caller);
}

static void play(struct talk *t) {
  bool real = loopback.options.real_pace;
  fax_deadline next = FaxClockNow();
  for (;;) {
    end_aborts(t);
    if (!step(t)) return;
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

/* Whoever answers, and the line between. False: one of them cannot be had. */
static bool answer(struct talk *t, struct answer *room) {
  struct call *call = t->call;
  const struct impairments *set = &call->profile;
  if (impairments_any(set)) {
    t->channel = channel_new(set, call->seed);
    if (t->channel == NULL) return false;
  }
  if (call->callee != NULL) {
    t->called = talk_machine(call->callee, NULL, call->callee->file);
    return t->called != NULL;
  }
  char name[2 * NUMBER_SIZE];
  snprintf(name, sizeof name, "%s-%u-%s.tif", call->caller->line->number,
           call->serial, call->number + strlen(TEST_PREFIX));
  t->answer = room;
  bool begun = answer_begin(room, call->test, call->test_n, t->caller,
                            call->number, loopback.options.keep, name);
  t->called = room->machine;
  return begun;
}

DWORD talk(struct call *call, struct fax_t30 *caller) {
  struct talk t = {.call = call, .caller = caller};
  struct answer room;
  bool fast = !loopback.options.real_pace;
  if (call->callee != NULL) status_post(call->callee, FS_ANSWERED);
  if (!answer(&t, &room)) {
    fax_t30_end(t.caller, call->callee != NULL ? "disconnected" : "no_memory");
  } else if (!fast || slot_take(call)) {
    play(&t);
    if (fast) slot_give();
  } else {
    end_aborts(&t);
  }
  if (call->callee != NULL) {
    end_callee(call->callee, t.called);
    fax_t30_free(t.called);
  }
  if (t.answer != NULL) answer_free(t.answer);
  channel_free(t.channel);
  DWORD status = fax_t30_result(t.caller)->status;
  fax_t30_free(t.caller);
  t38_free(t.t38);
  return status;
}
