/* SPDX-License-Identifier: MIT
   A call in which one machine falls silent at a moment: how long the two of
   them go on, and with what they end. For a test and the line's long runs. */
#ifndef FAX_SPEC_LINE_SILENCE_H
#define FAX_SPEC_LINE_SILENCE_H

#include "t38_pair.h"

#define SILENCE_LIMIT (60 * T38_SECOND) /* steps that a call may go on */

struct silence {
  bool t38, ecm;
  bool mute_sender; /* else the receiver is the one */
  long at;          /* step */
  enum pages_pattern pattern;
  /* What came of it. */
  bool ended;    /* both, within the limit */
  long length;   /* steps, of the whole call */
  long after[2]; /* steps from the silence to the end: of the
                    sender, of the receiver */
  DWORD status[2];
  char cause[2][32]; /* "" when it is completed */
  bool honest;       /* what is confirmed is in the file, exact */
};

static inline bool silence_audio(struct t38_pair *p, const struct silence *s) {
  int16_t to_receiver[T38_STEP], to_sender[T38_STEP];
  struct t38_end *a = &p->sender, *b = &p->receiver;
  for (p->step = 0; p->step < p->limit; p->step++) {
    bool over = t38_pass(a, p->step);
    over = t38_pass(b, p->step) && over;
    if (over) return true;
    fax_t30_audio_out(a->machine, to_receiver, T38_STEP);
    fax_t30_audio_out(b->machine, to_sender, T38_STEP);
    if (p->step >= s->at)
      memset(s->mute_sender ? to_receiver : to_sender, 0, sizeof to_sender);
    fax_t30_audio_in(a->machine, to_sender, T38_STEP);
    fax_t30_audio_in(b->machine, to_receiver, T38_STEP);
  }
  return false;
}

static inline void silence_read(const struct t38_end *end, long at, long *after,
                                DWORD *status, char *cause) {
  const struct fax_t30_result *r = fax_t30_result(end->machine);
  *after = end->ended - at;
  *status = r->status;
  snprintf(cause, 32, "%s", r->progress.cause != NULL ? r->progress.cause : "");
}

/* Without error correction a silence can leave a bad row: not compared. */
static inline bool silence_honest(const struct t38_pair *p) {
  DWORD got = t38_got(p)->progress.pages_confirmed;
  if (t38_sent(p)->progress.pages_confirmed > got) return false;
  if (got != 0 && pages_count(p->target) != got) return false;
  for (unsigned i = 0; i < got && t38_got(p)->progress.bad_rows == 0; i++)
    if (!pages_same(p->source, i, p->target, i)) return false;
  return true;
}

/* False: the call could not be made. */
static inline bool silence_run(struct silence *s) {
  struct t38_pair p;
  if (!t38_set_up(&p, 1)) return false;
  p.sender.config.ecm = s->ecm;
  p.sender.config.line = p.receiver.config.line =
      s->t38 ? FAX_T30_T38 : FAX_T30_AUDIO;
  *(s->mute_sender ? &p.to_receiver.silent_from : &p.to_sender.silent_from) =
      s->at;
  p.limit = s->at < 1L << 30 ? s->at + 10 * SILENCE_LIMIT : p.limit;
  bool made = pages_make(p.source, s->pattern, 2, PAGES_A4_FINE, 196) &&
              t38_open_end(&p.sender) && t38_open_end(&p.receiver);
  if (made) {
    s->ended = s->t38 ? t38_talk(&p) : silence_audio(&p, s);
    s->length = p.step;
    silence_read(&p.sender, s->at, &s->after[0], &s->status[0], s->cause[0]);
    silence_read(&p.receiver, s->at, &s->after[1], &s->status[1], s->cause[1]);
    if (s->after[0] > SILENCE_LIMIT || s->after[1] > SILENCE_LIMIT)
      s->ended = false;
    s->honest = silence_honest(&p);
  }
  t38_tear_down(&p);
  return made;
}

/* How many steps the call has when nothing happens; -1: it failed. */
static inline long silence_length(bool t38, bool ecm,
                                  enum pages_pattern pattern) {
  struct silence s = {
      .t38 = t38, .ecm = ecm, .at = 1L << 40, .pattern = pattern};
  if (!silence_run(&s)) return -1;
  bool whole = s.status[0] == FS_COMPLETED && s.status[1] == FS_COMPLETED;
  return whole ? s.length : -1;
}

/* The words that a timer of ours or of the protocol ends a call with. */
static inline bool silence_is_named(DWORD status, const char *cause) {
  static const char *const names[] = {
      "no_packets",  "no_progress",     "no_hangup",       "no_fax_answered",
      "no_response", "no_confirmation", "no_carrier",      "no_capabilities",
      "no_rows",     "hung_up",         "too_many_retries"};
  if (status == FS_COMPLETED) return cause[0] == '\0';
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (strcmp(names[i], cause) == 0) return true;
  return false;
}

#endif
