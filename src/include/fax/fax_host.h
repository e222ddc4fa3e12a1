/* SPDX-License-Identifier: MIT
   The program that hosts a C FSP in a process of its own. fax-host, which is
   installed beside libfax, is this call and nothing else; a service starts it
   for a provider that is to be isolated (fax_service.h). */
#ifndef FAX_FAX_HOST_H
#define FAX_FAX_HOST_H

#include <fax/faxerr.h>

#include <fax/types_begin.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Serves the one who started the process over descriptor 3, a socket, until
   that is closed; then the process ends. The result is for main to return. */
FAX_EXPORT int FaxHostRun(void);

#ifdef __cplusplus
}
#endif

#include <fax/types_end.h>

#endif
