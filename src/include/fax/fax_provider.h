/* SPDX-License-Identifier: MIT
   What the service knows of any provider, whatever kind it is: a C FSP with
   FaxDev* exports on worker threads is one implementation of it. start()
   returns at once; an operation ends exactly once, whoever ends it. */
#ifndef FAX_FAX_PROVIDER_H
#define FAX_FAX_PROVIDER_H

#include <fax/fax_clock.h>
#include <fax/fax_operation.h>

#include <fax/types_begin.h>

#ifdef __cplusplus
extern "C" {
#endif

struct fax_provider; /* one provider, as the service holds it */
struct fax_op;       /* one operation: one attempt to send, or one reception */

enum fax_op_kind { FAX_OP_SEND = 1, FAX_OP_RECEIVE = 2 };

/* All are called with no lock held. */
struct fax_provider_ops {
  /* Starts the operation; it may end before start returns. On success the
     provider holds a reference, given back by fax_op_end. An error code means
     that it never started, and the service ends it. */
  DWORD (*start)(struct fax_provider *p, struct fax_op *op);
  /* Asks for its end; returns at once. May come at any time after start, also
     after the end. */
  void (*abort)(struct fax_provider *p, struct fax_op *op);
  /* The ports of the provider were reconfigured: receive and send of the
     device (FSP-60). May be NULL. */
  void (*enable)(struct fax_provider *p, DWORD device_id, BOOL receive,
                 BOOL send);
  /* The service is stopping: no operation is under way, or the time is up.
     Releases what it can until the deadline. FALSE: threads are left behind. */
  BOOL (*stop)(struct fax_provider *p, fax_deadline until);
};

/* ---- of an operation; any thread ---- */
FAX_EXPORT enum fax_op_kind fax_op_kind(const struct fax_op *op);
/* The document to send, or the file to fill; borrowed while op is held. */
FAX_EXPORT const char *fax_op_file(const struct fax_op *op);
FAX_EXPORT const char *fax_op_caller_name(const struct fax_op *op);
FAX_EXPORT const char *fax_op_receiver_name(const struct fax_op *op);
/* What the service tells of it; borrowed while op is held. */
FAX_EXPORT const struct fax_operation *fax_op_told(const struct fax_op *op);
/* A pointer of the provider's own. */
FAX_EXPORT void fax_op_set_data(struct fax_op *op, void *data);
FAX_EXPORT void *fax_op_data(const struct fax_op *op);
FAX_EXPORT struct fax_op *fax_op_ref(struct fax_op *op);
FAX_EXPORT void fax_op_unref(struct fax_op *op);

/* The operation's status is now `status` (an FS_ value); `page` and the rest
   may be unknown. Never blocks. Ignored after the end. */
FAX_EXPORT void fax_op_status(struct fax_op *op, DWORD status,
                              const struct fax_progress *progress);
/* Who calls (a reception), as the network says it. Strings are copied. */
FAX_EXPORT void fax_op_caller(struct fax_op *op, const char *caller_id,
                              const char *routing);
/* The end; takes the reference that start gave. The first end counts, a later
   one only says that the device is really free. */
FAX_EXPORT void fax_op_end(struct fax_op *op, DWORD status,
                           const struct fax_progress *last);

/* ---- of a provider ---- */
/* A call comes in on the device; it has rung `rings` times (0 = not said). */
FAX_EXPORT void fax_provider_ring(struct fax_provider *p, DWORD device_id,
                                  DWORD rings, const char *caller_id);
FAX_EXPORT void *fax_provider_data(const struct fax_provider *p);

#ifdef __cplusplus
}
#endif

#include <fax/types_end.h>

#endif
