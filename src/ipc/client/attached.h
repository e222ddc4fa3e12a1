/* SPDX-License-Identifier: MIT
   A provider of this process at a service in another, and its operations. Only
   for src/ipc/client. */
#ifndef FAX_IPC_CLIENT_ATTACHED_H
#define FAX_IPC_CLIENT_ATTACHED_H

#include "ipc/attach.h"
#include "ipc/client/channel.h"
#include "provider/provider.h"

struct attached {
  struct channel channel;
  struct fax_provider *provider; /* the one here; NULL: it was loaded there */
  struct provider_notice notice; /* of the end of one that was loaded there */
  DWORD number;                  /* the server's word, as the ids are */
  DWORD *ids, count;
  pthread_mutex_t lock; /* what follows */
  pthread_cond_t gone;  /* an operation has */
  struct list ops;
};

/* ---- attach.c ---- */
/* Bytes that are no text cannot be told: ERROR_INVALID_PARAMETER. NULL ok. */
DWORD attached_text(const char *text, const char *what);
/* Nothing but the channel yet. */
DWORD attached_new(HANDLE port, struct attached **attached_out);
/* What the server gave. */
DWORD attached_read(struct attached *a, const json_t *result);
/* It is there: gives the handle, and listens. */
DWORD attached_open(struct attached *a, HANDLE *handle_out);

/* ---- operation.c ---- */
DWORD attached_op_start(struct attached *a, const struct call_told *told);
void attached_op_abort(struct attached *a, DWORD id);
void attached_op_abort_all(struct attached *a);
void attached_op_committed(struct attached *a, const struct call_told *told);
/* The callbacks of struct provider_events. */
void attached_op_status(void *op, DWORD status,
                        const struct fax_progress *progress);
void attached_op_caller(void *op, const char *caller_id, const char *routing);
void attached_op_ended(void *op, DWORD status, const struct fax_progress *last);
void attached_op_released(void *op);
void attached_op_commit(void *op, DWORD page);

#endif
