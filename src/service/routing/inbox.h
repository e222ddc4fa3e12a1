/* SPDX-License-Identifier: MIT
   How the names in the inbox are made up, for those who write and read them:
   YYYYMMDD-HHMMSS-BOOT-DEVICE-JOB[-incomplete].tif, times in UTC. */
#ifndef FAX_SERVICE_ROUTING_INBOX_H
#define FAX_SERVICE_ROUTING_INBOX_H

#define INBOX_INCOMPLETE "-incomplete"

#endif
