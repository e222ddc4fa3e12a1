/* SPDX-License-Identifier: MIT
   The numbers of a session: what is told under each of them, and what is behind
   it. */
#include "base/error.h"
#include "ipc/server/push.h"
#include "method/find.h"

/* With the lock; NULL: nothing has it. */
static struct pushed *by_number(struct push *p, DWORD number) {
  for (DWORD i = 0; number != 0 && i < SUBSCRIPTIONS; i++)
    if (p->list[i].number == number) return &p->list[i];
  return NULL;
}

DWORD push_reserve(struct push *p, struct pushed pushed,
                   struct pushed **pushed_out) {
  struct pushed *free_one = NULL;
  pthread_mutex_lock(&p->lock);
  for (DWORD i = 0; free_one == NULL && i < SUBSCRIPTIONS; i++)
    if (p->list[i].number == 0) free_one = &p->list[i];
  if (free_one != NULL) {
    *free_one = pushed;
    free_one->number = ++p->last;
    p->held++;
  }
  pthread_mutex_unlock(&p->lock);
  *pushed_out = free_one;
  return free_one != NULL
             ? ERROR_SUCCESS
             : error_say(ERROR_BUSY,
                         "%d subscriptions, providers and policies of one "
                         "connection",
                         SUBSCRIPTIONS);
}

void push_fill(struct push *p, struct pushed *pushed, HANDLE object, DWORD id) {
  pthread_mutex_lock(&p->lock);
  pushed->object = object;
  pushed->id = id;
  pthread_mutex_unlock(&p->lock);
}

void push_free_number(struct push *p, DWORD number) {
  pthread_mutex_lock(&p->lock);
  struct pushed *pushed = by_number(p, number);
  if (pushed != NULL) *pushed = (struct pushed){.number = 0};
  pthread_mutex_unlock(&p->lock);
}

void push_leave(struct push *p, DWORD number) {
  pthread_mutex_lock(&p->lock);
  struct pushed *pushed = by_number(p, number);
  if (pushed != NULL) pushed->leaves = true;
  pthread_mutex_unlock(&p->lock);
}

void push_stopped(struct push *p, DWORD number) {
  pthread_mutex_lock(&p->lock);
  struct pushed *pushed = by_number(p, number);
  if (pushed != NULL && pushed->leaves) *pushed = (struct pushed){.number = 0};
  pthread_mutex_unlock(&p->lock);
}

bool push_look_up(struct push *p, DWORD number, struct pushed *pushed_out) {
  pthread_mutex_lock(&p->lock);
  const struct pushed *pushed = by_number(p, number);
  if (pushed != NULL) *pushed_out = *pushed;
  pthread_mutex_unlock(&p->lock);
  return pushed != NULL;
}

bool push_find(struct session *s, DWORD number, enum pushed_as as,
               struct pushed *pushed_out) {
  struct push *p = s->push;
  if (p == NULL) return false;
  pthread_mutex_lock(&p->lock);
  const struct pushed *pushed = by_number(p, number);
  bool there = pushed != NULL && pushed->as == as &&
               (pushed->object != NULL || as == PUSHED_EVENTS);
  if (there) *pushed_out = *pushed;
  pthread_mutex_unlock(&p->lock);
  return there;
}

DWORD push_connection(struct session *s, DWORD on, struct connection **c_out) {
  HANDLE handle;
  DWORD error = entry_handle(s, on, &handle);
  if (error == ERROR_SUCCESS) error = push_begin(s);
  return error == ERROR_SUCCESS ? find_server(handle, c_out) : error;
}

void push_release(struct session *s) {
  struct push *p = s->push;
  pthread_mutex_lock(&p->lock);
  p->held--;
  pthread_cond_broadcast(&p->changed);
  pthread_mutex_unlock(&p->lock);
}
