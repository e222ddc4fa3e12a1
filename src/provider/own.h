/* SPDX-License-Identifier: MIT
   What the kinds of provider share behind provider.h: the provider as an
   object, and the gate to the service's callbacks. Only for src/provider. */
#ifndef FAX_PROVIDER_OWN_H
#define FAX_PROVIDER_OWN_H

#include <pthread.h>

#include "base/clock.h"
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

/* Before and after each callback into the service; with no lock held. False:
   the service has let go of the provider, and nothing may be called. */
bool provider_enter(struct fax_provider *p);
void provider_leave(struct fax_provider *p);

/* fax_op_status without a status: the one known last stays. */
void op_progress(struct fax_op *op, const struct fax_progress *progress);

/* The operation was ended by the provider or by op_kill. Any thread. */
bool op_over(struct fax_op *op);

#endif
