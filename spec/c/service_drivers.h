/* SPDX-License-Identifier: MIT
   How each event of docs/jobs.md is brought about. */
#ifndef FAX_SPEC_SERVICE_DRIVERS_H
#define FAX_SPEC_SERVICE_DRIVERS_H

#include "service_edges.h"

/* ---- events ---- */

/* Which of the ways in a row ("delete or FaxAbort") is walked. */
static int variant;

static void end_call(void) {
  fsp_let();
  config_settle();
  config_wait(11); /* FSP_LATE */
}

static void submit_at_noon(void) {
  config_pause(&st, TRUE);
  submit_now("");
}

static void submit_past(void) {
  config_pause(&st, TRUE);
  submit("", JSA_SPECIFIC_TIME,
         (SYSTEMTIME){.wYear = 1999, .wMonth = 1, .wDay = 1});
}

static void submit_held(void) {
  row.hold = true;
  submit_now("");
}

static void end_other_call(void) {
  fsp_let_line(0);
  config_settle();
}

static void pass_deadline(void) {
  FaxClockWait(FaxClockNow() + STAGE_NOON + row.deadline * FAX_SECOND + 1 -
                   FaxClockWall(),
               NULL);
}

static void end_call_too_late(void) {
  pass_deadline();
  fsp_let();
  config_settle();
}

static void one_call(struct fax_service_config *config) {
  config->calls_per_number = 1;
}

static void resume_queue(void) {
  config_pause(&st, FALSE);
  config_settle();
}

static void pause_queue(void) {
  config_pause(&st, TRUE);
  config_settle();
}

static void resume_queue_without_line(void) {
  set_lines(false);
  resume_queue();
}

static void free_lines(void) {
  set_lines(true);
  config_settle();
}

static void pass_hour(void) {
  config_wait(HOUR + 1);
}

static void pass_hour_paused(void) {
  config_pause(&st, TRUE);
  pass_hour();
}

static void pass_hour_without_line(void) {
  set_lines(false);
  pass_hour();
}

static void pass_delay_without_line(void) {
  set_lines(false);
  pass_delay();
}

static void pause_job(void) {
  command(JC_PAUSE);
}

static void resume_job(void) {
  command(variant == 0 ? JC_RESUME : JC_RESTART);
}

static void restart_in_paused_queue(void) {
  config_pause(&st, TRUE);
  resume_job();
}

static void delete_job(void) {
  if (variant == 0)
    command(JC_DELETE);
  else
    abort_job();
}

static void pass_limit(void) {
  config_wait(61);
}

static void pass_abort_limit(void) {
  config_wait(6);
}

static void pass_days(void) {
  config_days(&st, 1);
  config_wait(25 * HOUR);
}

static void pass_method(void) {
  config_wait(601);
}

static void answer(void) {
  ring(FSP_ON_LET);
}

static void hour_limit(struct fax_service_config *config) {
  config->operation_limit = 60;
}

static void short_abort(struct fax_service_config *config) {
  config->abort_limit = 5;
}

/* By the event, with its statuses as FS_*, and by the state where that makes a
   difference. */
static struct driver {
  bool received;
  const char *state; /* NULL: any */
  const char *event;
  void (*apply)(void);
  void (*from)(void); /* into the state; NULL: the usual way */
  const char *number; /* NULL: by the status, or FSP_COMPLETES */
  DWORD retries;
  DWORD deadline;
  enum fsp_reception reception;
  void (*change)(struct fax_service_config *);
  bool no_method, method_fails;
  int variants;
  bool used;
} drivers[] = {
    {.event = "submitted for now", .apply = submit_at_noon},
    {.event = "submitted for a date", .apply = be_scheduled},
    {.event = "submitted for a date that is past", .apply = submit_past},
    {.event = "submitted for the discount period", .apply = be_discounted},
    {.event = "submitted to be held", .apply = submit_held},
    {.event = "the call to its number ends",
     .from = be_behind,
     .change = one_call,
     .apply = end_other_call},
    {.state = "retrying",
     .event = "its deadline comes",
     .deadline = 300,
     .apply = pass_deadline},
    {.event = "its deadline comes", .deadline = 1800, .apply = pass_deadline},
    {.event = "FS_*, attempts left, its deadline is over",
     .retries = 1,
     .deadline = 300,
     .apply = end_call_too_late},
    {.state = "pending",
     .event = "a port is free",
     .number = FSP_WAITS,
     .apply = resume_queue},
    {.state = "paused", .event = "a port is free", .apply = resume_queue},
    {.event = "no port is free", .apply = resume_queue_without_line},
    {.event = "a port comes free", .number = FSP_WAITS, .apply = free_lines},
    {.event = "the queue is paused", .apply = pause_queue},
    {.event = "the date comes", .apply = pass_hour_paused},
    {.event = "its date comes", .from = be_paused_for_date, .apply = pass_hour},
    {.event = "the period begins, a port is free",
     .number = FSP_WAITS,
     .apply = pass_hour},
    {.event = "the period begins, no port is free",
     .apply = pass_hour_without_line},
    {.event = "the delay is over, a port is free", .apply = pass_delay},
    {.event = "the delay is over, no port is free",
     .apply = pass_delay_without_line},
    {.event = "the delay is over", .apply = pass_delay},
    {.event = "pause", .apply = pause_job},
    {.state = "retries exceeded",
     .event = "resume or restart",
     .variants = 2,
     .apply = restart_in_paused_queue},
    {.event = "resume or restart", .variants = 2, .apply = resume_job},
    {.event = "resume or restart, before its date",
     .from = be_paused_for_date,
     .apply = resume_job},
    {.event = "resume or restart, before the period",
     .from = be_paused_for_period,
     .apply = resume_job},
    {.event = "resume or restart, after the delay",
     .from = be_retrying_paused_long,
     .apply = resume_job},
    {.event = "delete or FaxAbort", .variants = 2, .apply = delete_job},
    {.state = "in progress",
     .event = "delete or FaxAbort",
     .from = be_late,
     .variants = 2,
     .apply = delete_job},
    {.state = "to be paused",
     .event = "delete or FaxAbort",
     .from = be_late_paused_later,
     .variants = 2,
     .apply = delete_job},
    {.event = "FS_*", .apply = end_call},
    {.event = "a failure, every page confirmed in this call",
     .number = FSP_ALL_BUT_BYE,
     .apply = end_call},
    {.event = "FS_*, not every page confirmed, attempts left",
     .number = FSP_LACKS_ONE,
     .retries = 1,
     .apply = end_call},
    {.event = "FS_*, not every page confirmed, none left",
     .number = FSP_LACKS_ONE,
     .apply = end_call},
    {.event = "FS_*, attempts left", .retries = 1, .apply = end_call},
    {.event = "FS_*, none left", .apply = end_call},
    {.event = "FS_*, another port is free", .apply = end_call},
    {.event = "FS_*, no other port is free",
     .from = be_on_the_only_line,
     .apply = end_call},
    {.event = "FS_* after a failure, no other port is free",
     .from = be_on_the_only_line_again,
     .apply = end_call},
    {.event = "operation_limit is over, attempts left",
     .retries = 1,
     .change = hour_limit,
     .apply = pass_limit},
    {.event = "operation_limit is over, none left",
     .change = hour_limit,
     .apply = pass_limit},
    {.event = "abort_limit is over",
     .change = short_abort,
     .apply = pass_abort_limit},
    {.event = "DirtyDays are over", .apply = pass_days},
    {.state = "cancelling",
     .event = "the service stops",
     .number = FSP_ABORTS,
     .apply = stop_service},
    {.event = "the service stops", .apply = stop_service},

    {.received = true, .event = "a ringing port answers", .apply = answer},
    {.received = true, .event = "FS_*, stored whole", .apply = end_call},
    {.received = true,
     .event = "FS_*, stored whole, no method is enabled",
     .no_method = true,
     .apply = end_call},
    {.received = true,
     .event = "FS_*, the file cannot be read",
     .reception = FSP_GARBAGE,
     .apply = end_call},
    {.received = true,
     .event = "a failure, a part came",
     .reception = FSP_PART,
     .apply = end_call},
    {.received = true,
     .event = "a failure, no page came",
     .reception = FSP_NOTHING,
     .apply = end_call},
    {.received = true,
     .event = "FS_*",
     .reception = FSP_NO_CALL,
     .apply = end_call},
    {.received = true,
     .state = "in progress",
     .event = "delete or FaxAbort",
     .from = be_receiving_late,
     .variants = 2,
     .apply = delete_job},
    {.received = true,
     .event = "delete or FaxAbort",
     .variants = 2,
     .apply = delete_job},
    {.received = true, .event = "every method ran", .apply = pass_method},
    {.received = true,
     .event = "a method failed, tries left",
     .retries = 1,
     .method_fails = true,
     .apply = pass_method},
    {.received = true,
     .event = "a method failed, none left",
     .method_fails = true,
     .apply = pass_method},
    {.received = true, .event = "the delay is over", .apply = pass_delay},
    {.received = true,
     .event = "resume or restart",
     .variants = 2,
     .apply = resume_job},
    {.received = true, .event = "DirtyDays are over", .apply = pass_days},
    {.received = true,
     .state = "cancelling",
     .event = "the service stops",
     .reception = FSP_HELD,
     .apply = stop_service},
    {.received = true, .event = "the service stops", .apply = stop_service},
};
#define DRIVERS (sizeof drivers / sizeof *drivers)

static struct driver *find_driver(const char *state, const char *event) {
  struct driver *any = NULL;
  for (size_t i = 0; i < DRIVERS; i++) {
    struct driver *d = &drivers[i];
    if (d->received != row.received || strcmp(d->event, event) != 0) continue;
    if (d->state == NULL)
      any = d;
    else if (strcmp(d->state, state) == 0)
      return d;
  }
  if (any == NULL)
    fail_msg("docs/jobs.md: no driver for | %s | %s |", state, event);
  return any;
}

#endif
