/* SPDX-License-Identifier: MIT
   Records as JSON and back: every record, every kind of field, what is wrong,
   what is hostile, and what memory does. jansson allocates where we do, so that
   its leaks are seen and its failures swept. */
#include <fax/fax_service.h>
#include <jansson.h>

#include "json_text.h"
#include "base/error.h"
#include "model/names.h"
#include "model/time.h"
#include "test.h"

/* ---- filling and comparing by the description ---- */

struct filler {
  struct arena arena;
  DWORD next; /* so that no two fields have the same value */
};

static DWORD name_at(const struct fax_name *names, DWORD n) {
  DWORD count = 0;
  while (names[count].name != NULL) count++;
  return names[n % count].value;
}

static void put(char *item, size_t offset, const void *value, size_t size) {
  memcpy(item + offset, value, size);
}

static void fill(struct filler *w, const struct fax_record *r, char *item);

static void fill_records(struct filler *w, const struct fax_field *f,
                         char *item) {
  DWORD count = 3;
  char *items = arena_alloc(&w->arena, count * f->record->size);
  for (DWORD i = 0; i < count; i++)
    fill(w, f->record, items + i * f->record->size);
  put(item, f->count, &count, sizeof count);
  put(item, f->offset, &items, sizeof items);
}

static void fill_text(struct filler *w, const struct fax_field *f, char *item) {
  char text[64];
  int n = snprintf(text, sizeof text, "%s \"\xc3\xbc\"\n %u", f->name, w->next);
  const char *copy = arena_text(&w->arena, text, (size_t)n);
  put(item, f->offset, &copy, sizeof copy);
}

static void fill_field(struct filler *w, const struct fax_field *f,
                       char *item) {
  DWORD n = ++w->next;
  int64_t wall = (INT64_C(1767268800) + n) * 1000000000 + n % 1000 * 1000000;
  switch ((int)f->kind) {
    case FAX_FIELD_DWORD:
    case FAX_FIELD_KNOWN:
      put(item, f->offset, &n, sizeof n);
      return;
    case FAX_FIELD_BOOL:
    case FAX_FIELD_KNOWN_BOOL:
      n %= 2;
      put(item, f->offset, &n, sizeof n);
      return;
    case FAX_FIELD_ENUM:
    case FAX_FIELD_KNOWN_ENUM:
      n = n % 5 == 0 ? 0x7000 + n : name_at(f->names, n);
      put(item, f->offset, &n, sizeof n);
      return;
    case FAX_FIELD_FLAGS:
    case FAX_FIELD_KNOWN_FLAGS:
      n = name_at(f->names, n) | name_at(f->names, n + 1) | n << 12;
      put(item, f->offset, &n, sizeof n);
      return;
    case FAX_FIELD_TEXT:
      fill_text(w, f, item);
      return;
    case FAX_FIELD_ID64: {
      DWORDLONG id = UINT64_MAX - n;
      put(item, f->offset, &id, sizeof id);
      return;
    }
    case FAX_FIELD_FILETIME: {
      FILETIME time = time_to_filetime(wall + n * 1000);
      put(item, f->offset, &time, sizeof time);
      return;
    }
    case FAX_FIELD_SYSTEMTIME: {
      SYSTEMTIME time;
      time_to_systemtime(wall, &time);
      put(item, f->offset, &time, sizeof time);
      return;
    }
    case FAX_FIELD_TIME_OF_DAY: {
      FAX_TIME time = {(WORD)(n % 24), (WORD)(n % 60)};
      put(item, f->offset, &time, sizeof time);
      return;
    }
    case FAX_FIELD_MILLISECONDS:
    case FAX_FIELD_KNOWN_MILLISECONDS:
      put(item, f->offset, &n, sizeof n);
      return;
    case FAX_FIELD_CHARS:
      snprintf(item + f->offset, f->count, "\xc3\xbc %u", n);
      return;
    case FAX_FIELD_RECORDS:
      fill_records(w, f, item);
      return;
    default: /* those of no record that is public */
      return;
  }
}

static void fill(struct filler *w, const struct fax_record *r, char *item) {
  memset(item, 0, r->size);
  for (const struct fax_field *f = r->fields; f->name != NULL; f++) {
    DWORD size = (DWORD)r->size;
    if (f->kind == FAX_FIELD_SIZE) put(item, f->offset, &size, sizeof size);
    fill_field(w, f, item);
  }
}

/* The JSON of both is the same, and so is what JSON does not show: pointers are
   compared by what they point to, all else byte by byte. */
static bool same(const struct fax_record *r, const char *a, const char *b) {
  char *left = mem_alloc(r->size), *right = mem_alloc(r->size);
  bool equal = true;
  memcpy(left, a, r->size);
  memcpy(right, b, r->size);
  for (const struct fax_field *f = r->fields; f->name != NULL; f++) {
    const char *p, *q;
    if (f->kind != FAX_FIELD_TEXT && f->kind != FAX_FIELD_RECORDS) continue;
    memcpy(&p, a + f->offset, sizeof p);
    memcpy(&q, b + f->offset, sizeof q);
    memset(left + f->offset, 0, sizeof p);
    memset(right + f->offset, 0, sizeof q);
    if (f->kind == FAX_FIELD_TEXT) {
      equal = equal && (p == NULL) == (q == NULL) &&
              (p == NULL || strcmp(p, q) == 0);
    } else {
      DWORD n, m;
      memcpy(&n, a + f->count, sizeof n);
      memcpy(&m, b + f->count, sizeof m);
      equal = equal && n == m;
      for (DWORD i = 0; equal && i < n; i++)
        equal =
            same(f->record, p + i * f->record->size, q + i * f->record->size);
    }
  }
  equal = equal && memcmp(left, right, r->size) == 0;
  mem_free(left);
  mem_free(right);
  return equal;
}

/* ---- there and back ---- */

static void every_record_comes_back(void **unused) {
  const struct fax_record *r;
  size_t live = mem_live();
  DWORD count = 0;
  (void)unused;
  for (; (r = FaxRecordAt(count)) != NULL; count++) {
    struct filler w = {.next = count * 100};
    struct arena a = {0};
    char *item = arena_alloc(&w.arena, r->size);
    char *back = arena_alloc(&w.arena, r->size);
    fill(&w, r, item);
    json_t *json = record_to_json(r, item);
    assert_non_null(json);
    char *text = json_dumps(json, JSON_COMPACT);
    json_text_is(r, item, text);
    json_t *parsed = json_loads(text, 0, NULL);
    assert_non_null(parsed);
    if (record_from_json(r, parsed, back, &a) != ERROR_SUCCESS)
      fail_msg("%s: %s", text, error_message());
    if (!same(r, item, back)) fail_msg("%s", text);
    mem_free(text);
    json_decref(json);
    json_decref(parsed);
    arena_free(&a);
    arena_free(&w.arena);
  }
  assert_true(count >= 17);
  assert_int_equal(mem_live(), live);
}

static char *shown(const struct fax_record *r, const void *item) {
  json_t *json = record_to_json(r, item);
  char *text = json_dumps(json, JSON_COMPACT | JSON_SORT_KEYS);
  json_decref(json);
  return text;
}

static void is_shown(const struct fax_record *r, const void *item,
                     const char *expected) {
  char *text = shown(r, item);
  assert_string_equal(text, expected);
  mem_free(text);
}

static DWORD from_text(const struct fax_record *r, const char *text, void *item,
                       struct arena *a) {
  json_t *json = json_loads(text, JSON_ALLOW_NUL, NULL);
  if (json == NULL) fail_msg("no JSON: %s", text);
  DWORD error = record_from_json(r, json, item, a);
  json_decref(json);
  return error;
}

static void the_form_is_as_documented(void **unused) {
  struct arena a = {0};
  FAX_CONFIGURATION c = {.Retries = 3,
                         .Branding = 7,
                         .StartCheapTime = {8, 5},
                         .ArchiveDirectory = "/a",
                         .Reserved = "p"};
  FAX_PORT_INFO p = {.State = FPS_BUSY, .Flags = FPF_SEND | 0x100};
  struct fax_job_result r = {.job_id = 4,
                             .outcome = 77,
                             .submitted = {1, 0},
                             .pages = FAX_UNKNOWN,
                             .pages_confirmed = 0,
                             .bad_rows = FAX_UNKNOWN};
  (void)unused;
  is_shown(&record_configuration, &c,
           "{\"archive_directory\":\"/a\",\"archive_outgoing_faxes\":false,"
           "\"branding\":true,\"dirty_days\":0,\"inbound_profile\":\"p\","
           "\"pause_server_queue\":false,\"retries\":3,\"retry_delay\":0,"
           "\"server_cp\":false,\"start_cheap_time\":\"08:05\","
           "\"stop_cheap_time\":\"00:00\",\"use_device_tsid\":false}");
  is_shown(&record_port_info, &p,
           "{\"device_id\":0,\"flags\":[\"FPF_SEND\",256],\"priority\":0,"
           "\"rings\":0,\"state\":\"FPS_BUSY\"}");
  r.submitted = time_to_filetime(INT64_C(1500000000));
  is_shown(&record_job_result, &r,
           "{\"attempts\":[],\"job_id\":4,\"job_type\":\"JT_UNKNOWN\","
           "\"outcome\":77,\"pages_confirmed\":0,\"submitted\":1.5}");
  r.attempt_count = 9;
  assert_int_equal(
      from_text(&record_job_result, "{\"attempts\":[{},{}]}", &r, &a),
      ERROR_SUCCESS);
  assert_int_equal(r.attempt_count, 2);
  assert_int_equal(r.size, sizeof r);
  assert_int_equal(r.pages, FAX_UNKNOWN);
  assert_int_equal(r.outcome, 0);
  assert_null(r.path);
  assert_int_equal(r.attempts[1].rate, FAX_UNKNOWN);
  assert_int_equal(r.attempts[1].encoding, FAX_UNKNOWN);
  assert_int_equal(
      from_text(&record_port_info, "{\"flags\":[],\"rings\":7.0,\"tsid\":null}",
                &p, &a),
      ERROR_SUCCESS);
  assert_int_equal(p.Flags, 0);
  assert_int_equal(p.Rings, 7);
  arena_free(&a);
}

/* Not known is left out, and comes back as not known; nothing is nothing. */
static void what_is_not_known_stays_so(void **unused) {
  struct arena a = {0};
  struct fax_event e = {.size = sizeof e,
                        .kind = FAX_EVENT_SERVICE,
                        .event_id = FEI_IDLE,
                        .sequence = UINT64_MAX,
                        .job_id = FAX_UNKNOWN,
                        .queue_status = FAX_UNKNOWN,
                        .attempt = FAX_UNKNOWN,
                        .phase = FAX_UNKNOWN,
                        .page = FAX_UNKNOWN,
                        .pages = FAX_UNKNOWN,
                        .pages_confirmed = FAX_UNKNOWN,
                        .rate = FAX_UNKNOWN,
                        .ecm = FAX_UNKNOWN,
                        .encoding = FAX_UNKNOWN,
                        .bad_rows = FAX_UNKNOWN,
                        .complete = FAX_UNKNOWN,
                        .missed = FAX_UNKNOWN,
                        .quality = FAX_UNKNOWN},
                   back = {0};
  (void)unused;
  char *text = shown(&record_fax_event, &e);
  assert_string_equal(text,
                      "{\"device_id\":0,\"kind\":\"service\",\"name\":"
                      "\"FEI_IDLE\",\"outcome\":\"pending\",\"sequence\":"
                      "\"18446744073709551615\"}");
  assert_int_equal(from_text(&record_fax_event, text, &back, &a),
                   ERROR_SUCCESS);
  assert_true(same(&record_fax_event, (char *)&e, (char *)&back));
  mem_free(text);
  arena_free(&a);
}

static void text_that_is_no_utf8_is_mended(void **unused) {
  static const char *const bad[][2] = {
      {"a\xff"
       "b",
       "{\"device_id\":0,\"flags\":[],\"priority\":0,\"rings\":0,\"tsid\":"
       "\"a\xef\xbf\xbd"
       "b\"}"},
      {"\xc3\xbc\xe2\x82",
       "{\"device_id\":0,\"flags\":[],\"priority\":0,\"rings\":0,\"tsid\":"
       "\"\xc3\xbc\xef\xbf\xbd\xef\xbf\xbd\"}"},
      {"\xed\xa0\x80\xf0\x9f\x93\xa0",
       "{\"device_id\":0,\"flags\":[],\"priority\":0,\"rings\":0,\"tsid\":"
       "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xf0\x9f\x93\xa0\"}"}};
  (void)unused;
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    FAX_PORT_INFO p = {.Tsid = bad[i][0]};
    is_shown(&record_port_info, &p, bad[i][1]);
  }
}

/* Times that no clock of 64 bits of nanoseconds has are written somehow, and
   refused by whoever reads them; a date that is none is not written. */
static void odd_times_are_no_trap(void **unused) {
  struct arena a = {0};
  struct fax_received f = {.time = {0xffffffff, 0xffffffff}};
  FAX_JOB_ENTRY j = {.ScheduleTime = {.wYear = 2026, .wMonth = 2, .wDay = 30}};
  (void)unused;
  char *text = shown(&record_received, &f);
  assert_int_equal(from_text(&record_received, text, &f, &a),
                   ERROR_INVALID_DATA);
  mem_free(text);
  text = shown(&record_job_entry, &j);
  assert_null(strstr(text, "schedule_time"));
  mem_free(text);
  arena_free(&a);
}

/* ---- what is wrong ---- */

static const struct {
  const struct fax_record *record;
  const char *json, *says;
} wrong[] = {
    {&record_port_info, "[]", "an object"},
    {&record_port_info, "{\"colour\":1}", "no field 'colour'"},
    {&record_port_info, "{\"size_of_struct\":\"48\"}", "size_of_struct"},
    {&record_job_result, "{\"attempt_count\":1}", "attempt_count"},
    {&record_port_info, "{\"rings\":\"3\"}", "rings"},
    {&record_port_info, "{\"rings\":-1}", "rings"},
    {&record_port_info, "{\"rings\":4294967296}", "rings"},
    {&record_port_info, "{\"rings\":1.5}", "rings"},
    {&record_port_info, "{\"rings\":1e300}", "rings"},
    {&record_port_info, "{\"state\":\"FPS_NONE\"}", "state"},
    {&record_port_info, "{\"state\":[]}", "state"},
    {&record_port_info, "{\"flags\":\"FPF_SEND\"}", "flags"},
    {&record_port_info, "{\"flags\":[\"FPF_SEND\",null]}", "flags"},
    {&record_port_info, "{\"flags\":[\"FPF_SEND\",\"x\"]}", "flags"},
    {&record_port_info, "{\"tsid\":5}", "tsid"},
    {&record_port_info, "{\"tsid\":\"a\\u0000b\"}", "tsid"},
    {&record_configuration, "{\"branding\":1}", "branding"},
    {&record_configuration, "{\"start_cheap_time\":\"24:00\"}", "HH:MM"},
    {&record_configuration, "{\"start_cheap_time\":\"12:60\"}", "HH:MM"},
    {&record_configuration, "{\"start_cheap_time\":\"1:000\"}", "HH:MM"},
    {&record_configuration, "{\"start_cheap_time\":\"\"}", "HH:MM"},
    {&record_configuration, "{\"start_cheap_time\":1}", "HH:MM"},
    {&record_fax_event, "{\"sequence\":5}", "sequence"},
    {&record_fax_event, "{\"sequence\":\"\"}", "sequence"},
    {&record_fax_event, "{\"sequence\":\"-1\"}", "sequence"},
    {&record_fax_event, "{\"sequence\":\"18446744073709551616\"}", "sequence"},
    {&record_fax_event, "{\"sequence\":\"99999999999999999999999\"}",
     "sequence"},
    {&record_fax_event, "{\"time\":\"now\"}", "time"},
    {&record_fax_event, "{\"time\":9.3e9}", "time"},
    {&record_fax_event, "{\"ecm\":\"yes\"}", "ecm"},
    {&record_job_param, "{\"schedule_time\":1e30}", "schedule_time"},
    {&record_job_param, "{\"call_handle\":1}", "call_handle"},
    {&record_job_result, "{\"attempts\":{}}", "attempts"},
    {&record_job_result, "{\"attempts\":[1]}", "an object"},
    {&record_job_result, "{\"attempts\":[{\"rate\":false}]}", "rate"},
};

static void what_is_wrong_is_named(void **unused) {
  char item[512], before[512];
  size_t live = mem_live();
  (void)unused;
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    struct arena a = {0};
    assert_true(wrong[i].record->size <= sizeof item);
    memset(item, 0x5a, sizeof item);
    memset(before, 0x5a, sizeof before);
    if (from_text(wrong[i].record, wrong[i].json, item, &a) !=
        ERROR_INVALID_DATA)
      fail_msg("%s is taken", wrong[i].json);
    if (strstr(error_message(), wrong[i].says) == NULL)
      fail_msg("%s: \"%s\" does not say %s", wrong[i].json, error_message(),
               wrong[i].says);
    assert_memory_equal(item, before, sizeof item);
    arena_free(&a);
  }
  assert_int_equal(mem_live(), live);
}

static void what_is_too_large_is_refused(void **unused) {
  struct arena a = {.limit = 1000};
  struct fax_job_result r = {.size = 5};
  (void)unused;
  json_t *list = json_array();
  for (int i = 0; i < 20; i++) json_array_append_new(list, json_object());
  json_t *json = json_pack("{s:o}", "attempts", list);
  assert_int_equal(record_from_json(&record_job_result, json, &r, &a),
                   ERROR_INVALID_DATA);
  assert_non_null(strstr(error_message(), "too large"));
  assert_int_equal(r.size, 5);
  json_decref(json);
  arena_free(&a);
  char text[1200];
  memset(text, 'x', sizeof text);
  json = json_pack("{s:o}", "path", json_stringn(text, sizeof text));
  assert_int_equal(record_from_json(&record_job_result, json, &r, &a),
                   ERROR_INVALID_DATA);
  assert_non_null(strstr(error_message(), "path"));
  json_decref(json);
  arena_free(&a);
}

/* ---- what is hostile ---- */

static uint64_t random_state;

static DWORD random_below(DWORD n) {
  random_state ^= random_state << 13;
  random_state ^= random_state >> 7;
  random_state ^= random_state << 17;
  return (DWORD)(random_state >> 32) % n;
}

/* A value of some other type in the place of some member. */
static void mutate_tree(json_t *object) {
  static const char *const values[] = {"null",
                                       "0",
                                       "-1",
                                       "4294967295",
                                       "4294967296",
                                       "1e308",
                                       "0.5",
                                       "\"\"",
                                       "\"x\"",
                                       "\"23:59\"",
                                       "\"JT_SEND\"",
                                       "true",
                                       "[]",
                                       "{}",
                                       "[[[[[[[[[[]]]]]]]]]]",
                                       "[0,1,2]",
                                       "[{}]",
                                       "\"\\u0000\"",
                                       "-9223372036854775808",
                                       "{\"number\":1}"};
  DWORD skip = random_below((DWORD)json_object_size(object) + 1);
  void *at = json_object_iter(object);
  while (skip-- > 0 && at != NULL) at = json_object_iter_next(object, at);
  json_t *value =
      json_loads(values[random_below(sizeof values / sizeof *values)],
                 JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
  if (at != NULL)
    json_object_iter_set_new(object, at, value);
  else
    json_object_set_new(object, "extra", value);
}

static void mutate_text(char *text, size_t length) {
  for (DWORD n = 1 + random_below(3); n > 0; n--) {
    char *at = text + random_below((DWORD)length);
    static const char marks[] = "\"{}[]:,0123456789eE.-ntf\\u \x80\xff";
    if (random_below(2) == 0)
      *at = marks[random_below(sizeof marks - 1)];
    else
      *at = (char)(1 + random_below(255));
  }
}

/* Whatever comes in is refused, or is a record that comes back. */
static bool read_hostile(const struct fax_record *r, const json_t *json) {
  struct arena a = {0};
  char *item = mem_alloc(r->size), *back = mem_alloc(r->size);
  DWORD error = record_from_json(r, json, item, &a);
  if (error == ERROR_SUCCESS) {
    json_t *again = record_to_json(r, item);
    assert_non_null(again);
    assert_int_equal(record_from_json(r, again, back, &a), ERROR_SUCCESS);
    assert_true(same(r, item, back));
    json_decref(again);
  } else {
    assert_int_equal(error, ERROR_INVALID_DATA);
  }
  arena_free(&a);
  mem_free(item);
  mem_free(back);
  return error == ERROR_SUCCESS;
}

static void nothing_hostile_gets_through(void **unused) {
  const struct fax_record *r;
  size_t live = mem_live();
  DWORD taken = 0, refused = 0;
  (void)unused;
  random_state = 0x3a11f00dULL;
  for (DWORD i = 0; (r = FaxRecordAt(i)) != NULL; i++) {
    struct filler w = {.next = i};
    char *item = arena_alloc(&w.arena, r->size);
    fill(&w, r, item);
    char *text = shown(r, item);
    size_t length = strlen(text);
    for (int round = 0; round < 1000; round++) {
      char *copy = mem_text(text);
      if (round % 2 != 0) mutate_text(copy, length);
      json_t *json = json_loads(copy, JSON_ALLOW_NUL, NULL);
      if (json != NULL && round % 2 == 0) mutate_tree(json);
      if (json != NULL && read_hostile(r, json))
        taken++;
      else
        refused++;
      json_decref(json);
      mem_free(copy);
    }
    mem_free(text);
    arena_free(&w.arena);
  }
  assert_true(taken > 500);
  assert_true(refused > 500);
  assert_int_equal(mem_live(), live);
}

/* ---- memory ---- */

static const struct fax_record *swept;
static char *swept_item;

static DWORD there_and_back(void *unused) {
  struct arena a = {0};
  char back[512];
  (void)unused;
  json_t *json = record_to_json(swept, swept_item);
  if (json == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  DWORD error = record_from_json(swept, json, back, &a);
  json_decref(json);
  arena_free(&a);
  return error;
}

static void no_memory_leaves_nothing(void **unused) {
  (void)unused;
  for (DWORD i = 0; (swept = FaxRecordAt(i)) != NULL; i++) {
    struct filler w = {.next = i};
    swept_item = arena_alloc(&w.arena, swept->size);
    assert_true(swept->size <= 512);
    fill(&w, swept, swept_item);
    sweep(there_and_back);
    arena_free(&w.arena);
  }
  FAX_PORT_INFO p = {.Tsid = "\xff"};
  swept = &record_port_info;
  swept_item = (char *)&p;
  sweep(there_and_back);
}

static void an_arena_gives_what_fits(void **unused) {
  struct arena a = {0};
  size_t live = mem_live();
  (void)unused;
  for (size_t size = 0; size < 10000; size += 37) {
    char *block = arena_alloc(&a, size);
    assert_non_null(block);
    assert_int_equal((uintptr_t)block % _Alignof(max_align_t), 0);
    for (size_t i = 0; i < size; i++) assert_int_equal(block[i], 0);
    memset(block, 1, size);
  }
  assert_null(arena_alloc(&a, SIZE_MAX));
  assert_true(a.exceeded);
  assert_null(arena_text(&a, "", SIZE_MAX));
  arena_free(&a);
  assert_false(a.exceeded);
  assert_int_equal(mem_live(), live);
  assert_int_equal(mem_faults(), 0);
}

static void give_back(void *block) {
  mem_free(block);
}

int main(void) {
  test_start();
  json_set_alloc_funcs(mem_alloc, give_back); /* of this program alone */
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_record_comes_back),
      cmocka_unit_test(the_form_is_as_documented),
      cmocka_unit_test(what_is_not_known_stays_so),
      cmocka_unit_test(text_that_is_no_utf8_is_mended),
      cmocka_unit_test(odd_times_are_no_trap),
      cmocka_unit_test(what_is_wrong_is_named),
      cmocka_unit_test(what_is_too_large_is_refused),
      cmocka_unit_test(nothing_hostile_gets_through),
      cmocka_unit_test(no_memory_leaves_nothing),
      cmocka_unit_test(an_arena_gives_what_fits),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
