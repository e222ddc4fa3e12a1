/* SPDX-License-Identifier: MIT
   The socket of a service, before it listens there. */
#ifndef FAX_API_DOOR_H
#define FAX_API_DOOR_H

#include "service/service.h"

/* Makes config->listen_fd fit, or sees that what is at config->socket may be
   replaced: nothing, or a socket at which nobody listens any more. */
DWORD door_ready(const struct fax_service_config *config);

#endif
