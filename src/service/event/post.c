/* SPDX-License-Identifier: MIT
   Posting an event to one subscription, in its form. A reader that is too slow
   is bounded: in the place of what it missed stands one FEI_FAX_MISSED, which
   counts up as long as it waits. With the lock held all along. */
#include "service/event/post.h"

#include "base/completion.h"

static DWORD post_extended(struct subscription *sub, const struct fax_event *e,
                           struct fax_event **block_out, uint64_t *ticket_out) {
  void *block;
  DWORD error = record_pack(&record_fax_event, e, 1, MEM_LOCAL, &block);
  if (error != ERROR_SUCCESS) return error;
  struct fax_packet packet = {sizeof *e, sub->key, block};
  error = completion_post(sub->port, packet, ticket_out);
  if (error != ERROR_SUCCESS)
    mem_free_tagged(block, MEM_LOCAL);
  else if (block_out != NULL)
    *block_out = block;
  return error;
}

static DWORD post_documented(struct subscription *sub,
                             const struct fax_event *e) {
  FAX_EVENT event = {.SizeOfStruct = sizeof event,
                     .TimeStamp = e->time,
                     .DeviceId = e->device_id,
                     .EventId = e->event_id,
                     .JobId = e->job_id};
  void *block;
  DWORD error = record_pack(&record_event, &event, 1, MEM_LOCAL, &block);
  if (error != ERROR_SUCCESS) return error;
  struct fax_packet packet = {sizeof event, sub->key, block}; /* EVT-14 */
  error = completion_post(sub->port, packet, NULL);
  if (error != ERROR_SUCCESS) mem_free_tagged(block, MEM_LOCAL);
  return error;
}

/* ---- what was missed ---- */

static void fill_gap(struct fax_event *gap, const struct subscription *sub) {
  gap->missed = sub->missed;
  gap->sequence = sub->missed_last;
  gap->time = sub->missed_time;
}

/* In completion_amend: the gap is not taken meanwhile. */
static void count_up(void *subscription) {
  struct subscription *sub = subscription;
  fill_gap(sub->gap, sub);
}

/* For want of memory it stays untold until the next event. */
static DWORD post_gap(struct subscription *sub) {
  struct fax_event e = event_blank(FEI_FAX_MISSED, FAX_EVENT_GAP);
  fill_gap(&e, sub);
  return post_extended(sub, &e, &sub->gap, &sub->gap_ticket);
}

static bool is_untold(const struct subscription *sub) {
  return sub->extended && sub->missed != 0 && sub->gap_ticket == 0;
}

static DWORD miss(struct subscription *sub, const struct fax_event *e) {
  sub->missed++;
  sub->missed_last = e->sequence;
  sub->missed_time = e->time;
  if (!sub->extended) return ERROR_SUCCESS;
  if (sub->gap_ticket != 0) {
    if (completion_amend(sub->port, sub->gap_ticket, count_up, sub))
      return ERROR_SUCCESS;
    sub->gap_ticket = 0; /* it was taken: another one, for this event */
    sub->missed = 1;
  }
  DWORD error = post_gap(sub);
  return error == ERROR_ABANDONED_WAIT_0 ? error : ERROR_SUCCESS;
}

void event_log_missed(struct subscription *sub) {
  if (sub->missed == 0 || sub->extended) return;
  log_line(LOG_OTHER, FAX_LOG_WARN, "event",
           "a reader was too slow missed=%u last=%llu", sub->missed,
           (unsigned long long)sub->missed_last);
  sub->missed = 0;
}

/* An event was posted behind the gap. */
static void end_gap(struct subscription *sub) {
  event_log_missed(sub);
  sub->missed = 0;
  sub->gap_ticket = 0;
}

/* ---- posting ---- */

DWORD event_post(struct subscription *sub, const struct fax_event *e,
                 DWORD backlog) {
  bool last = e->event_id == FEI_FAXSVC_ENDED;
  if (!last && completion_waiting(sub->port) >= backlog) return miss(sub, e);
  DWORD error = is_untold(sub) ? post_gap(sub) : ERROR_SUCCESS;
  if (error == ERROR_SUCCESS || last)
    error = sub->extended ? post_extended(sub, e, NULL, NULL)
                          : post_documented(sub, e);
  if (error == ERROR_SUCCESS)
    end_gap(sub);
  else if (error != ERROR_ABANDONED_WAIT_0 && !last)
    error = miss(sub, e);
  return error;
}
