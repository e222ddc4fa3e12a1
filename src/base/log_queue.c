/* SPDX-License-Identifier: MIT
   The queue of log lines is a pair of buffers: lines are appended to one while
   the thread writes the other. Nothing is allocated for a line. All waits here
   are on the machine's clock, and the thread is no participant of the virtual
   one: a disk takes the time that it takes, while virtual time stands still. */
#include "base/log_queue.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/mem.h"
#include "base/thread.h"

/* How long the end waits for the sink. */
#define PATIENCE 1.0

/* From one write to the next, unless somebody waits or what is raised may not
   wait: a line each would cost a service that is busy as much as its work. */
#define PAUSE 0.01

/* In front of each text in a buffer; read and written by memcpy. */
struct mark {
  int64_t wall;
  enum log_category category;
  enum fax_log_level level;
  size_t size; /* of the text, its end included */
};

struct buffer {
  size_t used;
  unsigned lines, lost; /* those that came when it was full */
  int64_t lost_since;
  char bytes[LOG_QUEUE_BYTES];
};

struct queue { /* counted: held as the current one, by its thread, by waiters */
  const struct log_sink *sink;
  void *arg;
  pthread_t thread;
  pthread_cond_t raised, written; /* CLOCK_MONOTONIC */
  struct buffer *filling, *spare; /* the spare is the thread's */
  DWORDLONG raised_count, written_count;
  struct timespec rests; /* the thread writes no sooner, unless in a hurry */
  bool asleep;           /* it waits for a line */
  bool hurry;
  bool ends;     /* the thread is to write what there is, then end */
  bool reopens;  /* the sink is to be opened anew, before what comes */
  bool given_up; /* nobody waits for it: it is to end at once */
  bool ended;
  struct buffer buffers[2];
};

/* Over a few instructions; nothing else is taken under it. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct queue *current;
static _Thread_local bool writes; /* this is the thread of a queue */

/* ---- fork: the thread stays with the parent, so the child logs nothing until
   it has a service of its own. ---- */

static void before_fork(void) {
  pthread_mutex_lock(&lock);
}
static void after_fork(void) {
  pthread_mutex_unlock(&lock);
}

static void after_fork_child(void) {
  current = NULL;
  pthread_mutex_unlock(&lock);
}

static void watch_forks(void) {
  pthread_atfork(before_fork, after_fork, after_fork_child);
}

/* ---- raising ---- */

/* Once a line is lost, so are those after it, however short: what is missing is
   missing in one place. */
static bool has_room(const struct buffer *b, size_t size) {
  return b->lost == 0 && b->lines < LOG_QUEUE_LINES &&
         b->used + sizeof(struct mark) + size <= sizeof b->bytes;
}

static void append(struct buffer *b, const struct mark *m, const char *text) {
  memcpy(b->bytes + b->used, m, sizeof *m);
  memcpy(b->bytes + b->used + sizeof *m, text, m->size);
  b->used += sizeof *m + m->size;
  b->lines++;
}

/* With the lock, under which the times are in the order of the lines. */
static void put(struct queue *q, struct mark *m, const char *text) {
  struct buffer *b = q->filling;
  bool hurry = m->level <= FAX_LOG_WARN || b->lines >= LOG_QUEUE_LINES / 2 ||
               b->used >= sizeof b->bytes / 2;

  m->wall = clock_wall();
  q->raised_count++;
  if (has_room(b, m->size))
    append(b, m, text);
  else if (b->lost++ == 0)
    b->lost_since = m->wall;
  if (q->asleep || (hurry && !q->hurry)) pthread_cond_signal(&q->raised);
  q->asleep = false;
  q->hurry = q->hurry || hurry;
}

void log_queue_put(enum log_category category, enum fax_log_level level,
                   const char *text) {
  struct mark m = {
      .category = category, .level = level, .size = strlen(text) + 1};

  if (writes) return;
  pthread_mutex_lock(&lock);
  if (current != NULL) put(current, &m, text);
  pthread_mutex_unlock(&lock);
}

/* ---- writing; on the thread ---- */

enum { BATCH = 64 };

/* Reads up to a batch from `at`, which it moves on. */
static size_t read_batch(const struct buffer *b, size_t *at,
                         struct log_entry *lines) {
  size_t count = 0;
  struct mark m;

  for (; count < BATCH && *at < b->used; count++) {
    memcpy(&m, b->bytes + *at, sizeof m);
    lines[count].wall = m.wall;
    lines[count].category = m.category;
    lines[count].level = m.level;
    lines[count].text = b->bytes + *at + sizeof m;
    *at += sizeof m + m.size;
  }
  return count;
}

static bool is_given_up(const struct queue *q) {
  bool given_up;

  pthread_mutex_lock(&lock);
  given_up = q->given_up;
  pthread_mutex_unlock(&lock);
  return given_up;
}

static void write_lost(const struct queue *q, const struct buffer *b) {
  char text[64];
  struct log_entry line = {b->lost_since, LOG_OTHER, FAX_LOG_WARN, text};

  snprintf(text, sizeof text, "log: the queue was full lost=%u", b->lost);
  q->sink->write(q->arg, &line, 1);
}

static void write_buffer(const struct queue *q, const struct buffer *b) {
  struct log_entry lines[BATCH];
  size_t at = 0, count;

  while ((count = read_batch(b, &at, lines)) > 0) {
    if (is_given_up(q)) return;
    q->sink->write(q->arg, lines, count);
  }
  if (b->lost != 0 && !is_given_up(q)) write_lost(q, b);
}

static struct timespec after(double seconds) {
  fax_deadline at;
  struct timespec t;

  clock_gettime(CLOCK_MONOTONIC, &t);
  at = clock_after(t.tv_sec * FAX_SECOND + t.tv_nsec, seconds);
  t.tv_sec = at / FAX_SECOND;
  t.tv_nsec = at % FAX_SECOND;
  return t;
}

/* With the lock, as what follows. False: there is something else to do. */
static bool gather(struct queue *q) {
  while (!q->hurry && !q->ends && !q->reopens && !q->given_up)
    if (pthread_cond_timedwait(&q->raised, &lock, &q->rests) != 0) break;
  q->hurry = false;
  return !q->reopens && !q->given_up;
}

/* It lets go of the lock meanwhile. */
static void write_raised(struct queue *q) {
  if (!gather(q)) return;
  struct buffer *full = q->filling;
  DWORDLONG count = q->raised_count;
  q->filling = q->spare;
  pthread_mutex_unlock(&lock);
  write_buffer(q, full);
  full->used = 0;
  full->lines = full->lost = 0;
  q->rests = after(PAUSE);
  pthread_mutex_lock(&lock);
  q->spare = full;
  q->written_count = count;
  pthread_cond_broadcast(&q->written);
}

/* The same. */
static void reopen(struct queue *q) {
  q->reopens = false;
  if (q->sink->reopen == NULL) return;
  pthread_mutex_unlock(&lock);
  q->sink->reopen(q->arg);
  pthread_mutex_lock(&lock);
}

static void sleep_until_raised(struct queue *q) {
  q->asleep = true;
  pthread_cond_wait(&q->raised, &lock);
  q->asleep = false;
}

static void run(void *arg) {
  struct queue *q = arg;

  clock_leave(); /* thread_start made it a participant */
  writes = true;
  pthread_mutex_lock(&lock);
  while (!q->given_up) {
    if (q->reopens)
      reopen(q);
    else if (q->written_count != q->raised_count)
      write_raised(q);
    else if (q->ends)
      break;
    else
      sleep_until_raised(q);
  }
  pthread_mutex_unlock(&lock);
  if (q->sink->close != NULL) q->sink->close(q->arg);
  pthread_mutex_lock(&lock);
  q->ended = true;
  pthread_cond_broadcast(&q->written);
  pthread_mutex_unlock(&lock);
  mem_unref(q);
}

/* ---- waiting ---- */

/* With the lock; false: the time was up. */
static bool wait_written(struct queue *q, DWORDLONG count, double seconds) {
  struct timespec until = after(seconds);

  q->hurry = true;
  pthread_cond_signal(&q->raised);
  while (q->written_count < count && !q->ended)
    if (pthread_cond_timedwait(&q->written, &lock, &until) != 0) break;
  return q->written_count >= count;
}

void log_reopen(void) {
  pthread_mutex_lock(&lock);
  if (current != NULL) {
    current->reopens = true;
    pthread_cond_signal(&current->raised);
  }
  pthread_mutex_unlock(&lock);
}

bool log_flush(double seconds) {
  struct queue *q;
  bool written;

  pthread_mutex_lock(&lock);
  q = mem_ref(current);
  written = q == NULL || wait_written(q, q->raised_count, seconds);
  pthread_mutex_unlock(&lock);
  mem_unref(q);
  return written;
}

/* ---- beginning and ending ---- */

static void queue_destroy(void *object) {
  struct queue *q = object;

  pthread_cond_destroy(&q->raised);
  pthread_cond_destroy(&q->written);
}

static struct queue *queue_new(const struct log_sink *sink, void *arg) {
  struct queue *q = mem_new(sizeof *q, queue_destroy);
  pthread_condattr_t attributes;

  if (q == NULL) return NULL;
  pthread_condattr_init(&attributes);
  pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
  pthread_cond_init(&q->raised, &attributes);
  pthread_cond_init(&q->written, &attributes);
  pthread_condattr_destroy(&attributes);
  q->sink = sink;
  q->arg = arg;
  q->filling = &q->buffers[0];
  q->spare = &q->buffers[1];
  return q;
}

DWORD log_queue_begin(const struct log_sink *sink, void *arg) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  struct queue *q = queue_new(sink, arg);
  DWORD error;

  if (q == NULL)
    return error_say(ERROR_NOT_ENOUGH_MEMORY, "the log: out of memory");
  pthread_once(&once, watch_forks);
  error = thread_start(&q->thread, "fax-log", run, mem_ref(q));
  if (error != ERROR_SUCCESS) {
    mem_unref(q);
    mem_unref(q);
    return error;
  }
  pthread_mutex_lock(&lock);
  current = q;
  pthread_mutex_unlock(&lock);
  return ERROR_SUCCESS;
}

/* With the lock; false: it is left behind. */
static bool end(struct queue *q) {
  struct timespec until = after(PATIENCE);

  q->ends = true;
  pthread_cond_signal(&q->raised);
  while (!q->ended)
    if (pthread_cond_timedwait(&q->written, &lock, &until) != 0) break;
  q->given_up = !q->ended;
  return q->ended;
}

bool log_queue_end(void) {
  struct queue *q;
  bool ended;

  pthread_mutex_lock(&lock);
  q = current;
  current = NULL;
  ended = q == NULL || end(q);
  pthread_mutex_unlock(&lock);
  if (q == NULL) return true;
  if (ended)
    thread_join_ended(q->thread);
  else
    thread_let_go(q->thread);
  mem_unref(q);
  return ended;
}
