/* SPDX-License-Identifier: MIT
   A provider that a program attaches to its service: its calls are packets that
   the program's own loop takes. */
#include <fax/faxdev.h>
#include <string.h>

#include "base/completion.h"
#include "base/error.h"
#include "base/mem.h"
#include "provider/own.h"

#define DEFAULT_STALL 30

struct attached { /* counted */
  struct completion_port *port;
  ULONG_PTR key;
  fax_deadline stall;
  struct provider_notice stop;
  pthread_mutex_t lock; /* what follows */
  uint64_t probe;       /* ticket of a packet that shows whether any is taken */
  fax_deadline probed;
  bool answers; /* who takes them hands them on: ticks are answered */
  bool asked;   /* one was not yet */
};

static void attached_destroy(void *object) {
  struct attached *a = object;
  mem_unref(a->port);
  provider_notice_clear(&a->stop);
  pthread_mutex_destroy(&a->lock);
}

/* ---- packets ---- */

static struct fax_call *block_of(struct fax_call call) {
  struct fax_call *block = mem_alloc_tagged(sizeof *block, MEM_CALL);
  if (block == NULL) return NULL;
  *block = call;
  block->size = sizeof *block;
  return block;
}

/* The packet takes the reference of call.op. */
static DWORD post(struct attached *a, struct fax_call call,
                  uint64_t *ticket_out) {
  struct fax_call *block = block_of(call);
  if (block == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  struct fax_packet packet = {sizeof *block, a->key, block};
  DWORD error = completion_post(a->port, packet, ticket_out);
  if (error != ERROR_SUCCESS) mem_free_tagged(block, MEM_CALL);
  return error;
}

/* ---- is anyone there? ---- */

static void nothing(void *unused) {
  (void)unused;
}

/* With the lock. */
static bool probe_waits(const struct attached *a) {
  if (a->answers) return a->asked;
  return a->probe != 0 && completion_amend(a->port, a->probe, nothing, NULL);
}

/* With the lock. */
static void tick(struct attached *a, fax_deadline now) {
  DWORD error = post(a, (struct fax_call){.kind = FAX_CALL_TICK}, &a->probe);
  if (error != ERROR_SUCCESS) a->probe = 0;
  a->asked = error == ERROR_SUCCESS;
  a->probed = now;
}

/* A packet that was posted now will do for a probe when there is none, unless
   an answer is wanted. */
static void note_probe(struct attached *a, uint64_t ticket) {
  pthread_mutex_lock(&a->lock);
  if (!probe_waits(a) && a->answers) {
    tick(a, FaxClockNow());
  } else if (!probe_waits(a)) {
    a->probe = ticket;
    a->probed = FaxClockNow();
  }
  pthread_mutex_unlock(&a->lock);
}

/* With the lock. One packet at a time is watched; when it was taken, the next
   one goes out after the same time. */
static const char *look(struct attached *a, fax_deadline now) {
  if (completion_closed(a->port)) return "provider_lost";
  if (now < a->probed + a->stall) return NULL;
  if (probe_waits(a)) return "stalled";
  tick(a, now);
  return NULL;
}

static const char *attached_lost(struct fax_provider *p, fax_deadline now,
                                 fax_deadline *next_inout) {
  struct attached *a = p->data;
  pthread_mutex_lock(&a->lock);
  const char *cause = look(a, now);
  if (a->probed + a->stall < *next_inout) *next_inout = a->probed + a->stall;
  pthread_mutex_unlock(&a->lock);
  return cause;
}

/* ---- what the service wants ---- */

/* Nobody will take it: the line is not to be had, and no retry is used up. */
static DWORD end_lost(struct fax_op *op, const char *cause) {
  struct fax_progress last = FAX_PROGRESS_INIT;
  last.cause = cause;
  last.evidence = strcmp(cause, "stalled") == 0
                      ? "the loop of the provider is not polled"
                      : "the completion port of the provider is closed";
  fax_op_end(op, FS_LINE_UNAVAILABLE, &last);
  return ERROR_SUCCESS;
}

/* One that does not take what it was given gets no more. */
static bool is_stalled(struct attached *a) {
  pthread_mutex_lock(&a->lock);
  bool stalled = probe_waits(a) && FaxClockNow() >= a->probed + a->stall;
  pthread_mutex_unlock(&a->lock);
  return stalled;
}

static DWORD attached_start(struct fax_provider *p, struct fax_op *op) {
  struct attached *a = p->data;
  uint64_t ticket;
  if (is_stalled(a)) return end_lost(op, "stalled");
  DWORD error = post(
      a,
      (struct fax_call){
          .kind = FAX_CALL_START, .op = op, .device_id = op->told.device_id},
      &ticket);
  if (error == ERROR_ABANDONED_WAIT_0) return end_lost(op, "provider_lost");
  if (error == ERROR_SUCCESS) note_probe(a, ticket);
  return error;
}

/* Without memory the operation's own limit ends it. */
static void attached_abort(struct fax_provider *p, struct fax_op *op) {
  struct fax_call call = {.kind = FAX_CALL_ABORT,
                          .op = fax_op_ref(op),
                          .device_id = op->told.device_id};
  if (post(p->data, call, NULL) != ERROR_SUCCESS) fax_op_unref(op);
}

/* Without memory whoever waits sees it in fax_op_committed. */
static void attached_committed(struct fax_provider *p, struct fax_op *op,
                               DWORD page, DWORD error) {
  struct fax_call call = {.kind = FAX_CALL_COMMITTED,
                          .op = fax_op_ref(op),
                          .device_id = op->told.device_id,
                          .page = page,
                          .error = error};
  if (post(p->data, call, NULL) != ERROR_SUCCESS) fax_op_unref(op);
}

static void attached_enable(struct fax_provider *p, DWORD device_id,
                            BOOL receive, BOOL send) {
  post(p->data,
       (struct fax_call){.kind = FAX_CALL_ENABLE,
                         .device_id = device_id,
                         .receive = receive,
                         .send = send},
       NULL);
}

static BOOL attached_stop(struct fax_provider *p, fax_deadline until) {
  struct attached *a = p->data;
  (void)until;
  provider_notice_post(&a->stop, ERROR_SUCCESS);
  return TRUE;
}

static const struct fax_provider_ops attached_ops = {
    .start = attached_start,
    .abort = attached_abort,
    .enable = attached_enable,
    .lost = attached_lost,
    .committed = attached_committed,
    .stop = attached_stop};

/* ---- from afar ---- */

void provider_answers(struct fax_provider *p) {
  struct attached *a = p->data;
  pthread_mutex_lock(&a->lock);
  a->answers = true;
  pthread_mutex_unlock(&a->lock);
}

void provider_alive(struct fax_provider *p) {
  struct attached *a = p->data;
  if (p->ops != &attached_ops) return;
  pthread_mutex_lock(&a->lock);
  a->asked = false;
  pthread_mutex_unlock(&a->lock);
}

DWORD provider_tick(struct fax_provider *p, void (*taken)(void *object),
                    void *object) {
  struct attached *a = p->data;
  uint64_t ticket;
  DWORD error = post(a, (struct fax_call){.kind = FAX_CALL_TICK}, &ticket);
  return error == ERROR_SUCCESS
             ? completion_tell(a->port, ticket, taken, object)
             : error;
}

DWORD provider_attach(const struct fax_attach *attach,
                      struct completion_port *port,
                      const struct provider_device *devices,
                      const struct provider_events *events, void *arg,
                      struct fax_provider **provider_out) {
  struct attached *a = mem_new(sizeof *a, attached_destroy);
  struct fax_provider *p;
  if (a == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  pthread_mutex_init(&a->lock, NULL);
  a->port = mem_ref(port);
  a->key = attach->key;
  a->stall = (attach->stall != 0 ? attach->stall : DEFAULT_STALL) * FAX_SECOND;
  DWORD error = provider_notice_make(&a->stop, port, attach->key);
  if (error == ERROR_SUCCESS)
    error = provider_new(attach->name, &attached_ops, a, devices,
                         attach->device_count, events, arg, &p);
  if (error != ERROR_SUCCESS) {
    mem_unref(a);
    return error;
  }
  p->owned = a;
  *provider_out = p;
  return ERROR_SUCCESS;
}
