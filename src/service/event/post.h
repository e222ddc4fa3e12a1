/* SPDX-License-Identifier: MIT
   Posting to one subscription, for the files of this room. */
#ifndef FAX_SERVICE_EVENT_POST_H
#define FAX_SERVICE_EVENT_POST_H

#include "service/state.h"

/* An event of which no more is known than its id and kind. */
struct fax_event event_blank(DWORD event_id, DWORD kind);
/* With the lock. Posts it in the form that was subscribed to, or counts it as
   missed: when `backlog` packets wait, or for want of memory.
   ERROR_ABANDONED_WAIT_0: the port was closed, and the subscription is to end.
   Any other error: the event was the service's last, and is lost. */
DWORD event_post(struct subscription *sub, const struct fax_event *e,
                 DWORD backlog);
/* With the lock. The documented form has no room for what was missed: it is
   logged, once. */
void event_log_missed(struct subscription *sub);

#endif
