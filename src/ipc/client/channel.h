/* SPDX-License-Identifier: MIT
   A connection to a server that says things by itself: a thread hears them.
   The thread is no part of the clock: the server's may be another. Only for
   src/ipc/client. */
#ifndef FAX_IPC_CLIENT_CHANNEL_H
#define FAX_IPC_CLIENT_CHANNEL_H

#include <stdatomic.h>

#include "base/completion.h"
#include "base/list.h"
#include "ipc/client/own.h"

struct channel;

struct remote_channel_kind {
  /* A notification; the channel's thread. ERROR_ABANDONED_WAIT_0: nothing more
     is to be heard; any other error is the loss of the server. */
  DWORD (*heard)(struct channel *c, const char *method, const json_t *params);
  /* The server went away without a word, and somebody still listens. */
  void (*lost)(struct channel *c);
  /* Nobody is to listen any more: what the server should have done by then is
     asked here. NULL: nothing. */
  void (*leave)(struct channel *c);
  /* With the last reference; the channel itself is freed by others. */
  void (*destroy)(struct channel *c);
};

/* Counted; the first member of what it is for. */
struct channel {
  struct list link; /* with the lock of all */
  DWORD id;
  const struct remote_channel_kind *kind;
  struct remote *remote;
  struct completion_port *port; /* what is heard is posted there */
  pthread_t thread;
  pthread_mutex_t writing;
  pthread_mutex_t asking; /* one question at a time; what follows */
  pthread_cond_t answered;
  json_t *answer;       /* owned; the message that came */
  DWORD asked;          /* the id of the question; 0: none */
  atomic_bool unwanted; /* nobody listens any more */
  atomic_bool over;     /* answers are not heard any more */
  atomic_bool ended;    /* the thread has nothing to do */
};

/* Of `size` bytes, for what is heard for `port`; NULL: nobody takes it.
   ERROR_INVALID_PARAMETER: that is no completion port. */
DWORD remote_channel_new(size_t size, const struct remote_channel_kind *kind,
                         HANDLE port, struct channel **remote_channel_out);
/* Connects as `h` is, and asks the one question that begins it; the result, or
   NULL, is given. */
DWORD remote_channel_ask(struct channel *c, const struct remote_handle *h,
                         const char *method, json_t *params,
                         json_t **result_out);
/* From here on it is heard; keeps a reference until remote_channel_end. */
DWORD remote_channel_begin(struct channel *c);
/* Says something; takes the params. fd, borrowed, goes with it; -1: none. On
   the virtual clock, where time may not pass meanwhile, it waits until the
   server has heard it, but on the channel's own thread. */
DWORD remote_channel_say(struct channel *c, const char *method, json_t *params,
                         int fd);
/* Asks, and waits for the answer, which the channel's thread hears; takes the
   params. `seconds` of the machine's clock for all of it. ERROR_TIMEOUT,
   RPC_S_CALL_FAILED, RPC_S_SERVER_UNAVAILABLE: nothing was asked. */
DWORD remote_channel_exchange(struct channel *c, const char *method,
                              json_t *params, int fd, double seconds);
/* What the server told by that number has been taken; the channel's thread. */
DWORD remote_channel_acknowledge(struct channel *c, DWORD number);
/* The channel's thread: it hears no answers from now on. */
void remote_channel_over(struct channel *c);
/* Ends all that this says of, and waits for their threads. */
typedef bool remote_channel_is_fn(const struct channel *c, const void *arg);
void remote_channel_end(remote_channel_is_fn *is, const void *arg);

#endif
