/* SPDX-License-Identifier: MIT
   Who submits may say how much his users may have in the queue
   (fax_submission.queue_limit, queue_bytes): a site for the keys that it gives
   out, say. A job counts from when it is admitted, before it is on the disk. */
#include "service/job/owner.h"

#include <string.h>

static int name_order(const struct owner *a, const struct owner *b) {
  return strcmp(a->name, b->name);
}

RB_GENERATE(owners, owner, by_name, name_order)

RB_GENERATE(job_owned, job, by_owner, job_id_order)

DWORD owner_new(const char *name, struct owner **owner_out) {
  size_t size = strlen(name) + 1;
  struct owner *o = mem_alloc(sizeof *o + size);
  if (o == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  RB_INIT(&o->queue);
  memcpy(o->name, name, size);
  *owner_out = o;
  return ERROR_SUCCESS;
}

void owner_drop(struct owner *o) {
  if (o != NULL && o->jobs == 0) mem_free(o);
}

struct owner *owner_find(const struct service *s, struct owner *named) {
  struct owners *all = (struct owners *)&s->owners; /* is not changed */
  return RB_FIND(owners, all, named);
}

DWORD owner_check(const struct service *s, const struct job *j,
                  const struct fax_submission *sub) {
  const struct owner *o = owner_find(s, j->owner);
  DWORD jobs = o != NULL ? o->jobs : 0;
  DWORDLONG bytes = o != NULL ? o->bytes : 0;
  if (sub->queue_limit != 0 && jobs >= sub->queue_limit)
    return error_say(ERROR_NOT_ENOUGH_QUOTA,
                     "%s has %u faxes in the queue: %u are allowed",
                     j->owner->name, jobs, sub->queue_limit);
  if (sub->queue_bytes != 0 && bytes + j->bytes > sub->queue_bytes)
    return error_say(ERROR_NOT_ENOUGH_QUOTA,
                     "the faxes of %s in the queue have %llu bytes, and this "
                     "one %llu: %llu are allowed",
                     j->owner->name, (unsigned long long)bytes,
                     (unsigned long long)j->bytes,
                     (unsigned long long)sub->queue_bytes);
  return ERROR_SUCCESS;
}

DWORD owner_check_early(const struct connection *c,
                        const struct fax_submission *sub) {
  struct job none = {.bytes = 0};
  if (sub->queue_limit == 0 && sub->queue_bytes == 0) return ERROR_SUCCESS;
  DWORD error = owner_new(c->user, &none.owner);
  if (error != ERROR_SUCCESS) return error;
  error = service_enter(c->service);
  if (error == ERROR_SUCCESS) {
    error = owner_check(c->service, &none, sub);
    service_leave(c->service);
  }
  owner_drop(none.owner);
  return error;
}

void owner_enter(struct service *s, struct job *j) {
  struct owner *known = RB_INSERT(owners, &s->owners, j->owner);
  if (known != NULL) {
    owner_drop(j->owner);
    j->owner = known;
  }
  j->owner->jobs++;
  j->owner->bytes += j->bytes;
}

void owner_queue(struct job *j) {
  if (j->owner == NULL) return; /* a reception */
  RB_INSERT(job_owned, &j->owner->queue, j);
  j->owned = true;
}

void owner_leave(struct service *s, struct job *j) {
  struct owner *o = j->owner;
  if (o == NULL) return;
  if (j->owned) RB_REMOVE(job_owned, &o->queue, j);
  j->owned = false;
  j->owner = NULL;
  o->bytes -= j->bytes;
  if (--o->jobs != 0) return;
  RB_REMOVE(owners, &s->owners, o);
  mem_free(o);
}
