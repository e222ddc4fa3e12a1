/* SPDX-License-Identifier: MIT
   Jobs as the records of the API: one, or all that the caller may see. */
#include <string.h>

#include "service/state.h"

/* So many are looked at under the lock at once. */
#define CHUNK 64

static FAX_JOB_ENTRY entry_of(const struct job *j, DWORD queue_status) {
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

/* Copies whose texts are borrowed from jobs that are held: params and user of a
   job never change. */
struct snapshot {
  FAX_JOB_ENTRY *entries;
  struct job **held;
  DWORD count, room;
};

/* What is taken at once. It is small and used again, so that it is in memory
   before the lock is held: the pages of a long snapshot come when they are
   written to, which takes the system its time. */
struct chunk {
  FAX_JOB_ENTRY entries[CHUNK];
  struct job *held[CHUNK];
  DWORD count;
};

static DWORD make_room(struct snapshot *shot) {
  if (shot->room - shot->count >= CHUNK) return ERROR_SUCCESS;
  DWORD room = shot->room + shot->room / 2 + CHUNK;
  void *entries = mem_resize(shot->entries, room * sizeof *shot->entries);
  if (entries == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  shot->entries = entries;
  void *held = mem_resize(shot->held, room * sizeof(struct job *));
  if (held == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  shot->held = held;
  shot->room = room;
  return ERROR_SUCCESS;
}

/* With the lock: up to CHUNK jobs behind the id *last_inout; false: there were
   no more. */
static bool take_chunk(struct connection *c, struct chunk *chunk,
                       DWORD *last_inout) {
  struct service *s = c->service;
  struct job key = {.id = *last_inout + 1};
  struct job *j = RB_NFIND(job_ids, &s->jobs, &key);
  bool any_line = wait_any_line(s);
  chunk->count = 0;
  for (DWORD seen = 0; j != NULL; j = RB_NEXT(job_ids, &s->jobs, j)) {
    if (seen++ == CHUNK) return true;
    *last_inout = j->id;
    if (!access_sees_job(c, j)) continue;
    chunk->held[chunk->count] = mem_ref(j);
    chunk->entries[chunk->count++] =
        entry_of(j, job_queue_status_with(s, j, any_line));
  }
  return false;
}

/* There is room for it. */
static void append(struct snapshot *shot, const struct chunk *chunk) {
  memcpy(shot->entries + shot->count, chunk->entries,
         chunk->count * sizeof *chunk->entries);
  memcpy(shot->held + shot->count, chunk->held,
         chunk->count * sizeof *chunk->held);
  shot->count += chunk->count;
}

static DWORD take_all(struct connection *c, struct snapshot *shot) {
  struct chunk chunk = {.count = 0};
  DWORD last = 0;
  for (bool more = true; more;) {
    DWORD error = make_room(shot);
    if (error == ERROR_SUCCESS) error = service_enter(c->service);
    if (error != ERROR_SUCCESS) return error;
    more = take_chunk(c, &chunk, &last);
    service_leave(c->service);
    append(shot, &chunk);
  }
  return ERROR_SUCCESS;
}

DWORD job_list(struct connection *c, FAX_JOB_ENTRY **jobs_out,
               DWORD *count_out) {
  struct snapshot shot = {0};
  void *block = NULL;
  DWORD error = take_all(c, &shot);
  if (error == ERROR_SUCCESS)
    error = record_pack(&record_job_entry, shot.entries, shot.count, MEM_BUFFER,
                        &block);
  for (DWORD i = 0; i < shot.count; i++) mem_unref(shot.held[i]);
  mem_free(shot.entries);
  mem_free(shot.held);
  if (error != ERROR_SUCCESS) return error;
  *jobs_out = block;
  *count_out = shot.count;
  return ERROR_SUCCESS;
}

/* With the lock: a copy whose texts are borrowed from the job that is held. */
static DWORD take_one(struct connection *c, DWORD id, FAX_JOB_ENTRY *entry_out,
                      struct job **held_out) {
  struct job *j = job_find(c->service, id);
  if (j == NULL || !access_sees_job(c, j))
    return error_say(ERROR_INVALID_PARAMETER, "there is no job %u", id);
  *entry_out = entry_of(j, job_queue_status(c->service, j));
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
