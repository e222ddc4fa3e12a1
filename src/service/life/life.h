/* SPDX-License-Identifier: MIT
   Between the files of this folder: the parts of a start and of a stop. */
#ifndef FAX_SERVICE_LIFE_LIFE_H
#define FAX_SERVICE_LIFE_LIFE_H

#include "service/state.h"

/* All but the rules of dialling, which are checked as they are copied. */
DWORD config_check(const struct fax_service_config *c);
/* Opens the log as the configuration says. */
DWORD log_begin(const struct service *s, const struct fax_service_config *c);
DWORD directory_open(struct service *s, const struct fax_service_config *c);
void directory_close(struct service *s);

/* The right to become this process's service, to be followed by current_set
   (takes; NULL: it came to nothing). ERROR_SERVICE_ALREADY_RUNNING. */
DWORD current_claim(void);
void current_set(struct service *s);
/* Joins the scheduler of a service that has stopped; once, whoever calls. */
void service_forget(struct service *s);

void service_run(void *service);          /* the scheduler's thread */
void service_shutdown(struct service *s); /* its last act; with the lock */

#endif
