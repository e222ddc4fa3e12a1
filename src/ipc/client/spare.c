/* SPDX-License-Identifier: MIT
   Calls of several threads over one handle: a second connection, made when it
   is needed first, takes those that need none of what was opened over the
   first, while that is busy. */
#include "base/error.h"
#include "base/mem.h"
#include "ipc/client/own.h"

#define LOOK 0.1 /* seconds between questions whether the caller gives up */

static bool takes_handles(const struct fax_record *record) {
  if (record == NULL) return false;
  for (const struct fax_field *f = record->fields; f->name != NULL; f++)
    if (f->kind == FAX_FIELD_HANDLE ||
        ((f->kind == FAX_FIELD_RECORD || f->kind == FAX_FIELD_RECORDS) &&
         takes_handles(f->record)))
      return true;
  return false;
}

/* It is of the user alone, and may be asked twice, as it is when a connection
   that was idle for long turns out to be lost. */
static bool goes_anywhere(const struct remote_handle *h,
                          const struct method *m) {
  return h->id == 0 && m->repeats && m->opens == 0 && !takes_handles(m->in);
}

/* Borrowed, NULL: there is none. */
static struct remote *spare_of(struct remote *r) {
  pthread_mutex_lock(&r->sparing);
  if (r->spare == NULL && !r->closed) r->spare = remote_like(r);
  struct remote *spare = r->spare;
  pthread_mutex_unlock(&r->sparing);
  return spare;
}

/* Another thread's call may go on for long: whoever gives up need not wait for
   it, nor anybody for ever. */
static DWORD take_turn(struct remote *r, const struct fax_patience *patience,
                       double until) {
  bool asks = patience != NULL && patience->interrupted != NULL;
  while (!remote_lock(&r->lock, asks ? LOOK : until - wire_now())) {
    if (asks && patience->interrupted(patience->arg))
      return error_say(ERROR_CANCELLED, "the call was interrupted");
    if (wire_now() >= until)
      return error_say(ERROR_TIMEOUT,
                       "calls of other threads go on over this handle");
  }
  return ERROR_SUCCESS;
}

/* False: it cannot be had, as when the account has too many connections. */
static bool take_spare(struct remote *spare,
                       const struct fax_patience *patience, double until) {
  if (spare == NULL || take_turn(spare, patience, until) != ERROR_SUCCESS)
    return false;
  if (remote_ready(spare) == ERROR_SUCCESS) return true;
  pthread_mutex_unlock(&spare->lock);
  return false;
}

DWORD remote_take(struct remote_handle *h, const struct method *m,
                  const struct fax_patience *patience,
                  struct remote **remote_out) {
  struct remote *r = h->remote;

  if (pthread_mutex_trylock(&r->lock) == 0) {
    *remote_out = r;
    return ERROR_SUCCESS;
  }
  double until = wire_now() + SILENCE;
  if (goes_anywhere(h, m) && take_spare(spare_of(r), patience, until)) {
    *remote_out = r->spare;
    return ERROR_SUCCESS;
  }
  DWORD error = take_turn(r, patience, until);
  if (error == ERROR_SUCCESS) *remote_out = r;
  return error;
}

void remote_close_spare(struct remote *r) {
  pthread_mutex_lock(&r->sparing);
  struct remote *spare = r->spare;
  r->closed = true;
  pthread_mutex_unlock(&r->sparing);
  if (spare == NULL) return;
  spare->closed = true;
  if (!remote_lock(&spare->lock, 0)) return; /* it goes with that call */
  wire_close(&spare->wire);
  pthread_mutex_unlock(&spare->lock);
}
