/* SPDX-License-Identifier: MIT
   The virtual exchange: lines, operations on them, and the calls between.
   Included by this provider only, which uses nothing but public headers. */
#ifndef LOOPBACK_EXCHANGE_H
#define LOOPBACK_EXCHANGE_H

#include <fax/fax_clock.h>
#include <fax/fax_operation.h>
#include <fax/fax_t30.h>
#include <fax/faxdev.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "answer.h"

#define NUMBER_SIZE 64
#define OPTION_SIZE 64
#define TEXT_SIZE 256
#define LINES_MAX 1000
#define NAME_PREFIX "loopback line "

struct operation;

/* How far a call came. All but the first two are its end. */
enum outcome {
  CALL_RINGING,
  CALL_ANSWERED,
  CALL_GLARE,    /* the called line began a call of its own */
  CALL_WITHDRAWN /* the caller hung up, or gave up waiting */
};

/* Lives on the caller's stack, until its thread has taken it off the line. */
struct call {
  struct operation *caller;
  const char *document;     /* that the caller sends; borrowed */
  struct operation *callee; /* once answered; NULL at a test number */
  enum outcome outcome;
  char number[NUMBER_SIZE];       /* the called one, without blanks */
  const struct test_number *test; /* NULL: it is a line's */
  DWORD test_n;
  struct impairments profile; /* of its line */
  uint64_t seed;
  unsigned serial; /* among the calls of its line */
};

struct line {
  char number[NUMBER_SIZE];
  bool receives;       /* the service takes calls of it */
  unsigned operations; /* started on it and not yet ended */
  unsigned calls;      /* that it made */
  struct call *ringing;
  bool missed; /* it rang, and the caller was gone before it was taken */
  char missed_number[NUMBER_SIZE];
};

/* What FaxHandle points to. */
struct operation {
  struct operation *next;
  struct line *line;
  HANDLE port;
  ULONG_PTR key;
  struct fax_operation told;
  atomic_bool aborted;
  struct fax_cancel *wake; /* of the wait it is in; under the lock */
  struct call *call;
  const char *file; /* receiving: borrowed during FaxDevReceive */
  bool over;        /* receiving: the caller's thread is done with it */
  bool noted;       /* sending: whoever gave it notes the ends of pages */
  /* For FaxDevReportStatus, under the lock. */
  DWORD status, error, page;
  char csi[NUMBER_SIZE], caller_id[NUMBER_SIZE];
};

/* An option for the calls to one number: "loss=5". */
struct change {
  struct change *next;
  char number[NUMBER_SIZE], option[OPTION_SIZE];
};

struct options {
  DWORD lines, prefix;
  DWORD no_answer; /* seconds */
  bool real_pace;
  char numbers[NUMBER_SIZE];   /* of line 1 */
  char (*number)[NUMBER_SIZE]; /* LINES_MAX of them; "" = counted up */
  char keep[ANSWER_PATH_SIZE]; /* folder for what test numbers receive, or "" */
  struct impairments line;     /* of every call */
  struct change *changes;      /* to it, in their order */
};

/* A call that waits for a processor. */
struct waiter {
  struct waiter *next;
  struct fax_cancel *wake;
  bool granted;
};

struct exchange {
  pthread_mutex_t lock; /* for all below; nothing waits or posts under it */
  struct options options;
  struct line *lines;
  DWORD line_count;
  HANDLE port; /* for rings */
  ULONG_PTR key;
  HANDLE heap;
  struct operation *operations;
  unsigned talking, talking_max;
  struct waiter *first_waiter;
};

extern struct exchange loopback;

static inline void exchange_lock(void) {
  pthread_mutex_lock(&loopback.lock);
}
static inline void exchange_unlock(void) {
  pthread_mutex_unlock(&loopback.lock);
}

/* ---- options ---- */

void options_reset(void);
/* The number of line `index` (from zero), of at most NUMBER_SIZE bytes. */
bool options_number(DWORD index, char *number);

/* Digits, perhaps with a plus in front, of at most NUMBER_SIZE bytes. */
bool phone_read(const char *text, char *number);

/* ---- how bad a line is ---- */

void profile_reset(struct options *o);
/* False: no such option, no such value, or no memory. */
bool profile_read(struct options *o, const char *option);
/* With the lock held: profile and seed of a call whose numbers are known. */
void profile_choose(struct call *call);

/* ---- lines; with the lock held ---- */

/* Copies a number without what people put in between. False: too long. */
bool number_strip(const char *from, char *to);
struct line *line_find(const char *number);
DWORD line_device(const struct line *line);

/* ---- operations ---- */

/* With the lock held: the handle is one of ours. */
bool operation_known(const struct operation *o);
/* A flag for the next wait, already set when it was aborted. False: memory. */
bool operation_arm(struct operation *o);
/* With the lock held: ends the wait it is in. */
void operation_wake(struct operation *o);
/* Asks the service what is wanted; without an answer: ECM on, all pages. */
void operation_ask(struct operation *o, const char *own_id);

/* ---- status ---- */

/* A status packet, and the extension's report. The thread that works for the
   operation, no lock held; without memory or a listener nothing is said. */
void status_post(struct operation *o, DWORD status);
void status_report(struct operation *o, const struct fax_progress *progress);
/* The end: keeps the status for FaxDevReportStatus and tells the cause. `cause`
   NULL: success, or told already. Returns the last error that goes with it. */
DWORD status_end(struct operation *o, DWORD status, const char *cause,
                 const char *evidence, const char *advice);

/* ---- calls ---- */

/* Rings the line of this number until someone answers, who is call->callee
   then. Returns FS_ANSWERED, or the FS_ status of the failure. */
DWORD call_dial(struct call *call, const char *number);
/* Takes the call that rings on the line of `o`; from then on the caller's
   thread works for both, until it says call_end. False: none rings, or `o` was
   aborted. */
bool call_answer(struct operation *o);
/* The callee's part is over, its status is set; it may be gone at once. */
void call_end(struct operation *callee);

/* ---- the talk ---- */

/* Waits for a processor at fast pace. False: someone aborted meanwhile. */
bool slot_take(struct call *call);
void slot_give(void);

/* The machine of an operation, for one of the two files; its progress goes to
   the service. NULL and the last error. */
struct fax_t30 *talk_machine(struct operation *o, const char *send_file,
                             const char *receive_file);
/* Both machines until both are done; ends the callee. Takes the caller's.
   Returns the FS_ status of the caller, whose cause is told. */
DWORD talk(struct call *call, struct fax_t30 *caller);

#endif
