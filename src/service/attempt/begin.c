/* SPDX-License-Identifier: MIT
   Beginning an attempt: a job and a port are bound, the operation is made with
   the lock held and handed to the provider without it. */
#include <errno.h>
#include <fcntl.h>
#include <fax/faxdev.h>
#include <unistd.h>

#include "base/disk.h"
#include "service/attempt/attempt.h"
#include "service/bundle/bundle.h"
#include "service/durable/reception.h"
#include "service/schedule/number.h"
#include "service/record/record.h"

const struct provider_events attempt_events = {
    .status = attempt_status,
    .caller = attempt_caller,
    .ended = attempt_ended,
    .released = attempt_released,
    .ring = port_rang,
    .commit = attempt_commit,
};

static void attempt_destroy(void *object) {
  struct attempt *a = object;
  mem_free((char *)a->progress.remote_id);
  mem_free((char *)a->progress.cause);
  mem_free((char *)a->progress.evidence);
  mem_free((char *)a->progress.advice);
  mem_free(a->caller_id);
  mem_free(a->routing);
  if (a->op != NULL) fax_op_unref(a->op);
  mem_unref(a->port);
  mem_unref(a->job);
  mem_unref(a->bundle);
  mem_unref(a->service);
}

/* The call has the pages that are left of all of them. */
static void share_begin(struct attempt *a, struct bundle *others,
                        struct op_order *order) {
  a->bundle = mem_ref(others);
  a->share = others->parts[0].share;
  order->file = others->document->path;
  order->told.first_page = 1;
}

static DWORD attempt_new(struct service *s, struct job *j, struct port *p,
                         struct bundle *others, struct attempt **attempt_out) {
  struct attempt *a = mem_new(sizeof *a, attempt_destroy);
  if (a == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  a->service = mem_ref(s);
  a->job = mem_ref(j);
  a->port = mem_ref(p);
  a->number = j->attempt_count + 1;
  a->status = j->type == JT_SEND ? FS_INITIALIZING : FS_ANSWERED;
  a->started = FaxClockWall();
  a->begun = FaxClockNow();
  a->limit = clock_after(FaxClockNow(), s->config.operation_limit);
  a->progress = (struct fax_progress)FAX_PROGRESS_INIT;
  a->intent = a->first_noted = a->confirmed = FAX_UNKNOWN;
  a->before = j->confirmed;
  a->asked = attempt_transport(s, j);
  struct op_order order = attempt_order(s, j, p, a->asked);
  if (others != NULL) share_begin(a, others, &order);
  DWORD error = op_new(&order, a, &a->op);
  if (error != ERROR_SUCCESS) {
    mem_unref(a);
    return error;
  }
  *attempt_out = a;
  return ERROR_SUCCESS;
}

static void bind(struct attempt *a) {
  a->job->attempt = a;
  a->job->state = JOB_INPROGRESS;
  number_call_begins(a->service, a->job);
  wait_end(a->service, a->job);
  deadline_end(a->service, a->job);
  a->port->attempt = a;
  a->service->active++;
  line_taken(a->port);
  record_begin(a->job, a->port);
  job_save(a->service, a->job);
}

/* Lets go of the lock for the provider. When no memory was left to start, the
   end that will not come is made here. The attempt, and with it its operation,
   may be over and gone before op_start returns. */
static void hand_over(struct attempt *a) {
  struct service *s = a->service;
  struct fax_op *op = fax_op_ref(a->op);
  pthread_mutex_unlock(&s->lock);
  DWORD error = op_start(a->port->provider, op);
  fax_op_unref(op);
  if (error != ERROR_SUCCESS) {
    struct fax_progress last = FAX_PROGRESS_INIT;
    last.cause = "no_memory";
    last.evidence = "there was no memory to start the operation";
    a->unstarted = true;
    attempt_ended(a, FS_FATAL_ERROR, &last);
    attempt_released(a);
  }
  pthread_mutex_lock(&s->lock);
}

static void board(struct attempt *a) {
  if (a->bundle == NULL) return;
  bundle_board(a->service, a->bundle);
  log_line(LOG_OUTBOUND, FAX_LOG_INFO, "job",
           "has others with it in its call job=%u jobs=%u", a->job->id,
           a->bundle->count);
}

DWORD attempt_begin_send(struct service *s, struct job *j, struct port *p,
                         struct bundle *others) {
  struct attempt *a;
  if (others != NULL && others->count == 1) others = NULL;
  DWORD error = attempt_new(s, j, p, others, &a);
  if (error != ERROR_SUCCESS) return error;
  bind(a);
  board(a);
  port_state(p, FPS_INITIALIZING);
  event_raise(s, FEI_INITIALIZING, j, p);
  log_line(LOG_OUTBOUND, FAX_LOG_INFO, "job", "sends job=%u attempt=%u port=%u",
           j->id, a->number, p->device_id);
  hand_over(a);
  return ERROR_SUCCESS;
}

/* The service makes the file, the provider fills it (FSP-41). */
static DWORD create_file(const char *path) {
  int fd = disk_open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0) return error_errno(errno, "%s", path);
  close(fd);
  return ERROR_SUCCESS;
}

static DWORD receive_job(struct service *s, struct port *p,
                         struct job **job_out) {
  struct job *j;
  DWORD id = job_number(s);
  DWORD error = job_new(id, JT_RECEIVE, &j);
  if (error != ERROR_SUCCESS) return error;
  error =
      document_new(id,
                   mem_format("%s/%llx-%u-%u.tif", s->incoming,
                              (unsigned long long)s->boot, p->device_id, id),
                   &j->document);
  j->state = JOB_INPROGRESS; /* it waits for nothing */
  j->device_id = p->device_id;
  j->user = mem_text(s->user);
  j->caller_id = mem_text(p->ring_caller);
  j->pages = FAX_UNKNOWN;
  j->ecm = 1;
  if (j->user == NULL || error != ERROR_SUCCESS) {
    mem_unref(j);
    return ERROR_NOT_ENOUGH_MEMORY;
  }
  *job_out = j;
  return ERROR_SUCCESS;
}

static void end_ringing(struct port *p) {
  p->ringing = false;
  p->ring_caller = mem_free(p->ring_caller);
}

/* The file is made without the lock; the port is held by its state, and may be
   one that is leaving by then. */
static DWORD make_file(struct service *s, struct port *p, struct job *j) {
  pthread_mutex_unlock(&s->lock);
  DWORD error = create_file(j->document->path);
  pthread_mutex_lock(&s->lock);
  if (error == ERROR_SUCCESS) j->document->keep = false;
  if (error == ERROR_SUCCESS && p->leaving)
    error = error_say(ERROR_BAD_UNIT, "its provider is leaving");
  return error;
}

/* Lets go of the lock: the file goes with the job. */
static void drop(struct service *s, struct job *j) {
  pthread_mutex_unlock(&s->lock);
  mem_unref(j);
  pthread_mutex_lock(&s->lock);
}

static void answer_failed(struct service *s, struct port *p) {
  log_line(LOG_INBOUND, FAX_LOG_ERROR, "port",
           "%s: a call cannot be answered: %s", p->name, error_message());
  p->answering = false;
  if (p->leaving) {
    port_vanish(p);
    return;
  }
  port_state(p, FPS_AVAILABLE);
  event_raise(s, FEI_IDLE, NULL, p);
}

DWORD attempt_begin_receive(struct service *s, struct port *p) {
  struct job *j;
  struct attempt *a;
  p->answering = true;
  DWORD error = receive_job(s, p, &j);
  if (error == ERROR_SUCCESS) {
    error = make_file(s, p, j);
    if (error == ERROR_SUCCESS) error = attempt_new(s, j, p, NULL, &a);
    if (error != ERROR_SUCCESS) drop(s, j);
  }
  end_ringing(p);
  if (error != ERROR_SUCCESS) {
    answer_failed(s, p);
    return error;
  }
  job_enter(s, j);
  bind(a);
  reception_save(a);
  p->answering = false;
  port_state(p, FPS_ANSWERED);
  event_raise(s, FEI_ANSWERED, j, p);
  log_line(LOG_INBOUND, FAX_LOG_INFO, "job", "receives job=%u port=%u", j->id,
           p->device_id);
  hand_over(a);
  return ERROR_SUCCESS;
}
