/* SPDX-License-Identifier: MIT
   A connection: who asks, and what he may. */
#ifndef FAX_SERVICE_ACCESS_ACCESS_H
#define FAX_SERVICE_ACCESS_ACCESS_H

#include <fax/faxerr.h>
#include <stdbool.h>

struct grant;
struct job;
struct service;

struct connection { /* counted */
  struct service *service;
  char *user;
  DWORD asked;         /* the rights that were */
  struct grant *grant; /* owned; NULL: all */
};
/* Of those rights the ones that the grant has now; NULL: all. */
DWORD grant_of(const struct grant *grant, DWORD rights);
/* What the connection may now. */
DWORD access_rights(const struct connection *c);
DWORD access_check(const struct connection *c, DWORD right);
bool access_sees_job(const struct connection *c, const struct job *j);
bool access_owns_job(const struct connection *c, const struct job *j);

#endif
