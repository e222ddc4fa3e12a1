/* SPDX-License-Identifier: MIT
   What a service may be started with. */
#include "service/life/life.h"

#include "service/bundle/bundle.h"
#include "service/dialling/dialling.h"

enum {
  LEAST_BACKLOG = 16, /* of events */
  MOST_DAYS = 36500,  /* a date less these is one */
  KNOWN_COMPAT =
      FAX_COMPAT_LAX_PORTS | FAX_COMPAT_CLOSE_RIGHT | FAX_COMPAT_ONE_QUEUE
};

static DWORD check_days(const char *member, DWORD days) {
  if (days <= MOST_DAYS) return ERROR_SUCCESS;
  return error_say(ERROR_INVALID_PARAMETER, "%s is %u: up to %d are allowed",
                   member, days, MOST_DAYS);
}

static DWORD check_retention(const struct fax_service_config *c) {
  if (c->keep_results == 0)
    return error_say(ERROR_INVALID_PARAMETER, "results are kept 1 s at least");
  DWORD error = check_days("key_days", c->key_days);
  if (error == ERROR_SUCCESS) error = check_days("record_days", c->record_days);
  if (error == ERROR_SUCCESS)
    error = check_days("archive_days", c->archive_days);
  return error;
}

DWORD config_check(const struct fax_service_config *c) {
  if (c == NULL || c->size != sizeof *c)
    return error_say(ERROR_INVALID_PARAMETER,
                     "the service's configuration has the wrong size");
  if (c->log_level > FAX_LOG_DEBUG && c->log_level != FAX_UNKNOWN)
    return error_say(ERROR_INVALID_PARAMETER, "log level %u: 0 to 3 exist",
                     c->log_level);
  if (c->log_format > FAX_LOG_JSON)
    return error_say(ERROR_INVALID_PARAMETER, "log format %u: 0 and 1 exist",
                     c->log_format);
  if (c->on_doubt > FAX_DOUBT_HOLD)
    return error_say(ERROR_INVALID_PARAMETER, "on_doubt %u: 0 to 2 exist",
                     c->on_doubt);
  if (c->batch > BUNDLE_MOST)
    return error_say(ERROR_INVALID_PARAMETER,
                     "batch %u: at most %d jobs go in one call", c->batch,
                     BUNDLE_MOST);
  if (c->retries > 99 && c->retries != FAX_UNKNOWN)
    return error_say(ERROR_INVALID_PARAMETER, "%u retries: 0 to 99 are allowed",
                     c->retries);
  if (c->provider_count != 0 && c->providers == NULL)
    return error_say(ERROR_INVALID_PARAMETER, "providers is NULL");
  if (c->operation_limit == 0 || c->abort_limit == 0)
    return error_say(ERROR_INVALID_PARAMETER,
                     "the limits of operations and aborts are at least 1 s");
  if (c->event_backlog < LEAST_BACKLOG)
    return error_say(ERROR_INVALID_PARAMETER,
                     "event_backlog %u: at least %d are allowed",
                     c->event_backlog, LEAST_BACKLOG);
  if ((c->compat & ~(DWORD)KNOWN_COMPAT) != 0)
    return error_say(ERROR_INVALID_PARAMETER, "compat 0x%x: unknown bits",
                     c->compat);
  DWORD error = check_retention(c);
  if (error == ERROR_SUCCESS && c->policy != NULL)
    error = policy_check(c->policy);
  return error;
}

DWORD service_check(const struct fax_service_config *c) {
  struct dialling *d;
  DWORD error = config_check(c);
  if (error == ERROR_SUCCESS) error = dialling_new(c->dialling, &d);
  if (error == ERROR_SUCCESS) mem_unref(d);
  return error;
}
