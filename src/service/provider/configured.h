/* SPDX-License-Identifier: MIT
   The providers of the service's configuration. For the files of src/service;
   without the lock, unless it is said. */
#ifndef FAX_SERVICE_PROVIDER_CONFIGURED_H
#define FAX_SERVICE_PROVIDER_CONFIGURED_H

#include "service/provider/hosted.h"

DWORD configured_load(struct service *s, const struct fax_provider_config *c);

/* Loads those that are not there yet, and says which; up to the first that
   cannot be. Blocks on what it loads. */
DWORD configured_add(struct service *s, const struct fax_service_config *c,
                     bool *added);
void configured_undo(struct service *s, const struct fax_service_config *c,
                     const bool *added);
/* With the lock: those that are not named leave. */
void configured_remove(struct service *s, const struct fax_service_config *c);
/* With the lock: it is there, and was loaded with other words. */
bool configured_differs(struct service *s, const struct fax_provider_config *c);

#endif
