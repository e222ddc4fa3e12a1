/* SPDX-License-Identifier: MIT
   One fax machine (T.30) over audio. Time is samples, 8,000 a second, fed by
   whoever owns the line: there is no thread, no clock and no socket inside. One
   machine is used by one thread at a time. */
#ifndef FAX_FAX_T30_H
#define FAX_FAX_T30_H

#include <fax/fax_operation.h>

#ifdef __cplusplus
extern "C" {
#endif

#define FAX_T30_SAMPLE_RATE 8000

struct fax_t30; /* one call of one machine */

/* How a call ended. `progress` has the cause, the evidence and the advice; its
   strings live as long as the machine. */
struct fax_t30_result {
  DWORD size;
  DWORD status; /* FS_ of faxdev.h: FS_COMPLETED, FS_FATAL_ERROR, ... */
  int code;     /* spandsp's T30_ERR_ number, for the log */
  struct fax_progress progress;
  DWORD pages_in_file; /* sending: pages of the document */
};

struct fax_t30_config {
  DWORD size;
  BOOL calling;             /* TRUE: it dialled; FALSE: it answers */
  const char *send_file;    /* canonical TIFF/F; NULL: nothing to send */
  const char *receive_file; /* is written; NULL: nothing is taken */
  const char *local_id;     /* TSID and CSID, up to 20 characters; or NULL */
  const char *branding;     /* header line; NULL: none */
  DWORD first_page;         /* from one; pages before it are not sent */
  BOOL ecm;                 /* offer and accept error correction */
  DWORD max_rate;           /* bit/s, 2400..14400; 0: no limit */
  DWORD no_progress_limit;  /* seconds of line time without any T.30 progress
                               before it ends with cause "no_progress"; 0: 90 */
  DWORD release_limit;      /* seconds after the last phase before it ends all
                               the same, cause "no_hangup"; 0: 10 */
  /* Called from within in/out/advance at each change; may be NULL. */
  void (*progress)(void *arg, const struct fax_progress *progress);
  void *arg;
};

/* Gives a machine, or NULL with the last error: ERROR_INVALID_PARAMETER,
   ERROR_INVALID_DATA (the document cannot be read), ERROR_NOT_ENOUGH_MEMORY.
   All of `config` is copied. */
FAX_EXPORT struct fax_t30 *fax_t30_new(const struct fax_t30_config *config);

/* Samples from the line, and samples to it: always `max`, silence included. */
FAX_EXPORT void fax_t30_audio_in(struct fax_t30 *t, const int16_t *samples,
                                 int n);
FAX_EXPORT int fax_t30_audio_out(struct fax_t30 *t, int16_t *samples, int max);

/* The call is over for this machine: hang up. */
FAX_EXPORT BOOL fax_t30_done(const struct fax_t30 *t);

/* Hang-up by the other side, or an abort: ends it; what was confirmed stays
   confirmed. Once it is done this does nothing. */
FAX_EXPORT void fax_t30_end(struct fax_t30 *t, const char *cause);

/* Borrowed until fax_t30_free; whole once it is done. */
FAX_EXPORT const struct fax_t30_result *fax_t30_result(const struct fax_t30 *t);

FAX_EXPORT void fax_t30_free(struct fax_t30 *t); /* takes; NULL ok */

#ifdef __cplusplus
}
#endif
#endif
