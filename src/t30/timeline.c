/* SPDX-License-Identifier: MIT
   The exchange of a call as a list: each frame with its moment, who sent it and
   what it says. Frames are foreign input: any length, any content. */
#include "t30/t30.h"

#include <string.h>

#include "base/mem.h"

#define FIF 3 /* where a frame's information field begins */

/* Bit `n` of the information field as T.30 counts them: from one. */
static bool bit(const uint8_t *frame, int length, int n) {
  int at = FIF + (n - 1) / 8;
  return at < length && (frame[at] >> ((n - 1) % 8) & 1) != 0;
}

static bool is_image_frame(uint8_t field) {
  return field == T4_FCD || field == T4_RCP;
}

/* Bits 11 to 14 of a DCS, the first as the highest. */
static const char *rate_of(const uint8_t *frame, int length) {
  static const char *const rates[16] = {
      [0] = "2400 bit/s",  [4] = "4800 bit/s",  [8] = "9600 bit/s",
      [12] = "7200 bit/s", [1] = "14400 bit/s", [5] = "12000 bit/s",
      [9] = "9600 bit/s",  [13] = "7200 bit/s",
  };
  int code = bit(frame, length, 11) << 3 | bit(frame, length, 12) << 2 |
             bit(frame, length, 13) << 1 | bit(frame, length, 14);
  return rates[code] != NULL ? rates[code] : "?";
}

static const char *modems_of(const uint8_t *frame, int length) {
  if (bit(frame, length, 14)) return "V.17";
  if (bit(frame, length, 11)) return "V.29";
  return "V.27ter";
}

static void say_terms(char *to, size_t size, const char *speed,
                      const uint8_t *frame, int length) {
  const char *code = bit(frame, length, 31)   ? " MMR"
                     : bit(frame, length, 16) ? " MR"
                                              : "";
  snprintf(to, size, "%s%s%s%s", speed, bit(frame, length, 27) ? " ECM" : "",
           code, bit(frame, length, 15) ? " fine" : "");
}

/* The digits travel last one first. */
static void say_id(char *to, size_t size, const uint8_t *frame, int length) {
  size_t n = 0;
  while (length > FIF && frame[length - 1] == ' ') length--;
  int first = FIF;
  while (first < length && frame[first] == ' ') first++;
  for (int at = length - 1; at >= first && n + 1 < size; at--)
    to[n++] = frame[at] >= 0x20 && frame[at] < 0x7f ? (char)frame[at] : '?';
  to[n] = '\0';
}

static void say_block(char *to, size_t size, const uint8_t *frame, int length) {
  if (length < 7) return;
  snprintf(to, size, "%s page %d block %d, %d frames",
           frame[3] == T30_NULL ? "more," : t30_frametype(frame[3]),
           frame[4] + 1, frame[5] + 1, frame[6] + 1);
}

static void say_missing(char *to, size_t size, const uint8_t *frame,
                        int length) {
  int count = 0;
  for (int n = 1; n <= 256; n++) count += bit(frame, length, n);
  snprintf(to, size, "%d frames missing", count);
}

static void say_details(struct fax_t30_event *e, const uint8_t *frame,
                        int length) {
  uint8_t field = frame[2];
  size_t size = sizeof e->details;
  switch (field & 0xfe) {
    case T30_DCS & 0xfe:
      say_terms(e->details, size, rate_of(frame, length), frame, length);
      break;
    case T30_DIS & 0xfe: /* and DTC */
      say_terms(e->details, size, modems_of(frame, length), frame, length);
      break;
    case T30_CSI & 0xfe: /* and CIG */
    case T30_TSI & 0xfe:
      say_id(e->details, size, frame, length);
      break;
    case T30_PPS & 0xfe:
      say_block(e->details, size, frame, length);
      break;
    case T30_PPR & 0xfe:
      say_missing(e->details, size, frame, length);
      break;
    default:
      break;
  }
}

static struct fax_t30_event *add_event(struct fax_t30 *t) {
  DWORD count = t->result.timeline_count;
  if (count == FAX_T30_MOST_EVENTS) return NULL;
  if (count == t->event_room) {
    DWORD room = t->event_room == 0 ? 32 : t->event_room * 2;
    struct fax_t30_event *events = mem_resize(t->events, room * sizeof *events);
    if (events == NULL) return NULL;
    t->events = events;
    t->event_room = room;
    t->result.timeline = events;
  }
  struct fax_t30_event *e = &t->events[count];
  memset(e, 0, sizeof *e);
  t->result.timeline_count = count + 1;
  return e;
}

/* True: it belongs to the run that is the last event. */
static bool joins_run(struct fax_t30 *t, bool sent) {
  DWORD count = t->result.timeline_count;
  if (count == 0) return false;
  const struct fax_t30_event *e = &t->events[count - 1];
  return strcmp(e->frame, "FCD") == 0 && (e->sent != 0) == sent;
}

void t30_note(struct fax_t30 *t, bool sent, const uint8_t *frame, int length) {
  bool image = is_image_frame(frame[2]);
  struct fax_t30_event *e = NULL;
  if (image && joins_run(t, sent)) {
    e = &t->events[t->result.timeline_count - 1];
  } else {
    e = add_event(t);
    if (e == NULL) return;
    e->moment = (DWORD)(t->now / (FAX_T30_SAMPLE_RATE / 1000));
    e->sent = sent;
    e->frame = image ? "FCD" : t30_frametype(frame[2]);
    t->image_frames = 0;
  }
  if (!image)
    say_details(e, frame, length);
  else
    snprintf(e->details, sizeof e->details, "%" PRIu32 " frames",
             ++t->image_frames);
}
