/* SPDX-License-Identifier: MIT
   What happened in a process that is made to die, in memory that outlives it:
   each change of a file as an operation, and between them the marks, what the
   world outside was told or told us. An operation is a write point: the plan
   says at which the process dies, or what fails. */
#ifndef FAX_SPEC_CRASH_LOG_H
#define FAX_SPEC_CRASH_LOG_H

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum crash_kind {
  /* ---- operations ---- */
  CRASH_CREATE,  /* a file gets its first name */
  CRASH_RENAME,  /* from its name to another */
  CRASH_LINK,    /* a second name */
  CRASH_UNLINK,  /* a name goes */
  CRASH_MKDIR,   /* names: of the folder */
  CRASH_RMDIR,   /* names: of the folder */
  CRASH_WRITE,   /* bytes at an offset (the store's files) */
  CRASH_CUT,     /* the file has `offset` bytes now */
  CRASH_CONTENT, /* all bytes of a file that others write too */
  CRASH_SYNC,    /* of a file */
  CRASH_FOLDER,  /* of a folder, its names */
  CRASH_STEP,    /* of the provider: a moment to die, no change of the disk */
  /* ---- marks ---- */
  CRASH_ASKED,     /* a submission with the key `number` */
  CRASH_ACCEPTED,  /* job; number: of its key, 0 is none */
  CRASH_REFUSED,   /* a submission; number: the error */
  CRASH_CALL,      /* job; number: the first page that is sent */
  CRASH_SENT,      /* job, page `number` went out, its confirmation is due */
  CRASH_CONFIRMED, /* job, page `number`: the other side did so */
  CRASH_SAFE,      /* job, page `number`: that is known to be on the disk */
  CRASH_DECIDED,   /* job; number: its outcome, known to be on the disk */
  CRASH_TAKEN,     /* page `number` of a call coming in was confirmed by us */
  CRASH_STORED,    /* so many faxes are known to be in the inbox */
  CRASH_REMOVING,  /* a fax of the archive was to go */
  CRASH_REMOVED,   /* and had gone */
  CRASH_TRIED,     /* crash_promise.h */
  CRASH_PROMISED   /* the same */
};

enum {
  CRASH_OPS = 100000,
  CRASH_FILES = 2048,
  CRASH_DIRS = 512,
  CRASH_SITES = 64,
  CRASH_NAME = 160
};
#define CRASH_BYTES ((size_t)256 << 20)

struct crash_op {
  enum crash_kind kind;
  int file, dir, to_dir; /* -1: none */
  char name[CRASH_NAME], to_name[CRASH_NAME];
  int64_t offset;
  size_t at, length; /* the bytes, in crash_log.bytes */
  unsigned job, number;
};

/* Set before the process is made. Points count from 0. */
struct crash_plan {
  long kill_at; /* -1: never */
  long fail_at; /* from this point on */
  long fail_count;
  int fail_with; /* errno */
  bool recording;
  char skip[96]; /* the site of syncs that are left out; "": none */
};

struct crash_log {
  struct crash_plan plan;
  pthread_mutex_t lock; /* what follows */
  bool armed;           /* points are counted */
  long points;
  long failed;          /* so many did */
  char failed_kind[64]; /* the last */
  size_t count, used;
  struct crash_op ops[CRASH_OPS];
  char dirs[CRASH_DIRS][256]; /* paths below the root, "" is the root */
  struct {
    uint64_t device, inode;
    bool gone;
  } files[CRASH_FILES];
  int file_count, dir_count;
  struct {
    char name[96];
    long count;
  } sites[CRASH_SITES];
  char fails[64];     /* the folder whose next sync does; "": none */
  char failure[2048]; /* what did not hold; "" */
  char root[128];
  char bytes[];
};
static struct crash_log *crash;

static inline void crash_log_make(void) {
  crash = mmap(NULL, sizeof *crash + CRASH_BYTES, PROT_READ | PROT_WRITE,
               MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (crash == MAP_FAILED) abort();
}

/* Before each process; what the log has stays for it to go on, or goes. */
static inline void crash_log_plan(struct crash_plan plan, bool anew) {
  crash->plan = plan;
  crash->points = crash->failed = 0;
  crash->failure[0] = '\0';
  crash->armed = false;
  crash->fails[0] = '\0';
  pthread_mutex_init(&crash->lock, NULL); /* who held it may be dead */
  for (int i = 0; i < CRASH_SITES; i++) crash->sites[i].count = 0;
  if (!anew) return;
  crash->count = crash->used = 0;
  crash->file_count = 0;
  crash->dir_count = 1;
  crash->dirs[0][0] = '\0';
}

static const struct crash_plan crash_no_plan = {.kill_at = -1, .fail_at = -1};

/* ---- in the process ---- */

/* What must hold does not: the process is over. */
__attribute__((format(printf, 1, 2), noreturn)) static inline void crash_fail(
    const char *format, ...) {
  va_list args;
  va_start(args, format);
  vsnprintf(crash->failure, sizeof crash->failure, format, args);
  va_end(args);
  _exit(1);
}

#define crash_hold(condition, ...)             \
  do {                                         \
    if (!(condition)) crash_fail(__VA_ARGS__); \
  } while (0)

/* With the lock. */
static inline struct crash_op *crash_add(enum crash_kind kind) {
  crash_hold(crash->count < CRASH_OPS, "more operations than expected");
  struct crash_op *op = &crash->ops[crash->count++];
  memset(op, 0, sizeof *op);
  op->kind = kind;
  op->file = op->dir = op->to_dir = -1;
  return op;
}

/* With the lock: room for so many bytes. */
static inline char *crash_room(struct crash_op *op, size_t length) {
  crash_hold(crash->used + length <= CRASH_BYTES, "more bytes than expected");
  op->at = crash->used;
  op->length = length;
  crash->used += length;
  return crash->bytes + op->at;
}

/* With the lock, before an operation. The errno that it fails with; 0. */
static inline int crash_point(const char *kind) {
  if (!crash->armed) return 0;
  long n = crash->points++;
  const struct crash_plan *p = &crash->plan;
  if (n == p->kill_at) raise(SIGKILL);
  if (p->fail_at < 0 || n < p->fail_at || n >= p->fail_at + p->fail_count)
    return 0;
  crash->failed++;
  snprintf(crash->failed_kind, sizeof crash->failed_kind, "%s", kind);
  return p->fail_with;
}

static inline void crash_arm(bool armed) {
  pthread_mutex_lock(&crash->lock);
  crash->armed = armed;
  pthread_mutex_unlock(&crash->lock);
}

static inline void crash_mark(enum crash_kind kind, unsigned job,
                              unsigned number) {
  pthread_mutex_lock(&crash->lock);
  struct crash_op *op = crash_add(kind);
  op->job = job;
  op->number = number;
  pthread_mutex_unlock(&crash->lock);
}

/* A moment to die that changes no file. */
static inline void crash_step(void) {
  pthread_mutex_lock(&crash->lock);
  crash_point("step");
  if (crash->plan.recording) crash_add(CRASH_STEP);
  pthread_mutex_unlock(&crash->lock);
}

/* The next sync of the folder of that name fails, once. */
static inline void crash_fail_folder(const char *name) {
  pthread_mutex_lock(&crash->lock);
  snprintf(crash->fails, sizeof crash->fails, "%s", name);
  pthread_mutex_unlock(&crash->lock);
}

/* With the lock. True: the sync is only said to be done. */
static inline bool crash_site(const char *name) {
  const char *base = strstr(name, "src/");
  if (base != NULL) name = base;
  int i = 0;
  while (crash->sites[i].name[0] != '\0' &&
         strcmp(crash->sites[i].name, name) != 0)
    if (++i == CRASH_SITES) crash_fail("more syncs than expected");
  size_t length = strlen(name);
  crash_hold(length < sizeof crash->sites[i].name, "%s: is too long", name);
  memcpy(crash->sites[i].name, name, length + 1);
  crash->sites[i].count++;
  return strcmp(crash->plan.skip, name) == 0;
}

/* ---- looking back ----
   What lies before crash_now() when it is asked changes no more. */

static inline size_t crash_now(void) {
  pthread_mutex_lock(&crash->lock);
  size_t count = crash->count;
  pthread_mutex_unlock(&crash->lock);
  return count;
}

static inline bool crash_has_failed(void) {
  pthread_mutex_lock(&crash->lock);
  bool failed = crash->failed > 0;
  pthread_mutex_unlock(&crash->lock);
  return failed;
}

/* Of this job and number, 0: any, between two places of the log. */
static inline size_t crash_count_of(enum crash_kind kind, unsigned job,
                                    unsigned number, size_t from, size_t to) {
  size_t count = 0;
  for (size_t i = from; i < to; i++) {
    const struct crash_op *op = &crash->ops[i];
    if (op->kind == kind && (job == 0 || op->job == job) &&
        (number == 0 || op->number == number))
      count++;
  }
  return count;
}

#endif
