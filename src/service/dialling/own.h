/* SPDX-License-Identifier: MIT
   Between the files of this folder. */
#ifndef FAX_SERVICE_DIALLING_OWN_H
#define FAX_SERVICE_DIALLING_OWN_H

#include "base/error.h"
#include "base/mem.h"
#include "service/dialling/dialling.h"

struct dialling {                           /* counted */
  char *country, *international, *national; /* NULL: not given */
  DWORD national_digits;
};

#endif
