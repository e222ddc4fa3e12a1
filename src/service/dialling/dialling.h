/* SPDX-License-Identifier: MIT
   The rules of dialling: what a number is in its normal form. Only for
   src/service. */
#ifndef FAX_SERVICE_DIALLING_DIALLING_H
#define FAX_SERVICE_DIALLING_DIALLING_H

#include <fax/fax_service.h>

struct dialling; /* counted; never changed */

/* Checks and copies the rules, which may be NULL: there are none. The message
   of ERROR_INVALID_PARAMETER names the key. */
DWORD dialling_new(const struct fax_dialling *given,
                   struct dialling **dialling_out);

/* Gives the normal form: "+" and the digits of E.164 where the rules make one
   of it, else the number without what only separates. Equal numbers are equal
   texts. NULL: no memory. */
char *dialling_number(const struct dialling *d, const char *number);

#endif
