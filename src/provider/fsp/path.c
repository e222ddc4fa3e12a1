/* SPDX-License-Identifier: MIT
   Where the shared object of an FSP is, and what it says of itself before any
   call. */
#include <dlfcn.h>
#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "base/where.h"
#include "provider/fsp/fsp.h"

DWORD provider_name_check(const struct fax_provider_config *config) {
  if (config->name == NULL || config->name[0] == '\0' ||
      strchr(config->name, '/') != NULL)
    return error_say(ERROR_INVALID_PARAMETER,
                     "a provider needs a name without \"/\"");
  return ERROR_SUCCESS;
}

DWORD provider_path(const struct fax_provider_config *config, char **path_out) {
  char *relative;
  DWORD code;

  if (config->path != NULL) {
    /* A name without a folder is a file here, not a library of the system. */
    *path_out =
        mem_format("%s%s", strchr(config->path, '/') ? "" : "./", config->path);
    return *path_out == NULL ? ERROR_NOT_ENOUGH_MEMORY : ERROR_SUCCESS;
  }
  relative = mem_format("fsp/%s.so", config->name);
  if (relative == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  code = where_companion(relative, path_out);
  mem_free(relative);
  return code == ERROR_FILE_NOT_FOUND ? ERROR_MOD_NOT_FOUND : code;
}

DWORD provider_said_isolate(const struct fax_provider_config *config) {
  char *path;
  void *module;
  const DWORD *said = NULL;
  DWORD calls = 0;

  if (provider_path(config, &path) != ERROR_SUCCESS) return 0;
  if (module_open(path, config->name, &module) == ERROR_SUCCESS) {
    said = dlsym(module, "fax_provider_isolate");
    calls = said == NULL ? 0 : *said;
    module_close(module);
  }
  mem_free(path);
  error_clear();
  return calls;
}
