/* SPDX-License-Identifier: MIT
   An attempt as its record. It is written with the job's new state, and says
   what that is. */
#include <fax/faxdev.h>

#include "service/dialling/dialling.h"
#include "service/policy/ask.h"
#include "service/record/record.h"

void record_begin(struct job *j, struct port *p) {
  mem_unref(j->trace.port);
  j->trace = (struct attempt_trace){.port = mem_ref(p),
                                    .first_page = j->confirmed + 1,
                                    .duration = FAX_UNKNOWN};
}

void record_end(struct job *j, DWORD attempt, DWORD milliseconds) {
  j->trace.attempt = attempt;
  j->trace.duration = milliseconds;
}

void record_done(struct job *j) {
  j->recorded = j->attempt_count;
  j->end_recorded = j->outcome != FAX_OUTCOME_PENDING;
  if (j->attempt != NULL && !j->attempt->ended) return; /* it is of that one */
  mem_unref(j->trace.port);
  j->trace = (struct attempt_trace){.port = NULL};
}

/* Another attempt has followed, or the job's state says whether one will. Of a
   reception nobody has said yet what it is: should the service end before that,
   this is how it stays. */
static DWORD outcome_of(const struct job *j, DWORD at) {
  bool runs = j->attempt != NULL && !j->attempt->ended;
  if (runs || at + 1 < j->attempt_count) return FAX_OUTCOME_PENDING;
  if (j->verdict != NULL && j->verdict->usual.action != FAX_DECISION_RETRY)
    return FAX_OUTCOME_FAILED; /* until there is an answer */
  if (j->type != JT_SEND && j->outcome == FAX_OUTCOME_PENDING)
    return FAX_OUTCOME_STOPPED;
  return j->outcome;
}

/* As they can be told elsewhere: whoever asks for what is behind a record names
   these times. */
static FILETIME whole_microseconds(FILETIME t) {
  DWORDLONG steps = (DWORDLONG)t.dwHighDateTime << 32 | t.dwLowDateTime;
  steps -= steps % 10;
  return (FILETIME){(DWORD)steps, (DWORD)(steps >> 32)};
}

static void add_call(struct fax_attempt_record *r,
                     const struct fax_attempt *a) {
  r->attempt = a->number;
  r->device_id = a->device_id;
  r->status = a->status;
  r->started = whole_microseconds(a->started);
  r->ended = whole_microseconds(a->ended);
  r->pages_confirmed = a->pages_confirmed;
  r->rate = a->rate;
  r->ecm = a->ecm;
  r->encoding = a->encoding;
  r->transport = a->transport;
  r->bad_rows = a->bad_rows;
  r->quality = a->quality;
  r->remote_id = a->remote_id;
  r->cause_class = a->cause_class;
  r->decision = a->decision;
  r->cause = a->cause;
  r->evidence = a->evidence;
}

static void add_job(struct fax_attempt_record *r, const struct job *j) {
  r->job_id = j->id;
  r->direction =
      j->type == JT_SEND ? FAX_DIRECTION_SENT : FAX_DIRECTION_RECEIVED;
  r->user = j->user;
  r->number = j->called;
  r->pages = j->pages;
  r->bytes = j->bytes;
  if (j->params == NULL) return;
  r->document = j->params->DocumentName;
  r->billing_code = j->params->BillingCode;
}

/* The port by what the attempt left, else as it is now. */
static void add_port(struct fax_attempt_record *r, struct service *s,
                     const struct attempt_trace *trace) {
  const struct port *p = port_find(s, r->device_id);
  if (trace->attempt == r->attempt) {
    if (trace->port != NULL) p = trace->port;
    r->first_page = trace->first_page;
    r->duration = trace->duration;
  }
  if (p == NULL) return;
  r->device = p->name;
  if (p->provider != NULL) r->provider = provider_name(p->provider);
}

static DWORD put(struct service *s, struct store_changes *c,
                 const struct job *j, DWORD at) {
  struct fax_attempt_record r = {.size = sizeof r,
                                 .id = FAX_UNKNOWN,
                                 .outcome = outcome_of(j, at),
                                 .duration = FAX_UNKNOWN,
                                 .first_page = FAX_UNKNOWN};
  char *caller = NULL;
  add_job(&r, j);
  add_call(&r, j->attempts[at]);
  add_port(&r, s, &j->trace);
  if (j->type != JT_SEND && j->caller_id != NULL) {
    r.number = caller = dialling_number(s->dialling, j->caller_id);
    if (caller == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  }
  DWORD error = store_put(c, STORE_RECORDS, &r);
  mem_free(caller);
  return error;
}

/* Its last call said nothing of its end, or there was none: it waited. */
static bool ended_waiting(const struct job *j) {
  return j->type == JT_SEND && !j->end_recorded &&
         j->outcome != FAX_OUTCOME_PENDING && j->outcome != FAX_OUTCOME_STOPPED;
}

static DWORD put_end(struct store_changes *c, const struct job *j) {
  struct fax_attempt a = attempt_blank(0, 0);
  struct fax_attempt_record r = {.size = sizeof r,
                                 .id = FAX_UNKNOWN,
                                 .outcome = j->outcome,
                                 .duration = FAX_UNKNOWN,
                                 .first_page = j->confirmed + 1};
  a.ended = time_to_filetime(j->finished);
  a.pages_confirmed = 0;
  a.cause = j->cause;
  add_job(&r, j);
  add_call(&r, &a);
  return store_put(c, STORE_RECORDS, &r);
}

DWORD record_put(struct service *s, struct store_changes *c,
                 const struct job *j) {
  DWORD error = ERROR_SUCCESS;
  bool any = false;
  for (DWORD i = 0; i < j->attempt_count && error == ERROR_SUCCESS; i++)
    if (i >= j->recorded || j->attempts[i]->number == j->trace.attempt) {
      error = put(s, c, j, i);
      any = true;
    }
  if (!any && ended_waiting(j)) error = put_end(c, j);
  return error;
}

void record_save(struct service *s, struct job *j) {
  struct store_changes *c;
  if (store_changes_new(&c) != ERROR_SUCCESS) return;
  if (record_put(s, c, j) == ERROR_SUCCESS)
    store_commit(s->store, c, STORE_INSIST, NULL, NULL);
  else
    store_changes_drop(c);
}

static bool note_job(void *arg, const void *row) {
  *(DWORD *)arg = ((const struct fax_attempt_record *)row)->job_id;
  return true;
}

DWORD record_last_job(struct service *s, DWORD *id_out) {
  const struct store_query newest = {
      .table = STORE_RECORDS, .descending = true, .limit = 1};
  *id_out = 0;
  return store_find(s->store, &newest, note_job, id_out);
}

static bool has_record(struct service *s, DWORD job_id) {
  const struct store_condition same = {"job_id", STORE_IS, NULL, job_id};
  const struct store_query query = {
      .table = STORE_RECORDS, .conditions = &same, .condition_count = 1};
  DWORD found = 0;
  store_find(s->store, &query, note_job, &found);
  return found != 0;
}

static void commit(struct service *s, const struct fax_attempt_record *r) {
  struct store_changes *c;
  if (store_changes_new(&c) != ERROR_SUCCESS) return;
  if (store_put(c, STORE_RECORDS, r) == ERROR_SUCCESS)
    store_commit(s->store, c, STORE_INSIST, NULL, NULL);
  else
    store_changes_drop(c);
}

/* When it began nobody knows. */
void record_reception(struct service *s, DWORD device_id, DWORD job_id,
                      int64_t ended, DWORD pages, DWORDLONG bytes,
                      const struct reception *who) {
  struct fax_attempt a = attempt_blank(1, device_id);
  struct fax_attempt_record r = {
      .size = sizeof r,
      .id = FAX_UNKNOWN,
      .job_id = job_id,
      .direction = FAX_DIRECTION_RECEIVED,
      .outcome = pages > 0 ? FAX_OUTCOME_INCOMPLETE : FAX_OUTCOME_FAILED,
      .duration = FAX_UNKNOWN,
      .user = s->user,
      .pages = pages,
      .first_page = 1,
      .bytes = bytes};
  if (has_record(s, job_id)) return; /* the crash came right behind its end */
  a.status = FS_FATAL_ERROR;
  a.ended = time_to_filetime(ended);
  a.cause = "service_stopped";
  a.evidence = "the service ended during the call";
  add_call(&r, &a);
  char *caller = who->caller_id != NULL
                     ? dialling_number(s->dialling, who->caller_id)
                     : NULL;
  r.number = caller;
  r.remote_id = who->remote_id;
  pthread_mutex_lock(&s->lock);
  add_port(&r, s, &(struct attempt_trace){.port = NULL});
  if (s->next_job <= job_id) s->next_job = job_id + 1; /* the number is taken */
  commit(s, &r);
  pthread_mutex_unlock(&s->lock);
  mem_free(caller);
}
