/* SPDX-License-Identifier: MIT
   A provider in a shared object that the service of another process loads: all
   that is told of it here is its end. */
#include <stdlib.h>
#include <unistd.h>

#include "base/error.h"
#include "base/mem.h"
#include "ipc/client/attached.h"

/* A path of this process as one of any. */
static DWORD load_there(struct attached *a, const struct remote_handle *h,
                        const struct fax_provider_config *config) {
  struct load_asked told = {*config, TRUE};
  json_t *result = NULL;
  char *path = NULL, *here = NULL;
  if (told.config.path != NULL && *told.config.path != '/' &&
      *told.config.path != '\0') {
    here = getcwd(NULL, 0);
    path = here != NULL ? mem_format("%s/%s", here, told.config.path) : NULL;
    free(here);
    if (path == NULL) return ERROR_NOT_ENOUGH_MEMORY;
    told.config.path = path;
  }
  DWORD error =
      remote_channel_ask(&a->channel, h, "provider.load",
                         record_to_json(&load_record, &told), &result);
  if (error == ERROR_SUCCESS) error = attached_read(a, result);
  json_decref(result);
  mem_free(path);
  return error;
}

static DWORD check_load(const struct fax_load *load) {
  const char *const *option = load->provider.options;
  if (load->size != sizeof *load)
    return error_say(ERROR_INVALID_PARAMETER,
                     "struct fax_load has the wrong size");
  DWORD error = attached_text(load->provider.name, "the provider's name");
  if (error == ERROR_SUCCESS)
    error = attached_text(load->provider.path, "the path of the provider");
  for (; error == ERROR_SUCCESS && option != NULL && *option != NULL; option++)
    error = attached_text(*option, "an option");
  return error;
}

DWORD remote_load(struct remote_handle *h, const struct fax_load *load,
                  HANDLE *handle_out) {
  struct attached *a = NULL;
  DWORD error = check_load(load);
  if (error == ERROR_SUCCESS) error = attached_new(load->port, &a);
  if (error == ERROR_SUCCESS && load->port != NULL)
    error = provider_notice_make(&a->notice, a->channel.port, load->key);
  if (error == ERROR_SUCCESS) error = load_there(a, h, &load->provider);
  if (error == ERROR_SUCCESS) error = attached_open(a, handle_out);
  mem_unref(a);
  return error;
}
