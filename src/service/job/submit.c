/* SPDX-License-Identifier: MIT
   Submitting: the parameters are checked, the document is made ready without
   the lock, and only then there is a job. A failure leaves nothing behind. */
#include "service/dialling/dialling.h"
#include "service/job/owner.h"
#include "service/job/submit.h"
#include "service/schedule/number.h"

/* V.27ter; spandsp does not keep it from trying 4800 before it falls back. */
#define LEAST_RATE 4800u

static bool is_time(FILETIME t) {
  return t.dwLowDateTime != 0 || t.dwHighDateTime != 0;
}

static DWORD check_key(const char *key) {
  if (key == NULL) return ERROR_SUCCESS;
  if (*key == '\0')
    return error_say(ERROR_INVALID_PARAMETER, "the key is empty");
  return submit_check_text("the key", key);
}

DWORD submit_check(const struct fax_submission *sub) {
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
  if (sub->priority > FAX_PRIORITY_LOW)
    return error_say(ERROR_INVALID_PARAMETER, "there is no priority %u",
                     sub->priority);
  if (sub->on_doubt > FAX_DOUBT_HOLD)
    return error_say(ERROR_INVALID_PARAMETER, "on_doubt %u: 0 to 2 exist",
                     sub->on_doubt);
  if (sub->transport > FAX_TRANSPORT_T38)
    return error_say(ERROR_INVALID_PARAMETER, "there is no transport %u",
                     sub->transport);
  DWORD error = check_key(sub->key);
  return error == ERROR_SUCCESS ? submit_check_params(sub->params) : error;
}

static DWORD check_blocked(const struct dialling *d, const char *number) {
  char *called = dialling_number(d, number);
  if (called == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  const char *by = dialling_blocked(d, called);
  DWORD error = ERROR_SUCCESS;
  if (by != NULL)
    error =
        error_say(ERROR_FAX_BLOCKED,
                  "%s is not called: the block list has \"%s\"", number, by);
  mem_free(called);
  return error;
}

/* ERROR_BAD_UNIT before the document is made, not after. */
static DWORD check_device(struct service *s, DWORD device_id) {
  struct port *only;
  if (device_id == 0) return ERROR_SUCCESS;
  DWORD error = service_enter(s);
  if (error != ERROR_SUCCESS) return error;
  error = submit_find_only(s, device_id, &only);
  service_leave(s);
  mem_unref(only);
  return error;
}

DWORD submit_check_new(struct service *s, const struct fax_submission *sub) {
  DWORD error = check_device(s, sub->device_id);
  if (error != ERROR_SUCCESS) return error;
  if (is_time(sub->deadline) &&
      time_from_filetime(sub->deadline) <= FaxClockWall())
    return error_say(ERROR_INVALID_PARAMETER, "the deadline is over");
  return check_blocked(s->dialling, sub->params->RecipientNumber);
}

static void set_options(struct job *j, const struct fax_submission *sub) {
  j->retries = sub->retries;
  j->retry_delay = sub->retry_delay;
  j->ecm = sub->ecm != FAX_UNKNOWN ? sub->ecm : 1;
  j->max_rate = sub->max_rate;
  j->transport = sub->transport;
  j->on_doubt = sub->on_doubt;
  j->priority = sub->priority;
  j->paused = sub->hold != FALSE;
  if (is_time(sub->deadline)) j->deadline = time_from_filetime(sub->deadline);
  if (sub->params->ScheduleAction == JSA_SPECIFIC_TIME)
    time_from_systemtime(&sub->params->ScheduleTime, &j->schedule);
}

/* With the lock: the port that the job is for, or none (JOB-10). */
DWORD submit_find_only(struct service *s, DWORD device_id,
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
DWORD submit_make_job(struct connection *c, const struct fax_submission *sub,
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
  error = record_pack(&record_job_param, sub->params, 1, MEM_PLAIN, &params);
  if (error == ERROR_SUCCESS) j->params = params;
  if (j->user == NULL || j->called == NULL) error = ERROR_NOT_ENOUGH_MEMORY;
  if (error == ERROR_SUCCESS)
    error = number_new(c->service->dialling, j->called, &j->number);
  if (error == ERROR_SUCCESS) error = owner_new(j->user, &j->owner);
  if (error != ERROR_SUCCESS) {
    mem_unref(j);
    return error;
  }
  set_options(j, sub);
  *job_out = j;
  return ERROR_SUCCESS;
}

DWORD submission_check(const struct fax_submission *sub) {
  DWORD error = submit_check(sub);
  if (error != ERROR_SUCCESS || sub->document != NULL) return error;
  return document_check(sub->files, sub->file_count);
}

DWORD job_submit(struct connection *c, const struct fax_submission *sub,
                 struct document *document, DWORD *id_out) {
  struct batch *b;
  DWORD error = batch_open(c, &b);
  if (error != ERROR_SUCCESS) return error;
  error = batch_add(b, sub, document, id_out);
  if (error == ERROR_SUCCESS) error = batch_commit(b);
  mem_unref(b);
  return error;
}

/* The first error's sentence is the caller's, unless nothing was queued for
   another reason. */
static DWORD commit_with(struct batch *b, DWORD error) {
  char *why = error != ERROR_SUCCESS ? mem_text(error_message()) : NULL;
  DWORD stored = batch_commit(b);
  if (stored == ERROR_SUCCESS && why != NULL) error_note("%s", why);
  mem_free(why);
  return stored != ERROR_SUCCESS ? stored : error;
}

DWORD job_submit_all(struct connection *c, const struct fax_submission *subs,
                     struct document *const *documents, DWORD count,
                     DWORD *ids_out) {
  struct batch *b;
  DWORD error = batch_open(c, &b);
  if (error != ERROR_SUCCESS) return error;
  for (DWORD i = 0; error == ERROR_SUCCESS && i < count; i++)
    error = batch_add(b, &subs[i], documents[i], &ids_out[i]);
  error = commit_with(b, error);
  mem_unref(b);
  return error;
}
