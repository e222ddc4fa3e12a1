/* SPDX-License-Identifier: MIT
   The end of a call: closes what spandsp has open and decides, once, what the
   call was. What was confirmed stays confirmed. */
#include "t30/t30.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* Everything that was to be sent was confirmed, or everything that the sender
   had was received and confirmed: only the goodbye was missing, if that. */
static bool is_whole(const struct fax_t30 *t) {
  const struct fax_progress *p = &t->result.progress;
  if (!t->closed || t->lost_page) return false;
  if (!t->sending) return p->pages_confirmed > 0;
  return p->pages_confirmed + t->config.first_page - 1 ==
         t->result.pages_in_file;
}

/* spandsp takes a control signal whose packets stopped for one that lasts. */
static bool packets_stopped(const struct fax_t30 *t) {
  return t->config.line == FAX_T30_T38 &&
         t->result.code == T30_ERR_HDLC_CARRIER &&
         t->now - t->packet_at > FAX_T30_SAMPLE_RATE / 2;
}

static const struct t30_cause *find_cause(const struct fax_t30 *t) {
  if (t->end_cause[0] != '\0') return t30_cause_of_word(t->end_cause);
  if (t->rejected != 0) return t30_cause_of_word("page_rejected");
  if (t->lost_page) return t30_cause_of_word("page_lost");
  if (packets_stopped(t)) return t30_cause_of_word("no_packets");
  if (t->result.code != T30_ERR_OK) return t30_cause_of_code(t->result.code);
  return t30_cause_of_word(t->sending ? "page_rejected" : "no_pages");
}

static void tell_failure(struct fax_t30 *t, const struct t30_cause *c) {
  struct fax_progress *p = &t->result.progress;
  t->result.status = c->status;
  p->cause = c->cause != NULL ? c->cause : t->end_cause;
  p->advice = c->advice;
  p->evidence = t->evidence;
  if (t->sending)
    snprintf(t->evidence, sizeof t->evidence,
             "%s (at page %" PRIu32 " of %" PRIu32 ", %" PRIu32
             " confirmed in this call).",
             c->evidence, p->page, p->pages_total, p->pages_confirmed);
  else
    snprintf(t->evidence, sizeof t->evidence,
             "%s (after %" PRIu32 " whole page%s).", c->evidence,
             p->pages_confirmed, p->pages_confirmed == 1 ? "" : "s");
}

/* Closing writes to the file once more: what was confirmed must still be in it
   afterwards. */
static void check_received(struct fax_t30 *t) {
  struct fax_progress *p = &t->result.progress;
  DWORD pages = 0;
  if (t->sending || p->pages_confirmed == 0) return;
  if (t30_count_pages(t->receive_file, &pages) == ERROR_SUCCESS &&
      pages >= p->pages_confirmed)
    return;
  p->pages_confirmed = pages;
  t->lost_page = true;
  snprintf(t->end_cause, sizeof t->end_cause, "file_error");
}

DWORD t30_quality(const struct fax_t30 *t) {
  const struct fax_progress *p = &t->result.progress;
  if (p->pages_confirmed == 0) return FAX_UNKNOWN;
  if (!t->sending && t->kept_bad_rows != 0) return FAX_QUALITY_DAMAGED;
  return t->unchecked ? FAX_QUALITY_UNVERIFIED : FAX_QUALITY_VERIFIED;
}

/* spandsp removes a file in which there is no page; the file is its owner's,
   who made it. */
static void keep_file(const struct fax_t30 *t) {
  if (t->receive_file == NULL) return;
  int fd = open(t->receive_file, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  if (fd >= 0) close(fd);
}

/* A command that was held was never sent. Without memory it is not there. */
static void take_back(struct fax_t30 *t) {
  DWORD count = t->result.timeline_count;
  if (t->holding && count != 0 && count == t->held_events)
    t->result.timeline_count--;
  t->holding = false;
}

void t30_finish(struct fax_t30 *t) {
  if (t->done) return;
  t->inside = true;
  take_back(t);
  if (t->confirming || t->next_phase != 0) t30_watch(t);
  if (!t->phase_e) t30_terminate(t30_engine(t));
  t->phase_e = true;
  t->inside = false;
  if (t->fax != NULL) fax_free(t->fax);
  if (t->t38 != NULL) t38_terminal_free(t->t38);
  t->fax = NULL;
  t->t38 = NULL;
  keep_file(t);
  check_received(t);
  if (is_whole(t)) {
    t->result.status = FS_COMPLETED;
    t->result.code = T30_ERR_OK;
  } else {
    tell_failure(t, find_cause(t));
  }
  t->result.progress.quality = t30_quality(t);
  t->result.progress.phase = FAX_PHASE_RELEASE;
  t->result.progress.timeline = t->result.timeline;
  t->result.progress.timeline_count = t->result.timeline_count;
  t->done = true;
  if (t->config.progress != NULL)
    t->config.progress(t->config.arg, &t->result.progress);
}
