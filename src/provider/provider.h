/* SPDX-License-Identifier: MIT
   Hosts providers: loading, virtual devices, the life of an operation. Knows no
   job and no port; what happens goes up through the callbacks given at
   creation. Included by the service. */
#ifndef FAX_PROVIDER_PROVIDER_H
#define FAX_PROVIDER_PROVIDER_H

#include <fax/fax_provider.h>
#include <fax/fax_service.h>
#include <stdbool.h>

/* Called by any thread, with no lock held; for one operation never two at once
   and in the order in which things happened. Texts are borrowed for the call.
   `op_arg` and `arg` are those of op_new and provider_load. */
struct provider_events {
  /* FS_ status; progress may be NULL; unknown stays FAX_UNKNOWN. */
  void (*status)(void *op_arg, DWORD status,
                 const struct fax_progress *progress);
  void (*caller)(void *op_arg, const char *caller_id, const char *routing);
  /* Exactly once for every operation that was started. */
  void (*ended)(void *op_arg, DWORD status, const struct fax_progress *last);
  /* The provider is done with the operation and its device is free. Once, with
     or after `ended`; never for a provider that does not come back. The last
     call about this operation. */
  void (*released)(void *op_arg);
  void (*ring)(void *arg, const struct fax_provider *p, DWORD device_id,
               DWORD rings, const char *caller_id);
  /* The end of this page is to be noted (fax_op_commit): op_committed must
     follow, by any thread; of page 0, that of each will be, it need not. */
  void (*commit)(void *op_arg, DWORD page);
};

/* ---- providers ---- */

/* Loads a C FSP by the names of faxdev.h, with its options, its heap and its
   virtual devices. Gives a counted object (mem_unref after provider_stop).
   ERROR_MOD_NOT_FOUND, ERROR_PROC_NOT_FOUND (message: which export),
   ERROR_INVALID_DATA (what it announced makes no sense), ERROR_BUSY (its shared
   object serves another provider, perhaps one that is leaving), or its own. */
DWORD provider_load(const struct fax_provider_config *config,
                    const struct provider_events *events, void *arg,
                    struct fax_provider **provider_out);

/* ERROR_INVALID_PARAMETER: it has no name, or one that is a path. */
DWORD provider_name_check(const struct fax_provider_config *config);

/* The path of its shared object: gives it. ERROR_MOD_NOT_FOUND. */
DWORD provider_path(const struct fax_provider_config *config, char **path_out);

/* How many calls a child process is to have by fax_provider_isolate of the
   module; 0: it does not say, or cannot be loaded, as provider_load will say.
 */
DWORD provider_said_isolate(const struct fax_provider_config *config);

/* Any other kind of provider, with its devices: for the specs' fakes, and for
   the kinds to come. `data` is fax_provider_data. */
struct provider_device {
  DWORD device_id;
  const char *name;
  DWORD lacks;      /* FPF_SEND, FPF_RECEIVE: what it cannot do */
  const char *csid; /* of its port; NULL: not said */
};
DWORD provider_new(const char *name, const struct fax_provider_ops *ops,
                   void *data, const struct provider_device *devices,
                   DWORD device_count, const struct provider_events *events,
                   void *arg, struct fax_provider **provider_out);

/* Something that the provider holds until it goes; takes (counted). */
void provider_keep(struct fax_provider *p, void *object);

/* A provider that a program attaches: what the service wants of it is posted to
   a completion port (held), as fax_provider.h says. */
struct completion_port;
DWORD provider_attach(const struct fax_attach *attach,
                      struct completion_port *port,
                      const struct provider_device *devices,
                      const struct provider_events *events, void *arg,
                      struct fax_provider **provider_out);
/* Of one whose packets are handed on to another process: each FAX_CALL_TICK is
   answered there, which provider_alive tells; until then it counts as not
   taken. */
void provider_answers(struct fax_provider *p);
void provider_alive(struct fax_provider *p);
/* In that process: posts one more, and calls taken(object) when it has been
   taken, as completion_tell. */
DWORD provider_tick(struct fax_provider *p, void (*taken)(void *object),
                    void *object);
/* The last packet to whoever listens for the end of a provider, made before it
   is needed, so that it always comes. */
struct provider_notice {
  struct completion_port *port; /* held; NULL: nobody listens */
  ULONG_PTR key;
  struct fax_call *call;
};
DWORD provider_notice_make(struct provider_notice *n,
                           struct completion_port *port, ULONG_PTR key);
/* Once; `error` says how it ended. */
void provider_notice_post(struct provider_notice *n, DWORD error);
void provider_notice_clear(struct provider_notice *n);

/* A struct fax_call that nobody took from its port, with a block of MEM_CALL:
   takes it, and ends what it was about. No lock is held. */
void provider_call_drop(struct fax_call *call);

/* Why its operations have to be given up, or NULL; see fax_provider_ops. */
const char *provider_lost(struct fax_provider *p, fax_deadline now,
                          fax_deadline *next_inout);

const char *provider_name(const struct fax_provider *p);
DWORD provider_device_count(const struct fax_provider *p);
const struct provider_device *provider_device(const struct fax_provider *p,
                                              DWORD index);

void provider_enable(struct fax_provider *p, DWORD device_id, bool receive,
                     bool send);

/* Ends the provider (FSP-11): false when threads of it did not come back by
   `until`; it then stays loaded, and its memory is never touched again. */
bool provider_stop(struct fax_provider *p, fax_deadline until);

/* ---- operations ---- */

struct op_order {
  enum fax_op_kind kind;
  const char *file;
  const char *caller_name;
  const char *receiver_name;
  struct fax_operation told;
};

/* Gives an operation (counted, fax_op_ref); texts are copied. */
DWORD op_new(const struct op_order *order, void *op_arg,
             struct fax_op **op_out);

/* Hands it to the provider. Afterwards `ended` and `released` come, also when
   the provider refused it: an error here means that no memory was left to start
   it, and that neither will come. */
DWORD op_start(struct fax_provider *p, struct fax_op *op);

/* Asks the provider to end it; returns at once. */
void op_abort(struct fax_op *op);

/* Ends it without the provider, which has run out of time: `ended` comes now,
   `released` when, if ever, the provider comes back. */
void op_kill(struct fax_op *op, DWORD status, const struct fax_progress *last);

/* As fax_op_commit. ERROR_NOT_ENOUGH_MEMORY: it was not asked. */
DWORD op_commit(struct fax_op *op, DWORD page);
/* The answer; not under a lock that a provider waits for. */
void op_committed(struct fax_op *op, DWORD page, DWORD error);
/* Waits for it: ERROR_SUCCESS, WAIT_TIMEOUT, ERROR_OPERATION_ABORTED, or the
   answer's error. */
DWORD op_await(struct fax_op *op, DWORD page, fax_deadline until);

/* It has ended, whoever ended it. */
bool op_over(struct fax_op *op);

/* What the worker of an operation of provider_load has done. */
struct op_work {
  unsigned long signs; /* its calls into libfax */
  fax_deadline cpu;    /* processor time it has used */
};
/* False: it has no worker, or none any more. */
bool op_work(struct fax_provider *p, struct fax_op *op,
             struct op_work *work_out);

#endif
