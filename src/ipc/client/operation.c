/* SPDX-License-Identifier: MIT
   The operations of a provider that is attached to a service in another
   process. A document is a file of this process's own: what is to be sent came
   as a descriptor, what was received goes as one. */
#include <errno.h>
#include <fax/faxdev.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/mem.h"
#include "ipc/client/attached.h"

struct attached_op {
  struct list link; /* with the provider's lock */
  struct attached *attached;
  DWORD id;
  struct fax_op *op; /* held */
  char *path;        /* owned, and so is the file */
};

/* ---- the document ---- */

static DWORD make_file(char **path_out, int *fd_out) {
  const char *folder = getenv("TMPDIR");
  if (folder == NULL || *folder != '/') folder = "/tmp";
  char *path = mem_format("%s/fax-XXXXXX.tif", folder);
  if (path == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  *fd_out = mkostemps(path, 4, O_CLOEXEC);
  if (*fd_out < 0) {
    DWORD error = error_errno(errno, "%s", path);
    mem_free(path);
    return error;
  }
  *path_out = path;
  return ERROR_SUCCESS;
}

/* The next of the descriptors that came; -1: none. */
static int take_descriptor(struct wire *w) {
  if (w->descriptor_count == 0) return -1;
  int fd = w->descriptors[0];
  w->descriptor_count--;
  memmove(w->descriptors, w->descriptors + 1,
          w->descriptor_count * sizeof *w->descriptors);
  return fd;
}

static DWORD copy_document(struct wire *w, int to) {
  int from = take_descriptor(w);
  if (from < 0) return error_say(ERROR_INVALID_DATA, "no document came");
  DWORD error = attach_copy(from, to);
  close(from);
  return error;
}

/* ---- life ---- */

static void op_free(struct attached_op *o) {
  if (o->path != NULL) unlink(o->path);
  mem_free(o->path);
  mem_unref(o->op);
  mem_unref(o->attached);
  mem_free(o);
}

static DWORD op_make(struct attached *a, const struct call_told *told,
                     struct attached_op *o) {
  int fd = -1;
  DWORD error = make_file(&o->path, &fd);
  if (error == ERROR_SUCCESS && !told->receive)
    error = copy_document(&a->channel.remote->wire, fd);
  if (fd >= 0) close(fd);
  if (error != ERROR_SUCCESS) return error;
  struct op_order order = {.kind = told->receive ? FAX_OP_RECEIVE : FAX_OP_SEND,
                           .file = o->path,
                           .caller_name = told->caller_name,
                           .receiver_name = told->receiver_name,
                           .told = *told->operation};
  return op_new(&order, o, &o->op);
}

/* It could not even begin here. */
static DWORD refuse(struct attached *a, DWORD id, DWORD error) {
  struct fax_progress last = FAX_PROGRESS_INIT;
  struct op_said said = {
      .op = id, .status = FS_LINE_UNAVAILABLE, .progress = &last};
  last.cause = "provider_refused";
  last.evidence = error_message();
  if (*last.evidence == '\0') last.evidence = FaxErrorText(error);
  return remote_channel_say(&a->channel, "operation.end",
                            record_to_json(&op_said_record, &said), -1);
}

static void enter(struct attached *a, struct attached_op *o) {
  pthread_mutex_lock(&a->lock);
  list_append(&a->ops, &o->link);
  pthread_mutex_unlock(&a->lock);
}

static void leave(struct attached *a, struct attached_op *o) {
  pthread_mutex_lock(&a->lock);
  list_remove(&o->link);
  pthread_cond_broadcast(&a->gone);
  pthread_mutex_unlock(&a->lock);
}

DWORD attached_op_start(struct attached *a, const struct call_told *told) {
  struct attached_op *o = told->operation != NULL ? mem_alloc(sizeof *o) : NULL;
  if (o == NULL) return refuse(a, told->op, ERROR_NOT_ENOUGH_MEMORY);
  list_init(&o->link);
  o->id = told->op;
  o->attached = mem_ref(a);
  DWORD error = op_make(a, told, o);
  if (error == ERROR_SUCCESS) {
    enter(a, o);
    error = op_start(a->provider, o->op);
    if (error == ERROR_SUCCESS) return ERROR_SUCCESS;
    leave(a, o);
  }
  op_free(o);
  return refuse(a, told->op, error);
}

/* ---- what the service wants ---- */

/* Held. */
static struct fax_op *find(struct attached *a, DWORD id) {
  struct fax_op *op = NULL;
  pthread_mutex_lock(&a->lock);
  list_each(link, &a->ops) {
    struct attached_op *o = list_entry(link, struct attached_op, link);
    if (o->id == id) op = mem_ref(o->op);
  }
  pthread_mutex_unlock(&a->lock);
  return op;
}

void attached_op_abort(struct attached *a, DWORD id) {
  struct fax_op *op = find(a, id);
  if (op != NULL) op_abort(op);
  mem_unref(op);
}

/* The first that was not aborted yet; held. */
static struct fax_op *next_to_abort(struct attached *a) {
  struct fax_op *op = NULL;
  pthread_mutex_lock(&a->lock);
  list_each(link, &a->ops) {
    struct attached_op *o = list_entry(link, struct attached_op, link);
    if (op == NULL && !fax_op_aborted(o->op)) op = mem_ref(o->op);
  }
  pthread_mutex_unlock(&a->lock);
  return op;
}

void attached_op_abort_all(struct attached *a) {
  struct fax_op *op;
  while ((op = next_to_abort(a)) != NULL) {
    op_abort(op);
    mem_unref(op);
  }
}

void attached_op_committed(struct attached *a, const struct call_told *told) {
  struct fax_op *op = find(a, told->op);
  if (op != NULL) op_committed(op, told->page, told->error);
  mem_unref(op);
}

/* ---- what the provider says; any thread ---- */

static void say(struct attached_op *o, const char *method,
                const struct op_said *said, int fd) {
  remote_channel_say(&o->attached->channel, method,
                     record_to_json(&op_said_record, said), fd);
}

/* What was not said is not known: a copy that may be written as such. */
void attached_op_status(void *op, DWORD status,
                        const struct fax_progress *progress) {
  struct attached_op *o = op;
  struct fax_progress copy = FAX_PROGRESS_INIT;
  struct op_said said = {.op = o->id, .status = status, .progress = &copy};
  if (progress != NULL) copy = *progress;
  say(o, "operation.status", &said, -1);
}

void attached_op_caller(void *op, const char *caller_id, const char *routing) {
  struct attached_op *o = op;
  struct op_said said = {
      .op = o->id, .caller_id = caller_id, .routing = routing};
  say(o, "operation.caller", &said, -1);
}

void attached_op_commit(void *op, DWORD page) {
  struct attached_op *o = op;
  struct op_said said = {.op = o->id, .page = page};
  say(o, "operation.commit", &said, -1);
}

void attached_op_ended(void *op, DWORD status,
                       const struct fax_progress *last) {
  struct attached_op *o = op;
  struct fax_progress copy = FAX_PROGRESS_INIT;
  struct op_said said = {.op = o->id, .status = status, .progress = &copy};
  int fd = -1;
  if (last != NULL) copy = *last;
  if (fax_op_kind(o->op) == FAX_OP_RECEIVE)
    fd = open(o->path, O_RDONLY | O_CLOEXEC);
  say(o, "operation.end", &said, fd);
  if (fd >= 0) close(fd);
}

void attached_op_released(void *op) {
  struct attached_op *o = op;
  leave(o->attached, o);
  op_free(o);
}
