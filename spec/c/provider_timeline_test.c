/* SPDX-License-Identifier: MIT
   The time line of a progress: copied when it is said, the newest one kept,
   nothing believed of what a provider hands in. */
#include "test.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "model/record.h"
#include "provider/progress.h"
#include "provider/timeline.h"

static struct fax_t30_event event(DWORD moment, const char *frame,
                                  const char *details) {
  struct fax_t30_event e = {.moment = moment, .sent = 7, .frame = frame};
  snprintf(e.details, sizeof e.details, "%s", details);
  return e;
}

static struct fax_progress saying(const struct fax_t30_event *events, DWORD n) {
  struct fax_progress p = FAX_PROGRESS_INIT;
  p.timeline = events;
  p.timeline_count = n;
  return p;
}

static void merge(struct fax_progress *into, const struct fax_t30_event *events,
                  DWORD n) {
  struct fax_progress p = saying(events, n);
  progress_merge(into, &p);
}

static void is_event(const struct fax_t30_event *e, DWORD moment,
                     const char *frame, const char *details) {
  assert_int_equal(e->moment, moment);
  assert_int_equal(e->sent, TRUE);
  assert_string_equal(e->frame, frame);
  assert_string_equal(e->details, details);
}

static void the_newest_one_is_kept(void **unused) {
  struct fax_progress own, page = FAX_PROGRESS_INIT;
  size_t live = mem_live();
  char frame[] = "DIS", remote[] = "+1";
  struct fax_t30_event first[] = {event(1, frame, "V.17")};
  const struct fax_t30_event second[] = {event(2, "DCS", "9600 bit/s"),
                                         event(3, "CFR", "")};
  (void)unused;
  progress_init(&own);
  merge(&own, first, 1);
  memset(frame, 'x', 3);
  memset(first, 0, sizeof first);
  is_event(own.timeline, 1, "DIS", "V.17"); /* a copy */
  const struct fax_t30_event *before = own.timeline;
  page.page = 1;
  page.remote_id = remote;
  progress_merge(&own, &page); /* says none */
  merge(&own, NULL, 4);
  merge(&own, second, 0);
  assert_ptr_equal(own.timeline, before);
  merge(&own, second, 2);
  assert_int_equal(own.timeline_count, 2);
  is_event(&own.timeline[0], 2, "DCS", "9600 bit/s");
  is_event(&own.timeline[1], 3, "CFR", "");
  assert_int_equal(own.page, 1);
  assert_string_equal(own.remote_id, "+1");
  progress_clear(&own);
  assert_null(own.timeline);
  assert_int_equal(own.timeline_count, 0);
  assert_int_equal(mem_live(), live);
}

/* Programs built with an older header, or with a newer one. */
static void only_what_lies_within_the_size_is_read(void **unused) {
  const struct fax_t30_event events[] = {event(1, "DIS", "")};
  struct {
    struct fax_progress p;
    char more[16];
  } given = {.p = saying(events, 1)};
  const size_t line = offsetof(struct fax_progress, timeline),
               counted = line + 2 * sizeof(char *);
  (void)unused;
  given.p.advice = "wait";
  given.p.transport = FAX_TRANSPORT_T38;
  for (size_t size = sizeof(DWORD); size <= sizeof given; size++) {
    struct fax_progress own;
    progress_init(&own);
    given.p.size = (DWORD)size;
    progress_merge(&own, &given.p);
    assert_int_equal(own.timeline_count, size >= counted);
    assert_int_equal(own.timeline != NULL, size >= counted);
    assert_int_equal(own.advice != NULL, size >= line);
    assert_int_equal(own.transport == FAX_TRANSPORT_T38,
                     size >= sizeof given.p);
    progress_clear(&own);
  }
}

static void what_is_not_sound_is_left_out(void **unused) {
  struct fax_t30_event events[] = {
      event(1, NULL, "none"),
      event(2, "", "empty"),
      event(3, "\xff", "no"),
      event(4, "MCF", "\xc3"),
      event(5, "MCF", ""),
      event(6, "MCF", "behind the end"),
      event(7, "0123456789012345678901234567890", "31 letters"),
      event(8, "01234567890123456789012345678901", "32 letters")};
  struct fax_progress own;
  (void)unused;
  memset(events[4].details, 'x', sizeof events[4].details);
  events[5].details[6] = '\0';
  progress_init(&own);
  merge(&own, events, 8);
  assert_int_equal(own.timeline_count, 4);
  is_event(&own.timeline[0], 4, "MCF", "");
  is_event(&own.timeline[1], 5, "MCF", "");
  is_event(&own.timeline[2], 6, "MCF", "behind");
  for (size_t i = 6; i < sizeof own.timeline->details; i++)
    assert_int_equal(own.timeline[2].details[i], 0);
  assert_int_equal(own.timeline[3].moment, 7);
  merge(&own, events, 3); /* nothing of it is */
  assert_int_equal(own.timeline_count, 0);
  assert_null(own.timeline);
  progress_clear(&own);
}

/* The first ones, also when the count is a lie beyond them. */
static void no_more_than_the_bound_is_read(void **unused) {
  struct fax_t30_event *events =
      mem_alloc(FAX_T30_MOST_EVENTS * sizeof *events);
  struct fax_progress own;
  (void)unused;
  for (DWORD i = 0; i < FAX_T30_MOST_EVENTS; i++)
    events[i] = event(i, "PPR", "1 frames missing");
  progress_init(&own);
  merge(&own, events, UINT32_MAX);
  assert_int_equal(own.timeline_count, FAX_T30_MOST_EVENTS);
  is_event(&own.timeline[FAX_T30_MOST_EVENTS - 1], FAX_T30_MOST_EVENTS - 1,
           "PPR", "1 frames missing");
  progress_clear(&own);
  mem_free(events);
}

/* With no memory left the older one stays. */
static DWORD merge_two(void *unused) {
  const struct fax_t30_event events[] = {event(1, "DIS", ""),
                                         event(2, "DCS", "")};
  struct fax_progress own;
  (void)unused;
  progress_init(&own);
  merge(&own, events, 1);
  bool first = own.timeline != NULL;
  merge(&own, events, 2);
  DWORD count = own.timeline_count;
  assert_int_equal(own.timeline != NULL, count != 0);
  progress_clear(&own);
  if (count == 2) return first ? ERROR_SUCCESS : ERROR_NOT_ENOUGH_MEMORY;
  assert_int_equal(count, first);
  return ERROR_NOT_ENOUGH_MEMORY;
}

static void memory_may_be_short(void **unused) {
  (void)unused;
  sweep(merge_two);
}

/* ---- the record ---- */

static void is_shown(const struct fax_t30_event *e, const char *expected) {
  json_t *json = record_to_json(&record_t30_event, e);
  char *text = json_dumps(json, JSON_COMPACT | JSON_SORT_KEYS);
  assert_string_equal(text, expected);
  free(text);
  json_decref(json);
}

static void it_is_shown_in_seconds(void **unused) {
  struct fax_t30_event e = event(4500, "DIS", "V.17 ECM");
  (void)unused;
  is_shown(&e,
           "{\"details\":\"V.17 ECM\",\"frame\":\"DIS\",\"moment\":4.5,"
           "\"sent\":true}");
  e = event(3000, "MCF", "");
  is_shown(&e, "{\"frame\":\"MCF\",\"moment\":3,\"sent\":true}");
  memset(e.details, 'x', sizeof e.details); /* no end */
  is_shown(&e,
           "{\"details\":\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\","
           "\"frame\":\"MCF\",\"moment\":3,\"sent\":true}");
}

static DWORD read_text(const char *text, struct fax_t30_event *e,
                       struct arena *a) {
  json_t *json = json_loads(text, JSON_ALLOW_NUL, NULL);
  assert_non_null(json);
  DWORD error = record_from_json(&record_t30_event, json, e, a);
  json_decref(json);
  return error;
}

static void what_is_wrong_is_refused(void **unused) {
  static const char *const wrong[][2] = {
      {"{\"moment\":-0.001}", "moment"},
      {"{\"moment\":4294967.296}", "moment"},
      {"{\"moment\":\"3\"}", "moment"},
      {"{\"details\":5}", "details"},
      {"{\"details\":\"a\\u0000b\"}", "details"},
      {"{\"details\":\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"}",
       "details"}};
  struct arena a = {0};
  struct fax_t30_event e;
  (void)unused;
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    if (read_text(wrong[i][0], &e, &a) != ERROR_INVALID_DATA)
      fail_msg("%s is taken", wrong[i][0]);
    assert_non_null(strstr(error_message(), wrong[i][1]));
  }
  assert_int_equal(
      read_text("{\"moment\":4294967.295,\"sent\":true,\"frame\":\"DCN\"}", &e,
                &a),
      ERROR_SUCCESS);
  is_event(&e, UINT32_MAX, "DCN", "");
  arena_free(&a);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_newest_one_is_kept),
      cmocka_unit_test(only_what_lies_within_the_size_is_read),
      cmocka_unit_test(what_is_not_sound_is_left_out),
      cmocka_unit_test(no_more_than_the_bound_is_read),
      cmocka_unit_test(memory_may_be_short),
      cmocka_unit_test(it_is_shown_in_seconds),
      cmocka_unit_test(what_is_wrong_is_refused),
  };

  test_start();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
