/* SPDX-License-Identifier: MIT
   Numbers in their normal form (docs/dialling.md), and the rules that are
   refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/error.h"
#include "base/mem.h"
#include "service/dialling/dialling.h"
#include "test.h"

static const struct fax_dialling none = {.size = sizeof none};
static const struct fax_dialling germany = {.size = sizeof germany,
                                            .country = "49",
                                            .international = "00",
                                            .national = "0"};
static const struct fax_dialling america = {.size = sizeof america,
                                            .country = "1",
                                            .international = "011",
                                            .national = "1",
                                            .national_digits = 10};
static const struct fax_dialling norway = {.size = sizeof norway,
                                           .country = "47",
                                           .international = "00",
                                           .national = "",
                                           .national_digits = 8};

static const struct {
  const struct fax_dialling *rules;
  const char *number, *normal;
} numbers[] = {
    /* without rules only a "+" tells */
    {NULL, "+49 (0)30 123-456", "+4930123456"},
    {NULL, "+1 (555) 010.0100", "+15550100100"},
    {NULL, "030/123456", "030123456"},
    {&none, "0049 30 123456", "004930123456"},
    {&none, "102", "102"},
    /* prefixes */
    {&germany, "030 123456", "+4930123456"},
    {&germany, "0049 30 123456", "+4930123456"},
    {&germany, "00 1 555 010 0100", "+15550100100"},
    {&germany, "123456", "123456"},
    {&germany, "49 30 123456", "4930123456"},
    /* what is no number of E.164 */
    {&germany, "102", "102"},
    {&germany, "0102", "0102"},
    {&germany, "00123", "00123"},
    {&germany, "00012345678", "00012345678"},
    {&germany, "001234567890123456", "001234567890123456"},
    {&germany, "0123456789012345", "0123456789012345"},
    {&germany, "0,030123456", "0,030123456"},
    {&germany, "*31#030123456", "*31#030123456"},
    {&germany, "fax-1@pbx.example.org", "fax-1@pbx.example.org"},
    /* numbers of one length, with and without the prefix */
    {&america, "555 010 0100", "+15550100100"},
    {&america, "1 555 010 0100", "+15550100100"},
    {&america, "011 49 30 123456", "+4930123456"},
    {&america, "010-0100", "0100100"},
    {&america, "1555", "1555"},
    {&norway, "22 00 00 00", "+4722000000"},
    {&norway, "0047 22 00 00 00", "+4722000000"},
    {&norway, "110", "110"},
};

static void a_number_has_one_normal_form(void **unused) {
  (void)unused;
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
    struct dialling *d = NULL;
    assert_int_equal(dialling_new(numbers[i].rules, &d), ERROR_SUCCESS);
    char *normal = dialling_number(d, numbers[i].number);
    assert_string_equal(normal, numbers[i].normal);
    char *again = dialling_number(d, normal);
    assert_string_equal(again, normal); /* a normal form is its own */
    mem_free(again);
    mem_free(normal);
    mem_unref(d);
  }
}

/* ---- routes ---- */

static const char *const berlin[] = {"line 1", "line 2", NULL};
static const char *const sip[] = {"sip", NULL};
static const struct fax_dial_group groups[] = {{"berlin", berlin},
                                               {"far", sip}};
static const struct fax_dial_route routes[] = {
    {"+49", "far"}, {"+49 30", "berlin"}, {"+4930999", NULL}, {"1", "berlin"}};
static const char *const blocked[] = {"0900 123456", "+49 180*", "110",
                                      "*31*",        "110",      NULL};

static struct dialling *german_routes(void) {
  struct dialling *d = NULL;
  struct fax_dialling rules = germany;
  rules.groups = groups;
  rules.group_count = 2;
  rules.routes = routes;
  rules.route_count = 4;
  rules.blocked = blocked;
  assert_int_equal(dialling_new(&rules, &d), ERROR_SUCCESS);
  return d;
}

static void the_longest_prefix_wins(void **unused) {
  static const struct {
    const char *called, *prefix;
    DWORD group;
  } cases[] = {{"+4930123456", "+4930", 0},
               {"+4989123456", "+49", 1},
               {"+493099912", "+4930999", DIALLING_ANY},
               {"+4930999", "+4930999", DIALLING_ANY},
               {"+493099", "+4930", 0},
               {"+15550100100", NULL, DIALLING_ANY},
               {"+4", NULL, DIALLING_ANY},
               {"102", "1", 0},
               {"", NULL, DIALLING_ANY}};
  (void)unused;
  struct dialling *d = german_routes();
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    const char *prefix = "?";
    assert_int_equal(dialling_route(d, cases[i].called, &prefix),
                     cases[i].group);
    if (cases[i].prefix == NULL)
      assert_null(prefix);
    else
      assert_string_equal(prefix, cases[i].prefix);
  }
  assert_string_equal(dialling_group_name(d, 1), "far");
  mem_unref(d);
}

/* The route of all others, and many routes. */
static void each_of_many_routes_is_found(void **unused) {
  enum { MANY = 999 };
  static char texts[MANY][8];
  static struct fax_dial_route many[MANY + 1];
  struct dialling *d = NULL;
  (void)unused;
  for (int i = 0; i < MANY; i++) { /* in no order: 7 has no part in 999 */
    snprintf(texts[i], sizeof texts[i], "+%d", 1 + (i * 7) % MANY);
    many[i] = (struct fax_dial_route){texts[i], i % 2 != 0 ? "far" : "berlin"};
  }
  many[MANY] = (struct fax_dial_route){"", "far"};
  struct fax_dialling rules = {.size = sizeof rules,
                               .groups = groups,
                               .group_count = 2,
                               .routes = many,
                               .route_count = MANY + 1};
  assert_int_equal(dialling_new(&rules, &d), ERROR_SUCCESS);
  for (int i = 0; i < MANY; i++) {
    char called[16];
    const char *prefix = NULL;
    snprintf(called, sizeof called, "%s%s", texts[i],
             strlen(texts[i]) == 4 ? "0" : "");
    assert_int_equal(dialling_route(d, called, &prefix), i % 2);
    assert_string_equal(prefix, texts[i]);
  }
  assert_int_equal(dialling_route(d, "102", NULL), 1);
  mem_unref(d);
}

static void what_is_blocked_is_named(void **unused) {
  static const struct {
    const char *called, *by;
  } cases[] = {{"+49900123456", "0900 123456"},
               {"+499001234567", NULL},
               {"+49180123456", "+49 180*"},
               {"+4918", NULL},
               {"110", "110"},
               {"1102", NULL},
               {"*31*5", "*31*"},
               /* what is dialled behind it makes it no other number */
               {"+49900123456,,1", "0900 123456"},
               {"0900123456w", "0900 123456"},
               {"018012345p1", "+49 180*"},
               {"110#", "110"},
               {"+499001234567,", NULL},
               /* nor does what is dialled in front of it */
               {"*32#0900123456", "0900 123456"},
               {"#31#+49900123456", "0900 123456"},
               {"*32#,0900123456", "0900 123456"},
               {"**32*0900123456#", "0900 123456"},
               {"*67018012345", "+49 180*"},
               {"*322018012345", "+49 180*"},
               {"*12#*67018012345,1", "+49 180*"},
               {"0,0900123456", "0900 123456"},
               {"9w110", "110"},
               {"T0900123456", "0900 123456"},
               {"0900,123456", "0900 123456"},
               {"*32#030123456", NULL},
               {"*67030123456", NULL},
               {"*#", NULL},
               {"0,", NULL},
               /* the extension of another number */
               {"030123456,110", NULL},
               {"102,110", NULL},
               /* addresses */
               {"018012345@example", "+49 180*"},
               {"0180-12345@example", "+49 180*"},
               {"sip:+49900123456@example:5060", "0900 123456"},
               {"sips:*32#0900123456;user=phone@example", "0900 123456"},
               {"sip:%2B49900%3123456@example", "0900 123456"},
               {"tel:0900123456", "0900 123456"},
               {"fax=0900123456@example", "0900 123456"},
               {"fax-110@example", NULL},
               {"1102@110", NULL},
               {"@110", NULL},
               {"%1", NULL},
               {"%", NULL}};
  (void)unused;
  struct dialling *d = german_routes();
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    const char *by = dialling_blocked(d, cases[i].called);
    const char *wanted = cases[i].by != NULL ? cases[i].by : "nothing";
    if (strcmp(by != NULL ? by : "nothing", wanted) != 0)
      fail_msg("%s is blocked by %s, not by %s", cases[i].called,
               by != NULL ? by : "nothing", wanted);
  }
  mem_unref(d);
}

static void a_device_is_in_its_groups(void **unused) {
  (void)unused;
  struct dialling *d = german_routes();
  assert_int_equal(dialling_groups_of(d, "line 2", "loopback"), 1);
  assert_int_equal(dialling_groups_of(d, "line 1", "sip"), 3);
  assert_int_equal(dialling_groups_of(d, "line 3", NULL), 0);
  mem_unref(d);
}

static void no_memory_is_no_rule(void **unused) {
  struct fax_dialling rules = germany;
  struct dialling *d = NULL;
  (void)unused;
  rules.groups = groups;
  rules.group_count = 2;
  rules.routes = routes;
  rules.route_count = 4;
  rules.blocked = blocked;
  DWORD error = ERROR_NOT_ENOUGH_MEMORY;
  for (long n = 0; error != ERROR_SUCCESS; n++) {
    size_t live = mem_live();
    mem_fail_after(n);
    error = dialling_new(&rules, &d);
    mem_fail_after(-1);
    if (error == ERROR_SUCCESS) break;
    assert_int_equal(error, ERROR_NOT_ENOUGH_MEMORY);
    assert_int_equal(mem_live(), live);
  }
  mem_unref(d);
}

static void refused(struct fax_dialling rules, const char *key) {
  struct dialling *d = NULL;
  assert_int_equal(dialling_new(&rules, &d), ERROR_INVALID_PARAMETER);
  assert_null(d);
  assert_non_null(strstr(error_message(), key));
}

#define RULES(...)                                   \
  (struct fax_dialling) {                            \
    .size = sizeof(struct fax_dialling), __VA_ARGS__ \
  }

static void a_wrong_rule_is_named(void **unused) {
  (void)unused;
  refused(RULES(.country = ""), "dialling.country");
  refused(RULES(.country = "049"), "dialling.country");
  refused(RULES(.country = "4912"), "dialling.country");
  refused(RULES(.country = "+49"), "dialling.country");
  refused(RULES(.international = ""), "dialling.international");
  refused(RULES(.international = "+"), "dialling.international");
  refused(RULES(.country = "49", .national = "x"), "dialling.national");
  refused(RULES(.national = "0"), "dialling.country");
  refused(RULES(.country = "49", .national_digits = 16),
          "dialling.national_digits");
  refused((struct fax_dialling){.size = 1}, "struct fax_dialling");
  refused(
      RULES(.groups = &(struct fax_dial_group){"x", sip + 1}, .group_count = 1),
      "dialling.groups.x");
  refused(
      RULES(.groups = &(struct fax_dial_group){NULL, sip}, .group_count = 1),
      "dialling.groups");
  refused(RULES(.groups = (struct fax_dial_group[]){{"x", sip}, {"x", sip}},
                .group_count = 2),
          "two groups");
  refused(RULES(.groups = groups, .group_count = 65), "dialling.groups: 65");
  refused(
      RULES(.routes = &(struct fax_dial_route){"+1", "x"}, .route_count = 1),
      "dialling.routes[1].group");
  refused(
      RULES(.routes = &(struct fax_dial_route){NULL, NULL}, .route_count = 1),
      "dialling.routes[1].prefix");
  refused(
      RULES(.routes = (struct fax_dial_route[]){{"+1 2", NULL}, {"+12", NULL}},
            .route_count = 2),
      "dialling.routes[2].prefix");
  refused(RULES(.blocked = (const char *const[]){"1", "", NULL}),
          "dialling.blocked[2]");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_number_has_one_normal_form),
      cmocka_unit_test(the_longest_prefix_wins),
      cmocka_unit_test(each_of_many_routes_is_found),
      cmocka_unit_test(what_is_blocked_is_named),
      cmocka_unit_test(a_device_is_in_its_groups),
      cmocka_unit_test(no_memory_is_no_rule),
      cmocka_unit_test(a_wrong_rule_is_named),
  };
  test_start();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
