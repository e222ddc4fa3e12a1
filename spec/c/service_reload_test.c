/* SPDX-License-Identifier: MIT
   Another configuration for a service that runs: the queue under other rules,
   providers that come and go, and all of it or nothing. */
#include "service_schedule.h"

static struct fax_dialling rules;
static const char *group_ports[2];
static const struct fax_dial_group group = {"last", group_ports};

static char last_port[32];

static void read_last_port(void) {
  FAX_PORT_INFO *ports;
  DWORD count;
  assert_true(FaxEnumPorts(st.server, &ports, &count));
  snprintf(last_port, sizeof last_port, "%s", ports[count - 1].DeviceName);
  FaxFreeBuffer(ports);
}

/* Gives what needs a restart, "" for nothing. */
static const char *reload(void) {
  static char left[256];
  char *names;
  if (!FaxServiceReload(&config, &names))
    fail_msg("%s", FaxGetLastErrorMessage());
  snprintf(left, sizeof left, "%s", names != NULL ? names : "");
  FaxFreeBuffer(names);
  return left;
}

static DWORD device_of_call(DWORD job) {
  struct fax_event *e = stage_until(&st, FEI_INITIALIZING, job);
  DWORD device = e->device_id;
  FaxLocalFree(e);
  return device;
}

static void use_rules(void) {
  rules = (struct fax_dialling){.size = sizeof rules};
  config.dialling = &rules;
}

/* A call that goes on counts for its number by the new rules, too, and jobs
   that wait go where those lead. */
static void a_queue_comes_under_other_rules_of_dialling(void **unused) {
  static const struct fax_dial_route to_last = {FSP_SLOWLY, "last"};
  (void)unused;
  open_queue();
  read_last_port();
  DWORD a = submit(to(A)), again = submit(to(A_AGAIN));
  assert_int_equal(device_of_call(a), FSP_FIRST);
  waits(again, JS_PENDING);
  use_rules();
  group_ports[0] = last_port;
  rules.groups = &group;
  rules.group_count = 1;
  rules.routes = &to_last;
  rules.route_count = 1;
  assert_string_equal(reload(), "");
  waits(again, JS_PENDING); /* not a second call to its number */
  DWORD b = submit(to(B));
  assert_int_equal(device_of_call(b), FSP_FIRST + 3);
  assert_int_equal(device_of_call(again), FSP_FIRST + 3);
  config.dialling = NULL;
  assert_string_equal(reload(), "");
  config_settle(); /* the line of the first call is free */
  assert_int_equal(device_of_call(submit(to(C))), FSP_FIRST);
  close_queue();
}

static void more_calls_to_a_number_begin_at_once(void **unused) {
  (void)unused;
  open_queue();
  DWORD a = submit(to(A)), again = submit(to(A_AGAIN));
  assert_int_equal(device_of_call(a), FSP_FIRST);
  waits(again, JS_PENDING);
  config.calls_per_number = 2;
  assert_string_equal(reload(), "");
  assert_int_equal(device_of_call(again), FSP_FIRST + 1);
  assert_true(FaxClockWall() < STAGE_NOON + FAX_SECOND);
  close_queue();
}

/* JOB-46 by the other step. */
static void turns_are_those_of_the_other_step(void **unused) {
  (void)unused;
  config.priority_step = 0;
  open_queue();
  config_pause(&st, TRUE);
  DWORD older = submit(to(A));
  config_wait(60);
  struct fax_submission sub = to(A_AGAIN);
  sub.priority = FAX_PRIORITY_HIGH;
  DWORD high = submit(sub);
  config.priority_step = 1800;
  assert_string_equal(reload(), "");
  config_pause(&st, FALSE);
  device_of_call(high); /* before the other: its event was not skipped */
  device_of_call(older);
  close_queue();
}

static void is_blocked(DWORD job) {
  waits(job, JS_RETRIES_EXCEEDED);
  struct fax_job_result *r = stage_result(&st, job);
  assert_int_equal(r->outcome, FAX_OUTCOME_FAILED);
  assert_string_equal(r->attempts[r->attempt_count - 1].cause, "blocked");
  FaxFreeBuffer(r);
}

/* Whatever they wait for; one that is called is given up before the next call.
 */
static void jobs_for_a_number_that_is_blocked_now_are_given_up(void **unused) {
  static const char *const blocked[] = {"02*", NULL};
  (void)unused;
  open_queue();
  DWORD called = submit(to(FSP_SLOWLY FSP_BUSY ";a"));
  assert_int_equal(device_of_call(called), FSP_FIRST);
  DWORD behind = submit(to(FSP_SLOWLY FSP_BUSY ";a"));
  struct fax_submission sub = to(B);
  sub.hold = TRUE;
  DWORD paused = submit(sub);
  DWORD other = submit(to(FSP_ON_LET FSP_COMPLETES));
  assert_int_equal(device_of_call(other), FSP_FIRST + 1);
  use_rules();
  rules.blocked = blocked;
  assert_string_equal(reload(), "");
  is_blocked(behind);
  is_blocked(paused);
  stage_skip(&st, FEI_BUSY, called);
  stage_skip(&st, FEI_FATAL_ERROR, called);
  is_blocked(called);
  config_settle(); /* the call waits for that */
  fsp_let();
  stage_skip(&st, FEI_DELETED, other);
  sub = to(C);
  assert_fails(FaxSubmit(st.server, &sub, NULL), ERROR_FAX_BLOCKED);
  close_queue();
}

static DWORD retries(void) {
  FAX_CONFIGURATION *c = config_take(&st);
  DWORD count = c->Retries;
  FaxFreeBuffer(c);
  return count;
}

/* What a configuration does not say is as it was set last. */
static void settings_are_those_of_the_configuration(void **unused) {
  (void)unused;
  open_queue();
  config.retries = 7;
  config.log_level = FAX_LOG_DEBUG;
  assert_string_equal(reload(), "");
  assert_int_equal(retries(), 7);
  assert_int_equal(log_level(LOG_INBOUND), FAX_LOG_DEBUG);
  stage_skip(&st, FEI_FAX_CONFIG_CHANGED, 0);
  config_retries(&st, 5, 1);
  config.retries = config.log_level = FAX_UNKNOWN;
  assert_string_equal(reload(), "");
  assert_int_equal(retries(), 5);
  close_queue();
}

static DWORD port_count(void) {
  FAX_PORT_INFO *ports;
  DWORD count;
  assert_true(FaxEnumPorts(st.server, &ports, &count));
  FaxFreeBuffer(ports);
  return count;
}

static DWORD provider_count(void) {
  struct fax_provider_info *list;
  DWORD count;
  assert_true(FaxEnumProviders(st.server, &list, &count));
  FaxFreeBuffer(list);
  return count;
}

/* A provider leaves when its calls have ended. */
static void providers_come_and_go(void **unused) {
  static struct fax_provider_config two[2];
  char copy[96];
  (void)unused;
  open_queue();
  stage_copy_fsp(&st, "options", "copy.so", copy, sizeof copy);
  two[0] = provider;
  two[1] = (struct fax_provider_config){.name = "copy", .path = "/nowhere.so"};
  config.providers = two;
  config.provider_count = 2;
  config.retries = 9;
  char *left;
  assert_fails(FaxServiceReload(&config, &left), ERROR_MOD_NOT_FOUND);
  assert_int_equal(provider_count(), 1);
  assert_int_not_equal(retries(), 9);
  DWORD job = submit(to(FSP_ON_LET FSP_COMPLETES));
  assert_int_equal(device_of_call(job), FSP_FIRST);
  config.provider_count = 0;
  assert_string_equal(reload(), "");
  assert_int_equal(retries(), 9);
  assert_int_equal(port_count(), 1); /* that of the call */
  config_settle();                   /* the call waits for that */
  fsp_let();
  stage_skip(&st, FEI_DELETED, job); /* the call was not lost */
  while (provider_count() != 0) config_wait(1);
  config.provider_count = 1;
  assert_string_equal(reload(), "");
  assert_int_equal(port_count(), FSP_LINES);
  close_queue();
}

static void what_needs_a_restart_is_named(void **unused) {
  static const char *const lines[] = {"lines=1", NULL};
  struct fax_provider_config changed;
  (void)unused;
  open_queue();
  changed = provider;
  changed.options = lines;
  config.providers = &changed;
  config.directory = "/elsewhere";
  config.inbox = "/inbox";
  config.socket = "/socket";
  config.log_file = "-";
  config.log_format = FAX_LOG_JSON;
  config.compat = FAX_COMPAT_ONE_QUEUE;
  assert_string_equal(reload(),
                      "directory\ninbox\nlog\nsocket\nlog_format\ncompat\n"
                      "provider forward\n");
  config.size--;
  char *left;
  assert_fails(FaxServiceReload(&config, &left), ERROR_INVALID_PARAMETER);
  config.size++;
  assert_fails(FaxServiceReload(&config, NULL), ERROR_INVALID_PARAMETER);
  close_queue();
  assert_fails(FaxServiceReload(&config, &left), ERROR_SERVICE_NOT_ACTIVE);
}

/* All of it or nothing, at whatever allocation the memory ends. */
static void without_memory_nothing_is_changed(void **unused) {
  static const char *const blocked[] = {"77", NULL};
  (void)unused;
  open_queue();
  DWORD a = submit(to(A)), again = submit(to(A_AGAIN));
  assert_int_equal(device_of_call(a), FSP_FIRST);
  waits(again, JS_PENDING);
  use_rules();
  rules.blocked = blocked;
  config.retries = 8;
  bool done = false;
  for (long n = 0; !done; n++) {
    char *left = NULL;
    assert_true(n < 2000);
    mem_fail_after(n);
    done = FaxServiceReload(&config, &left);
    DWORD error = FaxGetLastError();
    mem_fail_after(-1);
    if (!done) assert_int_equal(error, ERROR_NOT_ENOUGH_MEMORY);
    FaxFreeBuffer(left);
  }
  assert_int_equal(retries(), 8);
  struct fax_submission sub = to("77");
  assert_fails(FaxSubmit(st.server, &sub, NULL), ERROR_FAX_BLOCKED);
  device_of_call(again);
  close_queue();
}

int main(void) {
  const struct CMUnitTest tests[] = {
      scheduled(a_queue_comes_under_other_rules_of_dialling),
      scheduled(more_calls_to_a_number_begin_at_once),
      scheduled(turns_are_those_of_the_other_step),
      scheduled(jobs_for_a_number_that_is_blocked_now_are_given_up),
      scheduled(settings_are_those_of_the_configuration),
      scheduled(providers_come_and_go),
      scheduled(what_needs_a_restart_is_named),
      scheduled(without_memory_nothing_is_changed),
  };
  test_start();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
