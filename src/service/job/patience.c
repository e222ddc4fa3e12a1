/* SPDX-License-Identifier: MIT
   Waiting for another submission, or for the disk, as long as the caller does.
 */
#include "service/job/patience.h"

#include "base/error.h"

#define USUAL_SECONDS 120
#define LOOK \
  (FAX_SECOND / 4) /* between questions whether the caller gives up */

struct patience patience_begin(const struct fax_patience *given) {
  DWORD seconds = given->seconds != 0 ? given->seconds : USUAL_SECONDS;
  return (struct patience){.given = *given,
                           .until = clock_after(FaxClockNow(), seconds)};
}

static bool gives_up(const struct patience *p, pthread_mutex_t *lock) {
  if (p->given.interrupted == NULL) return false;
  pthread_mutex_unlock(lock);
  bool up = p->given.interrupted(p->given.arg) != FALSE;
  pthread_mutex_lock(lock);
  return up;
}

/* Waited for before it asks: what has come meanwhile is seen first. */
DWORD patience_wait(struct patience *p, struct clock_cond *changed,
                    pthread_mutex_t *lock) {
  fax_deadline until = p->until, look = FaxClockNow() + LOOK;
  if (p->given.interrupted != NULL && look < until) until = look;
  if (clock_cond_wait(changed, lock, until)) return ERROR_SUCCESS;
  if (until == p->until) return ERROR_TIMEOUT;
  return gives_up(p, lock) ? ERROR_CANCELLED : ERROR_SUCCESS;
}
