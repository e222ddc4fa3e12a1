/* SPDX-License-Identifier: MIT
   The jobs of one call while it goes on: they come aboard, leave it, and are
   released. */
#include "service/bundle/bundle.h"

/* Nobody takes a job from its line for a call that has begun without it. */
void bundle_board(struct service *s, struct bundle *b) {
  for (DWORD i = 1; i < b->count; i++) {
    struct job *j = b->parts[i].job;
    wait_end(s, j);
    j->wait = WAIT_CALL;
    j->aboard = b;
    b->parts[i].waits = true;
  }
}

void bundle_leave(struct job *j) {
  struct bundle *b = j->aboard;
  j->aboard = NULL;
  for (DWORD i = 0; i < b->count; i++)
    if (b->parts[i].job == j) b->parts[i].waits = false;
}

void bundle_release(struct service *s, struct bundle *b) {
  for (DWORD i = 0; i < b->count; i++)
    if (b->parts[i].waits) wait_begin(s, b->parts[i].job);
}

void bundle_drop(struct service *s, struct bundle *b) {
  if (b == NULL) return;
  pthread_mutex_unlock(&s->lock);
  mem_unref(b);
  pthread_mutex_lock(&s->lock);
}

void bundle_forget(struct service *s) {
  struct bundle *b = s->bundle;
  s->bundle = NULL;
  bundle_drop(s, b);
}
