/* SPDX-License-Identifier: MIT
   FaxAccessCheck (SEC-4, SEC-5), and the choices that a service may make as on
   Windows (enum fax_compat). */
#include "service_config.h"

static struct stage st;

static void lax(struct fax_service_config *config) {
  config->compat = FAX_COMPAT_LAX_PORTS;
}
static void close_right(struct fax_service_config *config) {
  config->compat = FAX_COMPAT_CLOSE_RIGHT;
}

static void start(void (*change)(struct fax_service_config *)) {
  fsp_set(1);
  stage_start_with(&st, "forward", NULL, change);
}

static HANDLE connect_with(DWORD rights) {
  struct fax_connect c = {
      .size = sizeof c, .rights = rights, .user = "someone"};
  HANDLE server;
  assert_true(stage_connect_as(&st, &c, &server));
  return server;
}

/* ---- rights ---- */

static const DWORD rights[] = {FAX_JOB_SUBMIT, FAX_JOB_QUERY,  FAX_CONFIG_QUERY,
                               FAX_CONFIG_SET, FAX_PORT_QUERY, FAX_PORT_SET,
                               FAX_JOB_MANAGE};
#define RIGHTS (sizeof rights / sizeof *rights)

/* SEC-3, -4: every pair of a connection with some rights and a mask. "No" is no
   error: the last error is 0. */
static void all_rights_of_the_mask_are_asked_for(void **unused) {
  (void)unused;
  start(NULL);
  for (DWORD has = 1; has < 1u << RIGHTS; has++) {
    HANDLE server = connect_with(has); /* the rights are the low bits */
    for (DWORD mask = 1; mask < 1u << RIGHTS; mask++) {
      FaxSetLastError(ERROR_BUSY);
      BOOL yes = FaxAccessCheck(server, mask);
      assert_int_equal(yes != FALSE, (mask & ~has) == 0);
      if (!yes) assert_int_equal(FaxGetLastError(), ERROR_SUCCESS);
    }
    assert_true(FaxClose(server));
  }
  DWORD sum = 0;
  for (size_t i = 0; i < RIGHTS; i++) sum |= rights[i];
  assert_int_equal(sum, (1u << RIGHTS) - 1);
  assert_true(FaxAccessCheck(st.server, FAX_READ));
  assert_true(FaxAccessCheck(st.server, FAX_WRITE));
  assert_true(FaxAccessCheck(st.server, FAX_ALL_ACCESS));
  HANDLE server = connect_with(FAX_JOB_SUBMIT);
  assert_true(FaxAccessCheck(server, FAX_WRITE));
  assert_false(FaxAccessCheck(server, FAX_READ));
  assert_false(FaxAccessCheck(server, FAX_ALL_ACCESS));
  assert_true(FaxClose(server));
  stage_stop(&st);
}

/* SEC-5 */
static void a_mask_must_be_of_rights(void **unused) {
  (void)unused;
  start(NULL);
  FaxSetLastError(ERROR_BUSY);
  assert_false(FaxAccessCheck(st.server, 0));
  assert_int_equal(FaxGetLastError(), ERROR_SUCCESS);
  for (int bit = 0; bit < 32; bit++) {
    DWORD mask = 1u << bit;
    if ((mask & FAX_ALL_ACCESS) != 0) continue;
    assert_fails(FaxAccessCheck(st.server, mask), ERROR_INVALID_PARAMETER);
    assert_fails(FaxAccessCheck(st.server, mask | FAX_JOB_QUERY),
                 ERROR_INVALID_PARAMETER);
  }
  assert_fails(FaxAccessCheck(NULL, FAX_JOB_QUERY), ERROR_INVALID_PARAMETER);
  HANDLE server = connect_with(FAX_JOB_QUERY);
  assert_true(FaxClose(server));
  assert_fails(FaxAccessCheck(server, FAX_JOB_QUERY), ERROR_INVALID_HANDLE);
  stage_stop_within(20);
  assert_fails(FaxAccessCheck(st.server, FAX_JOB_QUERY), stage_gone());
  stage_end(&st);
}

/* ---- as on Windows ---- */

static void set_port(DWORD flags, bool allowed) {
  HANDLE port;
  FAX_PORT_INFO *info;
  assert_true(FaxOpenPort(st.server, FSP_FIRST, flags, &port));
  assert_true(FaxGetPort(port, &info));
  if (allowed)
    assert_true(FaxSetPort(port, info));
  else
    assert_fails(FaxSetPort(port, info), ERROR_ACCESS_DENIED);
  FaxFreeBuffer(info);
  assert_true(FaxClose(port));
}

/* PORT-15, -16 */
static void the_open_mode_counts_unless_lax(void **unused) {
  HANDLE port;
  (void)unused;
  start(NULL);
  set_port(PORT_OPEN_QUERY, false);
  set_port(PORT_OPEN_MODIFY, true);
  assert_fails(FaxOpenPort(st.server, FSP_FIRST, 0, &port),
               ERROR_INVALID_PARAMETER);
  assert_fails(FaxOpenPort(st.server, FSP_FIRST, 4, &port),
               ERROR_INVALID_PARAMETER);
  stage_stop(&st);
  start(lax);
  set_port(PORT_OPEN_QUERY, true);
  set_port(0, true);
  set_port(4, true);
  assert_true(FaxOpenPort(st.server, FSP_FIRST, PORT_OPEN_MODIFY, &port));
  HANDLE other; /* PORT-14: who modifies is one still */
  assert_fails(FaxOpenPort(st.server, FSP_FIRST, PORT_OPEN_MODIFY, &other),
               ERROR_INVALID_HANDLE);
  stage_stop(&st);
}

/* CONN-8: it says FALSE and releases all the same. */
static void closing_needs_a_right_when_so_chosen(void **unused) {
  (void)unused;
  start(NULL);
  assert_true(FaxClose(connect_with(FAX_JOB_SUBMIT)));
  stage_stop(&st);
  start(close_right);
  size_t handles = handle_count();
  HANDLE server = connect_with(FAX_JOB_SUBMIT);
  assert_fails(FaxClose(server), ERROR_ACCESS_DENIED);
  assert_int_equal(handle_count(), handles);
  assert_fails(FaxClose(server), ERROR_INVALID_HANDLE);
  assert_true(FaxClose(connect_with(FAX_PORT_QUERY)));
  stage_stop(&st);
}

static void unknown(struct fax_service_config *config) {
  config->compat = 8;
}

static void an_unknown_choice_is_refused(void **unused) {
  struct fax_service_config config;
  (void)unused;
  stage_options(&st, &config);
  unknown(&config);
  assert_fails(FaxServiceStart(&config), ERROR_INVALID_PARAMETER);
  assert_non_null(strstr(FaxGetLastErrorMessage(), "compat"));
  stage_clear(&st);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(all_rights_of_the_mask_are_asked_for),
      cmocka_unit_test(a_mask_must_be_of_rights),
      cmocka_unit_test(the_open_mode_counts_unless_lax),
      cmocka_unit_test(closing_needs_a_right_when_so_chosen),
      cmocka_unit_test(an_unknown_choice_is_refused),
  };
  test_start();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
