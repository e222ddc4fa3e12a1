/* SPDX-License-Identifier: MIT
   What may be asked of a completion port, and of its packets that wait. */
#include "base/completion_own.h"

bool completion_closed(struct completion_port *p) {
  bool closed;

  pthread_mutex_lock(&p->lock);
  closed = p->closed;
  pthread_mutex_unlock(&p->lock);
  return closed;
}

int completion_fd(struct completion_port *p) {
  return p->fd;
}

bool completion_amend(struct completion_port *p, uint64_t ticket,
                      void (*change)(void *arg), void *arg) {
  bool waits;

  pthread_mutex_lock(&p->lock);
  waits = ticket > p->taken && ticket <= p->posted;
  if (waits) change(arg);
  pthread_mutex_unlock(&p->lock);
  return waits;
}

DWORD completion_tell(struct completion_port *p, uint64_t ticket,
                      void (*taken)(void *object), void *object) {
  struct completion_watch *w = completion_watch_new(ticket, taken, object);
  struct list due = {&due, &due};

  if (w == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  pthread_mutex_lock(&p->lock);
  bool closed = p->closed;
  list_append(closed || ticket <= p->taken ? &due : &p->watches, &w->link);
  pthread_mutex_unlock(&p->lock);
  completion_watches_end(&due, !closed);
  return ERROR_SUCCESS;
}

size_t completion_waiting(struct completion_port *p) {
  pthread_mutex_lock(&p->lock);
  size_t waiting = (size_t)(p->posted - p->taken);
  pthread_mutex_unlock(&p->lock);
  return waiting;
}

void completion_share(struct completion_port *p,
                      struct completion_tally *tally) {
  p->tally = mem_ref(tally);
}

bool completion_full(struct completion_port *p, size_t most) {
  pthread_mutex_lock(&p->lock);
  size_t waiting = (size_t)(p->posted - p->taken);
  bool full = waiting >= most;
  if (!full && p->tally != NULL && waiting >= most / TALLY_EACH)
    full = atomic_load(&p->tally->waiting) >= most * TALLY_ALL;
  pthread_mutex_unlock(&p->lock);
  return full;
}
