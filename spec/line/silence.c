/* SPDX-License-Identifier: MIT
   A peer that falls silent at each of 100 moments of a call, over T.38 and
   audio, with error correction and without, the sender and the receiver: every
   call ends within 60 s of line time, and says why. `silence [MOMENTS]`. */
#include "silence.h"

#define MOST_CAUSES 32

struct cell {
  long calls, bad;
  long longest[2];
  char causes[MOST_CAUSES][32];
  long counts[MOST_CAUSES];
};

static void count_cause(struct cell *c, const char *cause) {
  if (cause[0] == '\0') cause = "completed";
  for (int i = 0; i < MOST_CAUSES; i++) {
    if (c->counts[i] == 0) snprintf(c->causes[i], 32, "%s", cause);
    if (strcmp(c->causes[i], cause) != 0) continue;
    c->counts[i]++;
    return;
  }
}

static void add_call(struct cell *c, const struct silence *s) {
  int heard = s->mute_sender ? 1 : 0; /* the one who hears the silence */
  bool ok = s->ended && s->honest &&
            silence_is_named(s->status[heard], s->cause[heard]);
  c->calls++;
  for (int i = 0; i < 2; i++)
    if (s->after[i] > c->longest[i]) c->longest[i] = s->after[i];
  count_cause(c, s->cause[heard]);
  if (ok) return;
  c->bad++;
  printf("  BAD at step %ld: sender %s %ld s, receiver %s %ld s%s\n", s->at,
         s->cause[0], s->after[0] / T38_SECOND, s->cause[1],
         s->after[1] / T38_SECOND, s->honest ? "" : ", not honest");
}

static long run_cell(bool t38, bool ecm, bool mute_sender, long moments) {
  struct cell c;
  long length = silence_length(t38, ecm, PAGES_LETTER);
  memset(&c, 0, sizeof c);
  for (long i = 0; i < moments; i++) {
    struct silence s = {.t38 = t38,
                        .ecm = ecm,
                        .mute_sender = mute_sender,
                        .at = length * i / moments,
                        .pattern = PAGES_LETTER};
    if (length < 0 || !silence_run(&s)) return 1;
    add_call(&c, &s);
  }
  printf(
      "silence %-5s %-6s %-8s silent: %ld calls, %ld bad; ended after at "
      "most %ld s (sender), %ld s (receiver);",
      t38 ? "T.38" : "audio", ecm ? "ECM" : "no ECM",
      mute_sender ? "sender" : "receiver", c.calls, c.bad,
      c.longest[0] / T38_SECOND, c.longest[1] / T38_SECOND);
  for (int i = 0; i < MOST_CAUSES && c.counts[i] > 0; i++)
    printf(" %s %ld", c.causes[i], c.counts[i]);
  printf("\n");
  return c.bad;
}

int main(int argc, char **argv) {
  long moments = argc > 1 ? atol(argv[1]) : 100, bad = 0;
  for (int cell = 0; cell < 8; cell++) {
    bad += run_cell((cell & 4) == 0, (cell & 2) == 0, (cell & 1) == 0, moments);
    fflush(stdout);
  }
  printf("silence: %ld bad\n", bad);
  return bad != 0;
}
