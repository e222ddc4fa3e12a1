/* SPDX-License-Identifier: MIT
   Where a service's state is, for those who need it without one running. */
#ifndef FAX_SERVICE_LIFE_DIRECTORY_H
#define FAX_SERVICE_LIFE_DIRECTORY_H

#include <fax/faxerr.h>

/* The absolute path of the directory that a service would have that is started
   with `wanted` (NULL: nothing is wanted). Gives the path; makes nothing. */
DWORD directory_choose(const char *wanted, char **path_out);

#endif
