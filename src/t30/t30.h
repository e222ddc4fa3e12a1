/* SPDX-License-Identifier: MIT
   The inside of a fax machine: what its files share. spandsp's state machine
   does the protocol; this room watches it, names what happens and ends it.
   Included by src/t30 only. */
#ifndef FAX_T30_T30_H
#define FAX_T30_T30_H

#include <fax/fax_t30.h>
#include <fax/faxdev.h>
#include <fax/faxerr.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <time.h>
#include <tiffio.h>
#include <spandsp.h>

#define T30_ID_SIZE (T30_MAX_IDENT_LEN + 1)
#define T30_HEADER_SIZE (T30_MAX_PAGE_HEADER_INFO + 1)

#define T38_FRAME_MOST 260  /* octets: an FCD with 256 of the image */
#define T38_IMAGE_MOST 1400 /* that spandsp is given at once */

/* The frame that comes in pieces, as it is on the wire. */
struct t38_gate {
  uint8_t frame[T38_FRAME_MOST];
  size_t len;
  bool damaged;      /* something was lost, or it is too long */
  uint8_t indicator; /* the last packet, if it was one */
};

struct fax_t30 {
  struct fax_t30_config config; /* its strings are ours */
  char *send_file;
  char *receive_file;
  char local_id[T30_ID_SIZE];
  char branding[T30_HEADER_SIZE];

  /* One of the two; both NULL once done: the files are closed then. */
  fax_state_t *fax;
  t38_terminal_state_t *t38;
  bool sending;
  bool heard;   /* a frame of the other machine came */
  bool inside;  /* within a call of spandsp: nothing may be freed */
  bool phase_e; /* spandsp has ended */
  bool done;

  /* Line time in samples. */
  int64_t now;
  int64_t progress_at; /* of the last progress; in the future while an image of
                          known size is on its way to the line */
  int64_t release_at;  /* 0: the last phase was not reached */
  int64_t look_at;     /* when the growth of the page is looked at next */
  int64_t packet_at;   /* T.38: last packet, or image packet of our own */

  /* T.38, what comes in. */
  bool any_seq;      /* a packet came: next_seq holds */
  uint16_t next_seq; /* expected */
  uint16_t
      fed_seq; /* spandsp's count, without gaps: they are dealt with here */
  struct t38_gate gate;
  bool image_over; /* the control channel was back after the image */
  DWORD page_lost; /* packets of the image at work */
  int made;        /* packets of this step */

  bool holding;      /* the end of a page waits for leave */
  DWORD held_page;   /* that one */
  int64_t held;      /* samples of the line since then */
  DWORD held_events; /* of the time line then; the command is the last */

  uint8_t command;     /* last post-message command, without the X bit */
  bool given_up;       /* it came in an EOR: the page is not whole */
  bool confirming;     /* receiving: a confirmation went out, not yet counted */
  bool closed;         /* the end of the last page was confirmed */
  bool lost_page;      /* receiving: a page was given up by the sender */
  bool unchecked;      /* a page without error correction was confirmed */
  DWORD rejected;      /* RTN seen for the page that is not confirmed yet */
  DWORD kept_bad_rows; /* of the pages that were confirmed */
  DWORD kept_bad_run;
  DWORD page_bad_rows; /* of the page at work */
  DWORD page_bad_run;
  int seen_bytes;
  DWORD next_phase; /* 0, or what a frame said: told after the block, when
                       spandsp has done its part */

  char end_cause[32]; /* given to fax_t30_end, or a watchdog's */
  char remote_id[T30_ID_SIZE];
  char evidence[256];
  struct fax_t30_event *events; /* result.timeline */
  DWORD event_room;
  DWORD image_frames; /* of the run that is the last event */
  struct fax_t30_result result;
};

/* What a spandsp code or a cause of ours means; the last row of each table is
   the answer for what is not in it. Borrowed for ever. */
struct t30_cause {
  DWORD status;
  const char *cause;
  const char *evidence; /* a sentence without its full stop */
  const char *advice;
};
const struct t30_cause *t30_cause_of_code(int code);
const struct t30_cause *t30_cause_of_word(const char *word);

/* spandsp's protocol engine, whichever line it is on; not once done. */
t30_state_t *t30_engine(const struct fax_t30 *t);

/* T.38: opens spandsp's terminal. False: no memory. */
bool t38_open(struct fax_t30 *t);

/* T.38: a packet of one octet at least on its way to spandsp. False: it is
   malformed. Packets were lost before the next one: its frame is bad. */
bool t38_take(struct fax_t30 *t, const uint8_t *ifp, size_t len);
void t38_damage(struct fax_t30 *t);

/* A frame of three octets at least that spandsp 0.0.6 can be given: it believes
   the lengths and terms in some, and writes where it should not. */
bool t30_is_bearable(const uint8_t *frame, int length);

/* Adds the frame to the time line; without memory it stays out. */
void t30_note(struct fax_t30 *t, bool sent, const uint8_t *frame, int length);

/* The line is held: so many more samples are silence. May end the call. */
bool t30_is_held(struct fax_t30 *t, int samples);

/* A step of the line, before and after spandsp. Afterwards the call may be
   over. */
void t30_enter(struct fax_t30 *t);
void t30_leave(struct fax_t30 *t);

/* Handlers for spandsp; `arg` is the machine. */
int t30_on_phase_b(t30_state_t *s, void *arg, int result);
void t30_on_phase_e(t30_state_t *s, void *arg, int code);
void t30_on_frame(t30_state_t *s, void *arg, int incoming, const uint8_t *frame,
                  int length);

/* Receiving: reads how well the page at work came. Needs t->fax. */
void t30_read_rows(struct fax_t30 *t);

/* Watchdogs and what is due after a block of samples; may end the call. */
void t30_watch(struct fax_t30 *t);

/* The call is over: closes the files, decides the result. Once; not inside. */
void t30_finish(struct fax_t30 *t);
/* enum fax_quality, of the pages that were confirmed. */
DWORD t30_quality(const struct fax_t30 *t);

/* spandsp confirms a page that libtiff could not write, and opens its files
   with libtiff's process-wide handlers. They are ours from the first machine
   on: silent, and an error sets the flag of the thread it happens on. */
void t30_listen_to_libtiff(void);
extern _Thread_local bool t30_file_failed;

/* The number of pages of a TIFF. ERROR_FILE_NOT_FOUND, ERROR_INVALID_DATA. */
DWORD t30_count_pages(const char *path, DWORD *pages_out);

#endif
