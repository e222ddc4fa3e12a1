/* SPDX-License-Identifier: MIT
   The numbers of the page at work, and the watchdogs: a machine never waits
   for ever, whatever the other one does. Time is samples. */
#include "t30/t30.h"

#include <string.h>

#define LOOK_EVERY (FAX_T30_SAMPLE_RATE / 2)

static t30_stats_t numbers_of(const struct fax_t30 *t) {
  t30_stats_t n;
  memset(&n, 0, sizeof n);
  t30_get_transfer_statistics(t30_engine(t), &n);
  return n;
}

/* The sender is not told of bad rows: they stay unknown there. Where packets of
   the image were lost, rows that decode may be others than were sent. */
void t30_read_rows(struct fax_t30 *t) {
  struct fax_progress *p = &t->result.progress;
  if (t->sending) return;
  t30_stats_t n = numbers_of(t);
  t->page_bad_rows = n.bad_rows > 0 ? (DWORD)n.bad_rows : 0;
  t->page_bad_run =
      n.longest_bad_row_run > 0 ? (DWORD)n.longest_bad_row_run : 0;
  if (t->page_lost != 0 && t->page_bad_rows == 0)
    t->page_bad_rows = t->page_bad_run = 1;
  p->bad_rows = t->kept_bad_rows + t->page_bad_rows;
  p->longest_bad_run =
      t->page_bad_run > t->kept_bad_run ? t->page_bad_run : t->kept_bad_run;
}

static void read_page(struct fax_t30 *t, const t30_stats_t *n) {
  struct fax_progress *p = &t->result.progress;
  DWORD last = t->sending ? t->result.pages_in_file : p->pages_confirmed;
  p->page = t->sending ? t->config.first_page + (DWORD)n->pages_tx
                       : (DWORD)n->pages_rx + 1;
  if ((t->sending || t->closed) && last != 0 && p->page > last) p->page = last;
}

/* What the two machines agreed on is known from the training on. */
static void read_numbers(struct fax_t30 *t) {
  struct fax_progress *p = &t->result.progress;
  t30_stats_t n = numbers_of(t);
  read_page(t, &n);
  if (p->phase < FAX_PHASE_TRAINING || n.bit_rate <= 0) return;
  if (p->phase == FAX_PHASE_RELEASE && p->rate == FAX_UNKNOWN) return;
  p->rate = (DWORD)n.bit_rate;
  p->ecm = n.error_correcting_mode != 0;
  if (n.encoding >= FAX_ENCODING_MH && n.encoding <= FAX_ENCODING_MMR)
    p->encoding = (DWORD)n.encoding;
  p->image_bytes = n.image_size > 0 ? (DWORD)n.image_size : FAX_UNKNOWN;
}

static void tell(struct fax_t30 *t) {
  if (t->config.progress != NULL)
    t->config.progress(t->config.arg, &t->result.progress);
}

/* While our own modem plays an image nothing need come back: the patience
   starts when the image, with fill bits and training, must be over. */
static void allow_image(struct fax_t30 *t) {
  const struct fax_progress *p = &t->result.progress;
  int64_t rate = p->rate != FAX_UNKNOWN ? p->rate : 2400;
  int64_t bytes = p->image_bytes != FAX_UNKNOWN ? p->image_bytes : 0;
  t->progress_at =
      t->now + (bytes * 8 * 3 / 2 / rate + 120) * FAX_T30_SAMPLE_RATE;
}

static void enter_phase(struct fax_t30 *t) {
  struct fax_progress *p = &t->result.progress;
  DWORD next = t->next_phase;
  t->next_phase = 0;
  if (p->phase == FAX_PHASE_RELEASE) next = FAX_PHASE_RELEASE;
  if (p->phase != next || t->sending) t->progress_at = t->now;
  p->phase = next;
  read_numbers(t);
  if (t->sending && next == FAX_PHASE_PAGE) allow_image(t);
  tell(t);
}

/* spandsp counts a received page when it is in the file. */
static void count_received(struct fax_t30 *t) {
  struct fax_progress *p = &t->result.progress;
  t30_stats_t n = numbers_of(t);
  t->confirming = false;
  if ((DWORD)n.pages_rx <= p->pages_confirmed) return;
  p->pages_confirmed = (DWORD)n.pages_rx;
  t->kept_bad_rows += t->page_bad_rows;
  if (t->page_bad_run > t->kept_bad_run) t->kept_bad_run = t->page_bad_run;
  t->page_bad_rows = t->page_bad_run = 0;
  t->page_lost = 0;
  if (n.error_correcting_mode == 0) t->unchecked = true;
}

static void look_at_growth(struct fax_t30 *t) {
  t->look_at = t->now + LOOK_EVERY;
  if (t->sending || t->result.progress.phase != FAX_PHASE_PAGE) return;
  t30_stats_t n = numbers_of(t);
  if (n.image_size != t->seen_bytes) t->progress_at = t->now;
  t->seen_bytes = n.image_size;
}

static bool is_over(const struct fax_t30 *t, int64_t since, DWORD limit) {
  return t->now - since > (int64_t)limit * FAX_T30_SAMPLE_RATE;
}

static const char *find_watchdog(const struct fax_t30 *t) {
  if (t->release_at != 0 && is_over(t, t->release_at, t->config.release_limit))
    return "no_hangup";
  if (t->t38 != NULL && is_over(t, t->packet_at, t->config.no_packets_limit))
    return "no_packets";
  if (is_over(t, t->progress_at, t->config.no_progress_limit))
    return t->heard ? "no_progress" : "no_fax_answered";
  return NULL;
}

void t30_watch(struct fax_t30 *t) {
  if (t->confirming) count_received(t);
  if (t->next_phase != 0) enter_phase(t);
  if (t->now >= t->look_at) look_at_growth(t);
  const char *cause = find_watchdog(t);
  if (cause != NULL && t->end_cause[0] == '\0')
    snprintf(t->end_cause, sizeof t->end_cause, "%s", cause);
}
