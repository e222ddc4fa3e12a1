/* SPDX-License-Identifier: MIT
   See event.h. */
#include "ipc/event.h"

#include "model/table/table.h"

#define R struct event_subscribe
static const struct fax_field event_subscribe[] = {
    FIELD(BOOL, extended, "extended"),
    FIELD(BOOL, acknowledges, "acknowledges"), END};
RECORD(event_subscribe_record, event_subscribe, event_subscribe);
#undef R

#define R struct event_subscribed
static const struct fax_field event_subscribed[] = {
    FIELD(DWORD, subscription, "subscription"),
    FIELD(DWORD, backlog, "backlog"), END};
RECORD(event_subscribed_record, event_subscribed, event_subscribed);
#undef R

#define R struct event_of
static const struct fax_field event_of[] = {
    FIELD(DWORD, subscription, "subscription"), END};
RECORD(event_of_record, event_of, event_of);
#undef R

#define R struct event_told
static const struct fax_field event_told[] = {
    FIELD(DWORD, subscription, "subscription"),
    ONE(event, "event", record_fax_event),
    FIELD(BOOL, acknowledge, "acknowledge"), END};
RECORD(event_told_record, event_told, event_told);
#undef R
