/* SPDX-License-Identifier: MIT
   The numbers that calls taught something of: in memory for the policy, each
   change on its way to the store. With the lock, but for the first. */
#ifndef FAX_SERVICE_POLICY_MEMORY_H
#define FAX_SERVICE_POLICY_MEMORY_H

#include "service/state.h"

/* More are not remembered: the one that was called longest ago goes. */
#define NUMBERS_MOST 10000

struct known { /* counted */
  RB_ENTRY(known) by_number, by_age;
  uint64_t age; /* of its last call; orders them */
  char *text;
  struct fax_number n; /* as it was when it was learned */
};

RB_PROTOTYPE(known_numbers, known, by_number, known_number_order);

/* From the store, before anything runs; blocks on the disk. */
DWORD memory_load(struct service *s);
void memory_free(struct service *s);

/* What is left by now; false: nothing is known. Its text is borrowed. */
bool memory_read(const struct service *s, const char *number,
                 struct fax_number *number_out);
/* Borrows; NULL: nothing is known. */
struct known *memory_find(const struct service *s, const char *number);
/* The same, made when it is not there. ERROR_NOT_ENOUGH_MEMORY;
   ERROR_INVALID_OPERATION: so many are pinned. */
DWORD memory_get(struct service *s, const char *number,
                 struct known **known_out);
/* It was changed. */
void memory_changed(struct service *s, struct known *k);
void memory_forget(struct service *s, struct known *k);

/* The call ended so. */
void memory_learn(struct service *s, const char *number,
                  const struct policy_lesson *lesson);

#endif
