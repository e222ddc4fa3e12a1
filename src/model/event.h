/* SPDX-License-Identifier: MIT
   Events: which kind each is of, and posting them to a completion port in the
   form that was subscribed to, for the service and for a client of one in
   another process. */
#ifndef FAX_MODEL_EVENT_H
#define FAX_MODEL_EVENT_H

#include <fax/fax_service.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/completion.h"

/* Of an FEI_. */
DWORD event_kind(DWORD event_id);
/* An event of which no more is known than its id and kind. */
struct fax_event event_blank(DWORD event_id, DWORD kind);

/* Where events are posted. One thread at a time, as all of its functions. */
struct event_sink {
  struct completion_port *port;
  ULONG_PTR key;
  bool extended;
  DWORD missed;          /* events not posted since the last that was */
  DWORDLONG missed_last; /* the sequence and the time of the last of them */
  FILETIME missed_time;
  uint64_t gap_ticket;   /* of the FEI_FAX_MISSED that tells of them; 0: none */
  struct fax_event *gap; /* that packet, while it waits; borrowed */
};

/* Posts it, or counts it as missed: when `backlog` packets wait, or for want of
   memory. ERROR_ABANDONED_WAIT_0: the port was closed, and the subscription is
   to end. Any other error: the event was the service's last, and is lost. */
DWORD event_post(struct event_sink *sink, const struct fax_event *e,
                 DWORD backlog);
/* The documented form has no room for what was missed: it is logged, once. */
void event_log_missed(struct event_sink *sink);

#endif
