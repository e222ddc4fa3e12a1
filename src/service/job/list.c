/* SPDX-License-Identifier: MIT
   The queue as a list: what the caller may see of it and asks for. The lock is
   held for some jobs at a time, and for no more of them than the page takes. */
#include <string.h>

#include "service/dialling/dialling.h"
#include "service/job/entry.h"
#include "service/job/owner.h"

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
  struct owner *self; /* who asks */
  DWORD with;         /* 0: any */
  DWORD without;
  char *called; /* NULL: any */
  DWORD left;   /* of the page */
  bool down;
  DWORD last; /* the id that was looked at last; 0: none was */
};

static DWORD ask(const struct connection *c, const struct fax_job_query *query,
                 struct question *q) {
  *q = (struct question){.left = FAX_UNKNOWN};
  DWORD error = owner_new(c->user, &q->self);
  if (error != ERROR_SUCCESS || query == NULL) return error;
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

/* The jobs that are gone through: all, or those of who sees only his own. */
struct walk {
  struct job_ids *all;
  struct job_owned *own; /* NULL: all */
};

/* With the lock. False: the caller has none. */
static bool walk_of(struct connection *c, const struct question *q,
                    struct walk *w) {
  bool all = (access_rights(c) & FAX_JOB_QUERY) != 0; /* SEC-9 */
  struct owner *self = all ? NULL : owner_find(c->service, q->self);
  *w = (struct walk){&c->service->jobs, self != NULL ? &self->queue : NULL};
  return all || self != NULL;
}

/* The job of that id, or the next one; NULL: there is none. */
static struct job *walk_from(struct walk *w, DWORD id) {
  struct job key = {.id = id};
  return w->own != NULL ? RB_NFIND(job_owned, w->own, &key)
                        : RB_NFIND(job_ids, w->all, &key);
}

static struct job *walk_last(struct walk *w) {
  return w->own != NULL ? RB_MAX(job_owned, w->own) : RB_MAX(job_ids, w->all);
}

static struct job *walk_on(struct walk *w, struct job *j, bool down) {
  if (w->own != NULL)
    return down ? RB_PREV(job_owned, w->own, j) : RB_NEXT(job_owned, w->own, j);
  return down ? RB_PREV(job_ids, w->all, j) : RB_NEXT(job_ids, w->all, j);
}

/* The first job behind the last one that was looked at. */
static struct job *next_of(struct walk *w, const struct question *q) {
  if (!q->down) return q->last != UINT32_MAX ? walk_from(w, q->last + 1) : NULL;
  struct job *j = q->last != 0 ? walk_from(w, q->last) : NULL;
  return j != NULL ? walk_on(w, j, true) : walk_last(w);
}

static void take(struct chunk *chunk, struct job *j, DWORD status) {
  chunk->held[chunk->count] = mem_ref(j);
  chunk->entries[chunk->count++] = job_entry(j, status);
}

/* With the lock: what fits of up to CHUNK jobs; false: there are no more, or no
   more are wanted. */
static bool take_chunk(struct connection *c, struct chunk *chunk,
                       struct question *q) {
  struct walk w;
  chunk->count = 0;
  if (!walk_of(c, q, &w)) return false;
  struct job *j = next_of(&w, q);
  bool any_line = wait_any_line(c->service);
  for (DWORD seen = 0; j != NULL && q->left != 0; seen++) {
    if (seen == CHUNK) return true;
    q->last = j->id;
    DWORD status = job_queue_status_with(c->service, j, any_line);
    if (fits(q, j, status)) {
      take(chunk, j, status);
      if (q->left != FAX_UNKNOWN) q->left--;
    }
    j = walk_on(&w, j, q->down);
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
  owner_drop(q.self);
  if (error != ERROR_SUCCESS) return error;
  *jobs_out = block;
  *count_out = shot.count;
  return ERROR_SUCCESS;
}
