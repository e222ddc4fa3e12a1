/* SPDX-License-Identifier: MIT
   One operation, whatever kind of provider runs it: it is started once and ends
   once, whoever ends it. What is told of it goes through tell.c. */
#include <stdio.h>

#include <fax/faxdev.h>

#include "base/error.h"
#include "base/mem.h"
#include "provider/own.h"
#include "provider/progress.h"

static void op_destroy(void *object) {
  struct fax_op *op = object;

  mem_free(op->file);
  mem_free(op->caller_name);
  mem_free(op->receiver_name);
  mem_free((void *)op->told.called_number);
  mem_free((void *)op->told.caller_number);
  mem_free((void *)op->told.trunk);
  mem_free((void *)op->told.local_id);
  mem_free((void *)op->told.branding);
  progress_clear(&op->latest);
  pthread_mutex_destroy(&op->lock);
  mem_unref(op->provider);
}

/* False: no memory. */
static bool copy_text(const char *text, char **copy_out) {
  *copy_out = mem_text(text);
  return text == NULL || *copy_out != NULL;
}

static bool copy_told(struct fax_op *op, const struct fax_operation *from) {
  char *called, *caller, *trunk, *id, *branding;
  bool ok = copy_text(from->called_number, &called);

  ok = copy_text(from->caller_number, &caller) && ok;
  ok = copy_text(from->trunk, &trunk) && ok;
  ok = copy_text(from->local_id, &id) && ok;
  ok = copy_text(from->branding, &branding) && ok;
  op->told = *from;
  op->told.size = sizeof op->told;
  op->told.called_number = called;
  op->told.caller_number = caller;
  op->told.trunk = trunk;
  op->told.local_id = id;
  op->told.branding = branding;
  return ok;
}

DWORD op_new(const struct op_order *order, void *op_arg,
             struct fax_op **op_out) {
  struct fax_op *op = mem_new(sizeof *op, op_destroy);

  if (op == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  pthread_mutex_init(&op->lock, NULL);
  list_init(&op->due);
  progress_init(&op->latest);
  op->kind = order->kind;
  op->arg = op_arg;
  op->status = FS_INITIALIZING;
  if (!copy_told(op, &order->told) || !copy_text(order->file, &op->file) ||
      !copy_text(order->caller_name, &op->caller_name) ||
      !copy_text(order->receiver_name, &op->receiver_name)) {
    mem_unref(op);
    return ERROR_NOT_ENOUGH_MEMORY;
  }
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
  pthread_mutex_unlock(&op->lock);
  error_clear();
  code = p->ops->start(p, op);
  pthread_mutex_lock(&op->lock);
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
  p = op->provider;
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

struct fax_op *fax_op_ref(struct fax_op *op) {
  return mem_ref(op);
}

void fax_op_unref(struct fax_op *op) {
  mem_unref(op);
}
