/* SPDX-License-Identifier: MIT
   What was: one record for each attempt, sent or received, kept apart from the
   jobs and longer than their results; and counters of the service as text for
   Prometheus. Conventions as in winfax.h; structures are sized. */
#ifndef FAX_FAX_HISTORY_H
#define FAX_FAX_HISTORY_H

#include <fax/fax_policy.h>
#include <fax/fax_service.h>

#include <fax/types_begin.h>

#ifdef __cplusplus
extern "C" {
#endif

enum fax_direction { FAX_DIRECTION_SENT = 1, FAX_DIRECTION_RECEIVED = 2 };

/* Written with the attempt's end, in one step with the job's new state. Numbers
   not known: FAX_UNKNOWN; texts not known: NULL; times: zero. */
struct fax_attempt_record {
  DWORD size;
  DWORD job_id;
  DWORD attempt;   /* from one; 0: of the end of a job that waited */
  DWORD id;        /* grows with each record that is written */
  DWORD direction; /* enum fax_direction */
  DWORD outcome;   /* enum fax_outcome: of the job after this attempt;
                      FAX_OUTCOME_PENDING: another one follows */
  DWORD status;    /* FS_ at its end */
  FILETIME started;
  FILETIME ended;
  DWORD duration;   /* milliseconds on the line, by a clock that no change of
                       the date moves */
  const char *user; /* of the job; of a reception the service's account */
  const char
      *number; /* the other side's, normalised: called, or the caller's */
  DWORD device_id;
  const char *device;    /* its name then */
  const char *provider;  /* its provider's */
  const char *remote_id; /* CSID of a fax sent, TSID of one received */
  DWORD pages;           /* of the document; of a reception those received */
  DWORD first_page;      /* where this attempt began, from one */
  DWORD pages_confirmed; /* in this attempt */
  DWORD rate;            /* bit/s */
  DWORD ecm;             /* 0, 1 */
  DWORD encoding;        /* enum fax_encoding */
  DWORD transport;       /* enum fax_transport */
  DWORD bad_rows;
  DWORD quality;        /* enum fax_quality */
  DWORD cause_class;    /* enum fax_cause (fax_policy.h), of a fax sent */
  DWORD decision;       /* enum fax_decision, the same */
  const char *cause;    /* one word; NULL: none, it came to its end */
  const char *evidence; /* a sentence */
  DWORDLONG bytes;      /* of the document */
  const char *document; /* its name: the subject */
  const char *billing_code;
};

enum fax_record_order {
  FAX_RECORDS_OLDEST = 0, /* by the end of the attempt */
  FAX_RECORDS_NEWEST = 1,
  FAX_RECORDS_WRITTEN =
      2,                 /* by id: whoever comes back with the last record
                            that he had misses none, whatever the clocks did */
  FAX_RECORDS_LATEST = 3 /* by id, the last one first */
};

struct fax_record_query {
  DWORD size;
  DWORD order;        /* enum fax_record_order */
  FILETIME after;     /* ended then or later; zero: any */
  FILETIME before;    /* ended earlier; zero: any */
  const char *number; /* however it is written; NULL: any */
  DWORD direction;    /* enum fax_direction; 0: both */
  DWORD device_id;    /* 0: any */
  const char *cause;  /* NULL: any */
  DWORD job_id;       /* 0: any */
  const char *user;   /* NULL: any */
  DWORD limit;        /* 1 to 10,000; 0: 1,000 */
  const struct fax_attempt_record *behind; /* the last one of the page before;
                                              NULL: from the beginning */
  BOOL uncalled; /* also the ends of jobs that were cancelled, or whose time was
                    over, while they waited: of the attempt 0, without a
                    status */
};

/* Gives a page of records, in one FaxFreeBuffer block. Reads from the disk, on
   the calling thread; holds up nobody. query NULL: the oldest 1,000. Without
   FAX_JOB_QUERY only what the connection's user sent. */
FAX_EXPORT BOOL FaxEnumRecords(HANDLE FaxHandle,
                               const struct fax_record_query *query,
                               struct fax_attempt_record **records_out,
                               LPDWORD count);

/* Gives the counters of this run, and what there is now, as text in Prometheus'
   exposition format, version 0.0.4 (docs/records.md), in one FaxFreeBuffer
   block (FAX_CONFIG_QUERY). */
FAX_EXPORT BOOL FaxGetMetrics(HANDLE FaxHandle, char **text_out);

#ifdef __cplusplus
}
#endif

#include <fax/types_end.h>

#endif
