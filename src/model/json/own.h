/* SPDX-License-Identifier: MIT
   What the files of this folder have in common. */
#ifndef FAX_MODEL_JSON_OWN_H
#define FAX_MODEL_JSON_OWN_H

#include <fax/faxerr.h>
#include <jansson.h>
#include <stdbool.h>

#include "base/arena.h"

/* A whole number may come as 7.0: some writers know no other. */
bool json_to_dword(const json_t *value, DWORD *out);
/* A text without a NUL, or NULL; borrowed. */
const char *json_to_text(const json_t *value);

/* The array into the arena, its address to `at`, its length to `count_at`. The
   list has a NULL at its end instead. ERROR_INVALID_DATA: it is something else;
   ERROR_NOT_ENOUGH_MEMORY: the arena has no room. */
DWORD json_to_texts(const json_t *value, struct arena *a, char *at,
                    char *count_at);
DWORD json_to_text_list(const json_t *value, struct arena *a, char *at);
DWORD json_to_dwords(const json_t *value, struct arena *a, char *at,
                     char *count_at);

#endif
