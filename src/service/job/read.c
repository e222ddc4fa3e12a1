/* SPDX-License-Identifier: MIT
   A job as the record of the API. */
#include "service/job/entry.h"

FAX_JOB_ENTRY job_entry(const struct job *j, DWORD queue_status) {
  FAX_JOB_ENTRY e = {
      .SizeOfStruct = sizeof e,
      .JobId = j->id,
      .UserName = j->user,
      .JobType = j->type,
      .QueueStatus = queue_status,
      .Size = j->bytes > 0xffffffff ? 0xffffffff : (DWORD)j->bytes,
      .PageCount = j->pages == FAX_UNKNOWN ? 0 : j->pages};
  if (j->attempt != NULL) e.Status = j->attempt->port->state;
  const FAX_JOB_PARAM *p = j->params;
  if (p == NULL) return e;
  e.RecipientNumber = p->RecipientNumber;
  e.RecipientName = p->RecipientName;
  e.Tsid = p->Tsid;
  e.SenderName = p->SenderName;
  e.SenderCompany = p->SenderCompany;
  e.SenderDept = p->SenderDept;
  e.BillingCode = p->BillingCode;
  e.ScheduleAction = p->ScheduleAction;
  e.ScheduleTime = p->ScheduleTime;
  e.DeliveryReportType = p->DeliveryReportType;
  e.DeliveryReportAddress = p->DeliveryReportAddress;
  e.DocumentName = p->DocumentName;
  return e;
}

/* With the lock: a copy whose texts are borrowed from the job that is held. */
static DWORD take_one(struct connection *c, DWORD id, FAX_JOB_ENTRY *entry_out,
                      struct job **held_out) {
  struct job *j = job_find(c->service, id);
  if (j == NULL || !access_sees_job(c, j))
    return error_say(ERROR_INVALID_PARAMETER, "there is no job %u", id);
  *entry_out = job_entry(j, job_queue_status(c->service, j));
  *held_out = mem_ref(j);
  return ERROR_SUCCESS;
}

DWORD job_read(struct connection *c, DWORD id, FAX_JOB_ENTRY **job_out) {
  FAX_JOB_ENTRY entry;
  struct job *held = NULL;
  void *block;
  DWORD error = service_enter(c->service);
  if (error != ERROR_SUCCESS) return error;
  error = take_one(c, id, &entry, &held);
  service_leave(c->service);
  if (error == ERROR_SUCCESS)
    error = record_pack(&record_job_entry, &entry, 1, MEM_BUFFER, &block);
  mem_unref(held);
  if (error == ERROR_SUCCESS) *job_out = block;
  return error;
}
