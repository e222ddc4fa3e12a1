/* SPDX-License-Identifier: MIT
   How the names in the inbox are made up, for those who write and read them:
   YYYYMMDD-HHMMSS-BOOT-DEVICE-JOB[-incomplete].tif, times in UTC. */
#ifndef FAX_SERVICE_ROUTING_INBOX_H
#define FAX_SERVICE_ROUTING_INBOX_H

#include <fax/fax_archive.h>
#include <stdbool.h>

#define INBOX_INCOMPLETE "-incomplete"

/* What a name says of its fax: time, device, job, whether it is whole. False:
   this service gave no such name. */
bool inbox_parse(const char *name, struct fax_archived *fax_out);

#endif
