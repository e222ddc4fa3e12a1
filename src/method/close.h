/* SPDX-License-Identifier: MIT
   FaxClose of what is in this process. */
#ifndef FAX_METHOD_CLOSE_H
#define FAX_METHOD_CLOSE_H

#include <fax/faxerr.h>

/* Releases the handle of whatever kind. ERROR_INVALID_HANDLE: it was closed, or
   never was; ERROR_ACCESS_DENIED with FAX_COMPAT_CLOSE_RIGHT (CONN-8), and it
   is released all the same. */
DWORD method_close(HANDLE handle);

#endif
