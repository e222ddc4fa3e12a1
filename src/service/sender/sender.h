/* SPDX-License-Identifier: MIT
   Who sends, when nobody says so: the environment, and the account of the
   process. */
#ifndef FAX_SERVICE_SENDER_SENDER_H
#define FAX_SERVICE_SENDER_SENDER_H

#include <fax/winfax.h>

/* Both structures with what is known of the sender (JOB-16): two blocks for
   FaxFreeBuffer (MEM-2), JSA_NOW and DRT_NONE. ERROR_NOT_ENOUGH_MEMORY. */
DWORD sender_read(FAX_JOB_PARAM **params_out, FAX_COVERPAGE_INFO **cover_out);

#endif
