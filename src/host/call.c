/* SPDX-License-Identifier: MIT
   The calls at the hosts of a provider: what the service asks of it, and their
   ends. */
#include <fax/faxdev.h>

#include "base/error.h"
#include "base/log.h"
#include "host/own.h"

static struct host *host_of(struct hosts *hosts, DWORD device_id,
                            DWORD *index_out) {
  for (DWORD i = 0; i < hosts->device_count; i++) {
    if (hosts->devices[i].device_id != device_id) continue;
    *index_out = i;
    return hosts->list[i / hosts->isolate];
  }
  return NULL;
}

/* ---- ends ---- */

void host_call_end(struct host_call *call, DWORD status,
                   const struct fax_progress *last) {
  fax_op_end(call->op, status, last);
  mem_free(call);
}

void host_call_fail(struct host *h, struct host_call *call, const char *cause,
                    const char *evidence) {
  struct fax_progress last = FAX_PROGRESS_INIT;
  DWORD status = call->sent ? FS_FATAL_ERROR : FS_LINE_UNAVAILABLE;
  last.cause = cause;
  last.evidence = evidence;
  last.advice = "report this to the provider's author";
  log_line(LOG_OTHER, FAX_LOG_WARN, "host", "%s: call given up job=%u: %s",
           h->hosts->name, fax_op_told(call->op)->job_id, evidence);
  host_call_end(call, status, &last);
}

void host_fail_all(struct host *h, struct list *calls) {
  char evidence[sizeof h->end.text + 16];
  snprintf(evidence, sizeof evidence, "its host %s", h->end.text);
  while (!list_empty(calls)) {
    struct host_call *call = list_entry(calls->next, struct host_call, link);
    list_remove(&call->link);
    host_call_fail(h, call, h->end.cause, evidence);
  }
}

struct host_call *host_call_find(struct host *h, json_int_t id) {
  list_each(link, &h->calls) {
    struct host_call *call = list_entry(link, struct host_call, link);
    if (call->id == id) return call;
  }
  return NULL;
}

void host_call_take(struct host *h, struct host_call *call) {
  list_remove(&call->link);
  if (!h->stuck || !list_empty(&h->calls)) return;
  clock_guest_busy(h->clock); /* it is to be ended before time goes on */
  host_wake(h);
}

void host_drain(struct host *h, const char *why) {
  h->stuck = true;
  if (h->state != HOST_READY) return;
  log_line(LOG_OTHER, FAX_LOG_WARN, "host",
           "%s: the host of %s takes no new calls: %s", h->hosts->name,
           h->hosts->devices[h->first].name, why);
  h->state = HOST_DRAINING;
  host_wake(h);
}

/* ---- what the service asks ---- */

/* With the lock. */
static DWORD admit(struct host *h, struct host_call *call) {
  switch (h->state) {
    case HOST_READY:
      return host_send_start(h, call);
    case HOST_LOADING:
      return ERROR_SUCCESS; /* when it is ready */
    case HOST_DRAINING:
      return error_say(ERROR_BUSY, "its host has a call that is stuck");
    case HOST_RESTING:
      return error_say(ERROR_BUSY, "its host is started again soon");
    case HOST_STOPPING:
    case HOST_ENDED:
      break;
  }
  return error_say(ERROR_SHUTDOWN_IN_PROGRESS, "the provider is stopping");
}

static DWORD start(struct fax_provider *p, struct fax_op *op) {
  struct hosts *hosts = fax_provider_data(p);
  DWORD device;
  struct host *h = host_of(hosts, fax_op_told(op)->device_id, &device);
  if (h == NULL) return error_say(ERROR_BAD_UNIT, "there is no such device");
  struct host_call *call = mem_alloc(sizeof *call);
  if (call == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  *call = (struct host_call){.op = op};
  pthread_mutex_lock(&hosts->lock);
  call->id = ++hosts->last_call;
  DWORD code = admit(h, call);
  if (code == ERROR_SUCCESS) list_append(&h->calls, &call->link);
  pthread_mutex_unlock(&hosts->lock);
  if (code != ERROR_SUCCESS) mem_free(call);
  return code;
}

/* With the lock: takes the call out of its host when the service is told of its
   end at once. */
static struct host_call *abort_call(struct host *h, struct host_call *call,
                                    bool given_up) {
  if (given_up && call->sent)
    host_drain(h, "a call did not end when it was aborted");
  if (!given_up && call->sent) {
    host_send(h, "abort", json_pack("{s:I}", "call", call->id));
    return NULL;
  }
  host_call_take(h, call);
  return call;
}

/* A call that the service has given up already did not end when it was asked
   to: it is stuck. */
static void abort_op(struct fax_provider *p, struct fax_op *op) {
  struct hosts *hosts = fax_provider_data(p);
  DWORD device;
  struct host *h = host_of(hosts, fax_op_told(op)->device_id, &device);
  struct host_call *over = NULL;
  if (h == NULL) return;
  bool given_up = op_over(op);
  pthread_mutex_lock(&hosts->lock);
  list_each_safe(link, &h->calls) {
    struct host_call *call = list_entry(link, struct host_call, link);
    if (call->op == op) over = abort_call(h, call, given_up);
  }
  pthread_mutex_unlock(&hosts->lock);
  if (over != NULL) host_call_end(over, FS_USER_ABORT, NULL);
}

static void committed(struct fax_provider *p, struct fax_op *op, DWORD page,
                      DWORD error) {
  struct hosts *hosts = fax_provider_data(p);
  DWORD device;
  struct host *h = host_of(hosts, fax_op_told(op)->device_id, &device);
  if (h == NULL) return;
  pthread_mutex_lock(&hosts->lock);
  list_each(link, &h->calls) {
    struct host_call *call = list_entry(link, struct host_call, link);
    if (call->op == op && call->sent)
      host_send(h, "committed",
                json_pack("{s:I, s:I, s:I}", "call", call->id, "page",
                          (json_int_t)page, "error", (json_int_t)error));
  }
  pthread_mutex_unlock(&hosts->lock);
}

static void enable(struct fax_provider *p, DWORD device_id, BOOL receive,
                   BOOL send) {
  struct hosts *hosts = fax_provider_data(p);
  DWORD device;
  struct host *h = host_of(hosts, device_id, &device);
  if (h == NULL) return;
  pthread_mutex_lock(&hosts->lock);
  hosts->wanted[device] = (struct host_device){true, receive, send};
  if (h->state == HOST_READY || h->state == HOST_DRAINING)
    host_send_enable(h, device);
  pthread_mutex_unlock(&hosts->lock);
}

const struct fax_provider_ops hosts_ops = {.start = start,
                                           .abort = abort_op,
                                           .enable = enable,
                                           .stop = hosts_stop,
                                           .committed = committed};
