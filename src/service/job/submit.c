/* SPDX-License-Identifier: MIT
   Submitting: the parameters are checked, the document is made ready without
   the lock, and only then there is a job. A failure leaves nothing behind. */
#include <string.h>

#include "document/document.h"
#include "service/job/submit.h"
#include "service/state.h"

/* V.27ter; spandsp does not keep it from trying 4800 before it falls back. */
#define LEAST_RATE 4800u

static DWORD check_call(const struct fax_submission *sub) {
  if (sub == NULL || sub->size != sizeof *sub)
    return error_say(ERROR_INVALID_PARAMETER,
                     "struct fax_submission has the wrong size");
  if (sub->files == NULL || sub->file_count == 0)
    return error_say(ERROR_INVALID_PARAMETER, "there is no document to send");
  for (DWORD i = 0; i < sub->file_count; i++)
    if (sub->files[i] == NULL || *sub->files[i] == '\0')
      return error_say(ERROR_INVALID_PARAMETER,
                       "the name of document %u is empty", i + 1);
  if (sub->resolution > FAX_RESOLUTION_STANDARD || sub->paper > FAX_PAPER_LEGAL)
    return error_say(ERROR_INVALID_PARAMETER,
                     "no such resolution or paper: %u, %u", sub->resolution,
                     sub->paper);
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
  return submit_check_params(sub->params);
}

/* With the lock. */
static DWORD check_device(struct service *s, DWORD device_id) {
  if (device_id == 0 || port_find(s, device_id) != NULL) return ERROR_SUCCESS;
  return error_say(ERROR_BAD_UNIT, "there is no device %u", device_id);
}

/* With the lock: a job that is not in the queue yet. */
static DWORD make_job(struct connection *c, const struct fax_submission *sub,
                      struct job **job_out) {
  struct service *s = c->service;
  struct job *j = NULL;
  void *params;
  if (s->state != SERVICE_RUNNING)
    return error_say(ERROR_SHUTDOWN_IN_PROGRESS, "the fax service is stopping");
  DWORD error = check_device(s, sub->device_id);
  if (error == ERROR_SUCCESS) error = job_new(s, JT_SEND, &j);
  if (error != ERROR_SUCCESS) return error;
  j->user = mem_text(c->user);
  j->file = mem_format("%s/%llx-%u.tif", s->spool, (unsigned long long)s->boot,
                       j->id);
  error = record_pack(&record_job_param, sub->params, 1, MEM_BUFFER, &params);
  if (error == ERROR_SUCCESS) j->params = params;
  if (error != ERROR_SUCCESS || j->user == NULL || j->file == NULL) {
    j->keep_file = true; /* there is none yet */
    mem_unref(j);
    return ERROR_NOT_ENOUGH_MEMORY;
  }
  *job_out = j;
  return ERROR_SUCCESS;
}

static void set_options(const struct service *s, struct job *j,
                        const struct fax_submission *sub) {
  j->retries = sub->retries != FAX_UNKNOWN ? sub->retries : s->config.retries;
  j->retry_delay = sub->retry_delay != FAX_UNKNOWN ? sub->retry_delay
                                                   : s->config.retry_delay;
  j->ecm = sub->ecm != FAX_UNKNOWN ? sub->ecm : 1;
  j->max_rate = sub->max_rate;
  j->device_id = sub->device_id;
  if (sub->params->ScheduleAction == JSA_SPECIFIC_TIME)
    time_from_systemtime(&sub->params->ScheduleTime, &j->schedule);
}

/* Without the lock: the document becomes pages in the spool. */
static DWORD make_document(struct job *j, const struct fax_submission *sub) {
  struct document_options options = {.resolution = sub->resolution,
                                     .paper = sub->paper,
                                     .patience = sub->patience};
  struct document_info info;
  DWORD error = document_prepare(sub->files, sub->file_count, &options, j->file,
                                 &info, NULL);
  if (error != ERROR_SUCCESS) return error;
  j->pages = info.pages;
  j->bytes = info.bytes;
  return ERROR_SUCCESS;
}

static DWORD enter_queue(struct service *s, struct job *j, DWORD *id_out) {
  DWORD error = service_enter(s);
  if (error != ERROR_SUCCESS) return error;
  if (s->state != SERVICE_RUNNING) {
    service_leave(s);
    return error_say(ERROR_SHUTDOWN_IN_PROGRESS, "the fax service is stopping");
  }
  j->submitted = FaxClockWall();
  job_enter(s, mem_ref(j));
  event_raise(s, FEI_JOB_QUEUED, j, NULL);
  log_line(LOG_OUTBOUND, FAX_LOG_INFO, "job",
           "queued job=%u pages=%u user=%s billing=%s", j->id, j->pages,
           j->user,
           j->params->BillingCode != NULL ? j->params->BillingCode : "-");
  service_changed(s);
  if (id_out != NULL) *id_out = j->id;
  service_leave(s);
  return ERROR_SUCCESS;
}

DWORD job_submit(struct connection *c, const struct fax_submission *sub,
                 DWORD *id_out) {
  struct service *s = c->service;
  struct job *j = NULL;
  DWORD error = check_call(sub);
  if (error == ERROR_SUCCESS) error = access_check(c, FAX_JOB_SUBMIT);
  if (error == ERROR_SUCCESS) error = service_enter(s);
  if (error != ERROR_SUCCESS) return error;
  error = make_job(c, sub, &j);
  service_leave(s);
  if (error != ERROR_SUCCESS) return error;
  set_options(s, j, sub);
  error = make_document(j, sub);
  if (error == ERROR_SUCCESS) error = enter_queue(s, j, id_out);
  mem_unref(j);
  return error;
}
