/* SPDX-License-Identifier: MIT
   Jobs of the queue that are for one port (JOB-10), by its device: a port that
   comes in the place of one that has gone finds them, however long the queue
   is. */
#include "service/state.h"

/* The device of a job's port is the same all the time. */
static int device_order(const struct job *a, const struct job *b) {
  DWORD x = a->only->device_id, y = b->only->device_id;
  if (x != y) return x < y ? -1 : 1;
  return a->id < b->id ? -1 : a->id > b->id;
}

RB_PROTOTYPE(job_devices, job, by_device, device_order)
RB_GENERATE(job_devices, job, by_device, device_order)

static void follow(struct job *j, struct port *p) {
  struct port *old = j->only;
  j->only = mem_ref(p);
  mem_unref(old);
}

void port_bind(struct service *s, struct job *j) {
  if (j->only == NULL || j->bound) return;
  struct port *p = j->only->gone ? port_find(s, j->only->device_id) : NULL;
  if (p != NULL) follow(j, p); /* it went while the job was on its way */
  RB_INSERT(job_devices, &s->bound, j);
  j->bound = true;
}

void port_unbind(struct service *s, struct job *j) {
  if (!j->bound) return;
  RB_REMOVE(job_devices, &s->bound, j);
  j->bound = false;
}

void port_take_jobs(struct service *s, struct port *p) {
  struct job key = {.only = p, .id = 0};
  struct job *j = RB_NFIND(job_devices, &s->bound, &key);
  for (; j != NULL && j->only->device_id == p->device_id;
       j = RB_NEXT(job_devices, &s->bound, j)) {
    if (!j->only->gone) continue;
    wait_end(s, j);
    follow(j, p);
    wait_begin(s, j);
  }
}
