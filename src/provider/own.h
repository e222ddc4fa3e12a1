/* SPDX-License-Identifier: MIT
   What the kinds of provider share behind provider.h: provider and operation
   as objects, and the way to the service's callbacks. Only for src/provider. */
#ifndef FAX_PROVIDER_OWN_H
#define FAX_PROVIDER_OWN_H

#include <pthread.h>
#include <stdatomic.h>

#include "base/clock.h"
#include "base/list.h"
#include "provider/provider.h"

struct fax_provider {
  char *name;
  const struct fax_provider_ops *ops;
  void *data;
  void *owned; /* counted; let go with the provider; may be NULL */
  struct provider_device *devices;
  DWORD device_count;
  struct provider_events events;
  void *arg;

  pthread_mutex_t lock; /* what follows */
  struct clock_cond left;
  size_t inside; /* callbacks that run now */
  bool cut;      /* no callback any more */
};

struct fax_op {
  enum fax_op_kind kind;
  const char *file, *caller_name, *receiver_name;
  struct fax_operation told;
  void *arg;
  _Atomic(void *) data;

  pthread_mutex_t lock;          /* what follows */
  struct fax_provider *provider; /* counted; from op_start on */
  struct list due;               /* struct telling, not delivered yet */
  struct fax_progress latest;    /* owns its texts; still after the end */
  DWORD status;
  bool starting;               /* its provider is being told to */
  bool aborted;                /* perhaps before it was started */
  bool ended, released;        /* what happened */
  bool end_told, release_told; /* what the service knows of it */
  bool delivering;
  DWORD asked, safe; /* pages: whose end was asked to be noted last, and that is
                        on the disk; FAX_UNKNOWN: none */
  DWORD refused;     /* why that of `asked` is not */
  struct clock_cond changed; /* with safe, refused, aborted, ended */
  char texts[];              /* those of the order, one behind the other */
};

/* What is due to be told of an operation. */
enum telling_kind { TELL_STATUS, TELL_CALLER, TELL_COMMIT };
struct telling {
  struct list link;
  enum telling_kind kind;
  DWORD status;
  struct fax_progress progress; /* owns its texts */
  char *caller_id, *routing;
  DWORD page; /* of TELL_COMMIT */
};
struct telling *telling_new(void); /* gives */

/* Before and after each callback into the service; with no lock held. False:
   the service has let go of the provider, and nothing may be called. */
bool provider_enter(struct fax_provider *p);
void provider_leave(struct fax_provider *p);

/* Hands everything that is due to the service. The caller holds a reference and
   no lock. Nothing happens while another thread, or this one further up, does
   so: that one goes on until nothing is left. */
void op_deliver(struct fax_op *op);

/* fax_op_status without a status: the one known last stays. */
void op_progress(struct fax_op *op, const struct fax_progress *progress);

#endif
