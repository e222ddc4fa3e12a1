/* SPDX-License-Identifier: MIT
   Who is to hear that a packet of a completion port was taken. Only for
   completion.c. */
#ifndef FAX_BASE_COMPLETION_WATCH_H
#define FAX_BASE_COMPLETION_WATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/list.h"

struct completion_watch {
  struct list link;
  uint64_t ticket;
  void (*taken)(void *object);
  void *object; /* held */
};

/* Keeps a reference to the object; NULL: no memory. */
struct completion_watch *completion_watch_new(uint64_t ticket,
                                              void (*taken)(void *object),
                                              void *object);
/* Moves those of packets up to that ticket. */
void completion_watches_due(struct list *all, uint64_t ticket,
                            struct list *due);
/* Calls them and frees them, without a lock; with `call` false it only frees
   them. */
void completion_watches_end(struct list *due, bool call);

#endif
