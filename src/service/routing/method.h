/* SPDX-License-Identifier: MIT
   Routing methods: what is done with a fax that was received whole, once it
   lies in the inbox. The service has an ordered list of them; each port says
   which of them it wants, and keeps data for each. For the files of
   src/service only. */
#ifndef FAX_SERVICE_ROUTING_METHOD_H
#define FAX_SERVICE_ROUTING_METHOD_H

#include "service/state.h"

/* Jobs note in one DWORD which have run. */
#define ROUTING_MOST_METHODS 32

struct routing_method;

/* Both are called without the lock, may block, borrow all that they are given,
   and say in a sentence what went wrong. */

/* ERROR_INVALID_DATA: the method can do nothing with this data.
   ERROR_BAD_CONFIGURATION: it cannot be enabled with it as things are. Any
   thread. */
typedef DWORD routing_check_fn(const struct routing_method *self,
                               const BYTE *data, DWORD size);
/* Delivers the fax. Called by the deliverer's thread, for one fax at a time
   (RT-33). After a failure it is called again with the same fax, perhaps with
   other data, and must not deliver twice. */
typedef DWORD routing_run_fn(const struct routing_method *self,
                             const struct fax_received *fax, const BYTE *data,
                             DWORD size);

/* Described by whoever brings it; must outlive the service. */
struct routing_method {
  const char *guid; /* "{...}" (RT-2) */
  const char *friendly_name, *function_name;
  const char *image_name, *extension_name;
  const void *initial; /* data of a port for which nobody set any */
  DWORD initial_size;
  routing_check_fn *check;
  routing_run_fn *run;
};

/* Registered; all but the link never changes. */
struct method {
  struct list link;
  DWORD number; /* from 0, in the order of coming: the order may change */
  const struct routing_method *what;
};

struct routing_data { /* counted; never changed */
  DWORD size;
  BYTE bytes[];
};

/* What one port wants. NULL instead of one: nothing was ever set. */
struct port_routing { /* counted; replaced as a whole, never changed */
  struct {
    bool enabled;
    struct routing_data *data; /* NULL: the method's initial */
  } of[ROUTING_MOST_METHODS];  /* by number */
};

/* ---- the list; with the lock ---- */
/* As the last. ERROR_INVALID_DATA: its guid is none, or is registered. */
DWORD routing_method_add(struct service *s, const struct routing_method *what);
void routing_methods_free(struct service *s);
/* RT-6, -9: ERROR_INVALID_DATA for what is no guid or nobody's. */
DWORD routing_method_find(struct service *s, const char *guid,
                          const struct method **method_out);

/* The one of this guid; NULL: it is not here. */
const struct method *routing_method_known(const struct service *s,
                                          const char *guid);
/* The one of the guid goes to this place, from 1 (RT-7). */
void routing_method_move(struct service *s, const struct method *m,
                         DWORD priority);

/* ---- of a port ---- */
/* Nothing is enabled. NULL: no memory. */
struct port_routing *port_routing_new(void);
bool routing_enabled(const struct port_routing *r, const struct method *m);
/* Borrowed from r. */
const BYTE *routing_data(const struct port_routing *r, const struct method *m,
                         DWORD *size_out);

/* ---- running them ---- */
/* With the lock; lets go of it for each method. The fax of the job is in the
   inbox: runs what its port wants and has not run yet, and says what becomes of
   the job. Gives a document to drop outside the lock, or NULL. */
struct document *routing_deliver(struct service *s, struct job *j);
/* With the lock, which it lets go of for the disk: the job is in the hands of
   no thread of the routing any more. Takes both; `gone` may be NULL. */
void routing_leave(struct service *s, struct job *j, struct document *gone);
/* With the lock: there is a method to run for it. */
bool routing_wanted(const struct service *s, const struct job *j);

/* ---- built in ---- */
extern const struct routing_method routing_folder;

#endif
