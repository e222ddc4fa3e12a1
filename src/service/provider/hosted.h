/* SPDX-License-Identifier: MIT
   The providers of a service, each in its place from before it is loaded until
   it has ended. For the files of src/service. */
#ifndef FAX_SERVICE_PROVIDER_HOSTED_H
#define FAX_SERVICE_PROVIDER_HOSTED_H

#include "service/state.h"

struct hosted { /* counted */
  enum fax_provider_origin origin;
  char *name;
  DWORD error;      /* it is registered, and could not be loaded: why */
  char *message;    /* the same as a sentence */
  char *described;  /* what the configuration said of it; NULL: it did not */
  struct list link; /* with the lock, as what follows: in service->providers,
                       or in service->failed */
  struct fax_provider *provider; /* NULL: it is being loaded */
  struct line_share *share;      /* of its lines; NULL: no limit */
  bool leaving;                  /* it is to go, when it is there */
  bool counts; /* in a call of this run it noted the ends of its pages, and
                  counted those that were confirmed */
  bool ending, ended; /* a thread does; it has */
  pthread_t ender;
  fax_deadline not_before; /* for want of a thread */
  struct provider_notice notice;
};

/* Without a place yet. */
DWORD hosted_new(const char *name, enum fax_provider_origin origin,
                 struct hosted **hosted_out);

/* So many calls at a time; 0: no limit. Before it is filled. */
DWORD hosted_limit(struct hosted *h, DWORD calls);

/* Takes a place for it. ERROR_ALREADY_EXISTS: one of its name is there, or
   comes, and is not leaving. ERROR_SHUTDOWN_IN_PROGRESS. */
DWORD hosted_enter(struct service *s, struct hosted *h);

/* Loads the C FSP for that place and adds its ports; on failure the place is
   given up. On this thread, without the lock; ERROR_OPERATION_ABORTED: it was
   to leave before it had come. */
DWORD hosted_load(struct service *s, struct hosted *h,
                  const struct fax_provider_config *config);
/* The place is not wanted after all: nothing was loaded. */
void hosted_withdraw(struct service *s, struct hosted *h);

/* What was withdrawn is kept with the reason that this thread knows, in the
   place of what is known of its name (FSP-18). */
void hosted_failed(struct service *s, struct hosted *h, DWORD error);
void hosted_forget_failure(struct service *s, const char *name);

/* ---- with the lock ---- */

/* The one that was loaded under this name; NULL. */
struct hosted *hosted_find(struct service *s, const char *name);
/* What the last call that came to a page showed of it: whether it notes the
   ends of its pages and counts those that were confirmed. */
void hosted_learn(struct service *s, const struct fax_provider *p, bool counts);
bool hosted_counts(const struct service *s, const struct fax_provider *p);
/* The provider is there, with its ports, for the place of `h`. */
DWORD hosted_fill(struct service *s, struct hosted *h, struct fax_provider *p);
/* Its ports leave, then it is ended. Nothing the second time. */
void hosted_leave(struct service *s, struct hosted *h);
/* Ends one that has left, or has that done; lets go of the lock for it. False:
   there is none before *next_inout. */
bool hosted_leave_step(struct service *s, fax_deadline now,
                       fax_deadline *next_inout);

/* ---- the end of the service; without the lock ---- */

/* Is told, with the lock, of a provider that did not end. */
typedef void stuck_fn(struct service *s, const char *name);
void hosted_end_all(struct service *s, fax_deadline until, stuck_fn *stuck);

#endif
