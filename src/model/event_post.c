/* SPDX-License-Identifier: MIT
   Posting an event to one port, in its form. A reader that is too slow is
   bounded: in the place of what it missed stands one FEI_FAX_MISSED, which
   counts up as long as it waits. */
#include "base/log.h"
#include "model/event.h"
#include "model/record.h"

static DWORD post_extended(struct event_sink *sink, const struct fax_event *e,
                           struct fax_event **block_out, uint64_t *ticket_out) {
  void *block;
  DWORD error = record_pack(&record_fax_event, e, 1, MEM_LOCAL, &block);
  if (error != ERROR_SUCCESS) return error;
  struct fax_packet packet = {sizeof *e, sink->key, block};
  error = completion_post(sink->port, packet, ticket_out);
  if (error != ERROR_SUCCESS)
    mem_free_tagged(block, MEM_LOCAL);
  else if (block_out != NULL)
    *block_out = block;
  return error;
}

static DWORD post_documented(struct event_sink *sink,
                             const struct fax_event *e) {
  FAX_EVENT event = {.SizeOfStruct = sizeof event,
                     .TimeStamp = e->time,
                     .DeviceId = e->device_id,
                     .EventId = e->event_id,
                     .JobId = e->job_id};
  void *block;
  DWORD error = record_pack(&record_event, &event, 1, MEM_LOCAL, &block);
  if (error != ERROR_SUCCESS) return error;
  struct fax_packet packet = {sizeof event, sink->key, block}; /* EVT-14 */
  error = completion_post(sink->port, packet, NULL);
  if (error != ERROR_SUCCESS) mem_free_tagged(block, MEM_LOCAL);
  return error;
}

/* ---- what was missed ---- */

static void fill_gap(struct fax_event *gap, const struct event_sink *sink) {
  gap->missed = sink->missed;
  gap->sequence = sink->missed_last;
  gap->time = sink->missed_time;
}

/* In completion_amend: the gap is not taken meanwhile. */
static void count_up(void *arg) {
  struct event_sink *sink = arg;
  fill_gap(sink->gap, sink);
}

/* For want of memory it stays untold until the next event. */
static DWORD post_gap(struct event_sink *sink) {
  struct fax_event e = event_blank(FEI_FAX_MISSED, FAX_EVENT_GAP);
  fill_gap(&e, sink);
  return post_extended(sink, &e, &sink->gap, &sink->gap_ticket);
}

static bool is_untold(const struct event_sink *sink) {
  return sink->extended && sink->missed != 0 && sink->gap_ticket == 0;
}

/* What came from another process may be a gap itself. */
static DWORD count_of(const struct fax_event *e) {
  return e->kind == FAX_EVENT_GAP && e->missed != FAX_UNKNOWN ? e->missed : 1;
}

static DWORD miss(struct event_sink *sink, const struct fax_event *e) {
  sink->missed += count_of(e);
  sink->missed_last = e->sequence;
  sink->missed_time = e->time;
  if (!sink->extended) return ERROR_SUCCESS;
  if (sink->gap_ticket != 0) {
    if (completion_amend(sink->port, sink->gap_ticket, count_up, sink))
      return ERROR_SUCCESS;
    sink->gap_ticket = 0; /* it was taken: another one, for this event */
    sink->missed = count_of(e);
  }
  DWORD error = post_gap(sink);
  return error == ERROR_ABANDONED_WAIT_0 ? error : ERROR_SUCCESS;
}

void event_log_missed(struct event_sink *sink) {
  if (sink->missed == 0 || sink->extended) return;
  log_line(LOG_OTHER, FAX_LOG_WARN, "event",
           "a reader was too slow missed=%u last=%llu", sink->missed,
           (unsigned long long)sink->missed_last);
  sink->missed = 0;
}

/* An event was posted behind the gap. */
static void end_gap(struct event_sink *sink) {
  event_log_missed(sink);
  sink->missed = 0;
  sink->gap_ticket = 0;
}

/* ---- posting ---- */

DWORD event_post(struct event_sink *sink, const struct fax_event *e,
                 DWORD backlog) {
  bool last = e->event_id == FEI_FAXSVC_ENDED;
  if (!last && completion_full(sink->port, backlog)) return miss(sink, e);
  DWORD error = is_untold(sink) ? post_gap(sink) : ERROR_SUCCESS;
  if (error == ERROR_SUCCESS || last)
    error = sink->extended ? post_extended(sink, e, NULL, NULL)
                           : post_documented(sink, e);
  if (error == ERROR_SUCCESS)
    end_gap(sink);
  else if (error != ERROR_ABANDONED_WAIT_0 && !last)
    error = miss(sink, e);
  return error;
}
