/* SPDX-License-Identifier: MIT
   Between the files of this folder. */
#ifndef FAX_SERVICE_DIALLING_OWN_H
#define FAX_SERVICE_DIALLING_OWN_H

#include "base/error.h"
#include "base/mem.h"
#include "service/dialling/dialling.h"

/* Beginnings of numbers, or whole ones, in the order of strcmp. */
struct prefixes {
  struct prefix {
    char *text;
    char *given; /* as it was written, where that is another; else NULL */
    DWORD value;
  } * list;
  DWORD count;
};

struct group {
  char *name;
  char **ports;
  DWORD count;
};

struct dialling {                           /* counted */
  char *country, *international, *national; /* NULL: not given */
  DWORD national_digits;
  struct group *groups;
  DWORD group_count;
  struct prefixes routes;          /* value: the group */
  struct prefixes blocked;         /* beginnings, */
  struct prefixes blocked_numbers; /* and whole numbers */
  struct dialling *before;         /* those in whose place these are; NULL */
};

/* ERROR_ALREADY_EXISTS: it has the text. Takes the text when it succeeds. */
DWORD prefixes_add(struct prefixes *p, char *text, const char *given,
                   DWORD value);
/* The longest one that the text begins with, or NULL. */
const struct prefix *prefixes_longest(const struct prefixes *p,
                                      const char *text);
const struct prefix *prefixes_find(const struct prefixes *p, const char *text);
void prefixes_free(struct prefixes *p);

/* The number without what only separates; gives. NULL: no memory. */
char *number_stripped(const char *number);

/* Groups, routes and the block list: checked, then copied. */
DWORD routes_check(const struct fax_dialling *given);
DWORD routes_copy(struct dialling *d, const struct fax_dialling *given);
void routes_free(struct dialling *d);

#endif
