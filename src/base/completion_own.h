/* SPDX-License-Identifier: MIT
   A completion port from within. Only for completion.c and completion_ask.c. */
#ifndef FAX_BASE_COMPLETION_OWN_H
#define FAX_BASE_COMPLETION_OWN_H

#include <pthread.h>

#include "base/clock.h"
#include "base/completion.h"
#include "base/completion_watch.h"
#include "base/mem.h"

enum { CHUNK_PACKETS = 84 }; /* a chunk is 2 KiB */

struct chunk {
  struct chunk *next;
  size_t first, end; /* packets[first..end) are in it */
  struct fax_packet packets[CHUNK_PACKETS];
};

struct completion_port {
  pthread_mutex_t lock;
  struct clock_cond filled; /* waited on under the virtual clock only */
  struct chunk *head, *tail;
  struct chunk *spare; /* one empty chunk is kept, so that a post to an empty
                          port does not fail */
  /* What waits are the packets with the tickets taken + 1 to posted. */
  uint64_t posted, taken;
  struct list watches;
  struct completion_tally *tally; /* held; NULL: it shares with none */
  completion_drop_fn *drop;
  int fd;
  bool closed; /* and the eventfd stays readable */
};

#endif
