/* SPDX-License-Identifier: MIT
   The time line of a call as its provider tells it: foreign input, copied once
   it is known to be sound. Only for src/provider. */
#ifndef FAX_PROVIDER_TIMELINE_H
#define FAX_PROVIDER_TIMELINE_H

#include <fax/fax_operation.h>

/* Gives a copy of the first FAX_T30_MOST_EVENTS of the *count_inout events
   (borrowed), in one block. Left out: events without a frame, or whose frame
   is not the short UTF-8 text of a name. Details that have no end, or are not
   UTF-8, are emptied. With none left NULL and 0. ERROR_NOT_ENOUGH_MEMORY. */
DWORD timeline_copy(const struct fax_t30_event *events, DWORD *count_inout,
                    struct fax_t30_event **copy_out);

void timeline_free(const struct fax_t30_event *copy); /* takes; NULL ok */

#endif
