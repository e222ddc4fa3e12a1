/* SPDX-License-Identifier: MIT
   Another configuration for a service that runs: all that can be changed
   without losing a call, or nothing when anything of it is refused. */
#include <string.h>

#include "service/durable/settings.h"
#include "service/life/life.h"
#include "service/provider/configured.h"
#include "service/schedule/renew.h"

/* ---- what stays as it is ---- */

/* Lines, each the name of one; without memory one is missing. */
static void name(char **list, const char *what, const char *which) {
  char *longer =
      mem_format("%s%s%s\n", *list != NULL ? *list : "", what, which);
  if (longer == NULL) return;
  mem_free(*list);
  *list = longer;
}

static bool is_same(const char *a, const char *b) {
  return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/* With the lock. */
static void name_left(struct service *s, const struct fax_service_config *c,
                      char **list) {
  if (!is_same(c->directory, s->given_directory)) name(list, "directory", "");
  if (!is_same(c->inbox, s->given_inbox)) name(list, "inbox", "");
  if (!is_same(c->log_file, s->given_log)) name(list, "log", "");
  if (!is_same(c->socket, s->given_socket)) name(list, "socket", "");
  if (c->client_patience != s->config.client_patience)
    name(list, "client_patience", "");
  if (c->log_format != s->config.log_format) name(list, "log_format", "");
  if (c->compat != s->config.compat) name(list, "compat", "");
  for (DWORD i = 0; i < c->provider_count; i++)
    if (configured_differs(s, &c->providers[i]))
      name(list, "provider ", c->providers[i].name);
}

/* ---- what changes; with the lock ---- */

static bool needs_renewal(const struct service *s,
                          const struct fax_service_config *c,
                          const struct dialling *d) {
  return c->priority_step != s->config.priority_step ||
         c->calls_per_number != s->config.calls_per_number ||
         !dialling_equal(d, s->dialling);
}

static DWORD renew(struct service *s, const struct fax_service_config *c,
                   struct dialling *d, struct renewal **renewal_out) {
  *renewal_out = NULL;
  if (!needs_renewal(s, c, d)) return ERROR_SUCCESS;
  return renewal_new(s, dialling_equal(d, s->dialling) ? NULL : d, renewal_out);
}

static void take_limits(struct fax_service_config *to,
                        const struct fax_service_config *c) {
  to->operation_limit = c->operation_limit;
  to->abort_limit = c->abort_limit;
  to->recipients_limit = c->recipients_limit;
  to->event_backlog = c->event_backlog;
  to->calls_per_number = c->calls_per_number;
  to->batch = c->batch;
  to->priority_step = c->priority_step;
  to->on_doubt = c->on_doubt;
  to->idle = c->idle;
}

/* What is over a limit now goes at the next look, which is due. */
static void take_retention(struct service *s,
                           const struct fax_service_config *c) {
  struct fax_service_config *to = &s->config;
  to->keep_results = c->keep_results;
  to->key_days = c->key_days;
  to->record_days = c->record_days;
  to->archive_days = c->archive_days;
  to->archive_bytes = c->archive_bytes;
  s->expire_at = s->records_due = s->retain_at = 0;
  s->overfull = false;
  s->retained = (struct archive_place){.id = 0};
}

static void take_policy(struct service *s, const struct fax_service_config *c) {
  if (c->policy != NULL)
    s->policy = *c->policy;
  else
    policy_defaults(&s->policy);
}

static void take_level(const struct fax_service_config *c) {
  if (c->log_level == FAX_UNKNOWN) return;
  for (int i = LOG_INIT; i <= LOG_OTHER; i++)
    log_set_level((enum log_category)i, (int)c->log_level);
}

static DWORD change(struct service *s, const struct fax_service_config *c,
                    struct dialling *d) {
  struct configuration *now = s->configuration;
  struct renewal *renewal;
  DWORD error = renew(s, c, d, &renewal);
  if (error != ERROR_SUCCESS) return error;
  error = config_start(s, c, now->record, now->retry_delay);
  if (error != ERROR_SUCCESS) {
    renewal_drop(renewal);
    return error;
  }
  renewal_lift(s, renewal);
  take_limits(&s->config, c);
  take_retention(s, c);
  take_policy(s, c);
  renewal_end(s, renewal);
  take_level(c);
  configured_remove(s, c);
  event_raise(s, FEI_FAX_CONFIG_CHANGED, NULL, NULL);
  return ERROR_SUCCESS;
}

/* ---- all of it ---- */

/* What was made of the configuration before anything is changed. */
struct parts {
  struct dialling *dialling;
  struct service_door door; /* the functions only */
  void *rules;              /* of access */
};

static void take_access(struct service *s, struct parts *p) {
  if (s->door_open == NULL) return;
  p->door.take_rules(s->door_open, p->rules);
  p->rules = NULL;
}

/* In its turn among those who set something. */
static DWORD change_now(struct service *s, const struct fax_service_config *c,
                        struct parts *p, char **left) {
  DWORD error = service_enter(s);
  if (error != ERROR_SUCCESS) return error;
  settings_begin(s);
  error = s->state == SERVICE_RUNNING
              ? ERROR_SUCCESS
              : error_say(ERROR_SHUTDOWN_IN_PROGRESS,
                          "the fax service is stopping");
  if (error == ERROR_SUCCESS) error = change(s, c, p->dialling);
  if (error == ERROR_SUCCESS) {
    take_access(s, p);
    name_left(s, c, left);
  }
  settings_end(s);
  service_leave(s);
  return error;
}

static DWORD reload(struct service *s, const struct fax_service_config *c,
                    struct parts *p, char **left) {
  bool *added = mem_alloc((c->provider_count + (size_t)1) * sizeof *added);
  if (added == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  DWORD error = configured_add(s, c, added);
  if (error == ERROR_SUCCESS) error = change_now(s, c, p, left);
  if (error != ERROR_SUCCESS) configured_undo(s, c, added);
  mem_free(added);
  return error;
}

static DWORD parts_new(struct service *s, const struct fax_service_config *c,
                       struct parts *p) {
  DWORD error = dialling_new(c->dialling, &p->dialling);
  if (error != ERROR_SUCCESS) return error;
  pthread_mutex_lock(&s->lock);
  p->door = s->door;
  pthread_mutex_unlock(&s->lock);
  return p->door.new_rules != NULL ? p->door.new_rules(c, &p->rules)
                                   : ERROR_SUCCESS;
}

static void parts_drop(struct parts *p) {
  mem_unref(p->dialling);
  if (p->door.drop_rules != NULL) p->door.drop_rules(p->rules);
}

/* A block for FaxFreeBuffer. What was changed is not undone for want of it. */
static char *give(const char *text) {
  char *block = NULL;
  if (text != NULL) block = mem_alloc_tagged(strlen(text) + 1, MEM_BUFFER);
  if (block != NULL) memcpy(block, text, strlen(text) + 1);
  return block;
}

DWORD service_reload(const struct fax_service_config *c, char **left_out) {
  struct parts parts = {.dialling = NULL};
  char *left = NULL;
  DWORD error = config_check(c);
  if (error != ERROR_SUCCESS) return error;
  struct service *s = service_current();
  if (s == NULL)
    return error_say(ERROR_SERVICE_NOT_ACTIVE,
                     "no fax service runs in this process");
  error = parts_new(s, c, &parts);
  if (error == ERROR_SUCCESS) error = reload(s, c, &parts, &left);
  parts_drop(&parts);
  mem_unref(s);
  if (error == ERROR_SUCCESS) *left_out = give(left);
  mem_free(left);
  return error;
}
