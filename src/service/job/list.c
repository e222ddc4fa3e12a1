/* SPDX-License-Identifier: MIT
   The queue as a list: what the caller may see of it and asks for. The lock is
   held for some jobs at a time, and for no more of them than the page takes. */
#include <string.h>

#include "service/dialling/dialling.h"
#include "service/job/entry.h"

/* So many are looked at under the lock at once. */
#define CHUNK 64

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

/* ---- what is asked for ---- */

struct question {
  DWORD with; /* 0: any */
  DWORD without;
  char *called; /* NULL: any */
  DWORD left;   /* of the page */
  bool down;
  DWORD last; /* the id that was looked at last; 0: none was */
};

static DWORD ask(const struct connection *c, const struct fax_job_query *query,
                 struct question *q) {
  *q = (struct question){.left = FAX_UNKNOWN};
  if (query == NULL) return ERROR_SUCCESS;
  if (query->size != sizeof *query)
    return error_say(ERROR_INVALID_PARAMETER,
                     "struct fax_job_query has the wrong size");
  q->with = query->with;
  q->without = query->without;
  if (query->limit != 0) q->left = query->limit;
  q->down = query->newest_first != FALSE;
  q->last = query->cursor;
  if (query->number == NULL) return ERROR_SUCCESS;
  q->called = dialling_number(c->service->dialling, query->number);
  return q->called != NULL ? ERROR_SUCCESS : ERROR_NOT_ENOUGH_MEMORY;
}

static bool fits(const struct question *q, const struct job *j, DWORD status) {
  if (q->with != 0 && (q->with & status) == 0) return false;
  if ((q->without & status) != 0) return false;
  return q->called == NULL ||
         (j->called != NULL && strcmp(j->called, q->called) == 0);
}

/* ---- taking ---- */

/* The first job behind the last one that was looked at; NULL: there is none. */
static struct job *next_of(struct service *s, const struct question *q) {
  struct job key = {.id = q->down ? q->last : q->last + 1};
  if (!q->down) return key.id != 0 ? RB_NFIND(job_ids, &s->jobs, &key) : NULL;
  struct job *j = key.id != 0 ? RB_NFIND(job_ids, &s->jobs, &key) : NULL;
  return j != NULL ? RB_PREV(job_ids, &s->jobs, j) : RB_MAX(job_ids, &s->jobs);
}

static void take(struct chunk *chunk, struct job *j, DWORD status) {
  chunk->held[chunk->count] = mem_ref(j);
  chunk->entries[chunk->count++] = job_entry(j, status);
}

/* With the lock: what fits of up to CHUNK jobs; false: there are no more, or no
   more are wanted. */
static bool take_chunk(struct connection *c, struct chunk *chunk,
                       struct question *q) {
  struct service *s = c->service;
  struct job *j = next_of(s, q);
  bool any_line = wait_any_line(s);
  chunk->count = 0;
  for (DWORD seen = 0; j != NULL && q->left != 0; seen++) {
    if (seen == CHUNK) return true;
    q->last = j->id;
    DWORD status = job_queue_status_with(s, j, any_line);
    if (access_sees_job(c, j) && fits(q, j, status)) {
      take(chunk, j, status);
      if (q->left != FAX_UNKNOWN) q->left--;
    }
    j = q->down ? RB_PREV(job_ids, &s->jobs, j) : RB_NEXT(job_ids, &s->jobs, j);
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

static DWORD take_all(struct connection *c, struct question *q,
                      struct snapshot *shot) {
  struct chunk chunk = {.count = 0};
  for (bool more = true; more;) {
    DWORD error = make_room(shot);
    if (error == ERROR_SUCCESS) error = service_enter(c->service);
    if (error != ERROR_SUCCESS) return error;
    more = take_chunk(c, &chunk, q);
    service_leave(c->service);
    append(shot, &chunk);
  }
  return ERROR_SUCCESS;
}

DWORD job_list(struct connection *c, const struct fax_job_query *query,
               FAX_JOB_ENTRY **jobs_out, DWORD *count_out) {
  struct snapshot shot = {0};
  struct question q;
  void *block = NULL;
  DWORD error = ask(c, query, &q);
  if (error == ERROR_SUCCESS) error = take_all(c, &q, &shot);
  if (error == ERROR_SUCCESS)
    error = record_pack(&record_job_entry, shot.entries, shot.count, MEM_BUFFER,
                        &block);
  for (DWORD i = 0; i < shot.count; i++) mem_unref(shot.held[i]);
  mem_free(shot.entries);
  mem_free(shot.held);
  mem_free(q.called);
  if (error != ERROR_SUCCESS) return error;
  *jobs_out = block;
  *count_out = shot.count;
  return ERROR_SUCCESS;
}
