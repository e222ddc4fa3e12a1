/* SPDX-License-Identifier: MIT
   Finds what was installed beside libfax: programs and providers. Looks at
   files only; runs and loads nothing. */
#ifndef FAX_BASE_WHERE_H
#define FAX_BASE_WHERE_H

#include <fax/faxerr.h>

/* The path of a companion ("fax-render", "fsp/loopback.so"): looked for in
   `fax/`, in the folder itself and in `../fax/` of the folder that this code
   was loaded from (libfax.so, or a program linked with its objects). Gives the
   path (mem_free). ERROR_FILE_NOT_FOUND: the message names the places. Any
   thread. */
DWORD where_companion(const char *relative, char **path_out);

#endif
