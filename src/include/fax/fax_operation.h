/* SPDX-License-Identifier: MIT
   What FAX_SEND, FAX_RECEIVE and FAX_DEV_STATUS have no room for, in both
   directions. A provider that never calls these works; what it did not say
   stays unknown. Structures are sized: a larger one is a newer one, and
   members beyond the size given are not read or written. */
#ifndef FAX_FAX_OPERATION_H
#define FAX_FAX_OPERATION_H

#include <fax/faxerr.h>

#include <fax/types_begin.h>

#ifdef __cplusplus
extern "C" {
#endif

enum fax_transport {
  FAX_TRANSPORT_ANY = 0,   /* the provider's choice */
  FAX_TRANSPORT_AUDIO = 1, /* this one, or the call fails */
  FAX_TRANSPORT_T38 = 2    /* so here */
};

/* What is known of the pages that were confirmed. Without error correction a
   sender never learns whether its pages are whole, and a receiver of audio
   knows of the errors it noticed only. */
enum fax_quality {
  FAX_QUALITY_VERIFIED = 1,   /* each with error correction: every frame
                                 checked */
  FAX_QUALITY_UNVERIFIED = 2, /* one without it at least; no damage was
                                 noticed */
  FAX_QUALITY_DAMAGED = 3     /* receiving: bad rows, or packets of an image
                                 were lost */
};

enum fax_encoding {
  FAX_ENCODING_MH = 1, /* T.4 one-dimensional */
  FAX_ENCODING_MR = 2, /* T.4 two-dimensional */
  FAX_ENCODING_MMR = 3 /* T.6 */
};

/* How far a call has come. */
enum fax_phase {
  FAX_PHASE_DIALING = 1,
  FAX_PHASE_RINGING = 2,
  FAX_PHASE_CONNECTED = 3, /* T.30 phase B: ids and capabilities */
  FAX_PHASE_TRAINING = 4,
  FAX_PHASE_PAGE = 5,         /* phase C: image data */
  FAX_PHASE_POST_MESSAGE = 6, /* phase D: waiting for the confirmation */
  FAX_PHASE_RELEASE = 7       /* phase E */
};

/* What the service tells the provider of the operation it was given. Strings
   are borrowed until FaxDevEndJob (for a Fax* provider) or fax_op_end. */
struct fax_operation {
  DWORD size; /* sizeof, set by the caller */
  DWORD job_id;
  DWORD device_id;
  DWORD ecm;                 /* 1 = wanted, 0 = not to be used */
  DWORD max_rate;            /* bit/s; 0 = as fast as it goes */
  DWORD transport;           /* enum fax_transport */
  DWORD first_page;          /* from one: pages before it were confirmed */
  const char *called_number; /* NULL = unknown */
  const char *caller_number; /* NULL = unknown */
  const char *trunk;         /* NULL = the provider's choice */
  const char *local_id;      /* TSID (send) or CSID (receive) to present */
  const char *branding;      /* text of the header line; NULL = none */
};

/* One frame of a T.30 exchange, or a run of image frames (FCD, with RCP). The
   training (TCF) is no frame: DCS has its speed, CFR or FTT its outcome. Arrays
   of it are not sized: its layout stays. */
struct fax_t30_event {
  DWORD moment;      /* milliseconds of line time */
  BOOL sent;         /* TRUE: by this machine; FALSE: by the other one */
  const char *frame; /* "DIS", "TSI", "DCS", "CFR", "MPS", "MCF", "DCN", ... */
  char details[48];  /* "14400 bit/s ECM MMR fine", "+1 555 0100", or empty */
};

/* Of a longer exchange the first ones are kept. */
#define FAX_T30_MOST_EVENTS 1000

/* What the provider tells of its operation. Numbers not known: FAX_UNKNOWN;
   strings not known: NULL. Strings are copied. Initialise with
   FAX_PROGRESS_INIT. A time line replaces the one said before, and reaches the
   service with the end: it is said once, in the last progress. */
struct fax_progress {
  DWORD size;
  DWORD phase;           /* enum fax_phase */
  DWORD page;            /* page at work, from one */
  DWORD pages_total;     /* pages of the call, when known */
  DWORD pages_confirmed; /* sending: by MCF or better; receiving: by us */
  DWORD rate;            /* bit/s of the image modem */
  DWORD ecm;             /* 0, 1 */
  DWORD encoding;        /* enum fax_encoding */
  DWORD bad_rows;        /* of all pages so far */
  DWORD longest_bad_run; /* rows */
  DWORD image_bytes;     /* of the page at work, as sent */
  const char *remote_id; /* CSID (send), TSID (receive) */
  const char *cause;     /* why it failed: one word, "no_carrier" */
  const char *evidence;  /* why it failed: one sentence */
  const char *advice;    /* what a person would try next */
  const struct fax_t30_event *timeline; /* the exchange, in its order; copied;
                                           NULL: not said */
  DWORD timeline_count;
  DWORD quality;   /* enum fax_quality; without a confirmed page not known */
  DWORD transport; /* enum fax_transport: what the call goes over */
};

#define FAX_PROGRESS_INIT                                                \
  {                                                                      \
    sizeof(struct fax_progress), FAX_UNKNOWN, FAX_UNKNOWN, FAX_UNKNOWN,  \
        FAX_UNKNOWN, FAX_UNKNOWN, FAX_UNKNOWN, FAX_UNKNOWN, FAX_UNKNOWN, \
        FAX_UNKNOWN, FAX_UNKNOWN, NULL, NULL, NULL, NULL, NULL, 0,       \
        FAX_UNKNOWN, FAX_UNKNOWN                                         \
  }

/* For providers with FaxDev* exports: the port and key of FaxDevStartJob name
   the operation. Any thread, until FaxDevEndJob. ERROR_INVALID_HANDLE for a
   port or key that names none, ERROR_INVALID_PARAMETER for a NULL or a size of
   0. FaxOperationReport never blocks. */
FAX_EXPORT BOOL FaxOperationQuery(HANDLE CompletionPort,
                                  ULONG_PTR CompletionKey,
                                  struct fax_operation *operation_inout);
FAX_EXPORT BOOL FaxOperationReport(HANDLE CompletionPort,
                                   ULONG_PTR CompletionKey,
                                   const struct fax_progress *progress);

/* Sending, so that a crash leaves one page at most of which nobody knows
   whether it arrived, and so that it is known which: before the post-message
   command of a page goes out (MPS, EOM, EOP, or PPS with one of them), the
   service notes on the disk that this page, of the document and from one, is
   being finished; the command must wait for that. Asks and waits until `until`;
   a time that has come only asks, or looks. Ask when the page begins: then it
   is there long before its end. Tell what was confirmed (pages_confirmed)
   before asking for the next page. Page 0 only says that each page will be
   asked for, at the beginning of the call; it never waits. A provider that
   never asks works, and nobody knows which page a crash left in doubt.

   TRUE: it is on the disk. FALSE with WAIT_TIMEOUT: not yet; a receiver waits
   about 6 s for the command. FALSE with ERROR_OPERATION_ABORTED: the operation
   is to be ended. FALSE with another error: it will not be; the call should end
   without the command. */
FAX_EXPORT BOOL FaxOperationCommit(HANDLE CompletionPort,
                                   ULONG_PTR CompletionKey, DWORD page,
                                   fax_deadline until);

/* Optional export of a provider: called before every other with the options of
   its configuration, "key=value" each, NULL at the end. FALSE with
   FaxSetLastError refuses to load (ERROR_INVALID_PARAMETER: an option that it
   does not know); `message`, of `size` bytes, may say which. */
FAX_EXPORT BOOL fax_provider_options(const char *const *options, char *message,
                                     size_t size);

/* Optional export of a provider: the text of a StringId of its FAX_DEV_STATUS
   (FSP-54), where Windows loads a string of the module's resources. The text,
   UTF-8 with its end, goes to `text`, of `size` bytes; FALSE: there is none.
   Called by any thread between FaxDevInitialize and FaxDevShutdown; it must not
   block. The service shows it as the evidence of an operation that ended with a
   status of the provider's own. */
FAX_EXPORT BOOL fax_provider_string(DWORD id, char *text, size_t size);

/* Optional export of a provider whose codec meets what comes from a line: the
   service hosts it in child processes of so many calls each unless its
   configuration says otherwise, so that a crash takes down those calls only
   (docs/fsp-c.md). It is read before any call. */
FAX_EXPORT extern const DWORD fax_provider_isolate;

#ifdef __cplusplus
}
#endif

#include <fax/types_end.h>

#endif
