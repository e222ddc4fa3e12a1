/* SPDX-License-Identifier: MIT
   Between the files of this folder. */
#ifndef FAX_SERVICE_JOB_SUBMIT_H
#define FAX_SERVICE_JOB_SUBMIT_H

#include <fax/fax_service.h>

/* FAX_JOB_PARAM as documented (JOB-2..5, JOB-66..68), and our limits on text.
 */
DWORD submit_check_params(const FAX_JOB_PARAM *params);

#endif
