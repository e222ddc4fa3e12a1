/* SPDX-License-Identifier: MIT
   Which ports call a number, and which numbers are not called
   (docs/dialling.md). */
#include "service_schedule.h"

/* As the service names them. */
static char port_names[FSP_LINES][32];

static void read_port_names(void) {
  FAX_PORT_INFO *ports;
  DWORD count;
  assert_true(FaxEnumPorts(st.server, &ports, &count));
  assert_int_equal(count, FSP_LINES);
  for (DWORD i = 0; i < count; i++)
    snprintf(port_names[i], sizeof port_names[i], "%s", ports[i].DeviceName);
  FaxFreeBuffer(ports);
}

static const char *group_ports[3];
static const struct fax_dial_group group = {"pair", group_ports};
static struct fax_dialling rules = {
    .size = sizeof rules, .groups = &group, .group_count = 1};

/* The second and the third line call what begins with "02". */
static void start_with_group(void) {
  static const struct fax_dial_route to_pair = {FSP_SLOWLY, "pair"};
  open_queue();
  read_port_names();
  close_queue();
  group_ports[0] = port_names[1];
  group_ports[1] = port_names[2];
  rules.routes = &to_pair;
  rules.route_count = 1;
  rules.blocked = NULL;
  config.dialling = &rules;
  open_queue();
}

static DWORD device_of_call(DWORD job) {
  struct fax_event *e = stage_until(&st, FEI_INITIALIZING, job);
  DWORD device = e->device_id;
  FaxLocalFree(e);
  return device;
}

/* A full group keeps no line from others, and others may have its lines. */
static void a_route_leads_to_a_group(void **unused) {
  (void)unused;
  start_with_group();
  DWORD a = submit(to(A));
  assert_int_equal(device_of_call(a), FSP_FIRST + 1);
  config_wait(1); /* no two calls end at one moment */
  DWORD b = submit(to(B)), c = submit(to(C));
  assert_int_equal(device_of_call(b), FSP_FIRST + 2);
  waits(c, JS_PENDING | JS_NOLINE);
  DWORD other = submit(to(FSP_ON_LET FSP_COMPLETES));
  assert_int_equal(device_of_call(other), FSP_FIRST);
  assert_int_equal(device_of_call(c), FSP_FIRST + 1); /* after a minute */
  fsp_let();
  stage_skip(&st, FEI_DELETED, c);
  close_queue();
}

/* Whoever names a port knows better than a route. */
static void a_named_port_needs_no_route(void **unused) {
  (void)unused;
  start_with_group();
  struct fax_submission sub = to(A);
  sub.device_id = FSP_FIRST + 3;
  assert_int_equal(device_of_call(submit(sub)), FSP_FIRST + 3);
  close_queue();
}

static void a_discounted_job_waits_in_its_group(void **unused) {
  (void)unused;
  start_with_group();
  config_cheap(&st, (FAX_TIME){13, 0}, (FAX_TIME){14, 0});
  DWORD job = config_discount(&st, pages, A);
  waits(job, JS_PENDING);
  assert_int_equal(device_of_call(job), FSP_FIRST + 1);
  assert_int_equal(FaxClockWall(), STAGE_NOON + 3600 * FAX_SECOND);
  close_queue();
}

static struct fax_dial_plan *plan_of(const char *number) {
  struct fax_dial_plan *plan;
  if (!FaxGetDialPlan(st.server, number, &plan))
    fail_msg("%s", FaxGetLastErrorMessage());
  return plan;
}

static void a_plan_tells_what_becomes_of_a_number(void **unused) {
  (void)unused;
  start_with_group();
  DWORD job = submit(to(A));
  assert_int_equal(device_of_call(job), FSP_FIRST + 1);
  struct fax_dial_plan *p = plan_of(" 02-1;a");
  assert_string_equal(p->number, " 02-1;a");
  assert_string_equal(p->normal, A);
  assert_string_equal(p->prefix, FSP_SLOWLY);
  assert_string_equal(p->group, "pair");
  assert_null(p->blocked_by);
  assert_int_equal(p->calls, 1);
  assert_int_equal(p->most_calls, 1);
  assert_int_equal(p->port_count, 2);
  assert_int_equal(p->ports[0].device_id, FSP_FIRST + 1);
  assert_string_equal(p->ports[0].name, port_names[1]);
  assert_false(p->ports[0].sends);
  assert_true(p->ports[1].sends);
  FaxFreeBuffer(p);
  p = plan_of(FSP_BUSY);
  assert_null(p->prefix);
  assert_null(p->group);
  assert_int_equal(p->calls, 0);
  assert_int_equal(p->port_count, FSP_LINES);
  FaxFreeBuffer(p);
  assert_fails(FaxGetDialPlan(st.server, "", &p), ERROR_INVALID_PARAMETER);
  close_queue();
}

/* At its submission, at the next start with other rules, and at a restart. */
static void a_blocked_number_is_not_called(void **unused) {
  static const char *const blocked[] = {"2*", A, NULL};
  (void)unused;
  open_queue();
  struct fax_submission sub = to(A_AGAIN);
  sub.hold = TRUE;
  DWORD queued = submit(sub);
  close_queue();
  rules = (struct fax_dialling){.size = sizeof rules, .blocked = blocked};
  config.dialling = &rules;
  open_queue();
  waits(queued, JS_RETRIES_EXCEEDED);
  struct fax_job_result *r = stage_result(&st, queued);
  assert_int_equal(r->outcome, FAX_OUTCOME_FAILED);
  assert_string_equal(r->attempts[r->attempt_count - 1].cause, "blocked");
  FaxFreeBuffer(r);
  assert_fails(FaxSetJob(st.server, queued, JC_RESTART, NULL),
               ERROR_FAX_BLOCKED);
  sub = to(FSP_HANGS_UP);
  assert_fails(FaxSubmit(st.server, &sub, NULL), ERROR_FAX_BLOCKED);
  assert_string_equal(FaxGetLastErrorMessage(),
                      "20 is not called: the block list has \"2*\"");
  DWORD other = submit(to(FSP_COMPLETES));
  stage_skip(&st, FEI_DELETED, other);
  struct fax_dial_plan *p = plan_of(A_AGAIN);
  assert_string_equal(p->blocked_by, A);
  FaxFreeBuffer(p);
  close_queue();
}

/* What was given up for that, and said to be, is not sent by a later run that
   has no such number in its block list. */
static void a_blocked_job_stays_given_up(void **unused) {
  static const char *const blocked[] = {A, NULL};
  (void)unused;
  open_queue();
  struct fax_submission sub = to(A);
  sub.hold = TRUE;
  DWORD queued = submit(sub);
  close_queue();
  rules = (struct fax_dialling){.size = sizeof rules, .blocked = blocked};
  config.dialling = &rules;
  open_queue();
  waits(queued, JS_RETRIES_EXCEEDED);
  close_queue();
  config.dialling = NULL;
  open_queue();
  waits(queued, JS_RETRIES_EXCEEDED);
  struct fax_job_result *r = stage_result(&st, queued);
  assert_int_equal(r->attempt_count, 1);
  assert_string_equal(r->attempts[0].cause, "blocked");
  FaxFreeBuffer(r);
  close_queue();
}

int main(void) {
  const struct CMUnitTest tests[] = {
      scheduled(a_route_leads_to_a_group),
      scheduled(a_named_port_needs_no_route),
      scheduled(a_discounted_job_waits_in_its_group),
      scheduled(a_plan_tells_what_becomes_of_a_number),
      scheduled(a_blocked_number_is_not_called),
      scheduled(a_blocked_job_stays_given_up),
  };
  test_start();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
