/* SPDX-License-Identifier: MIT
   What takes a child process down, and what that leaves standing. */
#include "host_stage.h"

#include <signal.h>

/* Two hosts of two lines; `number` goes wrong in the second, where another call
   waits. */
static void takes_down_its_own(const char *number, const char *cause,
                               const char *evidence,
                               const struct host_limits *limits) {
  struct fax_provider *p = stage_load(2, limits);
  struct call other, neighbour;
  stage_start(p, &other, 0, "wait");
  stage_start(p, &neighbour, 3, "wait");
  await_flag(&other.begun, "a call that waits");
  await_flag(&neighbour.begun, "a call that waits");
  stage_send(p, 2, number, FS_FATAL_ERROR, cause, evidence);
  stage_end(&neighbour, FS_FATAL_ERROR, cause, evidence);
  assert_false(other.ended);
  stage_send(p, 2, "100", FS_COMPLETED, NULL, NULL);
  op_abort(other.op);
  stage_end(&other, FS_USER_ABORT, NULL, NULL);
  log_says("the host of hosted line 302 ");
  log_says("it is started again in 0 s");
  stage_stop(p);
}

/* FSP-14 */
static void a_crash(void **state) {
  (void)state;
  takes_down_its_own("crash", "provider_crashed", "was killed by SIGSEGV",
                     &stage_limits);
}

/* FSP-14 */
static void an_exit(void **state) {
  (void)state;
  takes_down_its_own("exit", "provider_crashed", "exited with status 3",
                     &stage_limits);
}

static void a_closed_socket(void **state) {
  (void)state;
  takes_down_its_own("close", "provider_crashed", "exited with status 0",
                     &stage_limits);
}

static void nonsense(void **state) {
  (void)state;
  takes_down_its_own("garbage", "provider_error", "broke the protocol",
                     &stage_limits);
}

static void a_stopped_process(void **state) {
  struct host_limits limits = stage_limits;
  (void)state;
  limits.beat = 0.05;
  limits.silent = 1;
  takes_down_its_own("stop", "provider_stopped", "gave no sign of life for 1 s",
                     &limits);
}

/* A program may ignore SIGCHLD: nobody can tell then how a process ended. */
static void without_sigchld(void **state) {
  (void)state;
  signal(SIGCHLD, SIG_IGN);
  takes_down_its_own("crash", "provider_crashed", "its host ended",
                     &stage_limits);
  signal(SIGCHLD, SIG_DFL);
}

/* What was confirmed before is known after. */
static void what_was_confirmed(void **state) {
  struct call c;
  (void)state;
  stage_virtual();
  struct fax_provider *p = stage_load(1, &stage_limits);
  stage_start(p, &c, 1, "page1");
  stage_end(&c, FS_FATAL_ERROR, "provider_crashed", "SIGSEGV");
  assert_int_equal(c.confirmed, 1);
  stage_stop(p);
  assert_int_equal(clock_set_real(), 0);
}

/* ---- stuck calls ---- */

/* The others of its host go on; nothing new begins there until they ended. */
static void an_endless_loop(void **state) {
  struct host_limits limits = stage_limits;
  (void)state;
  limits.beat = 0.05;
  limits.stuck = 0.2;
  struct fax_provider *p = stage_load(2, &limits);
  struct call neighbour;
  stage_start(p, &neighbour, 1, "wait");
  await_flag(&neighbour.begun, "a call that waits");
  stage_send(p, 0, "spin", FS_FATAL_ERROR, "provider_stuck",
             "0.2 s of processor time");
  stage_send(p, 0, "100", FS_LINE_UNAVAILABLE, "provider_refused", "stuck");
  assert_false(neighbour.ended);
  stage_send(p, 2, "100", FS_COMPLETED, NULL, NULL);
  op_abort(neighbour.op);
  stage_end(&neighbour, FS_USER_ABORT, NULL, NULL);
  log_says("takes no new calls: a call is stuck");
  stage_stop(p);
}

/* It does not shut down, and is not waited for. */
static void a_stop_with_a_stuck_call(void **state) {
  struct host_limits limits = stage_limits;
  (void)state;
  limits.beat = 0.05;
  limits.stuck = 0.2;
  struct fax_provider *p = stage_load(2, &limits);
  struct call neighbour;
  stage_start(p, &neighbour, 1, "wait");
  await_flag(&neighbour.begun, "a call that waits");
  stage_send(p, 0, "spin", FS_FATAL_ERROR, "provider_stuck", NULL);
  stage_stop(p);
  stage_end(&neighbour, FS_USER_ABORT, NULL, NULL);
  log_says("was ended: a call of it was stuck");
}

/* One that computes for long is alive while it calls into libfax. */
static void a_call_that_computes(void **state) {
  struct host_limits limits = stage_limits;
  (void)state;
  limits.beat = 0.05;
  limits.stuck = 0.2;
  struct fax_provider *p = stage_load(2, &limits);
  stage_send(p, 0, "compute", FS_COMPLETED, NULL, NULL);
  stage_stop(p);
}

static void the_others_run_out_of_time(void **state) {
  struct host_limits limits = stage_limits;
  (void)state;
  limits.beat = 0.05;
  limits.stuck = 0.2;
  limits.drain = 0.2;
  struct fax_provider *p = stage_load(2, &limits);
  struct call neighbour;
  stage_start(p, &neighbour, 1, "wait");
  await_flag(&neighbour.begun, "a call that waits");
  stage_send(p, 0, "spin", FS_FATAL_ERROR, "provider_stuck", NULL);
  stage_end(&neighbour, FS_FATAL_ERROR, "provider_stuck",
            "was ended: a call of it was stuck");
  stage_send(p, 0, "100", FS_COMPLETED, NULL, NULL);
  stage_stop(p);
}

/* A call that the service gives up is stuck, though it waits. */
static void a_call_that_is_given_up(void **state) {
  struct fax_provider *p = stage_load(1, &stage_limits);
  struct fax_progress last = FAX_PROGRESS_INIT;
  struct call c;
  (void)state;
  stage_start(p, &c, 0, "deaf");
  await_flag(&c.begun, "a call that does not hear");
  op_abort(c.op);
  last.cause = "provider_stuck";
  op_kill(c.op, FS_FATAL_ERROR, &last);
  stage_end(&c, FS_FATAL_ERROR, "provider_stuck", NULL);
  stage_send(p, 1, "100", FS_COMPLETED, NULL, NULL);
  log_says("did not end when it was aborted");
  stage_stop(p);
}

/* The virtual clock goes on without the call that is stuck. */
static void stuck_on_the_virtual_clock(void **state) {
  struct host_limits limits = stage_limits;
  (void)state;
  limits.beat = 0.05;
  limits.stuck = 0.2;
  stage_virtual();
  struct fax_provider *p = stage_load(4, &limits);
  struct call spinning, neighbour;
  stage_start(p, &spinning, 0, "spin");
  stage_start(p, &neighbour, 1, "100");
  stage_end(&neighbour, FS_COMPLETED, NULL, NULL);
  stage_end(&spinning, FS_FATAL_ERROR, "provider_stuck", NULL);
  stage_stop(p);
  assert_int_equal(clock_set_real(), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
#define TEST(f) cmocka_unit_test_setup_teardown(f, stage_set, stage_clear)
      TEST(a_crash),
      TEST(an_exit),
      TEST(a_closed_socket),
      TEST(nonsense),
      TEST(a_stopped_process),
      TEST(without_sigchld),
      TEST(what_was_confirmed),
      TEST(an_endless_loop),
      TEST(a_stop_with_a_stuck_call),
      TEST(a_call_that_computes),
      TEST(the_others_run_out_of_time),
      TEST(a_call_that_is_given_up),
      TEST(stuck_on_the_virtual_clock),
  };

  test_start();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
