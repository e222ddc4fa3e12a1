/* SPDX-License-Identifier: MIT
   Numbers in their normal form (docs/dialling.md), and the rules that are
   refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/error.h"
#include "base/mem.h"
#include "service/dialling/dialling.h"

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
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_number_has_one_normal_form),
      cmocka_unit_test(a_wrong_rule_is_named),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
