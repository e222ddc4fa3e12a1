/* SPDX-License-Identifier: MIT
   The metrics as one text, for who may see the configuration. */
#include <string.h>

#include "service/metrics/gather.h"

DWORD metrics_read(struct connection *c, char **text_out) {
  struct metrics_shot *shot;
  DWORD error = access_check(c, FAX_CONFIG_QUERY);
  if (error == ERROR_SUCCESS) error = metrics_gather(c->service, &shot);
  if (error != ERROR_SUCCESS) return error;
  char *text = metrics_text_of(shot), *block = NULL;
  mem_unref(shot);
  if (text != NULL) block = mem_alloc_tagged(strlen(text) + 1, MEM_BUFFER);
  if (block != NULL) memcpy(block, text, strlen(text) + 1);
  mem_free(text);
  if (block == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  *text_out = block;
  return ERROR_SUCCESS;
}
