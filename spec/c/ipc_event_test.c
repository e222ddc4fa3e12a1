/* SPDX-License-Identifier: MIT
   Events over the socket: the service is in this process, but listened to as
   from another. On the virtual clock, which stands still until what was said is
   acknowledged. */
#include <stdio.h>
#include <string.h>

#include "ipc_stage.h"

static struct stage st;
static HANDLE other;

static int set_up(void **unused) {
  (void)unused;
  stage_start_virtual(&st, NULL, NULL);
  stage_document(&st, 2);
  other = ipc_connect(&st, NULL, FAX_ALL_ACCESS);
  return 0;
}

static int tear_down(void **unused) {
  (void)unused;
  assert_true(FaxClose(other));
  stage_stop_virtual(&st);
  return 0;
}

static void *take(HANDLE port) {
  struct fax_packet packet;
  DWORD count;
  assert_true(FaxGetCompletions(port, &packet, 1, &count, FAX_FOREVER));
  return packet.packet;
}

/* The same record, but for texts that are elsewhere. */
static void assert_same(const struct fax_event *a, const struct fax_event *b) {
  json_t *one = record_to_json(&record_fax_event, a);
  json_t *two = record_to_json(&record_fax_event, b);
  assert_true(json_equal(one, two));
  json_decref(one);
  json_decref(two);
}

/* EVT-14: what comes is what comes in the process itself, at the same time. */
static void extended_events_are_the_same(void **unused) {
  HANDLE port = FaxCreateCompletionPort();
  struct fax_packet here, there;
  DWORD id, count = 0;
  (void)unused;
  assert_true(FaxSubscribe(other, port, 7, &id));
  DWORD job = stage_send(&st, "102");
  struct fax_event *e = NULL;
  do {
    if (e != NULL) FaxLocalFree(e);
    DWORD got;
    assert_true(FaxGetCompletions(st.events, &here, 1, &got, FAX_FOREVER));
    assert_true(FaxGetCompletions(port, &there, 1, &got, FAX_FOREVER));
    assert_int_equal(there.key, 7);
    assert_int_equal(there.bytes, sizeof *e);
    e = here.packet;
    assert_same(e, there.packet);
    FaxLocalFree(there.packet);
    count++;
  } while (e->event_id != FEI_DELETED || e->job_id != job);
  FaxLocalFree(e);
  assert_true(count > 10);
  FaxUnsubscribe(id);
  assert_true(FaxCloseCompletionPort(port));
}

/* EVT-4, EVT-14: the documented form. */
static void documented_events_come(void **unused) {
  HANDLE port = FaxCreateCompletionPort();
  struct fax_packet p;
  DWORD id, count;
  (void)unused;
  assert_true(FaxInitializeEventQueue(other, port, 3, NULL, 0));
  DWORD job = stage_send(&st, "102");
  do {
    assert_true(FaxGetCompletions(port, &p, 1, &count, FAX_FOREVER));
    const FAX_EVENT *e = p.packet;
    assert_int_equal(p.key, 3);
    assert_int_equal(p.bytes, sizeof *e);
    assert_int_equal(e->SizeOfStruct, sizeof *e);
    assert_true(e->EventId <= FEI_NEVENTS);
    id = e->JobId == job ? e->EventId : 0;
    FaxLocalFree(p.packet);
  } while (id != FEI_DELETED);
  assert_true(FaxCloseCompletionPort(port));
}

/* CONN-10, CONN-11: the subscription outlives its handle. */
static void it_outlives_the_handle(void **unused) {
  HANDLE port = FaxCreateCompletionPort();
  (void)unused;
  HANDLE third = ipc_connect(&st, NULL, FAX_ALL_ACCESS);
  assert_true(FaxSubscribe(third, port, 1, NULL));
  assert_true(FaxClose(third));
  DWORD job = stage_send(&st, "102");
  struct fax_event *e = take(port);
  assert_int_equal(e->job_id, job);
  FaxLocalFree(e);
  assert_true(FaxCloseCompletionPort(port));
}

/* EVT-6 */
static void the_end_of_the_service_is_the_last(void **unused) {
  HANDLE port = FaxCreateCompletionPort();
  struct fax_packet p;
  DWORD id, count;
  (void)unused;
  assert_true(FaxSubscribe(other, port, 1, NULL));
  stage_stop_within(20);
  do {
    struct fax_event *e = take(port);
    id = e->event_id;
    FaxLocalFree(e);
  } while (id != FEI_FAXSVC_ENDED);
  assert_false(FaxGetCompletions(port, &p, 1, &count, 0));
  assert_true(FaxCloseCompletionPort(port));
  FaxClose(other);
  stage_end(&st);
  assert_true(FaxClockReal());
}

/* SEC-9: rights are those of the handle that subscribed. */
static void rights_are_those_of_the_handle(void **unused) {
  HANDLE port = FaxCreateCompletionPort();
  FAX_JOB_PARAM params = {.SizeOfStruct = sizeof params,
                          .RecipientNumber = "103"};
  DWORD own;
  (void)unused;
  HANDLE third = ipc_connect(&st, "somebody", FAX_JOB_SUBMIT);
  assert_true(FaxSubscribe(third, port, 1, NULL));
  DWORD job = stage_send(&st, "102"); /* of another user */
  stage_skip(&st, FEI_DELETED, job);
  assert_true(FaxSendDocument(third, st.document, &params, NULL, &own));
  struct fax_event *e = take(port);
  assert_int_equal(e->job_id, own);
  FaxLocalFree(e);
  assert_true(FaxClose(third));
  assert_true(FaxCloseCompletionPort(port));
}

static void a_wrong_port_is_refused(void **unused) {
  (void)unused;
  assert_fails(FaxSubscribe(other, st.server, 1, NULL),
               ERROR_INVALID_PARAMETER);
  assert_fails(FaxInitializeEventQueue(other, NULL, 1, NULL, 0),
               ERROR_INVALID_PARAMETER);
}

static void one_queue(struct fax_service_config *config) {
  config->compat = FAX_COMPAT_ONE_QUEUE;
}

static int set_up_one(void **unused) {
  (void)unused;
  stage_start_virtual(&st, NULL, one_queue);
  other = ipc_connect(&st, NULL, FAX_ALL_ACCESS);
  return 0;
}

/* EVT-5, and a port that is closed frees its place. */
static void one_queue_is_one_for_all(void **unused) {
  HANDLE port = FaxCreateCompletionPort();
  (void)unused;
  assert_true(FaxInitializeEventQueue(other, port, 3, NULL, 0));
  assert_fails(FaxInitializeEventQueue(st.server, st.events, 3, NULL, 0),
               ERROR_INVALID_DATA);
  assert_true(FaxCloseCompletionPort(port));
}

int main(void) {
  test_start();
  const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
      TEST(extended_events_are_the_same),
      TEST(documented_events_come),
      TEST(it_outlives_the_handle),
      TEST(rights_are_those_of_the_handle),
      TEST(a_wrong_port_is_refused),
      cmocka_unit_test_setup(the_end_of_the_service_is_the_last, set_up),
      cmocka_unit_test_setup_teardown(one_queue_is_one_for_all, set_up_one,
                                      tear_down)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
