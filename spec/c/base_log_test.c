/* SPDX-License-Identifier: MIT
   base/log.h: what reaches the sink, when, and that nobody waits for it; what
   stands in the file. */
#include "test.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/log_queue.h"
#include "base/text.h"
#include "base/thread.h"
#include "folder.h"

#define NOON INT64_C(1700000000123456789)

/* How long a test waits for what must come: a failed test, no timing. */
#define PATIENCE 60.0

/* ---- a sink that remembers, and can be held ---- */

struct heard {
  pthread_mutex_t lock; /* of held, inside */
  pthread_cond_t changed;
  bool held, inside, closed;
  size_t count, calls;
  struct log_entry last; /* its text is here: */
  char line[2000];
  unsigned next[3]; /* of each talker */
  bool out_of_order;
};

#define HEARD \
  { .lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER }

static void set_held(struct heard *h, bool held) {
  pthread_mutex_lock(&h->lock);
  h->held = held;
  pthread_cond_broadcast(&h->changed);
  pthread_mutex_unlock(&h->lock);
}

/* Until the sink has been called and stands still. */
static void wait_inside(struct heard *h) {
  pthread_mutex_lock(&h->lock);
  while (!h->inside) pthread_cond_wait(&h->changed, &h->lock);
  pthread_mutex_unlock(&h->lock);
}

static void wait_closed(struct heard *h) {
  pthread_mutex_lock(&h->lock);
  while (!h->closed) pthread_cond_wait(&h->changed, &h->lock);
  pthread_mutex_unlock(&h->lock);
}

static void stand_still(struct heard *h) {
  pthread_mutex_lock(&h->lock);
  h->inside = true;
  pthread_cond_broadcast(&h->changed);
  while (h->held) pthread_cond_wait(&h->changed, &h->lock);
  h->inside = false;
  pthread_mutex_unlock(&h->lock);
}

static void hear_one(struct heard *h, const struct log_entry *e) {
  unsigned talker, n;

  h->count++;
  h->last = *e;
  snprintf(h->line, sizeof h->line, "%s", e->text);
  if (sscanf(e->text, "t: talker=%u n=%u", &talker, &n) == 2)
    h->out_of_order |= n != h->next[talker]++;
}

static void hear(void *arg, const struct log_entry *lines, size_t count) {
  struct heard *h = arg;

  h->calls++;
  stand_still(h);
  for (size_t i = 0; i < count; i++) hear_one(h, &lines[i]);
  log_line(LOG_OTHER, FAX_LOG_ERROR, "sink", "is not heard");
}

static void hear_close(void *arg) {
  struct heard *h = arg;

  pthread_mutex_lock(&h->lock);
  h->closed = true;
  pthread_cond_broadcast(&h->changed);
  pthread_mutex_unlock(&h->lock);
}

static const struct log_sink hearing = {.write = hear, .close = hear_close};

static void begin(struct heard *h, enum fax_log_level most) {
  assert_int_equal(log_set_sink(&hearing, h, most), ERROR_SUCCESS);
}

static void flush(void) {
  assert_true(log_flush(PATIENCE));
}

/* ---- what is heard ---- */

static void test_levels(void **state) {
  struct heard h = HEARD;
  size_t live = mem_live();

  (void)state;
  log_line(LOG_OTHER, FAX_LOG_ERROR, "room", "nobody hears");
  flush();
  begin(&h, FAX_LOG_INFO);
  log_line(LOG_OTHER, FAX_LOG_DEBUG, "room", "too little");
  flush();
  assert_int_equal(h.count, 0);
  log_line(LOG_INBOUND, FAX_LOG_INFO, "job", "sent id=%d", 7);
  flush();
  assert_int_equal(h.count, 1);
  assert_int_equal(h.last.level, FAX_LOG_INFO);
  assert_int_equal(h.last.category, LOG_INBOUND);
  assert_string_equal(h.line, "job: sent id=7");
  assert_false(h.closed);
  assert_true(log_end());
  assert_true(h.closed);
  log_line(LOG_OTHER, FAX_LOG_ERROR, "job", "nobody hears");
  flush();
  assert_int_equal(h.count, 1);
  assert_true(log_end());
  assert_int_equal(mem_live(), live);
  assert_int_equal(thread_live(), 0);
}

/* LOG-2: each category has its own level; of each line above it nothing. */
static void test_categories(void **state) {
  struct heard h = HEARD;
  size_t expected = 0;

  (void)state;
  begin(&h, FAX_LOG_DEBUG);
  for (int c = LOG_INIT; c <= LOG_OTHER; c++) {
    enum log_category category = (enum log_category)c;
    assert_int_equal(log_level(category), FAX_LOG_DEBUG);
    for (int most = LOG_NOTHING; most <= FAX_LOG_DEBUG; most++) {
      log_set_level(category, most);
      assert_int_equal(log_level(category), most);
      for (int l = FAX_LOG_ERROR; l <= FAX_LOG_DEBUG; l++)
        log_line(category, (enum fax_log_level)l, "room", "text");
      expected += (size_t)(most + 1);
      flush();
      assert_int_equal(h.count, expected);
    }
    log_set_level(category, LOG_NOTHING);
  }
  log_end();
}

static void test_one_line(void **state) {
  struct heard h = HEARD;
  char text[3000];

  (void)state;
  begin(&h, FAX_LOG_DEBUG);
  log_line(LOG_OTHER, FAX_LOG_WARN, "job", "tsid=%s",
           "a\r\n2026 error\x1b[2J\t\\n\x7f\xc3\xa9");
  flush();
  assert_string_equal(
      h.line, "job: tsid=a\\r\\n2026 error\\x1b[2J\\t\\\\n\\x7f\xc3\xa9");
  memset(text, 'x', sizeof text);
  text[sizeof text - 1] = '\0';
  log_line(LOG_OTHER, FAX_LOG_WARN, "job", "%s", text);
  flush();
  assert_int_equal(strlen(h.line), 1023);
  memset(text, 'r', sizeof text - 1);
  log_line(LOG_OTHER, FAX_LOG_WARN, text, "%s", "x");
  flush();
  assert_int_equal(strlen(h.line), 1023);
  memset(text, '\n', sizeof text - 1); /* is not cut in the middle of one */
  log_line(LOG_OTHER, FAX_LOG_WARN, "", "%s", text);
  flush();
  assert_int_equal(strlen(h.line), 1022);
  log_end();
}

static void escapes(const char *text, size_t size, const char *expected) {
  char out[64];

  memset(out, '#', sizeof out);
  text_escape(text, out, size);
  assert_string_equal(out, expected);
  assert_int_equal(out[size], '#');
}

static void test_escape(void **state) {
  (void)state;
  escapes("", 1, "");
  escapes("abc", 4, "abc");
  escapes("abc", 3, "ab");
  escapes("a\n", 3, "a");
  escapes("a\xe2\x82\xac", 4, "a");
  escapes("\xe2\x82\xac\xf0\x9f\x93\xa0", 32, "\xe2\x82\xac\xf0\x9f\x93\xa0");
  escapes("\xc2\x85\xc2\xa0", 32, "\\xc2\\x85\xc2\xa0"); /* C1 */
  escapes("\xe2\x80\xa8", 32, "\\xe2\\x80\\xa8");        /* U+2028 */
  escapes("\xe2\x80\xae|\xe2\x80\xaf", 32, "\\xe2\\x80\\xae|\xe2\x80\xaf");
  escapes("\xe2\x81\xa6|\xe2\x81\xaa", 32, "\\xe2\\x81\\xa6|\xe2\x81\xaa");
  escapes("\xff\xc0\x80\xe2\x82", 32, "\\xff\\xc0\\x80\\xe2\\x82");
}

/* ---- many threads ---- */

struct talker {
  pthread_t thread;
  unsigned number;
};

static void *talk(void *arg) {
  const struct talker *t = arg;

  for (unsigned i = 0; i < 500; i++)
    log_line(LOG_OTHER, FAX_LOG_INFO, "t", "talker=%u n=%u", t->number, i);
  return NULL;
}

/* Nothing is lost or heard twice, what one thread raised stays in order, and
   the sink needs no lock of its own. */
static void test_threads(void **state) {
  struct heard h = HEARD;
  struct talker talkers[3];

  (void)state;
  begin(&h, FAX_LOG_INFO);
  for (unsigned i = 0; i < 3; i++) {
    talkers[i].number = i;
    assert_int_equal(
        pthread_create(&talkers[i].thread, NULL, talk, &talkers[i]), 0);
  }
  for (unsigned i = 0; i < 3; i++) pthread_join(talkers[i].thread, NULL);
  flush();
  assert_int_equal(h.count, 1500);
  assert_false(h.out_of_order);
  log_end();
}

/* The old sink is not called any more once log_set_sink has returned. */
static void test_change(void **state) {
  struct heard first = HEARD, second = HEARD;
  struct talker talker = {.number = 0};
  size_t before;

  (void)state;
  begin(&first, FAX_LOG_INFO);
  assert_int_equal(pthread_create(&talker.thread, NULL, talk, &talker), 0);
  begin(&second, FAX_LOG_INFO);
  assert_true(first.closed);
  before = first.count;
  pthread_join(talker.thread, NULL);
  log_line(LOG_OTHER, FAX_LOG_INFO, "room", "the last");
  log_end();
  assert_int_equal(first.count, before);
  assert_string_equal(second.line, "room: the last");
}

/* ---- a sink that stands still ---- */

/* One that is held, with its first line taken from the queue. */
static void begin_held(struct heard *h) {
  h->held = true;
  begin(h, FAX_LOG_DEBUG);
  log_line(LOG_OTHER, FAX_LOG_INFO, "room", "the first");
  wait_inside(h);
}

static void test_bounded_lines(void **state) {
  struct heard h = HEARD;

  (void)state;
  begin_held(&h);
  for (unsigned i = 0; i < LOG_QUEUE_LINES + 7; i++)
    log_line(LOG_OTHER, FAX_LOG_INFO, "t", "talker=0 n=%u", i);
  assert_false(log_flush(0));
  set_held(&h, false);
  flush();
  assert_int_equal(h.count, 1 + LOG_QUEUE_LINES + 1);
  assert_int_equal(h.next[0], LOG_QUEUE_LINES);
  assert_false(h.out_of_order);
  assert_true(h.calls < LOG_QUEUE_LINES / 4); /* batches */
  assert_string_equal(h.line, "log: the queue was full lost=7");
  assert_int_equal(h.last.level, FAX_LOG_WARN);
  log_line(LOG_OTHER, FAX_LOG_INFO, "room", "room again");
  flush();
  assert_int_equal(h.count, 1 + LOG_QUEUE_LINES + 2);
  assert_string_equal(h.line, "room: room again");
  log_end();
}

static void test_bounded_bytes(void **state) {
  struct heard h = HEARD;
  char text[1000];
  unsigned raised = LOG_QUEUE_BYTES / sizeof text;
  unsigned lost;

  (void)state;
  assert_true(raised < LOG_QUEUE_LINES);
  memset(text, 'x', sizeof text);
  text[sizeof text - 1] = '\0';
  begin_held(&h);
  for (unsigned i = 0; i < raised; i++)
    log_line(LOG_OTHER, FAX_LOG_INFO, "room", "%s", text);
  /* short enough, but behind a gap */
  log_line(LOG_OTHER, FAX_LOG_INFO, "room", "short");
  set_held(&h, false);
  flush();
  assert_int_equal(sscanf(h.line, "log: the queue was full lost=%u", &lost), 1);
  assert_in_range(lost, 2, raised / 10);
  assert_int_equal(h.count, 1 + raised + 1 - lost + 1);
  log_end();
}

/* Nobody who raises waits, nor does the end for longer than its second; what is
   left is given up, and the sink closed when it comes back. */
static void test_stalled(void **state) {
  struct heard h = HEARD;
  size_t live = mem_live();

  (void)state;
  begin_held(&h);
  for (int i = 0; i < 100; i++)
    log_line(LOG_OTHER, FAX_LOG_INFO, "room", "n=%d", i);
  assert_false(log_flush(0.01));
  assert_false(log_end());
  assert_false(h.closed);
  log_line(LOG_OTHER, FAX_LOG_INFO, "room", "nobody hears");
  set_held(&h, false);
  wait_closed(&h);
  assert_string_equal(h.line, "room: the first");
  while (thread_live() > 0) sched_yield();
  assert_int_equal(mem_live(), live);
}

/* ---- time ---- */

static void read_all(const char *path, char *text, size_t size) {
  FILE *f = fopen(path, "r");

  assert_non_null(f);
  text[fread(text, 1, size - 1, f)] = '\0';
  fclose(f);
}

/* Virtual time moves whatever the sink does, and a line keeps the time of its
   raising. */
static void test_virtual_clock(void **state) {
  struct heard h = HEARD;

  (void)state;
  assert_true(FaxClockVirtual(NOON));
  begin_held(&h);
  log_line(LOG_OTHER, FAX_LOG_INFO, "room", "the second");
  assert_true(FaxClockWait(clock_after(FaxClockNow(), 3600), NULL));
  set_held(&h, false);
  flush();
  assert_string_equal(h.line, "room: the second");
  assert_true(h.last.wall == NOON);
  assert_true(FaxClockWall() == NOON + 3600 * FAX_SECOND); /* flush took none */
  log_line(LOG_OTHER, FAX_LOG_INFO, "room", "the third");
  log_end();
  assert_true(h.last.wall == NOON + 3600 * FAX_SECOND);
  assert_true(FaxClockWall() == h.last.wall);
  assert_true(FaxClockReal());
}

/* ---- without memory ---- */

/* A line needs none. */
static void test_no_memory(void **state) {
  struct heard h = HEARD;

  (void)state;
  begin(&h, FAX_LOG_INFO);
  mem_fail_after(0);
  log_line(LOG_OTHER, FAX_LOG_INFO, "room", "poor");
  flush();
  mem_fail_after(-1);
  assert_string_equal(h.line, "room: poor");
  log_end();
}

static DWORD use_log(void *arg) {
  struct log_file *file;
  DWORD code = log_file_open(arg, &file);

  if (code != ERROR_SUCCESS) return code;
  code = log_set_sink(&log_file_sink, file, FAX_LOG_INFO);
  if (code != ERROR_SUCCESS) {
    log_file_close(file);
    return code;
  }
  log_line(LOG_OTHER, FAX_LOG_INFO, "room", "text");
  assert_true(log_end());
  return ERROR_SUCCESS;
}

static void test_sweep(void **state) {
  size_t fds = test_fds();

  (void)state;
  sweep_with(use_log, "/dev/null");
  assert_int_equal(test_fds(), fds);
  assert_int_equal(thread_live(), 0);
}

/* ---- files ---- */

static void open_sink(const char *path) {
  struct log_file *file;

  assert_int_equal(log_file_open(path, &file), ERROR_SUCCESS);
  assert_int_equal(log_set_sink(&log_file_sink, file, FAX_LOG_INFO),
                   ERROR_SUCCESS);
}

static void test_file(void **state) {
  char folder[FOLDER_SIZE], path[FOLDER_SIZE + 8], text[500];
  size_t live = mem_live(), fds = test_fds();
  struct stat st;

  (void)state;
  assert_true(folder_make(folder));
  snprintf(path, sizeof path, "%s/log", folder);
  assert_true(FaxClockVirtual(NOON));
  for (int i = 0; i < 2; i++) { /* appends */
    open_sink(path);
    log_line(LOG_OTHER, FAX_LOG_WARN, "job", "late by=%d", i);
    assert_true(log_end());
  }
  assert_true(FaxClockReal());
  read_all(path, text, sizeof text);
  assert_string_equal(text,
                      "2023-11-14T22:13:20.123Z warn job: late by=0\n"
                      "2023-11-14T22:13:20.123Z warn job: late by=1\n");
  assert_int_equal(stat(path, &st), 0);
  assert_int_equal(st.st_mode & 0777, 0600);
  unlink(path);
  rmdir(folder);
  assert_int_equal(mem_live(), live);
  assert_int_equal(test_fds(), fds);
}

static void test_file_errors(void **state) {
  struct log_file *file;
  int flags;

  (void)state;
  assert_int_equal(log_file_open("/nowhere/at/all", &file),
                   ERROR_FILE_NOT_FOUND);
  assert_int_equal(log_file_open("/", &file), ERROR_ACCESS_DENIED);
  log_file_close(NULL);
  assert_int_equal(log_file_open("-", &file), ERROR_SUCCESS);
  log_file_close(file);
  flags = fcntl(STDERR_FILENO, F_GETFD); /* still open */
  assert_true(flags >= 0);
}

/* ---- standard error is a pipe that nobody reads ---- */

enum { PIPE_LINES = 1000 }; /* more than a pipe takes, less than the queue */

struct pipe_stage {
  int ends[2], before;
};

static void pipe_begin(struct pipe_stage *p, bool blocks) {
  assert_int_equal(pipe2(p->ends, O_CLOEXEC | (blocks ? 0 : O_NONBLOCK)), 0);
  assert_true(fcntl(p->ends[1], F_SETPIPE_SZ, 4096) > 0);
  p->before = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
  assert_true(p->before >= 0);
  assert_true(dup2(p->ends[1], STDERR_FILENO) >= 0);
  close(p->ends[1]);
  open_sink("-");
  for (int i = 0; i < PIPE_LINES; i++)
    log_line(LOG_OTHER, FAX_LOG_INFO, "room", "n=%d", i);
  assert_false(log_flush(0));
}

static void pipe_end(struct pipe_stage *p) {
  assert_true(dup2(p->before, STDERR_FILENO) >= 0);
  close(p->before);
}

/* Reads the lines, each whole and in its place. */
static void read_lines(int fd) {
  int flags = fcntl(fd, F_GETFL);
  char line[200];

  assert_int_equal(fcntl(fd, F_SETFL, flags & ~O_NONBLOCK), 0);
  FILE *f = fdopen(fd, "r");
  assert_non_null(f);
  for (int i = 0, n; i < PIPE_LINES; i++) {
    assert_non_null(fgets(line, sizeof line, f));
    assert_int_equal(sscanf(line, "%*s info room: n=%d\n", &n), 1);
    assert_int_equal(n, i);
  }
  fclose(f);
}

static void test_slow_pipe(void **state) {
  (void)state;
  for (int blocks = 0; blocks < 2; blocks++) {
    struct pipe_stage p;
    pipe_begin(&p, blocks);
    read_lines(p.ends[0]);
    assert_true(log_flush(PATIENCE));
    assert_true(log_end());
    pipe_end(&p);
  }
}

/* The end does not wait for it; when the reader goes, so does the thread, and
   its SIGPIPE is nobody's. */
static void test_stalled_pipe(void **state) {
  size_t live = mem_live(), fds = test_fds();
  struct pipe_stage p;

  (void)state;
  pipe_begin(&p, true);
  assert_false(log_end());
  close(p.ends[0]);
  pipe_end(&p);
  while (thread_live() > 0) sched_yield();
  assert_int_equal(mem_live(), live);
  assert_int_equal(test_fds(), fds);
}

/* ---- fork ---- */

/* The child has no thread, so no log, and may have one of its own; under the
   thread sanitizer it may not. */
static int in_child(void) {
  log_line(LOG_OTHER, FAX_LOG_ERROR, "child", "nobody hears");
  if (!log_flush(PATIENCE)) return 1;
#if defined(__SANITIZE_THREAD__)
  return 0;
#else
  static struct heard h = HEARD;
  if (log_set_sink(&hearing, &h, FAX_LOG_INFO) != ERROR_SUCCESS) return 2;
  log_line(LOG_OTHER, FAX_LOG_INFO, "child", "its own");
  if (!log_end()) return 3;
  return strcmp(h.line, "child: its own") == 0 ? 0 : 4;
#endif
}

static void test_fork(void **state) {
  struct heard h = HEARD;
  int status;

  (void)state;
  begin_held(&h);
  log_line(LOG_OTHER, FAX_LOG_INFO, "room", "the second");
  pid_t child = fork();
  assert_true(child >= 0);
  if (child == 0) _exit(in_child());
  assert_int_equal(waitpid(child, &status, 0), child);
  assert_int_equal(status, 0);
  set_held(&h, false);
  log_end();
  assert_int_equal(h.count, 2);
  assert_string_equal(h.line, "room: the second");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_levels),
      cmocka_unit_test(test_categories),
      cmocka_unit_test(test_one_line),
      cmocka_unit_test(test_escape),
      cmocka_unit_test(test_threads),
      cmocka_unit_test(test_change),
      cmocka_unit_test(test_bounded_lines),
      cmocka_unit_test(test_bounded_bytes),
      cmocka_unit_test(test_stalled),
      cmocka_unit_test(test_virtual_clock),
      cmocka_unit_test(test_no_memory),
      cmocka_unit_test(test_file),
      cmocka_unit_test(test_file_errors),
      cmocka_unit_test(test_slow_pipe),
      cmocka_unit_test(test_stalled_pipe),
      cmocka_unit_test(test_fork),
      cmocka_unit_test(test_sweep),
  };

  test_start();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
