/* SPDX-License-Identifier: MIT
   The service's side: the hosts of one provider, and the thread of each. Only
   for src/host. */
#ifndef FAX_HOST_OWN_H
#define FAX_HOST_OWN_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/list.h"
#include "base/mem.h"
#include "host/host.h"
#include "wire/message.h"

enum host_state {
  HOST_LOADING,  /* its process is started, or about to be */
  HOST_READY,    /* it takes calls */
  HOST_DRAINING, /* a call was stuck: it takes no new ones */
  HOST_STOPPING, /* it was asked to shut down */
  HOST_RESTING,  /* it has no process; it is started again */
  HOST_ENDED     /* its thread is about to end */
};

/* One call at a host. */
struct host_call {
  struct list link;
  json_int_t id;
  struct fax_op *op; /* with the reference for fax_op_end */
  bool sent;         /* the process knows of it */
  int64_t seen;      /* machine's ns: when it was known to be alive */
};

struct host_device {
  bool known, receive, send; /* what the service wants of it */
};

/* Why a process is over. */
struct host_end {
  const char *cause; /* of its calls; NULL: it is not over */
  char text[512];    /* "was killed by SIGSEGV"; "": its exit will tell */
  DWORD code;        /* of the load that it is the end of */
  bool clean;        /* it exited as one that has done its work */
};

struct host {
  struct hosts *hosts;
  DWORD first, count; /* its devices, from zero in hosts->devices */
  pthread_t thread;
  bool started; /* the thread was */
  int wake;     /* an eventfd */

  /* Of its thread. */
  pid_t pid;
  int fd;
  struct message_in in;
  struct host_end end;
  int64_t beat;  /* machine's ns: of the last sign of life */
  int64_t limit; /* machine's ns: for what `limited` waits for */
  enum host_state limited;
  bool leaving; /* it has shut down, and exits now */
  DWORD failures;
  fax_deadline ready; /* since when it has served */

  /* Busy, but for when the process says idle, or rests. */
  struct clock_guest *clock;
  atomic_bool time_due; /* the clock has come to where it waits */

  /* Under hosts->lock. */
  enum host_state state;
  bool stuck; /* a call is: it does not shut down, and is killed after its last
               */
  struct message_out out;
  json_int_t sent; /* messages to this process */
  struct list calls;
  bool woken;
};

/* All hosts of a provider. A counted object. */
struct hosts {
  struct fax_provider *provider; /* borrowed: holds this; NULL at first */
  char *name, *path;
  char **options; /* NULL at the end */
  DWORD isolate;
  struct host_limits limits;
  struct provider_device *devices; /* as the first process announced them */
  DWORD device_count;
  struct host **list;
  DWORD count;

  pthread_mutex_t lock; /* what follows, and much of each host */
  struct clock_cond changed;
  struct host_device *wanted; /* of each device */
  json_int_t last_call;
  bool stopping;
  bool kill; /* the stop has run out of time */
  fax_deadline until;
  bool loading;           /* the first one; then: */
  struct host_end loaded; /* why it could not be loaded */
};

extern const struct fax_provider_ops hosts_ops;

int64_t host_machine_now(void);

/* ---- group.c: the hosts and their threads ---- */
DWORD hosts_new(const struct fax_provider_config *config, const char *path,
                const struct host_limits *limits, struct hosts **hosts_out);
/* One for the first devices; then the others, when they are known. */
DWORD hosts_make_first(struct hosts *hosts);
DWORD hosts_make_rest(struct hosts *hosts);
DWORD host_begin(struct host *h);
BOOL hosts_stop(struct fax_provider *p, fax_deadline until);
/* False: a thread did not end by then. */
bool hosts_end(struct hosts *hosts, fax_deadline until);

/* ---- run.c: the thread ---- */
void host_run(void *host);

/* ---- launch.c ---- */
DWORD host_launch(struct host *h);
/* Ends the process, after its calls unless only its exit says why. What comes
   now finds the host in the state `next`. */
void host_bury(struct host *h, enum host_state next);
/* The process is over; its exit tells why when the text is "". */
__attribute__((format(printf, 3, 4))) void host_over(struct host *h,
                                                     const char *cause,
                                                     const char *format, ...);

/* ---- send.c; with hosts->lock ---- */
DWORD host_send(struct host *h, const char *method, json_t *params);
DWORD host_send_start(struct host *h, struct host_call *call);
void host_send_enable(struct host *h, DWORD device);
void host_wake(struct host *h);
/* Writes what fits. False: nobody reads any more. */
bool host_flush(struct host *h);

/* ---- listen.c: what the process says, on the thread ---- */
/* Takes what has come; false: there is more. When it is over h->end says so. */
bool host_listen(struct host *h);
/* Some bytes of it; what makes no sense is the end of the process. */
void host_hear(struct host *h, const char *bytes, size_t length);

/* ERROR_INVALID_DATA. */
DWORD host_nonsense(const char *what);

/* ---- report.c, life.c: one message each ---- */
DWORD host_hear_status(struct host *h, const json_t *params, bool of_end);
DWORD host_hear_caller(struct host *h, const json_t *params);
DWORD host_hear_ring(struct host *h, const json_t *params);
DWORD host_hear_commit(struct host *h, const json_t *params);
DWORD host_hear_beat(struct host *h, const json_t *params);
DWORD host_hear_idle(struct host *h, const json_t *params);

/* ---- call.c ---- */
/* With hosts->lock; NULL: there is none. */
struct host_call *host_call_find(struct host *h, json_int_t id);
/* Ends it for the service; takes the call, which is in no list. No lock. */
void host_call_end(struct host_call *call, DWORD status,
                   const struct fax_progress *last);
void host_call_fail(struct host *h, struct host_call *call, const char *cause,
                    const char *evidence);
/* All of a list that is the caller's; no lock. */
void host_fail_all(struct host *h, struct list *calls);
/* With hosts->lock: takes a call out of the list of its host. */
void host_call_take(struct host *h, struct host_call *call);
/* With hosts->lock: it takes no calls any more, one is stuck. */
void host_drain(struct host *h, const char *why);

#endif
