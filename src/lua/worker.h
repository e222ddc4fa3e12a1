/* SPDX-License-Identifier: MIT
   Workers: threads with a Lua state each, for the callbacks of a provider that
   block. A thread of C, the foreman, takes what the service wants and hands it
   to them. Nothing of one Lua state is touched by the thread of another: they
   tell each other by packets, and what is told is text. */
#ifndef FAX_LUA_WORKER_H
#define FAX_LUA_WORKER_H

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>

#include "lua/binding.h"

#define WORKERS_TYPE "fax.core.workers"
#define WORKER_TYPE "fax.core.worker"
#define MOST_WORKERS 1000

/* Keys of packets to the foreman besides those with CALL_TAG; their bytes say
   what. A worker's key has its index. */
#define WORKER_TAG UINT64_C(0x6661787700000000)
#define OWNER_TAG UINT64_C(0x6661786f00000000)
#define KEY_TAG_MASK UINT64_C(0xffffffff00000000)

enum worker_tells {
  WORKER_SAYS = 1, /* with a note, for the owner or CALL_LOADED */
  WORKER_FREE = 2, /* its operation is over */
  WORKER_GONE = 3  /* its last act */
};
enum owner_tells { OWNER_OPENED = 1, OWNER_LOST = 2 };

struct worker {
  struct workers *all;
  DWORD index;
  pthread_t thread;
  HANDLE port; /* of its loop; written before CALL_LOADED is said */
  /* the foreman's */
  enum { WORKER_LOADING, WORKER_IDLE, WORKER_BUSY, WORKER_OVER } state;
  struct fax_op *op;     /* what it has to do; counted */
  struct fax_call *stop; /* made at the start, so that it always comes */
};

struct waiting { /* for a worker */
  struct waiting *next;
  struct fax_call *call;
  fax_deadline until;
};

struct workers {
  atomic_uint references; /* the owner's box, the foreman, each worker */
  HANDLE port;            /* the foreman's */
  HANDLE out;             /* of the loop that made them */
  ULONG_PTR key;          /* of packets to that */
  char *path, *cpath;     /* package's */
  char *config;           /* for lua/fax/provider/worker.lua */
  size_t config_length;
  sigset_t mask;         /* of the owner's thread: what children get */
  pthread_mutex_t start; /* held until a new thread is in the clock */
  pthread_t foreman;
  struct fax_cancel *ended; /* the foreman has, and `left` is there */
  char *left;               /* what did not end; NULL: all did */
  /* written before OWNER_OPENED */
  HANDLE provider;
  DWORD *ids, id_count;
  fax_deadline patience; /* how long an operation waits for a worker */
  /* the foreman's */
  bool open, told, lost, closing;
  fax_deadline until; /* closing: who is not gone by then is left behind */
  DWORD loaded, gone;
  struct waiting *first;
  struct fax_call *stop; /* of the service */
  DWORD count;
  struct worker worker[];
};

/* foreman.c, worker_state.c: what the threads run; arg is a struct workers, a
   struct worker. */
void *foreman_main(void *arg);
void *worker_main(void *arg);

/* workers.c */
void workers_unref(struct workers *all);
/* False: errno has why. All signals are blocked in the thread. */
bool workers_thread(struct workers *all, pthread_t *thread_out,
                    void *(*main)(void *arg), void *arg);
/* The first act of such a thread. */
void workers_thread_begin(struct workers *all, const char *name);

/* worker_command.c: adds to the methods of a worker's box. */
void worker_command_methods(lua_State *L);
struct worker *worker_check(lua_State *L);

#endif
