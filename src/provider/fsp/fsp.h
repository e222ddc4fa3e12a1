/* SPDX-License-Identifier: MIT
   A C FSP: a shared object with the exports of faxdev.h. One status thread
   takes its packets, one control thread makes the calls that must not hold up
   the service, and each operation has a worker. Only for src/provider/fsp. */
#ifndef FAX_PROVIDER_FSP_FSP_H
#define FAX_PROVIDER_FSP_FSP_H

#include <fax/faxdev.h>
#include <pthread.h>

#include "base/clock.h"
#include "base/completion.h"
#include "base/heap.h"
#include "base/list.h"
#include "provider/own.h"
#include "provider/progress.h"

struct fsp_exports {
  BOOL (*options)(const char *const *options, char *message, size_t size);
  BOOL (*string)(DWORD id, char *text, size_t size);
  BOOL (*create)(LPDWORD, LPTSTR, LPDWORD, HANDLE, ULONG_PTR);
  BOOL(*initialize)
  (HLINEAPP, HANDLE, PFAX_LINECALLBACK *, PFAX_SERVICE_CALLBACK);
  BOOL (*start_job)(HLINE, DWORD, PHANDLE, HANDLE, ULONG_PTR);
  BOOL (*end_job)(HANDLE);
  BOOL (*send)(HANDLE, PFAX_SEND, PFAX_SEND_CALLBACK);
  BOOL (*receive)(HANDLE, HCALL, PFAX_RECEIVE);
  BOOL (*report_status)(HANDLE, PFAX_DEV_STATUS, DWORD, LPDWORD);
  BOOL (*abort_operation)(HANDLE);
  HRESULT (*shutdown)(void);
};

/* What the service wants of a device, to be told by the control thread. */
struct fsp_device {
  bool due, receive, send;
};

enum fsp_thread { FSP_STATUS, FSP_CONTROL, FSP_THREADS };

/* A counted object. Its threads hold a reference to the provider. */
struct fsp {
  struct fax_provider *provider; /* borrowed: owns this */
  char *name;
  void *module;
  struct fsp_exports exports;
  struct heap *heap;
  HANDLE heap_handle;
  struct completion_port *port;
  HANDLE port_handle;
  ULONG_PTR ring_key; /* of FaxDevVirtualDeviceCreation */
  ULONG_PTR own_key;  /* of the packets that this code posts to itself */
  PFAX_LINECALLBACK line_callback;
  DWORD first_device, device_count;
  pthread_t threads[FSP_THREADS];

  pthread_mutex_t lock; /* what follows; no call out of here under it */
  struct clock_cond changed;
  struct fsp_device *devices;
  struct list jobs;      /* struct fsp_job, until their worker is joined */
  struct list abort_due; /* struct fsp_job */
  struct list join_due;  /* struct fsp_job */
  struct list notes;     /* struct fsp_note, on their way through the port */
  int running;           /* of the threads */
  bool device_due;
  bool stopping;     /* no operation starts any more */
  bool shutdown_due; /* the control thread is to call FaxDevShutdown */
  bool shut_down;
  bool quit; /* the control thread is to end */
};

/* A packet of this code to its own status thread; the port carries it, so that
   it comes after all that was posted before. A packet that is not in fsp->notes
   is not one of these, whatever its key. */
struct fsp_note {
  struct list link;
  struct fsp_job *job;          /* counted */
  struct fax_progress progress; /* owns its texts; not for the end */
  bool of_end;
  bool of_commit; /* of the end of a page, and nothing else */
  DWORD page;
};

/* One operation at this provider. A counted object. */
struct fsp_job {
  struct fsp *fsp; /* borrowed: the operation holds the provider */
  struct fax_op *op;
  ULONG_PTR key;
  struct list keyed; /* in the table of keys */

  /* Made before the start, so that the end needs no memory. */
  PFAX_SEND send;
  PFAX_RECEIVE receive;
  PFAX_DEV_STATUS report;
  struct fsp_note end;

  /* The worker's, and the status thread's after it. */
  DWORD status;
  struct fax_progress last; /* owns its texts */
  struct fax_progress weak; /* the same, for what nobody said better */

  atomic_ulong signs; /* of life, of the worker */

  /* Under fsp->lock. */
  bool page_said, id_said, why_said; /* by FaxOperationReport */
  DWORD asked;          /* by FaxOperationCommit, last; FAX_UNKNOWN: nothing */
  struct list link;     /* fsp->jobs */
  struct list aborting; /* fsp->abort_due */
  struct list joining;  /* fsp->join_due */
  pthread_t worker;
  clockid_t cpu; /* of the worker, while `at_work` */
  bool at_work;
  HANDLE handle; /* FaxHandle, while `open` */
  bool open;     /* between FaxDevStartJob and FaxDevEndJob */
  bool busy;     /* in FaxDevSend or FaxDevReceive */
  bool abort_wanted;
  bool abort_asked;   /* FaxDevAbortOperation was called and took it */
  bool abort_running; /* it is being called now */
  bool worker_known;
  bool closed; /* its key is of no use to the FSP any more */
  bool ending; /* FaxDevEndJob was called: the FSP may let the device ring */
  DWORD rang;  /* since then, for a call that comes after this one */
  bool over;   /* the service knows of the end */
};

extern const struct fax_provider_ops fsp_ops;

/* ---- module.c, exports.c, announce.c, load.c ---- */

/* Loads the shared object for the FSP of that name. ERROR_MOD_NOT_FOUND;
   ERROR_BUSY: another FSP has it, or has not quite let go of it. */
DWORD module_open(const char *path, const char *user, void **module_out);
void module_close(void *module);

/* Fills fsp->exports from the module. ERROR_PROC_NOT_FOUND. */
DWORD exports_find(struct fsp *fsp, const char *path);

/* Calls VirtualDeviceCreation and checks what it announces: gives the devices
   (device_list_free). */
DWORD announce_devices(struct fsp *fsp, struct provider_device **devices_out);
void device_list_free(struct provider_device *devices, DWORD count);

/* The code of a call of the FSP that failed, with a sentence. */
DWORD fsp_failed(const struct fsp *fsp, const char *call);

/* ---- job.c, worker.c, verdict.c ---- */

DWORD fsp_job_start(struct fsp *fsp, struct fax_op *op);
/* With fsp->lock: the job is to end. */
void fsp_job_abort(struct fsp_job *job);
/* The status thread, or the worker when the port is gone. */
void fsp_job_end(struct fsp_job *job);
/* A ring of a device whose last job the service still takes to go on is kept
   until it knows better. False: there is no such job. */
bool fsp_job_keep_ring(struct fsp *fsp, DWORD device_id, DWORD rings);
void fsp_job_work(void *job);

/* What the calls say together, into job->status and job->last. `ok` is the
   result of Send or Receive, `reported` that of ReportStatus. */
void verdict_of_operation(struct fsp_job *job, bool ok, bool reported,
                          bool aborted);
void verdict_of_start(struct fsp_job *job, DWORD error, bool aborted);
void verdict_aborted(struct fsp_job *job);
/* The provider broke the rules: FS_FATAL_ERROR with this evidence. */
void verdict_fault(struct fsp_job *job, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* ---- blocks.c ---- */

/* The blocks of a job as documented, with texts of their own; freed with
   mem_free. */
DWORD blocks_make(struct fsp_job *job);

/* The texts of a status of `size` bytes lie behind it in the same block, with
   their ends. */
bool blocks_status_sound(const FAX_DEV_STATUS *status, size_t size);
/* Takes those texts away that do not. */
void blocks_status_trim(FAX_DEV_STATUS *status, size_t size);

/* ---- key.c ---- */

/* A number that no other call gives. */
ULONG_PTR key_new(void);
void key_enter(struct fsp_job *job);
void key_remove(struct fsp_job *job);
/* The job of a key, counted; NULL. */
struct fsp_job *key_find(ULONG_PTR key);
/* The operation of this FaxHandle is to be terminated, or there is none. */
bool key_terminated(HANDLE fax_handle);

/* ---- status.c, control.c, stop.c ---- */

/* Appends to fsp->notes and to the port; takes the note on success. */
DWORD status_note(struct fsp *fsp, struct fsp_note *note);
void status_run(void *fsp);
void control_run(void *fsp);
/* A thread says that it ends. */
void fsp_thread_ends(struct fsp *fsp);

DWORD fsp_threads_start(struct fsp *fsp);
BOOL fsp_stop(struct fax_provider *p, fax_deadline until);
/* Frees what is loaded, when no thread uses it. */
void fsp_unload(struct fsp *fsp);

#endif
