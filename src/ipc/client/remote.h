/* SPDX-License-Identifier: MIT
   A service in another process, as the API sees it. Calls over one connection
   go one after another; any thread. */
#ifndef FAX_IPC_CLIENT_REMOTE_H
#define FAX_IPC_CLIENT_REMOTE_H

#include <fax/fax_service.h>

#include "method/method.h"

struct remote; /* a connection; counted */

/* What is behind a HANDLE with HANDLE_REMOTE; counted. */
struct remote_handle {
  struct remote *remote;
  DWORD id;         /* there; 0: the connection itself */
  DWORD connection; /* the one it was opened on: ids are of one only */
};

/* Connects to the server whose socket is at `path`. Gives a handle of
   HANDLE_SERVER | HANDLE_REMOTE. ERROR_FILE_NOT_FOUND: nobody listens there. */
DWORD remote_open(const char *path, const struct fax_connect *connect,
                  HANDLE *handle_out);

/* As method_serve, there. After a loss of the connection it is made again; what
   was opened before it is ERROR_INVALID_HANDLE then. A method that repeats is
   asked again, of the others RPC_S_CALL_FAILED says that it may have been
   served. The server hears of it when the patience is interrupted (NULL: none),
   and says how it ended: ERROR_CANCELLED, also when it says nothing. */
DWORD remote_ask(struct remote_handle *r, HANDLE handle, const struct method *m,
                 const void *in, void *out,
                 const struct fax_patience *patience);

/* The run of the service that answers, and whether it is in another process
   than this one. RPC_S_SERVER_UNAVAILABLE. */
DWORD remote_boot(struct remote_handle *h, DWORDLONG *boot_out,
                  BOOL *elsewhere_out);

/* ---- events: subscription.c ---- */
struct completion_port;
/* As event_subscribe, there: on a connection of its own, whose thread posts to
   `port`. The last event is FEI_FAXSVC_ENDED, also when the connection is
   lost. Ids are none of a service of this process. */
DWORD remote_subscribe(struct remote_handle *h, HANDLE port, ULONG_PTR key,
                       BOOL extended, DWORD *id_out);
/* Nothing is posted any more. Unknown: does nothing. */
void remote_unsubscribe(DWORD id);
/* The same for all that post to this port, which is closed. */
void remote_port_closed(const struct completion_port *port);

/* ---- providers: attach.c ---- */
struct attached; /* behind a handle of HANDLE_PROVIDER | HANDLE_REMOTE; counted
                  */
struct fax_attach;
DWORD remote_attach(struct remote_handle *h, const struct fax_attach *attach,
                    HANDLE *handle_out);
/* How many; borrowed. */
DWORD attached_devices(const struct attached *a, const DWORD **ids_out);
DWORD attached_ring(struct attached *a, DWORD device_id, DWORD rings,
                    const char *caller_id);
/* Its handle was taken out of the table. */
void attached_closed(struct attached *a);
/* One in a shared object, which the server loads. */
struct fax_load;
DWORD remote_load(struct remote_handle *h, const struct fax_load *load,
                  HANDLE *handle_out);

/* ---- a policy: policy.c ---- */
struct remote_policy; /* behind a handle of HANDLE_POLICY | HANDLE_REMOTE;
                         counted */
struct fax_policy_answer;
DWORD remote_policy_attach(struct remote_handle *h, HANDLE port, ULONG_PTR key,
                           HANDLE *handle_out);
DWORD remote_policy_answer(struct remote_policy *p, DWORD question,
                           const struct fax_policy_answer *answer);
/* Its handle was taken out of the table. */
void remote_policy_closed(struct remote_policy *p);

/* The handle was taken out of the table: releases it there too. What the server
   says to that: ERROR_ACCESS_DENIED (CONN-8). */
DWORD remote_closed(struct remote_handle *r, int kind, HANDLE handle);

#endif
