/* SPDX-License-Identifier: MIT
   Records as text without a tree: odd texts, and too little memory. */
#include <fax/fax_operation.h>
#include <fax/fax_service.h>
#include <jansson.h>

#include "base/mem.h"
#include "json_text.h"
#include "model/time.h"
#include "test.h"

static void same_as_tree(const struct fax_record *r, const void *item) {
  json_t *json = record_to_json(r, item);
  char *text = json_dumps(json, JSON_COMPACT);
  json_text_is(r, item, text);
  mem_free(text);
  json_decref(json);
}

/* Each of them as JSON wants it. */
static void odd_texts_are_written(void **unused) {
  char all[256], bad[] = "a\x80z\xc3\xa4";
  for (int i = 0; i < 255; i++) all[i] = (char)(i < 127 ? i + 1 : 'x');
  all[255] = '\0';
  struct fax_progress p = FAX_PROGRESS_INIT;
  p.cause = all;
  p.evidence = bad;
  p.advice = "";
  FAX_PORT_INFO port = {.Tsid = all};
  struct fax_job_result r = {.submitted =
                                 time_to_filetime(INT64_C(1234567890))};
  (void)unused;
  same_as_tree(&record_progress, &p);
  same_as_tree(&record_port_info, &port);
  same_as_tree(&record_job_result, &r);
  for (long n = 0;; n++) {
    struct bytes b = {0};
    mem_fail_after(n);
    DWORD error = record_write(&record_progress, &p, &b);
    mem_fail_after(-1);
    bytes_free(&b);
    if (error == ERROR_SUCCESS) break;
    assert_int_equal(error, ERROR_NOT_ENOUGH_MEMORY);
  }
}

static void give_back(void *block) {
  mem_free(block);
}

int main(void) {
  test_start();
  json_set_alloc_funcs(mem_alloc, give_back); /* of this program alone */
  const struct CMUnitTest tests[] = {cmocka_unit_test(odd_texts_are_written)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
