/* SPDX-License-Identifier: MIT
   FaxServiceDefaults, FaxServiceStart, FaxServiceStop, FaxServiceAskStop,
   FaxServiceRunning, FaxServiceReload, FaxServiceNote, FaxServiceReopenLog,
   FaxServiceCheck. */
#include "service/service.h"

#include <unistd.h>

#include "ipc/server/server.h"

#include "api/door.h"
#include "api/result.h"
#include "base/log.h"
#include "base/mem.h"
#include "method/find.h"

void FaxServiceDefaults(struct fax_service_config *config_out) {
  *config_out =
      (struct fax_service_config){.size = sizeof *config_out,
                                  .log_level = FAX_UNKNOWN,
                                  .retries = FAX_UNKNOWN,
                                  .retry_delay = FAX_UNKNOWN,
                                  .branding = (BOOL)FAX_UNKNOWN,
                                  .use_device_tsid = (BOOL)FAX_UNKNOWN,
                                  .operation_limit = 4 * 3600,
                                  .abort_limit = 30,
                                  .event_backlog = 65536,
                                  .keep_results = 30 * 24 * 3600,
                                  .key_days = 7,
                                  .calls_per_number = 1,
                                  .priority_step = 1800,
                                  .record_days = 365,
                                  .listen_fd = -1,
                                  .client_patience = 30};
}

static DWORD let_in(const struct fax_service_config *config,
                    const char *directory, DWORDLONG boot, void **door_out) {
  struct server *server;
  DWORD error = door_ready(config);
  if (error != ERROR_SUCCESS) {
    if (config->listen_fd >= 0) close(config->listen_fd);
    return error;
  }
  error = server_open(config, directory, boot, &server);
  if (error == ERROR_SUCCESS) *door_out = server;
  return error;
}

static void let_out(void *door) {
  server_close(door);
}

static DWORD new_rules(const struct fax_service_config *config,
                       void **rules_out) {
  struct access_rules *rules;
  DWORD error = access_rules_new(config, &rules);
  if (error == ERROR_SUCCESS) *rules_out = rules;
  return error;
}

static void drop_rules(void *rules) {
  mem_unref(rules);
}

static void take_rules(void *door, void *rules) {
  server_take_rules(door, rules);
}

BOOL FaxServiceStart(const struct fax_service_config *config) {
  static const struct service_door door = {let_in, let_out, new_rules,
                                           drop_rules, take_rules};
  api_enter();
  return api_done(service_start(config, &door));
}

BOOL FaxServiceStop(fax_deadline until, fax_deadline drain) {
  api_enter();
  return api_done(service_stop(until, drain));
}

void FaxServiceAskStop(fax_deadline until, fax_deadline drain) {
  service_ask_stop(until, drain);
}

BOOL FaxServiceNote(DWORD level, const char *room, const char *text) {
  api_enter();
  DWORD error = find_null(room, "room");
  if (error == ERROR_SUCCESS) error = find_null(text, "text");
  return api_done(error == ERROR_SUCCESS ? service_note(level, room, text)
                                         : error);
}

BOOL FaxServiceReload(const struct fax_service_config *config,
                      char **left_out) {
  api_enter();
  DWORD error = find_null(left_out, "left_out");
  return api_done(error == ERROR_SUCCESS ? service_reload(config, left_out)
                                         : error);
}

void FaxServiceReopenLog(void) {
  log_reopen();
}

BOOL FaxServiceCheck(const struct fax_service_config *config) {
  api_enter();
  return api_done(service_check(config));
}

BOOL FaxServiceRunning(void) {
  return service_running();
}
