/* SPDX-License-Identifier: MIT
   The clock that every wait of the service and of a provider goes by. It is
   the machine's, or a virtual one that moves to the earliest deadline when all
   its participants wait in it: a day of retries then takes milliseconds, and
   takes them the same way each time. */
#ifndef FAX_FAX_CLOCK_H
#define FAX_FAX_CLOCK_H

#include <fax/faxerr.h>

#include <fax/types_begin.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Nanoseconds of the clock since an arbitrary start; never goes back. */
FAX_EXPORT fax_deadline FaxClockNow(void);

/* The time of day that belongs to FaxClockNow: seconds since 1970-01-01 UTC
   in nanoseconds. Follows the machine's date on the real clock. */
FAX_EXPORT int64_t FaxClockWall(void);

/* A cancel flag that one thread waits on and another sets. */
struct fax_cancel;
FAX_EXPORT struct fax_cancel *FaxCancelCreate(void); /* gives; NULL: memory */
FAX_EXPORT void FaxCancelSet(struct fax_cancel *cancel);
FAX_EXPORT BOOL FaxCancelled(const struct fax_cancel *cancel);
FAX_EXPORT void FaxCancelFree(struct fax_cancel *cancel); /* takes; NULL ok */

/* Waits until the clock shows `until` (TRUE), or `cancel` (borrowed, may be
   NULL) is set (FALSE, ERROR_CANCELLED). */
FAX_EXPORT BOOL FaxClockWait(fax_deadline until, struct fax_cancel *cancel);

/* A thread that does work for the service takes part in the virtual clock:
   time stands still while a participant runs. Threads made by libfax take part
   by themselves. A provider calls Join *before* it starts a thread, on that
   thread's behalf, and the thread calls Leave as its last act. A thread's own
   waits count once it has called Enter. */
FAX_EXPORT void FaxClockJoin(void);
FAX_EXPORT void FaxClockEnter(void);
FAX_EXPORT void FaxClockLeave(void);

/* Makes the process's clock virtual, starting at `wall` (ns since 1970), with
   the calling thread as a participant; or real again. ERROR_BUSY while a
   service runs. */
FAX_EXPORT BOOL FaxClockVirtual(int64_t wall);
FAX_EXPORT BOOL FaxClockReal(void);
/* For what waits outside the clock: time stands still meanwhile. */
FAX_EXPORT BOOL FaxClockIsVirtual(void);

#ifdef __cplusplus
}
#endif

#include <fax/types_end.h>

#endif
