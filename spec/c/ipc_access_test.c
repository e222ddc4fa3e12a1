/* SPDX-License-Identifier: MIT
   Other rules of access for a service that runs: they hold for those who are
   connected, too, for all that they have open, and for events. */
#include <pwd.h>

#include "ipc_raw.h"

enum { ALL = 0x7f };

static struct stage st;
static struct raw r;
static struct fax_access rule;
static struct fax_service_config kept; /* what the service was started with */

static const char *account(void) {
  const struct passwd *p = getpwuid(getuid());
  assert_non_null(p);
  return p->pw_name;
}

static void with_rule(struct fax_service_config *config) {
  config->access = &rule;
  config->access_count = 1;
  config->provider_count = 0;
  kept = *config;
}

static int begin(void **unused) {
  (void)unused;
  rule = (struct fax_access){.user = account(), .rights = ALL, .act_for = TRUE};
  stage_start(&st, NULL, with_rule);
  return 0;
}

static int end(void **unused) {
  (void)unused;
  stage_stop(&st);
  return 0;
}

/* Whoever is let in, or refused, comes after all others were looked up. */
static void come_and_go(void) {
  struct raw one;
  raw_open(&one, &st);
  send(one.fd, RAW_HELLO, strlen(RAW_HELLO), MSG_NOSIGNAL);
  json_decref(raw_hear(&one));
  raw_close(&one);
}

static void reload(DWORD rights, BOOL act_for) {
  char *left;
  rule.rights = rights;
  rule.act_for = act_for;
  if (!FaxServiceReload(&kept, &left)) fail_msg("%s", FaxGetLastErrorMessage());
  FaxFreeBuffer(left);
  come_and_go();
}

static void may(HANDLE server, DWORD rights) {
  for (DWORD right = 1; right <= FAX_JOB_MANAGE; right <<= 1)
    if (FaxAccessCheck(server, right) != ((rights & right) != 0))
      fail_msg("0x%02x: 0x%02x is expected", right, rights);
}

/* SEC-4: never more than was asked for, and than the rules give now. */
static void who_is_connected_has_the_rights_of_now(void **unused) {
  (void)unused;
  HANDLE own = ipc_connect(&st, NULL, FAX_ALL_ACCESS);
  HANDLE ann = ipc_connect(&st, "ann", FAX_JOB_QUERY | FAX_PORT_QUERY);
  may(own, ALL);
  may(ann, FAX_JOB_QUERY | FAX_PORT_QUERY);
  reload(FAX_JOB_QUERY | FAX_CONFIG_QUERY, TRUE);
  may(own, FAX_JOB_QUERY | FAX_CONFIG_QUERY);
  may(ann, FAX_JOB_QUERY);
  FAX_PORT_INFO *ports;
  DWORD count;
  assert_fails(FaxEnumPorts(own, &ports, &count), ERROR_ACCESS_DENIED);
  reload(ALL, FALSE);
  may(own, ALL);
  may(ann, 0);
  assert_fails(FaxEnumPorts(ann, &ports, &count), ERROR_ACCESS_DENIED);
  reload(ALL, TRUE);
  may(ann, FAX_JOB_QUERY | FAX_PORT_QUERY);
  assert_true(FaxClose(ann));
  assert_true(FaxClose(own));
}

static void who_has_no_right_any_more_is_hung_up_on(void **unused) {
  (void)unused;
  raw_open(&r, &st);
  assert_int_equal(raw_ask(&r, RAW_HELLO), 0);
  reload(ALL, TRUE);
  assert_int_equal(raw_ask(&r, "{\"id\":1,\"method\":\"job.list\"}\n"), 0);
  reload(0, TRUE);
  assert_hung_up(&r);
  raw_close(&r);
  raw_open(&r, &st);
  assert_int_equal(raw_code(&r), ERROR_ACCESS_DENIED);
  raw_close(&r);
}

/* ---- events ---- */

static void change(void) {
  FAX_CONFIGURATION *c;
  HANDLE here;
  assert_true(FaxConnectFaxServer(NULL, &here));
  assert_true(FaxGetConfiguration(here, &c));
  assert_true(FaxSetConfiguration(here, c));
  FaxFreeBuffer(c);
  assert_true(FaxClose(here));
}

static long next_sequence(void) {
  json_t *whole = raw_hear(&r);
  assert_non_null(whole);
  const json_t *event =
      json_object_get(json_object_get(whole, "params"), "event");
  long sequence = atol(json_string_value(json_object_get(event, "sequence")));
  json_decref(whole);
  return sequence;
}

/* EVT-19. A reload tells of itself by the rules that were. */
static void events_are_those_that_may_be_seen_now(void **unused) {
  (void)unused;
  raw_open(&r, &st);
  assert_int_equal(raw_ask(&r, RAW_HELLO), 0);
  assert_int_equal(raw_ask(&r,
                           "{\"id\":1,\"method\":\"session.open\","
                           "\"params\":{\"user\":\"ann\"}}\n"),
                   0);
  assert_int_equal(raw_ask(&r,
                           "{\"id\":1,\"method\":\"event.subscribe\",\"on\":1,"
                           "\"params\":{\"extended\":true}}\n"),
                   0);
  change();
  long first = next_sequence();
  reload(FAX_JOB_QUERY, TRUE);
  change();
  reload(ALL, FALSE);
  change();
  reload(ALL, TRUE);
  change();
  assert_int_equal(next_sequence(), first + 1); /* the first reload */
  assert_int_equal(next_sequence(), first + 6); /* the last change */
  raw_close(&r);
}

int main(void) {
  test_start();
  const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
      TEST(who_is_connected_has_the_rights_of_now),
      TEST(who_has_no_right_any_more_is_hung_up_on),
      TEST(events_are_those_that_may_be_seen_now)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
