/* SPDX-License-Identifier: MIT
   The change of a call from audio to T.38, as gateways make it when they hear
   the answer tone: the audio machines are given up for new ones. What the two
   gateways say to each other does not go over the line, which spoils none of
   it. */
#include "talk.h"

/* The tone of the called machine is as old as that: its first frame comes two
   seconds later. */
#define OFFER_AT 50 /* blocks */

static bool is_wanted(const struct call *call) {
  DWORD asked = call->caller->told.transport;
  if (asked != FAX_TRANSPORT_ANY) return asked == FAX_TRANSPORT_T38;
  return call->profile.transport == TRANSPORT_T38;
}

/* Who asks for T.38 by name wants nothing else. */
static bool is_needed(const struct call *call) {
  return call->caller->told.transport == FAX_TRANSPORT_T38 ||
         call->profile.only;
}

static bool is_refused(const struct call *call) {
  if (call->test != NULL) return call->test->no_t38;
  return call->callee->told.transport == FAX_TRANSPORT_AUDIO;
}

static bool is_due(const struct talk *t) {
  DWORD late = t->answer != NULL ? t->answer->number->silent_for : 0;
  return t->called != NULL && t->blocks >= late * 50 + OFFER_AT;
}

static bool is_over(const struct talk *t) {
  return fax_t30_done(t->caller) || fax_t30_done(t->called);
}

static void replace(struct fax_t30 **machine, struct fax_t30 *by) {
  fax_t30_free(*machine);
  *machine = by;
}

/* Both new machines, or neither. False: memory. */
static bool change(struct talk *t) {
  struct call *call = t->call;
  struct fax_t30_config caller, called;
  struct fax_t30 *first = NULL, *second = NULL;
  struct t38 *link =
      t38_new(&call->profile, call->seed, t->blocks * CHANNEL_BLOCK);
  talk_config(call->caller, call->document, NULL, &caller);
  if (t->answer != NULL)
    answer_config(t->answer, &called);
  else
    talk_config(call->callee, NULL, call->callee->file, &called);
  if (link != NULL) first = t38_machine(&link->of_caller, &caller);
  if (first != NULL) second = t38_machine(&link->of_called, &called);
  if (second == NULL) {
    fax_t30_free(first);
    t38_free(link);
    return false;
  }
  replace(&t->caller, first);
  replace(&t->called, second);
  if (t->answer != NULL) answer_change(t->answer, first, second);
  t->t38 = link;
  return true;
}

void change_offer(struct talk *t) {
  const struct call *call = t->call;
  if (t->offered || !is_wanted(call) || !is_due(t) || is_over(t)) return;
  t->offered = true;
  if (talk_caller_mute(t) || talk_called_mute(t)) return; /* nobody agrees */
  const char *why = is_refused(call) ? "t38_refused" : NULL;
  if (why == NULL && !change(t)) why = "no_memory";
  if (why == NULL || !is_needed(call)) return;
  fax_t30_end(t->caller, why);
  fax_t30_end(t->called, "disconnected");
}
