/* SPDX-License-Identifier: MIT
   What the frames on the line mean for the pages: which one is at work, which
   was confirmed, which phase it is. Runs inside spandsp: must not end it. */
#include "t30/t30.h"

#include <string.h>

/* The lowest bit of a facsimile control field only says who speaks. */
#define FIELD(x) ((uint8_t)((x)&0xfe))

#define DCS_LONGEST 22 /* octets: what spandsp has room for */
#define FCD_SHORTEST 4

/* spandsp would set up a page of a width it has no number for, or in JBIG. */
static bool is_bearable_dcs(const uint8_t *frame, int length) {
  if (length < 6 || length > DCS_LONGEST) return false;
  if ((frame[5] & 0x03) == 0x03) return false;
  return length < 13 || (frame[12] & 0x60) == 0; /* bits 78 and 79 */
}

bool t30_is_bearable(const uint8_t *frame, int length) {
  switch (frame[2] & 0xfe) {
    case T4_FCD & 0xfe:
      return length >= FCD_SHORTEST;
    case T30_DCS & 0xfe:
      return is_bearable_dcs(frame, length);
    case T30_DIS & 0xfe:
      return length >= 6 && length <= DCS_LONGEST;
    default:
      return true;
  }
}

/* Audio: spandsp asks before it reads the frame, which lies in its own memory:
   make it one that means nothing. On T.38 such a frame does not come here. */
static bool disarm(const uint8_t *frame, int length) {
  if (t30_is_bearable(frame, length)) return false;
  *(uint8_t *)(uintptr_t)&frame[2] = T30_NULL;
  return true;
}

static bool is_page_end(uint8_t command) {
  return command == T30_MPS || command == T30_EOM || command == T30_EOP ||
         command == T30_PRI_MPS || command == T30_PRI_EOM ||
         command == T30_PRI_EOP;
}

static bool is_last_page(uint8_t command) {
  return command == T30_EOP || command == T30_PRI_EOP;
}

static void phase(struct fax_t30 *t, DWORD next) {
  t->next_phase = next;
}

/* From the next call on nothing goes to the line until it may: before that, of
   the command at most some silence. */
static void hold(struct fax_t30 *t) {
  t30_stats_t numbers;
  if (t->config.may_end == NULL) return;
  t30_get_transfer_statistics(t30_engine(t), &numbers);
  t->held_page = t->config.first_page + (DWORD)numbers.pages_tx;
  t->holding = true;
  t->held = 0;
  t->held_events = t->result.timeline_count;
}

static void page_ends(struct fax_t30 *t, const uint8_t *frame, int length) {
  uint8_t field = FIELD(frame[2]);
  bool second = field == T30_PPS || field == T30_EOR;
  t->command = second ? (length > 3 ? FIELD(frame[3]) : 0) : field;
  t->given_up = field == T30_EOR;
  if (t->given_up && !t->sending) t->lost_page = true;
  t30_read_rows(t);
  if (t->sending && !t->given_up && is_page_end(t->command)) hold(t);
  phase(t, FAX_PHASE_POST_MESSAGE);
}

static void last_phase(struct fax_t30 *t) {
  t->release_at = t->now;
  phase(t, FAX_PHASE_RELEASE);
}

/* Sending: the other machine took the page. It counts when all before it
   count: what is confirmed is a beginning of the document without gaps. */
static void page_taken(struct fax_t30 *t) {
  struct fax_progress *p = &t->result.progress;
  t30_stats_t numbers;
  t30_get_transfer_statistics(t30_engine(t), &numbers);
  if (!t->given_up && numbers.pages_tx == (int)p->pages_confirmed) {
    p->pages_confirmed++;
    if (numbers.error_correcting_mode == 0) t->unchecked = true;
    p->quality = t30_quality(t);
    t->rejected = 0;
  }
}

static void confirmed(struct fax_t30 *t) {
  uint8_t command = t->command;
  if (!is_page_end(command)) { /* a block of a page with error correction */
    if (command == T30_NULL) phase(t, FAX_PHASE_PAGE);
    return;
  }
  t->command = 0;
  if (t->sending)
    page_taken(t);
  else
    t->confirming = true; /* counted by t30_watch, when the page is written */
  if (is_last_page(command)) {
    t->closed = true;
    last_phase(t);
  } else if (command == T30_EOM || command == T30_PRI_EOM) {
    phase(t, FAX_PHASE_CONNECTED);
  } else {
    t->image_over = false;
    phase(t, FAX_PHASE_PAGE);
  }
}

static void on_command(struct fax_t30 *t, const uint8_t *frame, int length) {
  uint8_t field = FIELD(frame[2]);
  if (is_page_end(field) || field == T30_PPS || field == T30_EOR)
    page_ends(t, frame, length);
  else if (field == FIELD(T30_DCS))
    phase(t, FAX_PHASE_TRAINING);
  else if (field == FIELD(T30_DCN))
    last_phase(t);
}

static void on_response(struct fax_t30 *t, const uint8_t *frame) {
  uint8_t field = FIELD(frame[2]);
  if (field == T30_MCF || field == T30_RTP) {
    confirmed(t);
  } else if (field == T30_RTN) {
    t->rejected++;
    t->page_bad_rows = t->page_bad_run = 0; /* the page comes again */
    t->page_lost = 0;
    phase(t, FAX_PHASE_TRAINING);
  } else if (field == T30_CFR || field == T30_PPR || field == T30_CTR) {
    t->image_over = false;
    phase(t, FAX_PHASE_PAGE);
  } else if (field == FIELD(T30_DCN)) {
    last_phase(t);
  } else if (field == FIELD(T30_DIS)) {
    phase(t, FAX_PHASE_CONNECTED);
  }
}

void t30_on_frame(t30_state_t *s, void *arg, int incoming, const uint8_t *frame,
                  int length) {
  struct fax_t30 *t = arg;
  (void)s;
  if (length < 3 || (incoming && disarm(frame, length))) return;
  t30_note(t, incoming == 0, frame, length);
  if (incoming) t->heard = true;
  if (incoming && t->progress_at < t->now) t->progress_at = t->now;
  if (frame[2] == T4_FCD || frame[2] == T4_RCP) {
    if (t->progress_at < t->now) t->progress_at = t->now;
    return;
  }
  if (incoming) t->progress_at = t->now;
  if ((incoming != 0) == t->sending)
    on_response(t, frame);
  else
    on_command(t, frame, length);
}

int t30_on_phase_b(t30_state_t *s, void *arg, int result) {
  struct fax_t30 *t = arg;
  const char *id = t30_get_rx_ident(s);
  (void)result;
  t->progress_at = t->now;
  if (id != NULL && id[0] != '\0') {
    snprintf(t->remote_id, sizeof t->remote_id, "%s", id);
    t->result.progress.remote_id = t->remote_id;
  }
  phase(t, t->sending ? FAX_PHASE_CONNECTED : FAX_PHASE_TRAINING);
  return T30_ERR_OK;
}

void t30_on_phase_e(t30_state_t *s, void *arg, int code) {
  struct fax_t30 *t = arg;
  (void)s;
  t->result.code = code;
  t->phase_e = true;
}
