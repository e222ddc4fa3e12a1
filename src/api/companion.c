/* SPDX-License-Identifier: MIT
   FaxFindCompanion. */
#include <fax/fax_service.h>
#include <string.h>

#include "method/find.h"
#include "api/result.h"
#include "base/mem.h"
#include "base/where.h"

static DWORD find(const char *name, char **path_out) {
  char *path, *block;
  DWORD code = where_companion(name, &path);

  if (code != ERROR_SUCCESS) return code;
  block = mem_alloc_tagged(strlen(path) + 1, MEM_BUFFER);
  if (block != NULL) strcpy(block, path);
  mem_free(path);
  if (block == NULL) return error_say(ERROR_NOT_ENOUGH_MEMORY, "out of memory");
  *path_out = block;
  return ERROR_SUCCESS;
}

BOOL FaxFindCompanion(const char *name, char **path_out) {
  api_enter();
  DWORD error = find_null(name, "name");
  if (error == ERROR_SUCCESS) error = find_null(path_out, "path_out");
  if (error == ERROR_SUCCESS) error = find(name, path_out);
  return api_done(error);
}
