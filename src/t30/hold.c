/* SPDX-License-Identifier: MIT
   The end of a page that must wait: its post-message command is spandsp's next,
   a second of preamble before its first bit, and spandsp is not called until it
   may go. */
#include "t30/t30.h"

static void give_up(struct fax_t30 *t) {
  if (t->end_cause[0] == '\0')
    snprintf(t->end_cause, sizeof t->end_cause, "not_stored");
  t30_finish(t);
}

bool t30_is_held(struct fax_t30 *t, int samples) {
  if (!t->holding || t->inside || t->done) return false;
  enum fax_t30_leave leave = t->config.may_end(t->config.arg, t->held_page);
  if (leave == FAX_T30_GO) {
    t->holding = false;
    return false;
  }
  t->held += samples;
  if (leave == FAX_T30_GIVE_UP ||
      t->held > (int64_t)t->config.hold_limit * FAX_T30_SAMPLE_RATE)
    give_up(t);
  return true;
}
