/* SPDX-License-Identifier: MIT
   What one client may take of a server: time for a message, memory, numbers.
   On the machine's clock. */
#include <fax/fax_archive.h>
#include <poll.h>

#include "base/completion.h"
#include "ipc_raw.h"
#include "wire/message.h"

static struct stage st;
static struct raw r;

static void impatient(struct fax_service_config *config) {
  config->client_patience = 1;
}

static int set_up(void **unused) {
  (void)unused;
  stage_start(&st, NULL, impatient);
  return 0;
}

static int tear_down(void **unused) {
  (void)unused;
  stage_stop(&st);
  return 0;
}

static void meet(void) {
  raw_open(&r, &st);
  assert_int_equal(raw_ask(&r, RAW_HELLO), 0);
}

/* ---- time ---- */

/* Clients that say a piece now and then, each soon enough. */
struct trickle {
  const char *begin, *piece;
  struct raw raw;
  bool over; /* the server has ended it */
};

static void say_piece(struct trickle *t) {
  struct pollfd one = {.fd = t->raw.fd, .events = POLLRDHUP};
  ssize_t length = (ssize_t)strlen(t->piece);
  t->over = t->over || poll(&one, 1, 10) > 0 ||
            send(t->raw.fd, t->piece, (size_t)length, MSG_NOSIGNAL) != length;
}

/* A message, the bytes behind one that are read, or are not, and the hello:
   none of them may come for ever. */
static void a_message_comes_whole_in_time(void **unused) {
  static struct trickle all[] = {
      {.begin = RAW_HELLO "{\"id\":2,", .piece = " "},
      {.begin = RAW_HELLO
       "{\"id\":3,\"method\":\"document.make\",\"attachment\":1000,"
       "\"params\":{\"files\":[\"a.pdf\"]}}\n",
       .piece = "%"},
      {.begin =
           RAW_HELLO "{\"id\":3,\"method\":\"ping\",\"attachment\":1000}\n",
       .piece = "%"},
      {.begin = "", .piece = "{\"method\":\"ping\"}\n"}};
  enum { COUNT = sizeof all / sizeof *all };
  (void)unused;
  for (int i = 0; i < COUNT; i++) {
    raw_open(&all[i].raw, &st);
    raw_say(&all[i].raw, all[i].begin);
  }
  for (int n = 0; n < 800; n++) say_piece(&all[n % COUNT]);
  for (int i = 0; i < COUNT; i++) {
    assert_true(all[i].over);
    raw_close(&all[i].raw);
  }
}

/* It waits for a date. */
static DWORD queue_job(void) {
  FAX_JOB_PARAM params = {
      .SizeOfStruct = sizeof params,
      .RecipientNumber = "102",
      .ScheduleAction = JSA_SPECIFIC_TIME,
      .ScheduleTime = {.wYear = 2090, .wMonth = 1, .wDay = 1}};
  DWORD job;
  if (!FaxSendDocument(st.server, st.document, &params, NULL, &job))
    fail_msg("%s", FaxGetLastErrorMessage());
  return job;
}

/* Little after little of an answer, each soon enough, does not keep it. */
static void an_answer_is_taken_in_time(void **unused) {
  char text[200], some[24 << 10];
  DWORD size, taken = 0;
  BYTE *bytes;
  ssize_t n;
  (void)unused;
  assert_true(pages_make(st.document, PAGES_DENSE, 12, 2292, 196));
  DWORD job = queue_job();
  assert_true(FaxReadDocument(st.server, job, &bytes, &size));
  FaxFreeBuffer(bytes);
  assert_true(size > 2 << 20);
  meet();
  snprintf(text, sizeof text,
           "{\"id\":2,\"method\":\"job.file\",\"params\":{\"id\":%u}}\n", job);
  raw_say(&r, text);
  while ((n = recv(r.fd, some, sizeof some, 0)) > 0) {
    struct pollfd one = {.fd = r.fd, .events = POLLRDHUP};
    taken += (DWORD)n;
    poll(&one, 1, 50);
  }
  assert_true(taken < size);
  raw_close(&r);
}

/* ---- numbers ---- */

static DWORD attach(void) {
  raw_say(&r,
          "{\"id\":4,\"method\":\"provider.attach\",\"params\":{"
          "\"name\":\"mine\",\"devices\":[{\"name\":\"line\"}]}}\n");
  json_t *whole = raw_hear(&r);
  assert_non_null(whole);
  const json_t *result = json_object_get(whole, "result");
  assert_non_null(result);
  DWORD number = (DWORD)json_integer_value(json_object_get(result, "provider"));
  json_decref(whole);
  return number;
}

/* Its answer, and the last call, which comes before it or behind it. */
static void detach(DWORD number) {
  char text[200];
  snprintf(text, sizeof text,
           "{\"id\":5,\"method\":\"provider.detach\",\"params\":{"
           "\"provider\":%u}}\n",
           number);
  raw_say(&r, text);
  for (bool answered = false, stopped = false; !answered || !stopped;) {
    json_t *whole = raw_hear(&r);
    assert_non_null(whole);
    const json_t *kind =
        json_object_get(json_object_get(whole, "params"), "kind");
    answered |= json_object_get(whole, "result") != NULL;
    stopped |= kind != NULL && strcmp(json_string_value(kind), "stop") == 0;
    json_decref(whole);
  }
}

/* One that has gone leaves its place to another. */
static void providers_come_and_go_over_one_connection(void **unused) {
  (void)unused;
  meet();
  for (int i = 0; i < 70; i++) detach(attach());
  raw_close(&r);
}

/* ---- memory ---- */

enum { LISTENERS = 10, EACH = 64, BACKLOG = 1024, CHANGES = 60 };

static void few_events(struct fax_service_config *config) {
  config->event_backlog = BACKLOG;
}

static int set_up_few(void **unused) {
  (void)unused;
  stage_start(&st, NULL, few_events);
  return 0;
}

/* As often as may be; nothing is read of what it hears. */
static void listen_deaf(struct raw *one) {
  raw_open(one, &st);
  assert_int_equal(raw_ask(one, RAW_HELLO), 0);
  for (int i = 0; i < EACH; i++)
    assert_int_equal(raw_ask(one,
                             "{\"id\":2,\"method\":\"event.subscribe\","
                             "\"params\":{\"extended\":true}}\n"),
                     0);
}

static void change(DWORD times) {
  for (DWORD i = 0; i < times; i++) {
    FAX_CONFIGURATION *c;
    assert_true(FaxGetConfiguration(st.server, &c));
    c->Retries = i % 2;
    assert_true(FaxSetConfiguration(st.server, c));
    FaxFreeBuffer(c);
  }
}

/* Many connections of one account keep no more events than a few. */
static void deaf_listeners_share_a_backlog(void **unused) {
  static struct raw deaf[LISTENERS];
  (void)unused;
  for (int i = 0; i < LISTENERS; i++) listen_deaf(&deaf[i]);
  size_t before = mem_live();
  change(CHANGES);
  /* each has its batch, and the gap of each subscription, beside them */
  assert_in_range(mem_live() - before, BACKLOG,
                  TALLY_ALL * BACKLOG + LISTENERS * (2 * EACH + 50));
  for (int i = 0; i < LISTENERS; i++) raw_close(&deaf[i]);
}

/* More than any method takes is refused before it comes. */
static void bytes_have_a_limit(void **unused) {
  FAX_PORT_INFO *ports;
  DWORD count;
  char text[200];
  (void)unused;
  assert_true(FaxEnumPorts(st.server, &ports, &count));
  snprintf(text, sizeof text,
           "{\"id\":2,\"method\":\"port.open\",\"params\":{\"device_id\":%u,"
           "\"flags\":[\"modify\"]}}\n",
           ports[0].DeviceId);
  FaxFreeBuffer(ports);
  meet();
  assert_int_equal(raw_ask(&r, text), 0);
  snprintf(text, sizeof text,
           "{\"id\":3,\"method\":\"routing.write\",\"on\":1,\"attachment\":%d,"
           "\"params\":{\"guid\":\"none\"}}\n",
           (1 << 20) + 1);
  assert_int_equal(raw_ask(&r, text), ERROR_INVALID_DATA);
  raw_close(&r);
}

/* A long message, or a long answer, is none of an idle client's memory. */
static void buffers_do_not_stay_long(void **unused) {
  enum { MUCH = MESSAGE_LENGTH - 1, USUAL = 256 << 10 };
  struct message_in in = {0};
  struct message_out out = {0};
  struct message m;
  char *text = malloc(MUCH + 1);
  (void)unused;
  memset(text, ' ', MUCH);
  memcpy(text, "{}", 2);
  text[MUCH] = '\n';
  assert_int_equal(message_feed(&in, text, MUCH + 1), ERROR_SUCCESS);
  assert_int_equal(message_take(&in, &m), ERROR_SUCCESS);
  message_free(&m);
  assert_int_equal(message_take(&in, &m), ERROR_NOT_FOUND);
  assert_true(in.room <= USUAL);
  assert_int_equal(message_put_raw(&out, text, MUCH), ERROR_SUCCESS);
  message_sent(&out, MUCH - 1);
  assert_int_equal(out.length - out.sent, 1);
  message_sent(&out, 1);
  assert_true(out.room <= USUAL);
  message_in_free(&in);
  message_out_free(&out);
  free(text);
}

int main(void) {
  test_start();
  const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
      TEST(a_message_comes_whole_in_time),
      TEST(an_answer_is_taken_in_time),
      cmocka_unit_test_setup_teardown(deaf_listeners_share_a_backlog,
                                      set_up_few, tear_down),
      TEST(bytes_have_a_limit),
      cmocka_unit_test(buffers_do_not_stay_long),
      TEST(providers_come_and_go_over_one_connection)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
