/* SPDX-License-Identifier: MIT
   A connection to a server, and one exchange over it. Only for
   src/ipc/client. */
#ifndef FAX_IPC_CLIENT_OWN_H
#define FAX_IPC_CLIENT_OWN_H

#include <pthread.h>
#include <stdatomic.h>

#include "base/list.h"
#include "ipc/client/remote.h"
#include "ipc/hello.h"
#include "wire/socket.h"

struct remote {         /* counted */
  struct list link;     /* with the lock of all */
  char *path, *user;    /* user NULL: the account of this process */
  DWORD rights;         /* FAX_UNKNOWN: all */
  pthread_mutex_t lock; /* held over a call: one after another */
  struct wire wire;
  DWORD connection; /* how many were made */
  DWORD last;       /* id of a request */
  DWORDLONG boot;
  atomic_bool closed;      /* its handle is */
  pthread_mutex_t sparing; /* what follows; taken alone */
  struct remote *spare;    /* held; NULL: not needed so far */
};

/* What is sent. */
struct question {
  const char *method;
  DWORD on;
  json_t *params;              /* owned; NULL: none */
  int files[WIRE_DESCRIPTORS]; /* owned */
  unsigned file_count;
  const BYTE *content; /* borrowed */
  DWORD size;
  double seconds;                      /* for the answer; 0: SILENCE */
  const struct fax_patience *patience; /* borrowed; NULL: nobody interrupts */
};

/* What came. */
struct reply {
  json_t *result; /* owned */
  DWORD cursor;   /* 0: that was all */
  BYTE *content;  /* owned, FaxFreeBuffer */
  DWORD size;
};

enum {
  SILENCE = 600, /* seconds that a server may take for one call */
  ACCEPTED = 30, /* to accept a connection, when many wait for that */
  FAREWELL = 2   /* to let go of what is closed, or given up */
};

/* ---- connect.c ---- */
struct remote_handle *remote_handle_new(struct remote *r, DWORD id);
/* The same server, user and rights, on a connection of its own. */
DWORD remote_again(const struct remote *r, struct remote **remote_out);
/* The same again, to be connected when it is used first; gives, NULL: no
   memory. */
struct remote *remote_like(const struct remote *r);
/* False: another thread has it for all of that time, for a server that may
   never answer. */
bool remote_lock(pthread_mutex_t *lock, double seconds);
/* With the lock. */
/* Connected, and welcome. RPC_S_SERVER_UNAVAILABLE, ERROR_ACCESS_DENIED. */
DWORD remote_connect(struct remote *r);
/* The same, but one that the server has closed meanwhile may count: whoever
   writes to it is told, and nothing of it has gone out. */
DWORD remote_ready(struct remote *r);

/* ---- spare.c: calls of several threads ---- */
/* Takes the lock of a connection for that call, `remote_out`: waits for other
   threads' calls. ERROR_CANCELLED, ERROR_TIMEOUT. */
DWORD remote_take(struct remote_handle *h, const struct method *m,
                  const struct fax_patience *patience,
                  struct remote **remote_out);
/* The handle was closed. */
void remote_close_spare(struct remote *r);

/* ---- fork.c: a child process has none of the connections ---- */
void remote_note(struct remote *r);
void remote_forget(struct remote *r);

/* ---- exchange.c; with the lock ---- */
/* Asks and waits for the answer. `sent` says whether the server may have served
   it when the code is RPC_S_CALL_FAILED or ERROR_TIMEOUT; the connection is
   closed then, but for the latter when the question had a limit of its own: its
   answer is passed over when it comes. Any other error is the server's answer,
   or ERROR_CANCELLED. */
DWORD remote_exchange(struct remote *r, const struct question *q,
                      struct reply *reply, bool *sent);
void reply_free(struct reply *reply);
/* What an answer says of how it ended. */
DWORD reply_error(const json_t *whole);

/* ---- question.c ---- */
DWORD question_make(struct remote *r, const struct method *m, const void *in,
                    struct question *q);
void question_free(struct question *q);

/* ---- answer.c ---- */
/* The reply as an `out`; takes what it uses of it. */
DWORD answer_read(struct remote *r, HANDLE owner, const struct method *m,
                  struct reply *reply, void *out);

#endif
