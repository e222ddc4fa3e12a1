/* SPDX-License-Identifier: MIT
   Between the files of this folder: parts of a start. */
#ifndef FAX_SERVICE_LIFE_LIFE_H
#define FAX_SERVICE_LIFE_LIFE_H

#include "service/state.h"

/* All but the rules of dialling, which are checked as they are copied. */
DWORD config_check(const struct fax_service_config *c);
/* Opens the log as the configuration says. */
DWORD log_begin(const struct service *s, const struct fax_service_config *c);

#endif
