/* SPDX-License-Identifier: MIT
   The rules of dialling: what a number is in its normal form, which ports call
   it, and whether it may be called. Only for src/service. */
#ifndef FAX_SERVICE_DIALLING_DIALLING_H
#define FAX_SERVICE_DIALLING_DIALLING_H

#include <fax/fax_service.h>
#include <stdbool.h>

struct dialling; /* counted; never changed, but by dialling_replace */

/* Checks and copies the rules, which may be NULL: there are none. The message
   of ERROR_INVALID_PARAMETER names the key. */
DWORD dialling_new(const struct fax_dialling *given,
                   struct dialling **dialling_out);

/* Gives the normal form: "+" and the digits of E.164 where the rules make one
   of it, else the number without what only separates. Equal numbers are equal
   texts. NULL: no memory. */
char *dialling_number(const struct dialling *d, const char *number);

/* They say the same. */
bool dialling_equal(const struct dialling *a, const struct dialling *b);
/* `d`, which nobody else knows yet, takes the place of `before` and takes that:
   what was read of it stays. */
void dialling_replace(struct dialling *d, struct dialling *before);

/* ---- of a number in its normal form ---- */

#define DIALLING_ANY FAX_UNKNOWN /* no group: any port */

/* The group of its route, from zero, or DIALLING_ANY. *prefix_out, which may be
   NULL, gets the route's prefix, or NULL when it has none; borrowed. */
DWORD dialling_route(const struct dialling *d, const char *called,
                     const char **prefix_out);
/* The entry that blocks it, or NULL; borrowed. */
const char *dialling_blocked(const struct dialling *d, const char *called);

/* ---- groups ---- */

DWORD dialling_group_count(const struct dialling *d);
const char *dialling_group_name(const struct dialling *d, DWORD group);
/* A bit for each group that has the device, by its name or its provider's. */
DWORDLONG dialling_groups_of(const struct dialling *d, const char *device,
                             const char *provider);

#endif
