/* SPDX-License-Identifier: MIT
   The silence of spec/line/silence.c, through the whole service: the caller or
   the called side falls silent at each of 100 moments of a call, over T.38 and
   audio, with error correction and without. Every call ends within 60 s of line
   time, with the name of a watchdog or timer, its jobs are decided by what was
   confirmed, and its ports are idle. `service [MOMENTS]`. */
#include "service.h"

#define MOST_CAUSES 32

struct tally {
  long calls, bad;
  double longest[2];
  char causes[MOST_CAUSES][32];
  long counts[MOST_CAUSES];
};

static void count_cause(struct tally *t, const char *cause) {
  if (cause[0] == '\0') cause = "completed";
  for (int i = 0; i < MOST_CAUSES; i++) {
    if (t->counts[i] == 0) snprintf(t->causes[i], 32, "%s", cause);
    if (strcmp(t->causes[i], cause) != 0) continue;
    t->counts[i]++;
    return;
  }
}

static void add_call(struct tally *t, const struct service *s, double at,
                     const struct service_call *c) {
  t->calls++;
  for (int i = 0; i < 2; i++)
    if (c->after[i] > t->longest[i]) t->longest[i] = c->after[i];
  count_cause(t, c->cause[s->mute_sender ? 1 : 0]);
  if (service_good(s, c)) return;
  t->bad++;
  printf("  BAD at %.2f s: sender %s %.2f s, receiver %s %.2f s%s%s%s\n", at,
         c->cause[0], c->after[0], c->cause[1], c->after[1],
         c->decided ? "" : ", not decided", c->idle ? "" : ", not idle",
         c->honest ? "" : ", not honest");
}

static void show(const struct tally *t, const struct service *s) {
  printf(
      "service %-5s %-6s %-8s silent: %ld calls, %ld bad; ended after at most "
      "%.1f s (sender), %.1f s (receiver);",
      s->t38 ? "T.38" : "audio", s->ecm ? "ECM" : "no ECM",
      s->mute_sender ? "sender" : "receiver", t->calls, t->bad, t->longest[0],
      t->longest[1]);
  for (int i = 0; i < MOST_CAUSES && t->counts[i] > 0; i++)
    printf(" %s %ld", t->causes[i], t->counts[i]);
  printf("\n");
  fflush(stdout);
}

static long run_cell(struct service *s) {
  struct tally t = {0};
  double length = service_length(s);
  if (length < 0) return 1;
  for (long i = 0; i < s->moments; i++)
    s->at[i] = 0.02 + length * (double)i / (double)s->moments;
  bool open = service_open(s);
  for (long i = 0; open && i < s->moments; i++) {
    struct service_call c = service_run(s, i);
    add_call(&t, s, s->at[i], &c);
  }
  show(&t, s);
  return t.bad + !open + !service_close(s);
}

int main(int argc, char **argv) {
  long moments = argc > 1 ? atol(argv[1]) : SERVICE_MOMENTS, bad = 0;
  if (moments < 1 || moments > SERVICE_MOMENTS) return 2;
  for (int cell = 0; cell < 8; cell++) {
    struct service s = {.t38 = (cell & 4) == 0,
                        .ecm = (cell & 2) == 0,
                        .mute_sender = (cell & 1) == 0,
                        .pattern = PAGES_LETTER,
                        .moments = moments};
    bad += run_cell(&s);
  }
  printf("service: %ld bad\n", bad);
  return bad != 0;
}
