/* SPDX-License-Identifier: MIT
   What is said about a provider that a client attaches, or has the server
   load: "provider.attach", "provider.load", "provider.ring", "provider.alive",
   "provider.detach",
   and of its operations "operation.status", "operation.caller",
   "operation.commit", "operation.end"; the server's notification
   "provider.call" (docs/protocol.md). */
#ifndef FAX_IPC_ATTACH_H
#define FAX_IPC_ATTACH_H

#include <fax/fax_provider.h>

#include "model/record.h"

/* "provider.attach" */
struct attach_asked {
  struct fax_attach attach;
  BOOL acknowledges; /* each call that asks for it */
  BOOL answers;      /* each tick, when its program has taken it */
};

/* "provider.alive": the answer. */
struct alive_said {
  DWORD provider;
};

/* "provider.load" */
struct load_asked {
  struct fax_provider_config config;
  BOOL acknowledges;
};

struct attach_given {
  DWORD provider; /* a number of this connection */
  DWORD *devices; /* their ids */
  DWORD device_count;
};

/* "provider.detach" */
struct detach_said {
  DWORD provider;
  BOOL lost; /* and its operations are */
};

/* "provider.call": a struct fax_call. */
struct call_told {
  DWORD provider;
  DWORD kind; /* enum fax_call_kind */
  DWORD op;   /* START, ABORT, COMMITTED: a number of this connection */
  DWORD device_id;
  BOOL receive, send;              /* ENABLE; START: `receive` is a reception */
  DWORD page, error;               /* COMMITTED */
  struct fax_operation *operation; /* START */
  const char *caller_name, *receiver_name;
  BOOL acknowledge; /* the next comes when this one is acknowledged */
};

/* Of an operation. */
struct op_said {
  DWORD op;
  DWORD status;
  struct fax_progress *progress;
  const char *caller_id, *routing;
  DWORD page;
};

struct ring_said {
  DWORD provider;
  DWORD device_id;
  DWORD rings;
  const char *caller_id;
};

/* Copies a document, a plain file of 1 GiB at most. */
DWORD attach_copy(int from, int to);

extern const struct fax_record attach_record, load_record, attach_given_record,
    call_told_record, op_said_record, ring_said_record, detach_said_record,
    alive_said_record;

#endif
