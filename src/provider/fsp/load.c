/* SPDX-License-Identifier: MIT
   Loads an FSP: options, virtual devices, then its heap and FaxDevInitialize.
   These calls run on the caller's thread, as their last error does. */
#include <string.h>

#include "base/error.h"
#include "base/handle.h"
#include "base/mem.h"
#include "base/text.h"
#include "provider/fsp/fsp.h"

static void fsp_destroy(void *object) {
  struct fsp *fsp = object;

  mem_unref(fsp->port);
  mem_free(fsp->devices);
  mem_free(fsp->name);
  clock_cond_destroy(&fsp->changed);
  pthread_mutex_destroy(&fsp->lock);
}

/* A packet that nobody took: of the blocks that FSPs post, those of their heap
   die with it. */
static void drop(struct fax_packet packet) {
  mem_free_tagged(packet.packet, MEM_LOCAL);
}

static DWORD fsp_new(const char *name, struct fsp **fsp_out) {
  struct fsp *fsp = mem_new(sizeof *fsp, fsp_destroy);
  DWORD code;

  if (fsp == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  pthread_mutex_init(&fsp->lock, NULL);
  clock_cond_init(&fsp->changed);
  list_init(&fsp->jobs);
  list_init(&fsp->abort_due);
  list_init(&fsp->join_due);
  list_init(&fsp->notes);
  fsp->ring_key = key_new();
  fsp->own_key = key_new();
  fsp->name = mem_text(name);
  code = fsp->name == NULL ? ERROR_NOT_ENOUGH_MEMORY
                           : completion_new(drop, &fsp->port);
  if (code != ERROR_SUCCESS) {
    mem_unref(fsp);
    return code;
  }
  *fsp_out = fsp;
  return ERROR_SUCCESS;
}

DWORD fsp_failed(const struct fsp *fsp, const char *call) {
  DWORD code = FaxGetLastError();
  const char *name;

  if (code == ERROR_SUCCESS) code = ERROR_GEN_FAILURE;
  name = FaxErrorName(code);
  return error_say(code, "%s: %s failed with error %u (%s)", fsp->name, call,
                   (unsigned)code, name != NULL ? name : "its own");
}

/* ---- the module ---- */

static DWORD open_module(struct fsp *fsp,
                         const struct fax_provider_config *config) {
  char *path;
  DWORD code = provider_path(config, &path);

  if (code != ERROR_SUCCESS) return code;
  code = module_open(path, fsp->name, &fsp->module);
  if (code == ERROR_SUCCESS) code = exports_find(fsp, path);
  mem_free(path);
  return code;
}

static DWORD give_options(struct fsp *fsp, const char *const *options) {
  static const char *const none[] = {NULL};
  char message[256] = "";
  DWORD code;

  if (options == NULL) options = none;
  if (fsp->exports.options == NULL) {
    if (options[0] == NULL) return ERROR_SUCCESS;
    return error_say(ERROR_PROC_NOT_FOUND,
                     "%s: it takes no options (\"%s\"): it does not export "
                     "fax_provider_options",
                     fsp->name, options[0]);
  }
  FaxSetLastError(ERROR_SUCCESS);
  if (fsp->exports.options(options, message, sizeof message))
    return ERROR_SUCCESS;
  message[sizeof message - 1] = '\0';
  code = fsp_failed(fsp, "fax_provider_options");
  if (message[0] == '\0' || !text_is_utf8(message)) return code;
  return error_say(code, "%s: %s", fsp->name, message);
}

/* ---- the start ---- */

static DWORD initialize(struct fsp *fsp) {
  DWORD code = heap_new(&fsp->heap);

  if (code == ERROR_SUCCESS)
    code = handle_open(HANDLE_HEAP, fsp->heap, NULL, &fsp->heap_handle);
  if (code != ERROR_SUCCESS) return code;
  FaxSetLastError(ERROR_SUCCESS);
  if (!fsp->exports.initialize(0, fsp->heap_handle, &fsp->line_callback, NULL))
    return fsp_failed(fsp, "FaxDevInitialize");
  return ERROR_SUCCESS;
}

/* FaxDevInitialize has succeeded: what fails now has to take it back. */
static DWORD wrap(struct fsp *fsp, const struct provider_device *devices,
                  const struct provider_events *events, void *arg,
                  struct fax_provider **provider_out) {
  struct fax_provider *p;
  DWORD code = provider_new(fsp->name, &fsp_ops, fsp, devices,
                            fsp->device_count, events, arg, &p);

  if (code != ERROR_SUCCESS) return code;
  p->owned = mem_ref(fsp);
  fsp->provider = p;
  code = fsp_threads_start(fsp);
  if (code != ERROR_SUCCESS) {
    mem_unref(p);
    return code;
  }
  *provider_out = p;
  return ERROR_SUCCESS;
}

static DWORD bring_up(struct fsp *fsp, const struct fax_provider_config *config,
                      const struct provider_events *events, void *arg,
                      struct fax_provider **provider_out) {
  struct provider_device *devices = NULL;
  DWORD code = open_module(fsp, config);

  if (code == ERROR_SUCCESS) code = give_options(fsp, config->options);
  if (code == ERROR_SUCCESS)
    code = handle_open(HANDLE_COMPLETION, fsp->port, NULL, &fsp->port_handle);
  if (code == ERROR_SUCCESS) code = announce_devices(fsp, &devices);
  if (code != ERROR_SUCCESS) return code;
  fsp->devices = mem_alloc(fsp->device_count * sizeof *fsp->devices);
  code = fsp->devices == NULL ? ERROR_NOT_ENOUGH_MEMORY : initialize(fsp);
  if (code == ERROR_SUCCESS) {
    code = wrap(fsp, devices, events, arg, provider_out);
    if (code != ERROR_SUCCESS && fsp->exports.shutdown != NULL)
      fsp->exports.shutdown();
  }
  device_list_free(devices, fsp->device_count);
  return code;
}

DWORD provider_load(const struct fax_provider_config *config,
                    const struct provider_events *events, void *arg,
                    struct fax_provider **provider_out) {
  struct fsp *fsp;
  DWORD code;

  code = provider_name_check(config);
  if (code != ERROR_SUCCESS) return code;
  error_clear();
  code = fsp_new(config->name, &fsp);
  if (code == ERROR_SUCCESS) {
    code = bring_up(fsp, config, events, arg, provider_out);
    if (code != ERROR_SUCCESS) fsp_unload(fsp);
    mem_unref(fsp);
  }
  if (code == ERROR_NOT_ENOUGH_MEMORY && error_message()[0] == '\0')
    error_note("provider %s: out of memory", config->name);
  return code;
}
