/* SPDX-License-Identifier: MIT
   One fax machine (T.30) over audio or over T.38 packets. Time is samples,
   8,000 a second, fed by whoever owns the line: there is no thread, no clock
   and no socket inside. One machine is used by one thread at a time.

   A machine stays on the line it was made for. A call that goes over from audio
   to T.38 does so before the first frame; nothing was learnt by then: end the
   audio machine and make another. */
#ifndef FAX_FAX_T30_H
#define FAX_FAX_T30_H

#include <fax/fax_operation.h>

#include <fax/types_begin.h>

#ifdef __cplusplus
extern "C" {
#endif

#define FAX_T30_SAMPLE_RATE 8000

struct fax_t30; /* one call of one machine */

enum fax_t30_line { FAX_T30_AUDIO = 0, FAX_T30_T38 = 1 };

/* How a call ended. `progress` has the cause, the evidence and the advice; its
   strings live as long as the machine. Pages are counted in the document: with
   first_page 3 of 5, `page` begins at 3 and `pages_total` is 5, but
   `pages_confirmed` counts those of this call, without gaps from first_page on.
   Bad rows are known to a receiver only. A receiver's call is complete when the
   sender said that there is no more and was told that all arrived; rows may be
   bad all the same. A page of which T.38 packets were lost, without error
   correction, has one bad row at least, whatever could be decoded. Once it is
   done, `progress` has the time line too: who reports it hands both on. */
struct fax_t30_result {
  DWORD size;
  DWORD status; /* FS_ of faxdev.h: FS_COMPLETED, FS_FATAL_ERROR, ...; 0 while
                   the call lasts */
  int code;     /* spandsp's T30_ERR_ number, for the log */
  struct fax_progress progress;
  DWORD pages_in_file; /* sending: pages of the document */
  DWORD lost_packets;  /* T.38: that never came, by their sequence numbers */
  /* The exchange so far, in its order; borrowed until the next call with this
     machine. Of a call with more than FAX_T30_MOST_EVENTS the first ones. */
  const struct fax_t30_event *timeline;
  DWORD timeline_count;
};

enum fax_t30_leave { FAX_T30_GO = 0, FAX_T30_HOLD = 1, FAX_T30_GIVE_UP = 2 };

/* Begins as zeros; a program that was built when it ended with `arg` gives that
   size. */
struct fax_t30_config {
  DWORD size;
  BOOL calling;             /* TRUE: it dialled; FALSE: it answers */
  const char *send_file;    /* canonical TIFF/F; NULL: nothing to send */
  const char *receive_file; /* is overwritten, and empty when no page came;
                               NULL: nothing is taken */
  const char *local_id;     /* TSID and CSID, up to 20 characters of printable
                               ASCII, others are dropped; or NULL */
  const char *branding;     /* header line, up to 50 characters, with time, id
                               and page around it; NULL: none, and the page
                               arrives as it is */
  DWORD first_page;         /* from one; pages before it are not sent */
  BOOL ecm;                 /* offer and accept error correction */
  DWORD max_rate;           /* bit/s, 2400..14400; 0: no limit. It chooses the
                               modems: V.17 from 14400 on, V.29 from 9600 on,
                               else V.27ter, which begins at 4800 */
  DWORD no_progress_limit;  /* seconds of line time without any T.30 progress
                               before it ends with cause "no_progress", or
                               "no_fax_answered" when no frame ever came. Not
                               while it sends an image; 0: 55 */
  DWORD release_limit;      /* seconds after the last phase before it ends all
                               the same, cause "no_hangup"; 0: 10 */
  /* Called from within in/out/advance at each change; may be NULL. */
  void (*progress)(void *arg, const struct fax_progress *progress);
  void *arg;
  DWORD line; /* enum fax_t30_line */
  /* T.38 only, and needed there: a packet (IFP) for the other side, borrowed
     for the call. `repeats` is how often it should be sent, one at least: those
     that nothing follows soon say three. Must not call this machine. */
  void (*ifp_out)(void *arg, const uint8_t *ifp, size_t len, DWORD repeats);
  DWORD no_packets_limit; /* T.38: seconds of line time without a packet from
                             the other side, or an image of our own on its way,
                             before it ends with cause "no_packets"; 0: 30 */
  DWORD not_ready; /* receiving with error correction: how often it says that it
                      is not ready (RNR), before the first page is confirmed */
  /* Sending: asked when the post-message command of a page is next (MPS, EOM,
     EOP, PPS with one of them), and again with each call while the answer is
     FAX_T30_HOLD: the line is silent then, and the machine's time stands. Must
     not call this machine. See FaxOperationCommit. NULL: it may go at once. */
  enum fax_t30_leave (*may_end)(void *arg, DWORD page);
  DWORD hold_limit; /* seconds of the line before a call that is held ends with
                       cause "not_stored"; 0: 4. A receiver waits about 6 */
};

/* Gives a machine, or NULL with the last error: ERROR_INVALID_PARAMETER,
   ERROR_FILE_NOT_FOUND, ERROR_ACCESS_DENIED, ERROR_INVALID_DATA (the document
   cannot be read), ERROR_BUFFER_OVERFLOW (a path of more than 255 bytes),
   ERROR_NOT_ENOUGH_MEMORY. All of `config` is copied. The first machine sets
   libtiff's process-wide error and warning handlers: an error in writing a page
   must end the call before the page is confirmed. */
FAX_EXPORT struct fax_t30 *fax_t30_new(const struct fax_t30_config *config);

/* Samples from the line, and samples to it: always `max`, silence included.
   What comes in moves the time on, so a silent line is fed as silence. */
FAX_EXPORT void fax_t30_audio_in(struct fax_t30 *t, const int16_t *samples,
                                 int n);
FAX_EXPORT int fax_t30_audio_out(struct fax_t30 *t, int16_t *samples, int max);

/* T.38. A packet from the other side; `seq` is its UDPTL sequence number, and
   gaps in it are packets lost for good: fax_udptl.h recovers what can be, in
   order. A late one is dropped; one of 0 bytes only counts. Malformed ones are
   no reason to end: FALSE with ERROR_INVALID_DATA. FALSE with
   ERROR_INVALID_FUNCTION: the machine is not on T.38, or done. */
FAX_EXPORT BOOL fax_t30_ifp_in(struct fax_t30 *t, const uint8_t *ifp,
                               size_t len, uint16_t seq);

/* T.38. Time goes on by so many samples: all timers, and the packets that are
   due. Every 20 ms or so. Of no effect on audio. */
FAX_EXPORT void fax_t30_advance(struct fax_t30 *t, int samples);

/* The call is over for this machine, its files are closed: hang up. */
FAX_EXPORT BOOL fax_t30_done(const struct fax_t30 *t);

/* Hang-up by the other side, or an abort: ends it; what was confirmed stays
   confirmed, and a call that lacked the goodbye only is completed. `cause` is
   copied: "aborted" gives FS_USER_ABORT, "disconnected" (or NULL) and any other
   word FS_DISCONNECTED. From within the progress function it takes effect after
   the block. Once it is done this does nothing. */
FAX_EXPORT void fax_t30_end(struct fax_t30 *t, const char *cause);

/* Borrowed until fax_t30_free; whole once it is done. */
FAX_EXPORT const struct fax_t30_result *fax_t30_result(const struct fax_t30 *t);

FAX_EXPORT void fax_t30_free(struct fax_t30 *t); /* takes; NULL ok */

#ifdef __cplusplus
}
#endif

#include <fax/types_end.h>

#endif
