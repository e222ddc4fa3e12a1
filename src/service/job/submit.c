/* SPDX-License-Identifier: MIT
   Submitting: the parameters are checked, the document is made ready without
   the lock, and only then there is a job. A failure leaves nothing behind. */
#include "service/dialling/dialling.h"
#include "service/durable/durable.h"
#include "service/job/submit.h"
#include "service/log.h"
#include "service/state.h"

/* V.27ter; spandsp does not keep it from trying 4800 before it falls back. */
#define LEAST_RATE 4800u

static DWORD check_call(const struct fax_submission *sub) {
  if (sub->size != sizeof *sub)
    return error_say(ERROR_INVALID_PARAMETER,
                     "struct fax_submission has the wrong size");
  if (sub->retries != FAX_UNKNOWN && sub->retries > 99)
    return error_say(ERROR_INVALID_PARAMETER, "%u retries: 0 to 99 are allowed",
                     sub->retries);
  if (sub->ecm > 1 && sub->ecm != FAX_UNKNOWN)
    return error_say(ERROR_INVALID_PARAMETER, "ecm is %u, not 0 or 1",
                     sub->ecm);
  if (sub->max_rate != 0 && sub->max_rate < LEAST_RATE)
    return error_say(ERROR_INVALID_PARAMETER,
                     "max_rate %u: a limit is %u bit/s or more, 0 is none",
                     sub->max_rate, LEAST_RATE);
  if (sub->transport > FAX_TRANSPORT_T38)
    return error_say(ERROR_INVALID_PARAMETER, "there is no transport %u",
                     sub->transport);
  return submit_check_params(sub->params);
}

static void set_options(struct job *j, const struct fax_submission *sub) {
  j->retries = sub->retries;
  j->retry_delay = sub->retry_delay;
  j->ecm = sub->ecm != FAX_UNKNOWN ? sub->ecm : 1;
  j->max_rate = sub->max_rate;
  j->transport = sub->transport;
  if (sub->params->ScheduleAction == JSA_SPECIFIC_TIME)
    time_from_systemtime(&sub->params->ScheduleTime, &j->schedule);
}

/* With the lock: the port that the job is for, or none (JOB-10). */
static DWORD find_only(struct service *s, DWORD device_id,
                       struct port **only_out) {
  *only_out = NULL;
  if (device_id == 0) return ERROR_SUCCESS;
  *only_out = mem_ref(port_find(s, device_id));
  if (*only_out != NULL) return ERROR_SUCCESS;
  return error_say(ERROR_BAD_UNIT, "there is no device %u", device_id);
}

/* Without the lock, which copies of texts would hold up: a job that is not in
   the queue yet and has no number. The document is lent to one caller at least,
   so that dropping the job drops no file. */
static DWORD make_job(struct connection *c, const struct fax_submission *sub,
                      struct document *d, struct job **job_out) {
  struct job *j = NULL;
  void *params;
  DWORD error = job_new(0, JT_SEND, &j);
  if (error != ERROR_SUCCESS) return error;
  j->document = mem_ref(d);
  j->pages = d->pages;
  j->bytes = d->bytes;
  j->user = mem_text(c->user);
  j->called =
      dialling_number(c->service->dialling, sub->params->RecipientNumber);
  error = record_pack(&record_job_param, sub->params, 1, MEM_BUFFER, &params);
  if (error == ERROR_SUCCESS) j->params = params;
  if (j->user == NULL || j->called == NULL) error = ERROR_NOT_ENOUGH_MEMORY;
  if (error != ERROR_SUCCESS) {
    mem_unref(j);
    return error;
  }
  set_options(j, sub);
  *job_out = j;
  return ERROR_SUCCESS;
}

/* BC-10. With the lock. */
static DWORD check_state(const struct service *s, const struct document *d) {
  DWORD most = s->config.recipients_limit;
  if (s->state != SERVICE_RUNNING)
    return error_say(ERROR_SHUTDOWN_IN_PROGRESS, "the fax service is stopping");
  if (most != 0 && d->recipients >= most)
    return error_say(FAX_ERR_RECIPIENTS_LIMIT,
                     "a document goes to %u recipients at most", most);
  return ERROR_SUCCESS;
}

/* With the lock; on success the store has the job, or will say that it cannot.
   A document that was made for this job gives it its number. */
static DWORD admit(struct service *s, struct job *j, DWORD device_id, bool own,
                   struct durable_wait *wait) {
  struct document *d = j->document;
  DWORD error = check_state(s, d);
  if (error == ERROR_SUCCESS) error = find_only(s, device_id, &j->only);
  if (error != ERROR_SUCCESS) return error;
  j->id = j->turn = own ? d->id : job_number(s);
  j->submitted = FaxClockWall();
  error = durable_submit(s, j, wait);
  if (error != ERROR_SUCCESS) return error;
  d->recipients++;
  d->waiting++;
  return ERROR_SUCCESS;
}

/* With the lock: the job is safe. Takes it. */
static void enter_queue(struct service *s, struct job *j) {
  job_enter(s, j);
  event_raise(s, FEI_JOB_QUEUED, j, j->only); /* JOB-10 */
  log_line(LOG_OUTBOUND, FAX_LOG_INFO, "job",
           "queued job=%u pages=%u user=%s billing=%s", j->id, j->pages,
           j->user,
           j->params->BillingCode != NULL ? j->params->BillingCode : "-");
  service_changed(s);
}

/* The document is not the queue's after all. */
static void withdraw(struct service *s, struct job *j) {
  pthread_mutex_lock(&s->lock);
  j->document->recipients--;
  j->document->waiting--;
  pthread_mutex_unlock(&s->lock);
}

/* Takes the job when it succeeds. A service that has stopped meanwhile has
   accepted it all the same: it is in the store. */
static DWORD enter_safely(struct service *s, struct job *j, DWORD device_id,
                          bool own, DWORD *id_out) {
  struct durable_wait wait;
  DWORD error = service_enter(s);
  if (error != ERROR_SUCCESS) return error;
  error = admit(s, j, device_id, own, &wait);
  service_leave(s);
  if (error != ERROR_SUCCESS) return error;
  error = durable_await(&wait);
  if (error != ERROR_SUCCESS) {
    withdraw(s, j);
    return error;
  }
  if (id_out != NULL) *id_out = j->id;
  pthread_mutex_lock(&s->lock);
  bool late = s->ending;
  if (!late) enter_queue(s, j);
  pthread_mutex_unlock(&s->lock);
  if (late) mem_unref(j);
  return ERROR_SUCCESS;
}

/* ERROR_BAD_UNIT before the document is made, not after. */
static DWORD check_device(struct service *s, DWORD device_id) {
  struct port *only;
  DWORD error = service_enter(s);
  if (error != ERROR_SUCCESS) return error;
  error = find_only(s, device_id, &only);
  service_leave(s);
  mem_unref(only);
  return error;
}

static DWORD make_document(struct connection *c,
                           const struct fax_submission *sub,
                           struct document **document_out) {
  struct fax_document ask = {.size = sizeof ask,
                             .files = sub->files,
                             .file_count = sub->file_count,
                             .resolution = sub->resolution,
                             .paper = sub->paper,
                             .patience = sub->patience};
  return document_make(c, NULL, &ask, NULL, document_out);
}

/* With a document that is ready. */
static DWORD submit(struct connection *c, const struct fax_submission *sub,
                    struct document *d, bool own, DWORD *id_out) {
  struct job *j;
  DWORD error = make_job(c, sub, d, &j);
  if (error != ERROR_SUCCESS) return error;
  error = enter_safely(c->service, j, sub->device_id, own, id_out);
  if (error != ERROR_SUCCESS) mem_unref(j);
  return error;
}

DWORD job_submit(struct connection *c, const struct fax_submission *sub,
                 struct document *document, DWORD *id_out) {
  struct document *d = mem_ref(document);
  DWORD error = check_call(sub);
  if (error == ERROR_SUCCESS) error = access_check(c, FAX_JOB_SUBMIT);
  if (error == ERROR_SUCCESS) error = check_device(c->service, sub->device_id);
  if (error == ERROR_SUCCESS && d == NULL) error = make_document(c, sub, &d);
  if (error == ERROR_SUCCESS)
    error = submit(c, sub, d, document == NULL, id_out);
  mem_unref(d);
  return error;
}
