/* SPDX-License-Identifier: MIT
   How a job comes into each state of docs/jobs.md, on the virtual clock with
   the scripted FSP, and how it is seen that it is there. */
#ifndef FAX_SPEC_SERVICE_EDGES_H
#define FAX_SPEC_SERVICE_EDGES_H

#include <sys/stat.h>

#include "service/state.h"
#include "service_config.h"
#include "service_routing.h"

#define HOUR 3600.0
#define DELAY_MINUTES 10

/* Of the row that is walked. */
static struct {
  bool received, stopped;
  const char *number; /* how the call ends */
  DWORD retries;
  DWORD deadline; /* seconds from noon; 0: none */
  bool hold;
  enum fsp_reception reception;
  bool no_method, method_fails;
  DWORD job, last, outcome;
  char trace[512]; /* what was raised for the job */
  HANDLE pages;
} row;

/* ---- what was raised ---- */

static bool tells_progress(DWORD event_id) {
  return event_id == FEI_DIALING || event_id == FEI_SENDING ||
         event_id == FEI_RECEIVING;
}

/* Until now; the names without FEI_, behind those taken before. */
static void take_events(void) {
  struct fax_event *e;
  while (config_event_waits(&st, &e)) {
    if (row.job == 0 &&
        (e->event_id == FEI_ANSWERED || e->event_id == FEI_JOB_QUEUED))
      row.job = e->job_id;
    size_t used = strlen(row.trace);
    if (e->job_id == row.job && !tells_progress(e->event_id)) {
      snprintf(row.trace + used, sizeof row.trace - used, "%s%s",
               used != 0 ? " " : "", stage_event_name(e->event_id));
      row.outcome = e->outcome;
      row.last = e->event_id;
    }
    FaxLocalFree(e);
  }
}

/* ---- ports ---- */

static void set_sends(DWORD device_id, bool sends) {
  FAX_PORT_INFO *info;
  HANDLE h = open_port(device_id, PORT_OPEN_MODIFY);
  assert_true(FaxGetPort(h, &info));
  info->Flags = sends ? info->Flags | FPF_SEND : info->Flags & ~FPF_SEND;
  if (!FaxSetPort(h, info)) fail_msg("%s", FaxGetLastErrorMessage());
  FaxFreeBuffer(info);
  assert_true(FaxClose(h));
}

static void set_lines(bool send) {
  for (DWORD i = 0; i < FSP_LINES; i++) set_sends(FSP_FIRST + i, send);
}

/* ---- jobs to be sent ---- */

static void submit(const char *before, DWORD action, SYSTEMTIME when) {
  char number[32];
  snprintf(number, sizeof number, "%s%s", before, row.number);
  FAX_JOB_PARAM p = {.SizeOfStruct = sizeof p,
                     .RecipientNumber = number,
                     .ScheduleAction = action,
                     .ScheduleTime = when};
  struct fax_submission sub = stage_of_document(row.pages, &p);
  sub.hold = row.hold;
  if (row.deadline != 0)
    sub.deadline = time_to_filetime(STAGE_NOON + row.deadline * FAX_SECOND);
  if (!FaxSubmit(st.server, &sub, &row.job))
    fail_msg("%s", FaxGetLastErrorMessage());
  config_settle();
}

static void submit_now(const char *before) {
  submit(before, JSA_NOW, (SYSTEMTIME){0});
}

static void command(DWORD what) {
  if (!FaxSetJob(st.server, row.job, what, NULL))
    fail_msg("%s", FaxGetLastErrorMessage());
  config_settle();
}

static void be_pending(void) {
  config_pause(&st, TRUE);
  submit_now("");
}

/* Behind another one, which has the call. */
static void be_behind(void) {
  submit_now(FSP_ON_LET);
  submit_now(FSP_ON_LET);
}

static void be_without_line(void) {
  set_lines(false);
  submit_now("");
}

/* In an hour. */
static void be_scheduled(void) {
  submit("", JSA_SPECIFIC_TIME,
         (SYSTEMTIME){.wYear = 2026, .wMonth = 1, .wDay = 1, .wHour = 13});
}

static void be_discounted(void) {
  config_cheap(&st, (FAX_TIME){13, 0}, (FAX_TIME){14, 0});
  submit("", JSA_DISCOUNT_PERIOD, (SYSTEMTIME){0});
}

static void be_paused(void) {
  be_pending();
  command(JC_PAUSE);
}

static void be_paused_for_date(void) {
  be_scheduled();
  command(JC_PAUSE);
}

static void be_paused_for_period(void) {
  be_discounted();
  command(JC_PAUSE);
}

static void be_in_progress(void) {
  submit_now(FSP_ON_LET);
}

/* Its end takes a while once it is asked for. */
static void be_late(void) {
  submit_now(FSP_LATE);
}

static void be_on_the_only_line(void) {
  set_sends(FSP_FIRST + 1, false);
  submit_now(FSP_ON_LET);
}

static void be_paused_later(void) {
  be_in_progress();
  command(JC_PAUSE);
}

static void be_late_paused_later(void) {
  be_late();
  command(JC_PAUSE);
}

static void abort_job(void) {
  if (!FaxAbort(st.server, row.job)) fail_msg("%s", FaxGetLastErrorMessage());
  config_settle();
}

static void be_cancelling(void) {
  submit_now(FSP_LATE);
  abort_job();
}

static void be_retrying(void) {
  config_retries(&st, 1, DELAY_MINUTES);
  submit_now(FSP_BUSY_FIRST FSP_ON_LET);
}

static void pass_delay(void) {
  config_wait(DELAY_MINUTES * 60 + 1);
}

static void be_on_the_only_line_again(void) {
  set_sends(FSP_FIRST + 1, false);
  be_retrying();
  pass_delay();
}

static void be_retrying_without_line(void) {
  be_retrying();
  set_lines(false);
  pass_delay();
}

static void be_retrying_paused(void) {
  be_retrying();
  command(JC_PAUSE);
}

static void be_retrying_paused_long(void) {
  be_retrying_paused();
  pass_delay();
}

static void be_given_up(void) {
  row.number = FSP_BLACKLISTED;
  submit_now("");
}

static void be_gone(void) {
  submit_now("");
}

static void be_nothing(void) {}

/* ---- receptions ---- */

static void ring(const char *before) {
  fsp.before = before;
  fsp.reception = row.reception;
  fsp_ring(FSP_FIRST, 9);
  config_settle();
  take_events(); /* which job it is */
}

static void be_receiving(void) {
  ring(FSP_ON_LET);
}

static void be_receiving_late(void) {
  ring(FSP_LATE);
}

static void be_receiving_cancelled(void) {
  be_receiving_late();
  abort_job();
}

static void be_routing(void) {
  ring(NULL);
}

static void be_failed(void) {
  row.reception = FSP_PART;
  ring(NULL);
}

/* The method fails once, at once, and then takes its time. */
static void be_routed_badly(DWORD retries) {
  config_retries(&st, retries, DELAY_MINUTES);
  fakes[A].failures = 1;
  fakes[A].seconds = 0;
  ring(NULL);
  fakes[A].seconds = 600;
}

static void be_routing_later(void) {
  be_routed_badly(1);
}

static void be_unrouted(void) {
  be_routed_badly(0);
}

/* ---- all of them ---- */

/* More than QueueStatus shows; `waits`: a set of what it may wait for. */
static const struct state {
  const char *name;
  void (*bring)(void);
  enum job_state state;
  unsigned waits;
  bool paused;
} sent_states[] =
    {
        {"-", be_nothing, JOB_FINISHED, 0, false},
        {"gone", be_gone, JOB_FINISHED, 0, false},
        {"pending", be_pending, JOB_PENDING, 1 << WAIT_LINE, false},
        {"without a line", be_without_line, JOB_PENDING,
         1 << WAIT_LINE | 1 << WAIT_DISCOUNT, false},
        {"scheduled", be_scheduled, JOB_PENDING, 1 << WAIT_DATE, false},
        {"discounted", be_discounted, JOB_PENDING, 1 << WAIT_DISCOUNT, false},
        {"paused", be_paused, JOB_PENDING, 1 << WAIT_NOTHING, true},
        {"in progress", be_in_progress, JOB_INPROGRESS, 1 << WAIT_NOTHING,
         false},
        {"to be paused", be_paused_later, JOB_INPROGRESS, 1 << WAIT_NOTHING,
         true},
        {"cancelling", be_cancelling, JOB_CANCELING, 1 << WAIT_NOTHING, false},
        {"retrying", be_retrying, JOB_RETRYING,
         1 << WAIT_DELAY | 1 << WAIT_LINE, false},
        {"retrying without a line", be_retrying_without_line, JOB_RETRYING,
         1 << WAIT_LINE, false},
        {"retrying, paused", be_retrying_paused, JOB_RETRYING,
         1 << WAIT_NOTHING, true},
        {"retries exceeded", be_given_up, JOB_RETRIES_EXCEEDED,
         1 << WAIT_NOTHING, false},
        {0},
},
  received_states[] = {
      {"-", be_nothing, JOB_FINISHED, 0, false},
      {"in progress", be_receiving, JOB_INPROGRESS, 1 << WAIT_NOTHING, false},
      {"cancelling", be_receiving_cancelled, JOB_CANCELING, 1 << WAIT_NOTHING,
       false},
      {"routing", be_routing, JOB_ROUTING, 1 << WAIT_NOTHING, false},
      {"failed", be_failed, JOB_FAILED, 1 << WAIT_NOTHING, false},
      {"retrying", be_routing_later, JOB_RETRYING, 1 << WAIT_DELAY, false},
      {"retries exceeded", be_unrouted, JOB_RETRIES_EXCEEDED, 1 << WAIT_NOTHING,
       false},
      {0},
};

static const struct state *find_state(const char *name) {
  const struct state *s = row.received ? received_states : sent_states;
  for (; s->name != NULL; s++)
    if (strcmp(s->name, name) == 0) return s;
  fail_msg("the spec knows no way into the state \"%s\"", name);
  return NULL;
}

/* ---- a service for one row ---- */

static void stage_row(DWORD retries,
                      void (*change)(struct fax_service_config *)) {
  script_start_virtual(&st, 2, change);
  row.pages = config_prepare(&st);
  row.retries = retries;
  config_retries(&st, retries, DELAY_MINUTES);
  add_fakes();
  fakes[A].seconds = 600;
  fakes[A].failures = row.method_fails ? 1 : 0;
  if (!row.no_method) {
    port = open_port(FSP_FIRST, PORT_OPEN_MODIFY);
    enable(fakes[A].what.guid, TRUE);
    assert_true(FaxClose(port));
  }
}

static void stop_service(void) {
  if (!row.stopped) stage_stop_within(2000);
  row.stopped = true;
}

static void end_row(void) {
  stop_service();
  assert_true(FaxClose(row.pages));
  stage_end(&st);
  assert_true(FaxClockReal());
}

#endif
