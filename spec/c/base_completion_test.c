/* SPDX-License-Identifier: MIT
   base/completion.h: order, batches, closing, signals, tickets, many threads.
 */
#include "test.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>

#include "base/clock.h"
#include "base/completion.h"
#include "base/thread.h"

static struct completion_port *new_port(completion_drop_fn *drop) {
  struct completion_port *p = NULL;

  assert_int_equal(completion_new(drop, &p), ERROR_SUCCESS);
  return p;
}

static DWORD post(struct completion_port *p, ULONG_PTR key) {
  return completion_post(p, (struct fax_packet){1, key, NULL}, NULL);
}

static bool readable(struct completion_port *p) {
  struct pollfd fd = {.fd = completion_fd(p), .events = POLLIN};

  return poll(&fd, 1, 0) == 1;
}

static void test_order_and_batches(void **state) {
  size_t live = mem_live(), fds = test_fds(), taken;
  struct completion_port *p = new_port(NULL);
  struct fax_packet out[300];
  ULONG_PTR expected = 0;

  (void)state;
  assert_false(readable(p));
  for (ULONG_PTR i = 0; i < 1000; i++) assert_int_equal(post(p, i), 0);
  assert_true(readable(p));
  for (size_t max = 1; expected < 1000; max = max * 3 % 300 + 1) {
    size_t left = 1000 - expected;
    assert_int_equal(completion_take(p, out, max, 0, &taken), 0);
    assert_int_equal(taken, max < left ? max : left);
    for (size_t i = 0; i < taken; i++) assert_int_equal(out[i].key, expected++);
    assert_int_equal(readable(p), expected < 1000);
  }
  assert_int_equal(completion_take(p, out, 1, 0, &taken), WAIT_TIMEOUT);
  assert_int_equal(taken, 0);
  assert_int_equal(
      completion_take(p, out, 1, clock_now() + FAX_MILLISECOND, &taken),
      WAIT_TIMEOUT);
  assert_int_equal(completion_take(p, out, 0, 0, &taken),
                   ERROR_INVALID_PARAMETER);
  mem_unref(p);
  assert_int_equal(mem_live(), live);
  assert_int_equal(test_fds(), fds);
}

static void test_whole_packet(void **state) {
  struct completion_port *p = new_port(NULL);
  struct fax_packet out;
  size_t taken;

  (void)state;
  completion_post(p, (struct fax_packet){7, 8, &out}, NULL);
  assert_int_equal(completion_take(p, &out, 1, FAX_FOREVER, &taken), 0);
  assert_int_equal(out.bytes, 7);
  assert_int_equal(out.key, 8);
  assert_ptr_equal(out.packet, &out);
  mem_unref(p);
}

static int dropped;

static void drop(struct fax_packet packet) {
  assert_int_equal(packet.key, dropped);
  dropped++;
}

static void test_close(void **state) {
  struct completion_port *p = new_port(drop);
  struct fax_packet out[2];
  size_t taken;

  (void)state;
  for (ULONG_PTR i = 0; i < 200; i++) post(p, i);
  dropped = 2;
  completion_close(p);
  completion_close(p);
  assert_true(completion_closed(p));
  assert_int_equal(post(p, 0), ERROR_ABANDONED_WAIT_0);
  assert_int_equal(completion_take(p, out, 2, 0, &taken), 0);
  assert_int_equal(taken, 2);
  mem_unref(p);
  assert_int_equal(dropped, 200);
}

static void test_close_empty(void **state) {
  struct completion_port *p = new_port(drop);
  struct fax_packet out;
  size_t taken;

  (void)state;
  post(p, 1);
  completion_close(p);
  assert_int_equal(completion_take(p, &out, 1, 0, &taken), 0);
  assert_true(readable(p)); /* for those that poll */
  for (int i = 0; i < 2; i++)
    assert_int_equal(completion_take(p, &out, 1, FAX_FOREVER, &taken),
                     ERROR_ABANDONED_WAIT_0);
  assert_true(readable(p));
  mem_unref(p);
}

/* Nothing is left for whoever lets go of it last; an open port keeps its own.
 */
static void test_drop_all(void **state) {
  struct completion_port *p = new_port(drop);

  (void)state;
  for (ULONG_PTR i = 0; i < 300; i++) post(p, i);
  dropped = 0;
  completion_drop_all(p);
  assert_int_equal(dropped, 0);
  completion_close(p);
  completion_drop_all(p);
  assert_int_equal(dropped, 300);
  assert_int_equal(completion_waiting(p), 0);
  assert_true(readable(p));
  mem_unref(p);
  assert_int_equal(dropped, 300);
}

struct taker {
  struct completion_port *port;
  atomic_bool done;
  DWORD code;
};

static void take_one(void *arg) {
  struct taker *t = arg;
  struct fax_packet out;
  size_t taken;

  t->code = completion_take(t->port, &out, 1, FAX_FOREVER, &taken);
  atomic_store(&t->done, true);
}

static void test_close_while_waiting(void **state) {
  struct completion_port *p = new_port(NULL);
  struct taker takers[4];
  pthread_t threads[4];

  (void)state;
  for (int i = 0; i < 4; i++) {
    takers[i] = (struct taker){.port = p};
    assert_int_equal(thread_start(&threads[i], "taker", take_one, &takers[i]),
                     0);
  }
  completion_close(p);
  for (int i = 0; i < 4; i++) {
    thread_join(threads[i]);
    assert_int_equal(takers[i].code, ERROR_ABANDONED_WAIT_0);
  }
  mem_unref(p);
}

static void *take_outside(void *arg) {
  take_one(arg);
  return NULL;
}

static void on_signal(int number) {
  (void)number;
}

/* Signals until one has met the wait. */
static void test_signal(void **state) {
  struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
  struct taker t = {.port = new_port(NULL)};
  pthread_t thread;

  (void)state;
  assert_int_equal(sigaction(SIGUSR1, &action, NULL), 0);
  assert_int_equal(pthread_create(&thread, NULL, take_outside, &t), 0);
  while (!atomic_load(&t.done)) {
    pthread_kill(thread, SIGUSR1);
    sched_yield();
  }
  pthread_join(thread, NULL);
  assert_int_equal(t.code, ERROR_OPERATION_ABORTED);
  mem_unref(t.port);
}

enum { PRODUCERS = 4, TAKERS = 3, EACH = 5000 };

struct crowd {
  struct completion_port *port;
  atomic_int next_producer;
  atomic_int taken;
  atomic_bool wrong;
};

static void produce(void *arg) {
  struct crowd *c = arg;
  DWORD me = (DWORD)atomic_fetch_add(&c->next_producer, 1);

  for (ULONG_PTR i = 1; i <= EACH; i++)
    if (completion_post(c->port, (struct fax_packet){me, i, NULL}, NULL) != 0)
      atomic_store(&c->wrong, true);
}

/* Each taker sees the packets of each producer in their order. */
static void consume(void *arg) {
  struct crowd *c = arg;
  ULONG_PTR last[PRODUCERS] = {0};
  struct fax_packet out[16];
  size_t taken;

  while (completion_take(c->port, out, 16, FAX_FOREVER, &taken) == 0) {
    for (size_t i = 0; i < taken; i++) {
      if (out[i].key <= last[out[i].bytes]) atomic_store(&c->wrong, true);
      last[out[i].bytes] = out[i].key;
    }
    if (atomic_fetch_add(&c->taken, (int)taken) + (int)taken ==
        PRODUCERS * EACH)
      completion_close(c->port);
  }
}

static void test_crowd(void **state) {
  struct crowd c = {.port = new_port(NULL)};
  pthread_t threads[PRODUCERS + TAKERS];

  (void)state;
  for (int i = 0; i < PRODUCERS + TAKERS; i++)
    assert_int_equal(
        thread_start(&threads[i], "crowd", i < TAKERS ? consume : produce, &c),
        0);
  for (int i = 0; i < PRODUCERS + TAKERS; i++) thread_join(threads[i]);
  assert_int_equal(atomic_load(&c.taken), PRODUCERS * EACH);
  assert_false(atomic_load(&c.wrong));
  mem_unref(c.port);
}

/* ---- tickets ---- */

static uint64_t post_number(struct completion_port *p, DWORD *number) {
  struct fax_packet packet = {sizeof *number, 1, number};
  uint64_t ticket = 0;

  assert_int_equal(completion_post(p, packet, &ticket), 0);
  return ticket;
}

static void add_one(void *number) {
  ++*(DWORD *)number;
}

/* Tickets rise by one, whoever posts, across many chunks and takes. */
static void test_tickets(void **state) {
  struct completion_port *p = new_port(NULL);
  struct fax_packet out[100];
  size_t taken, waiting = 0;
  DWORD number = 0;

  (void)state;
  for (uint64_t i = 1; i < 1000; i += 2) {
    assert_int_equal(completion_waiting(p), waiting);
    assert_int_equal(post_number(p, &number), i);
    post(p, 2);
    waiting += 2;
    if (waiting < 150) continue;
    assert_int_equal(completion_take(p, out, 100, 0, &taken), 0);
    waiting -= taken;
  }
  assert_int_equal(completion_waiting(p), waiting);
  mem_unref(p);
}

/* Only what waits is changed: not the one before it, which was taken. */
static void test_amend(void **state) {
  struct completion_port *p = new_port(NULL);
  struct fax_packet out;
  DWORD numbers[200] = {0};
  uint64_t tickets[200];
  size_t taken;

  (void)state;
  for (int i = 0; i < 200; i++) tickets[i] = post_number(p, &numbers[i]);
  assert_false(completion_amend(p, 0, add_one, &numbers[0]));
  assert_false(completion_amend(p, tickets[199] + 1, add_one, &numbers[199]));
  for (int i = 0; i < 200; i++) {
    assert_true(completion_amend(p, tickets[i], add_one, &numbers[i]));
    assert_true(completion_amend(p, tickets[199], add_one, &numbers[199]));
    assert_int_equal(completion_take(p, &out, 1, 0, &taken), 0);
    assert_ptr_equal(out.packet, &numbers[i]);
    assert_int_equal(numbers[i], i == 199 ? 201 : 1);
    assert_false(completion_amend(p, tickets[i], add_one, &numbers[i]));
    assert_int_equal(completion_waiting(p), 199 - i);
  }
  for (int i = 0; i < 199; i++) assert_int_equal(numbers[i], 1);
  assert_int_equal(numbers[199], 201);
  mem_unref(p);
}

/* A closed port may still be amended, as long as the packet is there. */
static void test_amend_closed(void **state) {
  struct completion_port *p = new_port(NULL);
  struct fax_packet out;
  uint64_t ticket, unchanged = 7;
  DWORD number = 0;
  size_t taken;

  (void)state;
  ticket = post_number(p, &number);
  completion_close(p);
  assert_true(completion_amend(p, ticket, add_one, &number));
  assert_int_equal(completion_post(p, (struct fax_packet){0}, &unchanged),
                   ERROR_ABANDONED_WAIT_0);
  assert_int_equal(unchanged, 7);
  assert_int_equal(completion_waiting(p), 1);
  assert_int_equal(completion_take(p, &out, 1, 0, &taken), 0);
  assert_int_equal(completion_waiting(p), 0);
  assert_false(completion_amend(p, ticket, add_one, &number));
  assert_int_equal(number, 1);
  mem_unref(p);
}

static void count_it(void *object) {
  ++*(int *)object;
}

/* Told once, when it was taken, or at once when that has been; of a port that
   was closed first nothing is told, and nothing stays. */
static void test_tell(void **state) {
  size_t live = mem_live(), taken;
  struct completion_port *p = new_port(NULL);
  int *count = mem_new(sizeof *count, NULL);
  struct fax_packet out[3];
  uint64_t tickets[4];

  (void)state;
  for (int i = 0; i < 4; i++)
    completion_post(p, (struct fax_packet){0}, &tickets[i]);
  assert_int_equal(completion_tell(p, tickets[1], count_it, count), 0);
  assert_int_equal(completion_tell(p, tickets[3], count_it, count), 0);
  assert_int_equal(completion_take(p, out, 1, 0, &taken), 0);
  assert_int_equal(*count, 0);
  assert_int_equal(completion_tell(p, tickets[0], count_it, count), 0);
  assert_int_equal(*count, 1);
  assert_int_equal(completion_take(p, out, 2, 0, &taken), 0);
  assert_int_equal(*count, 2);
  completion_close(p);
  assert_int_equal(completion_tell(p, tickets[3], count_it, count), 0);
  assert_int_equal(completion_take(p, out, 2, 0, &taken), 0);
  assert_int_equal(*count, 2);
  mem_unref(p);
  mem_unref(count);
  assert_int_equal(mem_live(), live);
}

enum { AMENDMENTS = 20000 };

struct counters {
  struct completion_port *port;
  DWORD total;
  atomic_bool wrong;
};

/* One counter waits at a time; when it was taken, the next is posted. */
static void count_up(void *arg) {
  struct counters *c = arg;
  DWORD *number = NULL;
  uint64_t ticket = 0;

  for (int i = 0; i < AMENDMENTS; i++) {
    if (completion_amend(c->port, ticket, add_one, number)) continue;
    number = mem_alloc(sizeof *number);
    *number = 1;
    struct fax_packet packet = {sizeof *number, 1, number};
    if (completion_post(c->port, packet, &ticket) != 0)
      atomic_store(&c->wrong, true);
  }
  completion_close(c->port);
}

static void add_up(void *arg) {
  struct counters *c = arg;
  struct fax_packet out;
  size_t taken;

  while (completion_take(c->port, &out, 1, FAX_FOREVER, &taken) == 0) {
    c->total += *(DWORD *)out.packet;
    mem_free(out.packet);
  }
}

/* What is counted in a packet that waits is in it when it is taken. */
static void test_amend_race(void **state) {
  struct counters c = {.port = new_port(NULL)};
  pthread_t threads[2];

  (void)state;
  assert_int_equal(thread_start(&threads[0], "counter", count_up, &c), 0);
  assert_int_equal(thread_start(&threads[1], "adder", add_up, &c), 0);
  for (int i = 0; i < 2; i++) thread_join(threads[i]);
  assert_int_equal(c.total, AMENDMENTS);
  assert_false(atomic_load(&c.wrong));
  mem_unref(c.port);
}

static int go_virtual(void **state) {
  (void)state;
  return FaxClockVirtual(0) ? 0 : -1;
}

static int go_real(void **state) {
  (void)state;
  return FaxClockReal() ? 0 : -1;
}

struct ticker {
  struct completion_port *port;
  fax_deadline zero;
};

static void tick(void *arg) {
  struct ticker *t = arg;

  for (int i = 1; i <= 100; i++) {
    FaxClockWait(t->zero + i * FAX_SECOND, NULL);
    post(t->port, (ULONG_PTR)i);
  }
}

/* Half seconds: at each whole one a packet, at the others none. */
static void test_virtual_time(void **state) {
  struct ticker t = {new_port(NULL), clock_now()};
  fax_deadline half = t.zero - FAX_SECOND / 2;
  struct fax_packet out;
  pthread_t thread;
  size_t taken;

  (void)state;
  assert_int_equal(thread_start(&thread, "ticker", tick, &t), 0);
  for (ULONG_PTR i = 1; i <= 100; i++) {
    half += FAX_SECOND;
    assert_int_equal(completion_take(t.port, &out, 1, half, &taken),
                     WAIT_TIMEOUT);
    assert_int_equal(clock_now(), half);
    assert_int_equal(
        completion_take(t.port, &out, 1, half + FAX_SECOND, &taken), 0);
    assert_int_equal(out.key, i);
    assert_int_equal(clock_now(), half + FAX_SECOND / 2);
  }
  thread_join(thread);
  mem_unref(t.port);
}

static DWORD post_many(void *arg) {
  struct completion_port *p;
  struct fax_packet out[64];
  DWORD code = completion_new(NULL, &p);
  size_t taken, left;
  size_t posted = 0;

  (void)arg;
  if (code != ERROR_SUCCESS) return code;
  while (posted < 500 && (code = post(p, posted)) == ERROR_SUCCESS) posted++;
  for (left = posted; left > 0; left -= taken)
    assert_int_equal(completion_take(p, out, 64, 0, &taken), 0);
  assert_int_equal(readable(p), false);
  mem_unref(p);
  return code;
}

static void test_sweep(void **state) {
  size_t fds = test_fds();

  (void)state;
  sweep(post_many);
  assert_int_equal(test_fds(), fds);
}

#define VIRTUAL(test) cmocka_unit_test_setup_teardown(test, go_virtual, go_real)

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_order_and_batches),
      cmocka_unit_test(test_whole_packet),
      cmocka_unit_test(test_close),
      cmocka_unit_test(test_close_empty),
      cmocka_unit_test(test_close_while_waiting),
      cmocka_unit_test(test_drop_all),
      cmocka_unit_test(test_signal),
      cmocka_unit_test(test_crowd),
      cmocka_unit_test(test_tickets),
      cmocka_unit_test(test_amend),
      cmocka_unit_test(test_amend_closed),
      cmocka_unit_test(test_amend_race),
      cmocka_unit_test(test_tell),
      cmocka_unit_test(test_sweep),
      VIRTUAL(test_order_and_batches),
      VIRTUAL(test_close_while_waiting),
      VIRTUAL(test_crowd),
      VIRTUAL(test_virtual_time),
  };

  test_start();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
