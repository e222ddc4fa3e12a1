/* SPDX-License-Identifier: MIT
   Loads a provider here or in child processes. The first process tells the
   devices, or why it cannot be loaded; then come the others. */
#include <string.h>

#include "base/error.h"
#include "host/own.h"

/* ---- the first process ---- */

static DWORD say_failure(const struct hosts *hosts) {
  const struct host_end *end = &hosts->loaded;
  if (strcmp(end->cause, "provider_refused") == 0)
    return error_say(end->code, "%s", end->text);
  return error_say(end->code, "%s: its host %s", hosts->name, end->text);
}

static DWORD load_first(struct hosts *hosts) {
  DWORD code = hosts_make_first(hosts);
  if (code != ERROR_SUCCESS) return code;
  hosts->loading = true;
  code = host_begin(hosts->list[0]);
  if (code != ERROR_SUCCESS) return code;
  pthread_mutex_lock(&hosts->lock);
  while (hosts->loading)
    clock_cond_wait(&hosts->changed, &hosts->lock, FAX_FOREVER);
  pthread_mutex_unlock(&hosts->lock);
  return hosts->loaded.cause == NULL ? ERROR_SUCCESS : say_failure(hosts);
}

/* ---- the others ---- */

/* The threads hold one reference to the provider between them. */
static void show_provider(struct hosts *hosts, struct fax_provider *p) {
  mem_ref(p);
  provider_keep(p, mem_ref(hosts));
  pthread_mutex_lock(&hosts->lock);
  hosts->provider = p;
  clock_cond_broadcast(&hosts->changed);
  pthread_mutex_unlock(&hosts->lock);
}

static DWORD begin_rest(struct hosts *hosts) {
  for (DWORD i = 1; i < hosts->count; i++) {
    DWORD code = host_begin(hosts->list[i]);
    if (code != ERROR_SUCCESS) return code;
  }
  return ERROR_SUCCESS;
}

static DWORD wrap(struct hosts *hosts, const struct provider_events *events,
                  void *arg, struct fax_provider **provider_out) {
  struct fax_provider *p;
  DWORD code = hosts_make_rest(hosts);
  if (code == ERROR_SUCCESS)
    code = provider_new(hosts->name, &hosts_ops, hosts, hosts->devices,
                        hosts->device_count, events, arg, &p);
  if (code != ERROR_SUCCESS) return code;
  show_provider(hosts, p);
  code = begin_rest(hosts);
  if (code == ERROR_SUCCESS)
    *provider_out = p;
  else if (provider_stop(p, clock_after(clock_now(), hosts->limits.stop)))
    mem_unref(p);
  return code;
}

DWORD host_load_with(const struct fax_provider_config *config,
                     const struct host_limits *limits,
                     const struct provider_events *events, void *arg,
                     struct fax_provider **provider_out) {
  struct hosts *hosts;
  char *path;
  DWORD code = provider_name_check(config);
  if (code == ERROR_SUCCESS) code = provider_path(config, &path);
  if (code != ERROR_SUCCESS) return code;
  code = hosts_new(config, path, limits, &hosts);
  mem_free(path);
  if (code != ERROR_SUCCESS) return code;
  clock_hold();
  code = load_first(hosts);
  if (code == ERROR_SUCCESS) code = wrap(hosts, events, arg, provider_out);
  if (code != ERROR_SUCCESS && hosts->provider == NULL) {
    hosts_end(hosts, FAX_FOREVER);
    clock_release();
  }
  mem_unref(hosts);
  return code;
}

/* ---- here or there ---- */

DWORD host_load(const struct fax_provider_config *config,
                const struct provider_events *events, void *arg,
                struct fax_provider **provider_out) {
  static const struct host_limits limits = HOST_LIMITS;
  struct fax_provider_config known = *config;
  error_clear();
  DWORD code = provider_name_check(config);
  if (code != ERROR_SUCCESS) return code;
  if (known.isolate == 0) known.isolate = provider_said_isolate(config);
  code = known.isolate == 0 || known.isolate == FAX_ISOLATE_NONE
             ? provider_load(config, events, arg, provider_out)
             : host_load_with(&known, &limits, events, arg, provider_out);
  if (code == ERROR_NOT_ENOUGH_MEMORY && error_message()[0] == '\0')
    error_note("provider %s: out of memory", config->name);
  return code;
}
