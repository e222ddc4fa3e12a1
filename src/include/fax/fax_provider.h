/* SPDX-License-Identifier: MIT
   What the service knows of any provider, whatever kind it is: a C FSP with
   FaxDev* exports on worker threads is one implementation of it. start()
   returns at once; an operation ends exactly once, whoever ends it. */
#ifndef FAX_FAX_PROVIDER_H
#define FAX_FAX_PROVIDER_H

#include <fax/fax_clock.h>
#include <fax/fax_operation.h>
#include <fax/fax_service.h>

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
  /* Asked by the service now and then while an operation is under way: NULL, or
     why it has to be given up (a word, for ever). *next_inout comes down to
     when to ask again. Under a lock: only looks. May be NULL. */
  const char *(*lost)(struct fax_provider *p, fax_deadline now,
                      fax_deadline *next_inout);
  /* What fax_op_commit asked for is on the disk (ERROR_SUCCESS), or will not
     be. Any thread. May be NULL. */
  void (*committed)(struct fax_provider *p, struct fax_op *op, DWORD page,
                    DWORD error);
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

/* Whether it is to be given up: its abort was asked for, or it is over for the
   service. For a provider that computes; an abort is told of besides. */
FAX_EXPORT BOOL fax_op_aborted(const struct fax_op *op);

/* The operation's status is now `status` (an FS_ value); `page` and the rest
   may be unknown. Never blocks. Ignored after the end. */
FAX_EXPORT void fax_op_status(struct fax_op *op, DWORD status,
                              const struct fax_progress *progress);
/* Sending: as FaxOperationCommit (fax_operation.h), which says what for. Asks,
   in the order of what else is told, and never blocks; FALSE: no memory, ask
   again. Of the same page again it does nothing. */
FAX_EXPORT BOOL fax_op_commit(struct fax_op *op, DWORD page);
/* That is on the disk: the page's post-message command may go out. */
FAX_EXPORT BOOL fax_op_committed(const struct fax_op *op, DWORD page);
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

/* ---- a provider in the program itself ----
   For a program with an event loop of its own: what the service wants of the
   provider comes as packets to a completion port, and the functions above
   answer. This is what providers written in Lua stand on. */

struct fax_attach_device {
  const char *name; /* of the port */
  DWORD device_id;  /* 0: one that is free */
  const char *csid; /* what its port answers with from now on, as FaxSetPort has
                       it; NULL: what was set before */
};

struct fax_attach {
  DWORD size;
  const char *name;
  const struct fax_attach_device *devices;
  DWORD device_count; /* at least one */
  HANDLE port;        /* of FaxCreateCompletionPort: gets a struct fax_call for
                         each thing to do */
  ULONG_PTR key;
  DWORD stall; /* seconds that a packet may wait to be taken; 0: 30. After that
                  the operations of the provider fail, cause "stalled" */
  DWORD lacks; /* FPF_SEND, FPF_RECEIVE: what none of its devices can do; their
                  ports do not show it, whatever FaxSetPort says */
  DWORD calls; /* its lines send while fewer calls than this are on them; 0: no
                  limit */
};

enum fax_call_kind {
  FAX_CALL_START = 1,  /* begin the operation, and fax_op_end it; the reference
                          is the one that fax_op_end takes */
  FAX_CALL_ABORT = 2,  /* end it soon: fax_op_end with FS_USER_ABORT; for the
                          reader to fax_op_unref */
  FAX_CALL_ENABLE = 3, /* receive and send of device_id were set (FSP-60) */
  FAX_CALL_STOP = 4,   /* nothing comes any more: it was detached and its last
                          operation is over, or the service has stopped; see
                          `error` */
  FAX_CALL_TICK = 5,   /* nothing to do: it shows that packets are taken */
  FAX_CALL_COMMITTED = 6 /* what fax_op_commit asked of `page` is on the disk,
                            or will not be: `error`; for the reader to
                            fax_op_unref */
};

/* One block, freed with FaxLocalFree. */
struct fax_call {
  DWORD size;
  DWORD kind;        /* enum fax_call_kind */
  struct fax_op *op; /* with a reference; NULL but for START and ABORT */
  DWORD device_id;   /* 0 for STOP and TICK */
  BOOL receive;
  BOOL send;
  DWORD error; /* of STOP: ERROR_TIMEOUT when a loaded provider did not end and
                  is left in memory, else ERROR_SUCCESS */
  DWORD page;  /* of COMMITTED */
};

/* Adds a provider to the running service, with its devices as ports
   (FAX_CONFIG_SET). Gives a handle for FaxClose, which detaches it: it gets
   nothing new, its operations go on until they end, and its ports vanish then;
   a port handle of one answers ERROR_BAD_UNIT. Closing the server handle does
   not detach it. ERROR_ALREADY_EXISTS: a device id is in use. When the
   completion port is closed, the operations fail with cause "provider_lost". */
FAX_EXPORT BOOL FaxAttachProvider(HANDLE FaxHandle,
                                  const struct fax_attach *attach,
                                  LPHANDLE provider_out);

/* ---- a provider in a shared object, for this run of the service ---- */

struct fax_load {
  DWORD size;
  struct fax_provider_config provider;
  HANDLE port; /* of FaxCreateCompletionPort: gets a struct fax_call of kind
                  FAX_CALL_STOP at its end; NULL: nobody wants to know */
  ULONG_PTR key;
};

/* Loads a C FSP into the running service and adds its devices as ports
   (FAX_CONFIG_SET). Its calls until then, FaxDevInitialize the last of them,
   run on this thread; a server in another process loads it there, from its own
   disk, and lets go of it when this process ends. Gives a handle for FaxClose,
   which detaches it as one of FaxAttachProvider; after its last operation comes
   FaxDevShutdown, then it is unloaded. Another one of its name, from another
   file, may be loaded meanwhile. ERROR_ALREADY_EXISTS: its name or a device id
   is in use. ERROR_BUSY: the file is in use by a provider that is there, or
   that is leaving. ERROR_MOD_NOT_FOUND, ERROR_PROC_NOT_FOUND, or its own error.
 */
FAX_EXPORT BOOL FaxLoadProvider(HANDLE FaxHandle, const struct fax_load *load,
                                LPHANDLE provider_out);

/* ---- of both ---- */

/* How many devices it has; 0 when there is no such provider. */
FAX_EXPORT DWORD FaxProviderDeviceCount(HANDLE provider);

/* The device ids, in the order of the devices given; `ids` has room for
   `count`, which is how many there are. */
FAX_EXPORT BOOL FaxProviderDevices(HANDLE provider, LPDWORD ids, DWORD count);

/* A call comes in on a device of the provider; see fax_provider_ring. */
FAX_EXPORT BOOL FaxRingDevice(HANDLE provider, DWORD device_id, DWORD rings,
                              const char *caller_id);

#ifdef __cplusplus
}
#endif

#include <fax/types_end.h>

#endif
