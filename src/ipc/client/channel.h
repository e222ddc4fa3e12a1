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
  atomic_bool unwanted; /* nobody listens any more */
  atomic_bool ended;    /* the thread has nothing to do */
};

/* Of `size` bytes, for what is heard for `port`. ERROR_INVALID_PARAMETER: that
   is no completion port. */
DWORD remote_channel_new(size_t size, const struct remote_channel_kind *kind,
                         HANDLE port, struct channel **remote_channel_out);
/* Connects as `h` is, and asks the one question that begins it; the result, or
   NULL, is given. */
DWORD remote_channel_ask(struct channel *c, const struct remote_handle *h,
                         const char *method, json_t *params,
                         json_t **result_out);
/* From here on it is heard; keeps a reference until remote_channel_end. */
DWORD remote_channel_begin(struct channel *c);
/* Says something; takes the params. fd, borrowed, goes with it; -1: none. */
DWORD remote_channel_say(struct channel *c, const char *method, json_t *params,
                         int fd);
/* Ends all that this says of, and waits for their threads. */
typedef bool remote_channel_is_fn(const struct channel *c, const void *arg);
void remote_channel_end(remote_channel_is_fn *is, const void *arg);

#endif
