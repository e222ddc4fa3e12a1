/* SPDX-License-Identifier: MIT
   Clients that break the protocol, or are not let in: each costs only
   itself. */
#include <pwd.h>
#include <stdio.h>
#include <string.h>

#include "ipc/hello.h"
#include "ipc_raw.h"
#include "wire/message.h"

static struct stage st;
static struct raw r, other;

static struct fax_access rules[2];

static void with_rules(struct fax_service_config *config) {
  config->access = rules;
  config->access_count = rules[1].rights != 0 ? 2 : 1;
}

static void few_events(struct fax_service_config *config) {
  config->event_backlog = 16;
}

static int set_up(void **unused) {
  (void)unused;
  stage_start(&st, NULL, few_events);
  stage_document(&st, 1);
  return 0;
}

static int tear_down(void **unused) {
  (void)unused;
  stage_stop(&st);
  return 0;
}

static void meet(struct raw *one) {
  raw_open(one, &st);
  assert_int_equal(raw_ask(one, RAW_HELLO), 0);
}

/* ---- what is no message ---- */

static void what_is_no_message_ends_the_connection(void **unused) {
  static const char *const texts[] = {
      "garbage\n",
      "[]\n",
      "\n",
      "{\"id\":1,\"id\":2}\n",
      "{\"method\":\"ping\",\"params\":[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]}\n",
      "{\"method\":\"\xff\"}\n"};
  (void)unused;
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    meet(&r);
    assert_int_equal(raw_ask(&r, texts[i]), -32700);
    assert_hung_up(&r);
    raw_close(&r);
  }
}

static void what_is_no_request_ends_it(void **unused) {
  static const char *const texts[] = {
      "{}\n", "{\"method\":7}\n", "{\"method\":\"ping\",\"id\":[]}\n",
      "{\"method\":\"ping\",\"id\":1,\"on\":-1}\n",
      "{\"method\":\"ping\",\"id\":1,\"attachment\":\"x\"}\n"};
  (void)unused;
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    meet(&r);
    assert_int_equal(raw_ask(&r, texts[i]), -32600);
    assert_hung_up(&r);
    raw_close(&r);
  }
}

static void a_line_has_a_limit(void **unused) {
  char *text = malloc(MESSAGE_LENGTH);
  (void)unused;
  memset(text, ' ', MESSAGE_LENGTH);
  meet(&r);
  raw_send(&r, text, MESSAGE_LENGTH);
  assert_int_equal(raw_code(&r), -32700);
  assert_hung_up(&r);
  raw_close(&r);
  free(text);
}

/* ---- hello ---- */

static void hello_comes_first_and_once(void **unused) {
  (void)unused;
  raw_open(&r, &st);
  assert_int_equal(raw_ask(&r, "{\"id\":1,\"method\":\"ping\"}\n"), 0);
  assert_int_equal(raw_ask(&r, "{\"id\":1,\"method\":\"job.list\"}\n"),
                   ERROR_ACCESS_DENIED);
  assert_int_equal(raw_ask(&r, "{\"id\":1,\"method\":\"hello\"}\n"),
                   ERROR_INVALID_DATA);
  assert_int_equal(raw_ask(&r,
                           "{\"id\":1,\"method\":\"hello\",\"params\":{"
                           "\"versions\":[2,3]}}\n"),
                   ERROR_NOT_SUPPORTED);
  assert_int_equal(raw_ask(&r,
                           "{\"id\":1,\"method\":\"hello\",\"params\":{"
                           "\"versions\":[1,7]}}\n"),
                   0);
  assert_int_equal(raw_ask(&r, RAW_HELLO), ERROR_INVALID_OPERATION);
  assert_int_equal(raw_ask(&r, "{\"id\":1,\"method\":\"job.list\"}\n"), 0);
  raw_close(&r);
}

/* ---- handles and descriptors ---- */

static void handles_have_a_limit(void **unused) {
  static const char open[] =
      "{\"id\":1,\"method\":\"session.open\",\"params\":{}}\n";
  (void)unused;
  meet(&r);
  for (int i = 0; i < PROTOCOL_HANDLES; i++)
    assert_int_equal(raw_ask(&r, open), 0);
  assert_int_equal(raw_ask(&r, open), ERROR_NOT_ENOUGH_MEMORY);
  assert_int_equal(
      raw_ask(&r, "{\"id\":1,\"method\":\"handle.close\",\"on\":7}\n"), 0);
  assert_int_equal(
      raw_ask(&r, "{\"id\":1,\"method\":\"handle.close\",\"on\":7}\n"),
      ERROR_INVALID_HANDLE);
  assert_int_equal(raw_ask(&r, open), 0);
  raw_close(&r);
}

static void send_beside(const char *ping, unsigned count) {
  union {
    struct cmsghdr align;
    char bytes[CMSG_SPACE(sizeof(int) * 100)];
  } control = {.bytes = {0}};
  struct iovec part = {(char *)(uintptr_t)ping, strlen(ping)};
  struct msghdr m = {.msg_iov = &part,
                     .msg_iovlen = 1,
                     .msg_control = control.bytes,
                     .msg_controllen = CMSG_SPACE(sizeof(int) * count)};
  struct cmsghdr *c = CMSG_FIRSTHDR(&m);
  c->cmsg_level = SOL_SOCKET;
  c->cmsg_type = SCM_RIGHTS;
  c->cmsg_len = CMSG_LEN(sizeof(int) * count);
  for (unsigned i = 0; i < count; i++)
    memcpy(CMSG_DATA(c) + i * sizeof(int), &(int){2}, sizeof(int));
  assert_int_equal(sendmsg(r.fd, &m, MSG_NOSIGNAL), strlen(ping));
}

static void send_descriptors(unsigned count) {
  send_beside("{\"id\":1,\"method\":\"ping\"}\n", count);
}

static void descriptors_that_nobody_asked_for_are_closed(void **unused) {
  (void)unused;
  meet(&r);
  size_t before = test_fds();
  for (int i = 0; i < 20; i++) {
    send_descriptors(64);
    assert_int_equal(raw_code(&r), 0);
  }
  /* Those of a request are closed before the next is read. */
  assert_int_equal(raw_ask(&r, "{\"id\":1,\"method\":\"ping\"}\n"), 0);
  assert_int_equal(test_fds(), before);
  /* So are those of no request, when there is none any more. */
  for (int i = 0; i < 2; i++) {
    send_beside("{\"id\":1,\"method\":\"ping\",\"descriptors\":0}\n", 64);
    assert_int_equal(raw_code(&r), 0);
  }
  assert_int_equal(raw_ask(&r, "{\"id\":1,\"method\":\"ping\"}\n"), 0);
  assert_int_equal(test_fds(), before);
  send_descriptors(65);
  assert_int_equal(raw_code(&r), -32700);
  assert_hung_up(&r);
  raw_close(&r);
}

/* ---- who is let in ---- */

static const char *account(void) {
  const struct passwd *p = getpwuid(getuid());
  assert_non_null(p);
  return p->pw_name;
}

static void start_with(struct fax_access first, struct fax_access second) {
  rules[0] = first;
  rules[1] = second;
  stage_start(&st, NULL, with_rules);
}

static int stop(void **unused) {
  (void)unused;
  stage_stop(&st);
  return 0;
}

static void a_peer_without_rights_is_refused(void **unused) {
  (void)unused;
  start_with((struct fax_access){.user = account()},
             (struct fax_access){.rights = FAX_ALL_ACCESS});
  raw_open(&r, &st);
  assert_int_equal(raw_code(&r), ERROR_ACCESS_DENIED);
  assert_hung_up(&r);
  raw_close(&r);
}

static void nobody_acts_for_others_without_the_rule(void **unused) {
  (void)unused;
  start_with((struct fax_access){.user = account(), .rights = FAX_JOB_QUERY},
             (struct fax_access){0});
  raw_open(&r, &st);
  assert_int_equal(raw_ask(&r,
                           "{\"id\":1,\"method\":\"hello\",\"params\":{"
                           "\"versions\":[1,1],\"user\":\"ann\"}}\n"),
                   ERROR_ACCESS_DENIED);
  assert_int_equal(raw_ask(&r, RAW_HELLO), 0);
  assert_int_equal(raw_ask(&r,
                           "{\"id\":1,\"method\":\"session.open\",\"params\":{"
                           "\"user\":\"ann\"}}\n"),
                   ERROR_ACCESS_DENIED);
  raw_close(&r);
}

/* SEC-4: narrower than the peer, never wider. */
static void rights_for_another_are_never_wider(void **unused) {
  (void)unused;
  start_with((struct fax_access){.user = account(),
                                 .rights = FAX_JOB_QUERY | FAX_PORT_QUERY,
                                 .act_for = TRUE},
             (struct fax_access){0});
  HANDLE ann = ipc_connect(&st, "ann", FAX_JOB_QUERY | FAX_CONFIG_SET);
  assert_true(FaxAccessCheck(ann, FAX_JOB_QUERY));
  assert_false(FaxAccessCheck(ann, FAX_PORT_QUERY));
  assert_false(FaxAccessCheck(ann, FAX_CONFIG_SET));
  assert_true(FaxClose(ann));
}

/* ---- those who are stuck ---- */

static void ask_without_reading(struct raw *one) {
  static const char list[] = "{\"id\":1,\"method\":\"ping\"}\n";
  ssize_t n;
  do n = send(one->fd, list, sizeof list - 1, MSG_DONTWAIT | MSG_NOSIGNAL);
  while (n > 0);
}

/* One in the middle of a message, one that takes no answer: others are served,
   and the service stops. */
static void a_stuck_client_costs_only_itself(void **unused) {
  (void)unused;
  meet(&r);
  raw_say(&r, "{\"id\":1,\"meth");
  meet(&other);
  ask_without_reading(&other);
  HANDLE third = ipc_connect(&st, NULL, FAX_ALL_ACCESS);
  FAX_JOB_ENTRY *jobs;
  DWORD count;
  assert_true(FaxEnumJobs(third, &jobs, &count));
  FaxFreeBuffer(jobs);
  assert_true(FaxClose(third));
  stage_stop_within(20);
  raw_close(&r);
  raw_close(&other);
  stage_end(&st);
}

/* ---- events ---- */

static void change(DWORD times) {
  for (DWORD i = 0; i < times; i++) {
    FAX_CONFIGURATION *c;
    assert_true(FaxGetConfiguration(st.server, &c));
    c->Retries = i % 2;
    assert_true(FaxSetConfiguration(st.server, c));
    FaxFreeBuffer(c);
  }
}

/* What came and what was missed is all there was, each once. */
static void a_slow_listener_is_told_what_it_missed(void **unused) {
  enum { CHANGES = 3000 };
  json_int_t came = 0, missed = 0;
  (void)unused;
  meet(&r);
  assert_int_equal(raw_ask(&r,
                           "{\"id\":1,\"method\":\"event.subscribe\","
                           "\"params\":{\"extended\":true}}\n"),
                   0);
  change(CHANGES);
  while (came + missed < CHANGES) {
    json_t *whole = raw_hear(&r), *event;
    assert_non_null(whole);
    event = json_object_get(json_object_get(whole, "params"), "event");
    assert_non_null(event);
    const json_t *n = json_object_get(event, "missed");
    missed += json_integer_value(n);
    came += n == NULL;
    json_decref(whole);
  }
  assert_true(missed > 0);
  assert_int_equal(came + missed, CHANGES);
  raw_close(&r);
}

int main(void) {
  test_start();
  const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
      TEST(what_is_no_message_ends_the_connection),
      TEST(what_is_no_request_ends_it),
      TEST(a_line_has_a_limit),
      TEST(hello_comes_first_and_once),
      TEST(handles_have_a_limit),
      TEST(descriptors_that_nobody_asked_for_are_closed),
      TEST(a_slow_listener_is_told_what_it_missed),
      cmocka_unit_test_setup(a_stuck_client_costs_only_itself, set_up),
      cmocka_unit_test_teardown(a_peer_without_rights_is_refused, stop),
      cmocka_unit_test_teardown(nobody_acts_for_others_without_the_rule, stop),
      cmocka_unit_test_teardown(rights_for_another_are_never_wider, stop)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
