/* SPDX-License-Identifier: MIT
   What is said about events: "event.subscribe", "event.unsubscribe",
   "event.acknowledge", and the notification "event" (docs/protocol.md). */
#ifndef FAX_IPC_EVENT_H
#define FAX_IPC_EVENT_H

#include "model/record.h"

struct event_subscribe {
  BOOL extended;
  BOOL acknowledges; /* each event that asks for it */
};

struct event_subscribed {
  DWORD subscription; /* a number of this connection */
  DWORD backlog;      /* events that may wait before some are missed */
};

/* "event.unsubscribe", "event.acknowledge" */
struct event_of {
  DWORD subscription;
};

/* "event" */
struct event_told {
  DWORD subscription;
  struct fax_event *event;
  BOOL acknowledge; /* the next comes when this one is acknowledged */
};

extern const struct fax_record event_subscribe_record, event_subscribed_record,
    event_of_record, event_told_record;

#endif
