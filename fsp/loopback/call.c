/* SPDX-License-Identifier: MIT
   A call from one line to another, up to the moment when both machines are on
   it, and its end. All state under the exchange's lock; all waits outside. */
#include <string.h>

#include "exchange.h"

#define RING_SECONDS 6

/* One packet for each ring at real pace. At fast pace one that says ten: the
   service answers at once, however many rings its port waits for. */
static bool post_ring(const struct line *line, DWORD rings) {
  LINEMESSAGE *message = FaxLocalAlloc(sizeof *message);
  if (message == NULL) return false;
  message->hDevice = line_device(line);
  message->dwParam1 = LINEDEVSTATE_RINGING;
  message->dwParam3 = rings;
  if (FaxPostCompletion(loopback.port, sizeof *message, loopback.key, message))
    return true;
  FaxLocalFree(message);
  return false;
}

/* With the lock held: puts the call on the line, or says why not. A line that
   rings already may be called by nobody else. */
static DWORD seize_line(struct call *call, struct line *line, bool *rings) {
  struct line *own = call->caller->line;
  if (own->ringing != NULL) { /* glare: he who calls out wins */
    own->ringing->outcome = CALL_GLARE;
    operation_wake(own->ringing->caller);
    own->ringing = NULL;
  }
  if (atomic_load(&call->caller->aborted)) return FS_USER_ABORT;
  profile_choose(call);
  if (call->test != NULL) return FS_ANSWERED;
  if (line == NULL) return FS_BAD_ADDRESS;
  if (line == own || line->operations > 0 || line->ringing != NULL)
    return FS_BUSY;
  *rings = line->receives;
  line->missed = false;
  line->ringing = call;
  call->caller->call = call;
  return FS_ANSWERED;
}

/* The caller's side of the end of the ringing: how did it end? */
static DWORD stop_ringing(struct call *call, struct line *line, bool rang) {
  DWORD status = FS_NO_ANSWER;
  exchange_lock();
  if (call->outcome == CALL_RINGING) {
    call->outcome = CALL_WITHDRAWN;
    line->ringing = NULL;
    line->missed = rang;
    memcpy(line->missed_number, call->caller->line->number, NUMBER_SIZE);
  } else {
    status = call->outcome == CALL_GLARE ? FS_BUSY : FS_ANSWERED;
  }
  if (status != FS_ANSWERED) call->caller->call = NULL;
  exchange_unlock();
  if (status != FS_ANSWERED && atomic_load(&call->caller->aborted))
    status = FS_USER_ABORT;
  return status;
}

static void ring(struct call *call, struct line *line) {
  struct operation *o = call->caller;
  struct fax_progress p = FAX_PROGRESS_INIT;
  fax_deadline start = FaxClockNow();
  fax_deadline until = start + loopback.options.no_answer * FAX_SECOND;
  bool real = loopback.options.real_pace;
  p.phase = FAX_PHASE_RINGING;
  status_report(o, &p);
  for (DWORD rings = 1;; rings++) {
    fax_deadline next = start + rings * RING_SECONDS * FAX_SECOND;
    if (!post_ring(line, real ? rings : 10)) return;
    if (!real || next > until) next = until;
    if (!FaxClockWait(next, o->wake) || next == until) return;
  }
}

/* At fast pace nothing is waited for, neither here nor for a line that takes no
   calls. */
static DWORD ring_test(const struct call *call) {
  const struct test_number *test = call->test;
  struct operation *o = call->caller;
  DWORD patience = loopback.options.no_answer;
  bool answered = test->act != ACT_NO_ANSWER && test->rings_for <= patience;
  DWORD seconds = answered ? test->rings_for : patience;
  struct fax_progress p = FAX_PROGRESS_INIT;
  if (test->act == ACT_BUSY) return FS_BUSY;
  p.phase = FAX_PHASE_RINGING;
  status_report(o, &p);
  if (loopback.options.real_pace && seconds != 0)
    FaxClockWait(FaxClockNow() + seconds * FAX_SECOND, o->wake);
  if (atomic_load(&o->aborted)) return FS_USER_ABORT;
  return answered ? FS_ANSWERED : FS_NO_ANSWER;
}

DWORD call_dial(struct call *call, const char *number) {
  struct operation *o = call->caller;
  bool rings = false, known = number_strip(number, call->number);
  struct line *line = NULL;
  exchange_lock();
  if (known) line = line_find(call->number);
  if (known && line == NULL)
    call->test = test_number_find(call->number, &call->test_n);
  if (call->test != NULL)
    test_number_complete(call->number, sizeof call->number);
  DWORD status = seize_line(call, line, &rings);
  exchange_unlock();
  if (status != FS_ANSWERED) return status;
  if (call->test != NULL) return ring_test(call);
  if (rings)
    ring(call, line);
  else if (loopback.options.real_pace)
    FaxClockWait(FaxClockNow() + loopback.options.no_answer * FAX_SECOND,
                 o->wake);
  return stop_ringing(call, line, rings);
}

bool call_answer(struct operation *o) {
  exchange_lock();
  struct call *call = atomic_load(&o->aborted) ? NULL : o->line->ringing;
  if (call != NULL) {
    o->line->ringing = NULL;
    o->call = call;
    call->callee = o;
    call->outcome = CALL_ANSWERED;
    memcpy(o->caller_id, call->caller->line->number, NUMBER_SIZE);
    operation_wake(call->caller);
  }
  exchange_unlock();
  return call != NULL;
}

void call_end(struct operation *callee) {
  exchange_lock();
  callee->call = NULL;
  callee->over = true;
  operation_wake(callee);
  exchange_unlock();
}
