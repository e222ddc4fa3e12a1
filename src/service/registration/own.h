/* SPDX-License-Identifier: MIT
   What reading and writing the file share. */
#ifndef FAX_SERVICE_REGISTRATION_OWN_H
#define FAX_SERVICE_REGISTRATION_OWN_H

#include "service/registration/registration.h"

#define REGISTRY_FILE "providers.json"
#define REGISTRY_LOCK "providers.lock"

extern const struct fax_record record_registrations;

#endif
