/* SPDX-License-Identifier: MIT
   The other side: fax-host, which has the FSP in its process and no more than a
   socket to the service. Its main thread takes messages and gives signs of
   life, and never calls the FSP. Only for src/host/child*.c. */
#ifndef FAX_HOST_CHILD_H
#define FAX_HOST_CHILD_H

#include <pthread.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/list.h"
#include "wire/message.h"
#include "provider/provider.h"

struct child {
  int fd;     /* the socket */
  int waking; /* an eventfd: look whether there is something to do */
  struct message_in in;
  json_int_t seen; /* messages that were obeyed */
  struct arena arena;
  struct fax_provider_config config; /* in the arena */
  int64_t beat, stuck;               /* ns of the machine's clock */
  int64_t next_beat;
  pthread_t loader;

  bool driven; /* by the clock of the service */
  json_int_t idle_seen;
  fax_deadline idle_until; /* as told last */

  pthread_mutex_t out_lock; /* what follows; held while it writes */
  struct message_out out;

  pthread_mutex_t lock; /* what follows */
  struct clock_cond changed;
  struct list calls; /* struct child_call */
  struct fax_provider *provider;
  bool said_hello;
  bool stop;          /* asked for */
  fax_deadline until; /* of the stop */
  bool over;          /* the loader has ended */
  bool left_behind;   /* with threads that did not */
};

struct child_call {
  struct child *child;
  json_int_t id;
  struct list link;
  struct fax_op *op;
  json_t *end; /* the params of "ended" */
  DWORD status;

  /* Of the main thread. */
  unsigned long signs;
  fax_deadline cpu_then; /* of the worker, at its last sign */
  bool stuck;

  unsigned long told; /* statuses; under child->lock */
};

/* Sends one message; ends the process when the service is gone. Any thread.
   ERROR_NOT_ENOUGH_MEMORY, ERROR_INVALID_DATA: it was not sent. */
DWORD child_tell(struct child *c, const char *method, json_t *params);
/* The main thread looks what there is to do. */
void child_wake(void *child);

/* ---- child_load.c: a thread that is a participant of the clock ---- */
void child_load(void *child);

/* ---- child_call.c ---- */
extern const struct provider_events child_events;
void child_start(struct child *c, const json_t *params);
void child_abort(struct child *c, const json_t *params);
void child_committed(struct child *c, const json_t *params);
/* Which operations are alive, and which are stuck. */
void child_beat(struct child *c);

/* ---- child_obey.c: one message; false: it makes no sense ---- */
bool child_begin(struct child *c, const json_t *params);
bool child_obey(struct child *c, const struct message *m);

#endif
