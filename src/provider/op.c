/* SPDX-License-Identifier: MIT
   One operation, whatever kind of provider runs it: it is started once and ends
   once, whoever ends it. What is told of it goes through tell.c. */
#include <stdio.h>
#include <string.h>

#include <fax/faxdev.h>

#include "base/error.h"
#include "base/mem.h"
#include "provider/own.h"
#include "provider/progress.h"

static void op_destroy(void *object) {
  struct fax_op *op = object;

  progress_clear(&op->latest);
  clock_cond_destroy(&op->changed);
  pthread_mutex_destroy(&op->lock);
  mem_unref(op->provider);
}

static size_t text_size(const char *text) {
  return text == NULL ? 0 : strlen(text) + 1;
}

/* Puts a copy at *end_inout, which goes on behind it. */
static const char *copy_text(const char *text, char **end_inout) {
  size_t size = text_size(text);
  char *copy = *end_inout;

  if (text == NULL) return NULL;
  *end_inout += size;
  return memcpy(copy, text, size);
}

static size_t texts_size(const struct op_order *order) {
  const struct fax_operation *told = &order->told;

  return text_size(order->file) + text_size(order->caller_name) +
         text_size(order->receiver_name) + text_size(told->called_number) +
         text_size(told->caller_number) + text_size(told->trunk) +
         text_size(told->local_id) + text_size(told->branding);
}

static void copy_order(struct fax_op *op, const struct op_order *order) {
  char *end = op->texts;

  op->kind = order->kind;
  op->file = copy_text(order->file, &end);
  op->caller_name = copy_text(order->caller_name, &end);
  op->receiver_name = copy_text(order->receiver_name, &end);
  op->told = order->told;
  op->told.size = sizeof op->told;
  op->told.called_number = copy_text(order->told.called_number, &end);
  op->told.caller_number = copy_text(order->told.caller_number, &end);
  op->told.trunk = copy_text(order->told.trunk, &end);
  op->told.local_id = copy_text(order->told.local_id, &end);
  op->told.branding = copy_text(order->told.branding, &end);
}

DWORD op_new(const struct op_order *order, void *op_arg,
             struct fax_op **op_out) {
  struct fax_op *op = mem_new(sizeof *op + texts_size(order), op_destroy);

  if (op == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  pthread_mutex_init(&op->lock, NULL);
  clock_cond_init(&op->changed);
  op->asked = op->safe = FAX_UNKNOWN;
  list_init(&op->due);
  progress_init(&op->latest);
  op->arg = op_arg;
  op->status = FS_INITIALIZING;
  copy_order(op, order);
  *op_out = op;
  return ERROR_SUCCESS;
}

/* ---- life ---- */

/* With the lock: the first end counts. */
static void note_end(struct fax_op *op, DWORD status,
                     const struct fax_progress *last) {
  if (op->ended) return;
  if (last != NULL) progress_merge(&op->latest, last);
  op->status = status;
  op->ended = true;
  clock_cond_broadcast(&op->changed);
}

void fax_op_end(struct fax_op *op, DWORD status,
                const struct fax_progress *last) {
  bool first;

  pthread_mutex_lock(&op->lock);
  first = !op->released && op->provider != NULL;
  if (first) {
    note_end(op, status, last);
    op->released = true;
  }
  pthread_mutex_unlock(&op->lock);
  if (!first) return;
  op_deliver(op);
  mem_unref(op);
}

void op_kill(struct fax_op *op, DWORD status, const struct fax_progress *last) {
  bool started;

  pthread_mutex_lock(&op->lock);
  started = op->provider != NULL;
  if (started) note_end(op, status, last);
  pthread_mutex_unlock(&op->lock);
  if (!started) return;
  mem_ref(op);
  op_deliver(op);
  /* So that a provider that comes back does not begin to dial. */
  op_abort(op);
  mem_unref(op);
}

bool op_over(struct fax_op *op) {
  pthread_mutex_lock(&op->lock);
  bool over = op->ended;
  pthread_mutex_unlock(&op->lock);
  return over;
}

/* The provider refused it: its device was not used. */
static void end_refused(struct fax_op *op, DWORD code) {
  struct fax_progress last = FAX_PROGRESS_INIT;
  char evidence[512];
  const char *why = error_message();

  snprintf(evidence, sizeof evidence, "%s did not start it: %s",
           op->provider->name, why[0] != '\0' ? why : FaxErrorText(code));
  last.cause = "provider_refused";
  last.evidence = evidence;
  fax_op_end(op, FS_LINE_UNAVAILABLE, &last);
}

DWORD op_start(struct fax_provider *p, struct fax_op *op) {
  bool aborted;
  DWORD code;

  mem_ref(op); /* of this call: the operation may end before it returns */
  mem_ref(op); /* given back by fax_op_end */
  pthread_mutex_lock(&op->lock);
  op->provider = mem_ref(p);
  op->starting = true;
  pthread_mutex_unlock(&op->lock);
  error_clear();
  code = p->ops->start(p, op);
  pthread_mutex_lock(&op->lock);
  op->starting = false;
  aborted = op->aborted;
  pthread_mutex_unlock(&op->lock);
  if (code == ERROR_NOT_ENOUGH_MEMORY)
    mem_unref(op);
  else if (code != ERROR_SUCCESS)
    end_refused(op, code);
  else if (aborted)
    p->ops->abort(p, op);
  mem_unref(op);
  return code == ERROR_NOT_ENOUGH_MEMORY ? code : ERROR_SUCCESS;
}

void op_abort(struct fax_op *op) {
  struct fax_provider *p;

  pthread_mutex_lock(&op->lock);
  op->aborted = true;
  clock_cond_broadcast(&op->changed);
  /* Once: it is op_start that tells of an abort in the middle of the start. */
  p = op->starting ? NULL : op->provider;
  pthread_mutex_unlock(&op->lock);
  if (p != NULL) p->ops->abort(p, op);
}

/* ---- what a provider may ask ---- */

enum fax_op_kind fax_op_kind(const struct fax_op *op) {
  return op->kind;
}

const char *fax_op_file(const struct fax_op *op) {
  return op->file;
}

const char *fax_op_caller_name(const struct fax_op *op) {
  return op->caller_name;
}

const char *fax_op_receiver_name(const struct fax_op *op) {
  return op->receiver_name;
}

const struct fax_operation *fax_op_told(const struct fax_op *op) {
  return &op->told;
}

void fax_op_set_data(struct fax_op *op, void *data) {
  atomic_store(&op->data, data);
}

void *fax_op_data(const struct fax_op *op) {
  return atomic_load(&((struct fax_op *)op)->data);
}

BOOL fax_op_aborted(const struct fax_op *op) {
  struct fax_op *locked = (struct fax_op *)op;
  bool aborted;

  pthread_mutex_lock(&locked->lock);
  aborted = op->aborted || op->ended;
  pthread_mutex_unlock(&locked->lock);
  return aborted;
}

struct fax_op *fax_op_ref(struct fax_op *op) {
  return mem_ref(op);
}

void fax_op_unref(struct fax_op *op) {
  mem_unref(op);
}
