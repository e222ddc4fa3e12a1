/* SPDX-License-Identifier: MIT
   Whose faxes the queue has: which each user has in it, how many, and their
   bytes. For the files of src/service; with the lock, but for owner_new and
   owner_drop. */
#ifndef FAX_SERVICE_JOB_OWNER_H
#define FAX_SERVICE_JOB_OWNER_H

#include "service/state.h"

struct owner {
  RB_ENTRY(owner) by_name;
  DWORD jobs; /* of the queue, and on their way to it; 0: in no tree, and one
                 job's own */
  DWORDLONG bytes;
  struct job_owned queue; /* those that are there, by id */
  char name[];
};

RB_PROTOTYPE(owners, owner, by_name, name_order);
RB_PROTOTYPE(job_owned, job, by_owner, job_id_order);

/* Gives an owner of its own to a job that is not counted yet. */
DWORD owner_new(const char *name, struct owner **owner_out);
/* Takes what never was counted; NULL ok. */
void owner_drop(struct owner *o);

/* The queue's, of the same name; NULL: it has nothing of his. */
struct owner *owner_find(const struct service *s, struct owner *named);
/* The owner has room for the job, by what its submission says. */
DWORD owner_check(const struct service *s, const struct job *j,
                  const struct fax_submission *sub);
/* Without the lock: the same before there is a job, so that no pages are made
   in vain. It may be otherwise a moment later. */
DWORD owner_check_early(const struct connection *c,
                        const struct fax_submission *sub);
/* The job is counted: its owner becomes the queue's. */
void owner_enter(struct service *s, struct job *j);
/* It comes to the queue. */
void owner_queue(struct job *j);
/* And is counted no longer. */
void owner_leave(struct service *s, struct job *j);

#endif
