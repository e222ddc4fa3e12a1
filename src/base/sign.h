/* SPDX-License-Identifier: MIT
   Signs of life: how often a thread that is watched has called into libfax.
   Another thread reads the count. */
#ifndef FAX_BASE_SIGN_H
#define FAX_BASE_SIGN_H

#include <stdatomic.h>
#include <stddef.h>

/* This thread counts there from now on; NULL: it is not watched. */
void sign_watch(atomic_ulong *count);

/* One sign of this thread. */
void sign_note(void);

#endif
