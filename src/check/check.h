/* SPDX-License-Identifier: MIT
   fax-fsp-check: is a C FSP what the service expects? Each case runs in a
   process of its own, which plays the service with the FSP loaded; the parent
   never loads it, prints a line a case, then a line for each rule that holds
   throughout. Public headers only. */
#ifndef FAX_CHECK_CHECK_H
#define FAX_CHECK_CHECK_H

#include <fax/fax_clock.h>
#include <fax/fax_operation.h>
#include <fax/faxdev.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>

enum { WHY_SIZE = 400, MOST_JOBS = 1024, MOST_PACKETS = 4096 };

/* ---- the command line ---- */

struct settings {
  const char *path;
  const char **options; /* NULL-terminated */
  const char *number;   /* one that answers and takes a fax; NULL: none */
  const char *bad_number;
  const char *document; /* of `pages` pages */
  const char *folder;   /* for files of the cases */
  const char *only;     /* cases whose title has this text; NULL: all */
  unsigned pages;
  unsigned limit;       /* seconds for a call that must not wait */
  unsigned call_limit;  /* for FaxDevSend and FaxDevReceive */
  unsigned abort_limit; /* for them after an abort */
};
extern struct settings settings;

/* ---- rules that hold in all cases ---- */

enum rule {
  RULE_HEAP_BLOCK,
  RULE_KEY,
  RULE_AFTER_END,
  RULE_CONTENTS,
  RULE_TEXTS,
  RULE_STATUS,
  RULE_ONE_END,
  RULE_LINE_MESSAGE,
  RULE_REPORT,
  RULE_LAST_ERROR,
  RULE_EXTENSION,
  RULE_LEFT,
  RULE_THREADS,
  RULES
};

struct rule_text {
  const char *id, *title;
};
extern const struct rule_text rule_texts[RULES];

/* ---- what the parent and the process of a case share ---- */

enum verdict { UNDECIDED, PASSED, FAILED, SKIPPED };

struct rule_state {
  atomic_bool seen; /* something was there to hold to it */
  bool broken;
  char why[WHY_SIZE];
};

struct outcome {
  enum verdict verdict;
  char why[WHY_SIZE];
  char call[64]; /* the entry point in which it crashed */
};

struct board {
  struct outcome outcome;
  struct rule_state rules[RULES];
  char title[128]; /* of the case, for the rules */
};
extern struct board *board;

/* The case is decided, and its process ends. Any thread. */
_Noreturn void fail(const char *format, ...)
    __attribute__((format(printf, 1, 2)));
_Noreturn void skip(const char *format, ...)
    __attribute__((format(printf, 1, 2)));
/* The case goes on: the rule has its own line. The first breach is told. */
void breach(enum rule rule, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void held(enum rule rule); /* it was looked at */

/* ---- cases ---- */

struct check_case {
  const char *id, *title;
  void (*run)(void);
  bool needed;     /* without it no other makes sense */
  bool beyond;     /* more than the service does: never counts */
  bool call;       /* dials settings.number */
  bool bad_number; /* dials settings.bad_number */
};
extern const struct check_case load_cases[], job_cases[], send_cases[],
    abort_cases[], receive_cases[]; /* ends with an empty title */

/* Runs the case in a child: gives how it ended in board->outcome. */
void child_run(const struct check_case *c);
/* Those that the parent waits for, and has blocked. */
void child_signals(sigset_t *signals);

void folder_remove(void); /* settings.folder; main.c */

/* ---- watch.c: calls that must come back ---- */

struct watched {
  struct watched *next;
  struct watched *outer; /* of this thread */
  const char *call;
  int64_t until; /* ns of the machine's clock */
  unsigned seconds;
  bool aborted;
};

void watch_start(void);
void watch_enter(struct watched *w, const char *call, unsigned seconds);
void watch_leave(struct watched *w);
/* It was aborted: from now on it has so many seconds. */
void watch_abort(struct watched *w, unsigned seconds);
int64_t watch_now(void);
/* The entry point that the calling thread is in. Safe in a signal handler. */
const char *watch_innermost(void);

#define WATCHED(name, seconds, call)     \
  do {                                   \
    struct watched w_;                   \
    watch_enter(&w_, (name), (seconds)); \
    FaxSetLastError(ERROR_SUCCESS);      \
    call;                                \
    watch_leave(&w_);                    \
  } while (0)

/* ---- module.c: the FSP, loaded ---- */

struct module {
  void *loaded;
  BOOL (*options)(const char *const *, char *, size_t);
  BOOL (*string)(DWORD, char *, size_t);
  BOOL (*create)(LPDWORD, LPTSTR, LPDWORD, HANDLE, ULONG_PTR);
  BOOL(*initialize)
  (HLINEAPP, HANDLE, PFAX_LINECALLBACK *, PFAX_SERVICE_CALLBACK);
  BOOL (*start_job)(HLINE, DWORD, PHANDLE, HANDLE, ULONG_PTR);
  BOOL (*end_job)(HANDLE);
  BOOL (*send)(HANDLE, PFAX_SEND, PFAX_SEND_CALLBACK);
  BOOL (*receive)(HANDLE, HCALL, PFAX_RECEIVE);
  BOOL (*report_status)(HANDLE, PFAX_DEV_STATUS, DWORD, LPDWORD);
  BOOL (*abort_operation)(HANDLE);
  HRESULT (*shutdown)(void);
  HANDLE port, heap;
  ULONG_PTR ring_key;
  DWORD first_device, device_count;
  PFAX_LINECALLBACK line;
  size_t threads; /* of the process before FaxDevInitialize */
};
extern struct module module;

void module_open(void);       /* the file, its exports */
void module_options(void);    /* as on the command line */
void module_create(void);     /* and what it announces */
void module_initialize(void); /* with a new heap, lines enabled */
void module_begin(void);      /* all of these */
void module_end(void);        /* FaxDevShutdown, and what is left then */
size_t count_folder(const char *path); /* entries: threads, descriptors */

/* ---- memory.c: the blocks of the FSP ---- */

enum block_kind { BLOCK_HEAP = 1, BLOCK_LOCAL };
size_t blocks_alive(enum block_kind kind);
/* The size of a living block; 0: it is none of this kind. */
size_t block_size(enum block_kind kind, const void *block);
void block_free(void *block); /* as the service does with a packet's */

/* ---- packet.c ---- */

/* What the FSP may write to a text of a status: inside the block, with an end,
   UTF-8. Breaks `rule` otherwise and gives false. */
bool text_sound(enum rule rule, const char *what, const char *text,
                const void *block, size_t behind, size_t size);
/* The members of a status, in a packet or reported. */
void status_check(enum rule rule, const FAX_DEV_STATUS *status, size_t size);
bool status_is_final(DWORD status);
bool utf8(const char *text);

/* ---- job.c: one operation, as the service runs it ---- */

struct job {
  ULONG_PTR key;
  DWORD device;
  HANDLE handle;
  bool sends;
  bool ending;  /* FaxDevEndJob is called, or was */
  bool ended;   /* it has returned */
  bool running; /* FaxDevSend or FaxDevReceive is under way */
  bool over;    /* it has come back */
  bool aborted; /* FaxDevAbortOperation was called */
  bool refuse;  /* FaxSendCallback says no */
  bool called;  /* it was called */
  bool final;   /* a packet said how it ended */
  unsigned packets, page;
  pthread_t thread;
  struct watched watched;
  PFAX_SEND send;
  char *receive_block;
  char file[512];
  BOOL ok;
  DWORD error;
  struct fax_progress progress; /* numbers only */
};

/* Under this lock: all of a job but the handle. Broadcast at each change. */
extern pthread_mutex_t world;
extern pthread_cond_t changed;

struct job *job_start(DWORD index); /* FaxDevStartJob on the n-th device */
struct job *job_of(ULONG_PTR key);  /* with `world`; NULL */
void job_send(struct job *j, const char *number, const char *file);
void job_receive(struct job *j);
/* Until it has come back, or so many packets were posted: true, it has. */
bool job_wait(struct job *j, unsigned packets);
bool job_wait_page(struct job *j, unsigned page);
/* True: it has come back within so many milliseconds. */
bool job_wait_for(struct job *j, unsigned milliseconds);
void job_abort(struct job *j);
/* Joins it and asks for the status; the two must agree (FSP-40). */
DWORD job_result(struct job *j);
void job_end(struct job *j);
void job_report(struct job *j, FAX_DEV_STATUS **status_out); /* free() */
/* Those of fax_operation.h that the job has. */
void job_told(const struct job *j, struct fax_operation *out);

/* ---- answer.c: calls that come in while another goes out ---- */

void answer_open(void); /* from now on rings are answered */
void answer_ring(DWORD device);
void answer_settle(void); /* until those under way are over */
/* The last of them; how many were received with success. */
unsigned answer_close(void);

/* ---- document.c ---- */

bool document_make(const char *path, unsigned pages);
unsigned document_pages(const char *path); /* 0: it is none */

#endif
