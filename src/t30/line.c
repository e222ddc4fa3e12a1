/* SPDX-License-Identifier: MIT
   The machine on its line: samples in and out, and the hang-up. */
#include "t30/t30.h"

#include <string.h>

#include "base/sign.h"

/* Before the confirmation of a page that is not in the file, or more of a page
   that could not be read, is on the line. */
static void check_file(struct fax_t30 *t) {
  if (!t30_file_failed) return;
  t->lost_page = true;
  t->confirming = false;
  if (t->end_cause[0] == '\0')
    snprintf(t->end_cause, sizeof t->end_cause, "%s",
             t->sending ? "bad_document" : "file_error");
}

void t30_enter(struct fax_t30 *t) {
  t->inside = true;
  t30_file_failed = false;
}

void t30_leave(struct fax_t30 *t) {
  check_file(t);
  t30_watch(t);
  t->inside = false;
  if (t->phase_e || t->end_cause[0] != '\0') t30_finish(t);
}

void fax_t30_audio_in(struct fax_t30 *t, const int16_t *samples, int n) {
  sign_note();
  if (t->fax == NULL || t->inside || n <= 0) return;
  if (t->holding) return; /* the other machine waits for the command */
  t30_enter(t);
  t->now += n;
  /* fax_rx does not change the samples: its parameter only lacks the const. */
  fax_rx(t->fax, (int16_t *)(uintptr_t)samples, n);
  t30_leave(t);
}

int fax_t30_audio_out(struct fax_t30 *t, int16_t *samples, int max) {
  sign_note();
  int made = 0;
  if (max <= 0) return 0;
  if (t->fax != NULL && !t->inside && !t30_is_held(t, max)) {
    t30_enter(t);
    made = fax_tx(t->fax, samples, max);
    t30_leave(t);
  }
  if (made < max)
    memset(samples + made, 0, (size_t)(max - made) * sizeof *samples);
  return max;
}

t30_state_t *t30_engine(const struct fax_t30 *t) {
  return t->t38 != NULL ? t38_terminal_get_t30_state(t->t38)
                        : fax_get_t30_state(t->fax);
}

BOOL fax_t30_done(const struct fax_t30 *t) {
  return t->done;
}

void fax_t30_end(struct fax_t30 *t, const char *cause) {
  if (t->done) return;
  if (t->end_cause[0] == '\0')
    snprintf(t->end_cause, sizeof t->end_cause, "%s",
             cause != NULL && cause[0] != '\0' ? cause : "disconnected");
  if (!t->inside) t30_finish(t);
}

const struct fax_t30_result *fax_t30_result(const struct fax_t30 *t) {
  return &t->result;
}
