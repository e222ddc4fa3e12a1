/* SPDX-License-Identifier: MIT
   Starting and stopping the service of this process, and the sentinel that
   stops it when the Lua state that started it is closed. */
#include <stdatomic.h>
#include <string.h>

#include "lua/binding.h"

#define SENTINEL_TYPE "fax.sentinel"
#define LAST_STOP (2 * FAX_SECOND)

/* The number of the latest start by any Lua state of this process: a state that
   started an earlier service leaves a later one alone. */
static atomic_uint last_start;

/* The box holds the number of the start, 0 = none. */
static int sentinel_close(lua_State *L) {
  struct box *box = box_check(L, 1, SENTINEL_TYPE);
  unsigned start = (unsigned)(ULONG_PTR)box_empty(box);
  if (start != 0 && start == atomic_load(&last_start)) {
    fax_deadline now = FaxClockNow();
    FaxServiceStop(now + LAST_STOP, now);
  }
  return 0;
}

static struct box *sentinel_get(lua_State *L) {
  struct box *box;
  lua_getfield(L, LUA_REGISTRYINDEX, SENTINEL_TYPE ".box"); /* -- box */
  box = luaL_checkudata(L, -1, SENTINEL_TYPE);
  lua_pop(L, 1);
  return box;
}

/* What it needs stays on the stack. */
void provider_read(lua_State *L, int table,
                   struct fax_provider_config *provider) {
  luaL_checktype(L, table, LUA_TTABLE);
  provider->name = field_text(L, table, "name");
  provider->path = field_text(L, table, "path");
  provider->options = field_texts(L, table, "options", NULL);
  provider->isolate = field_dword(L, table, "isolate", 0);
  provider->calls = field_dword(L, table, "calls", 0);
  if (provider->name == NULL)
    luaL_error(L, "bad provider (a field 'name' expected)");
}

/* The texts of a provider stay on the stack until the service has started. */
static void read_providers(lua_State *L, int config,
                           struct fax_service_config *c) {
  struct fax_provider_config *providers;
  size_t count;
  int list;
  lua_getfield(L, config, "providers"); /* -- list */
  if (lua_isnil(L, -1)) return;
  luaL_checktype(L, -1, LUA_TTABLE);
  list = lua_gettop(L);
  count = lua_rawlen(L, list);
  if (count > 100) luaL_error(L, "more than 100 providers");
  providers = lua_newuserdatauv(L, (count + 1) * sizeof *providers, 0);
  for (size_t i = 0; i < count; i++) {
    luaL_checkstack(L, 10, "too many providers");
    lua_rawgeti(L, list, (int)i + 1);
    provider_read(L, lua_gettop(L), &providers[i]);
  }
  c->providers = providers;
  c->provider_count = (DWORD)count;
}

/* Its texts stay on the stack, too. */
static void read_access(lua_State *L, int config,
                        struct fax_service_config *c) {
  struct fax_access *rules;
  size_t count;
  int list;
  lua_getfield(L, config, "access"); /* -- list */
  if (lua_isnil(L, -1)) return;
  luaL_checktype(L, -1, LUA_TTABLE);
  list = lua_gettop(L);
  count = lua_rawlen(L, list);
  if (count > 1000) luaL_error(L, "more than 1000 rules of access");
  rules = lua_newuserdatauv(L, (count + 1) * sizeof *rules, 0);
  for (size_t i = 0; i < count; i++) {
    luaL_checkstack(L, 10, "too many rules of access");
    lua_rawgeti(L, list, (int)i + 1);
    int rule = lua_gettop(L);
    luaL_checktype(L, rule, LUA_TTABLE);
    rules[i].user = field_text(L, rule, "user");
    rules[i].group = field_text(L, rule, "group");
    rules[i].rights = field_dword(L, rule, "rights", 0);
    rules[i].act_for = field_bool(L, rule, "act_for", FALSE);
  }
  c->access = rules;
  c->access_count = (DWORD)count;
}

/* The policy is read into `policy`, the rules of dialling into `dialling`. */
static void read_config(lua_State *L, struct fax_service_config *c,
                        struct fax_retry_policy *policy,
                        struct fax_dialling *dialling) {
  FaxServiceDefaults(c);
  c->directory = field_text(L, 1, "directory");
  c->inbox = field_text(L, 1, "inbox");
  c->log_file = field_text(L, 1, "log_file");
  c->log_level = field_dword(L, 1, "log_level", c->log_level);
  c->retries = field_dword(L, 1, "retries", c->retries);
  c->retry_delay = field_dword(L, 1, "retry_delay", c->retry_delay);
  c->branding = field_bool(L, 1, "branding", c->branding);
  c->use_device_tsid = field_bool(L, 1, "use_device_tsid", c->use_device_tsid);
  c->embedded = field_bool(L, 1, "embedded", TRUE);
  c->adopt = field_bool(L, 1, "adopt", FALSE);
  c->offline = field_bool(L, 1, "offline", FALSE);
  c->operation_limit = field_dword(L, 1, "operation_limit", c->operation_limit);
  c->abort_limit = field_dword(L, 1, "abort_limit", c->abort_limit);
  c->recipients_limit =
      field_dword(L, 1, "recipients_limit", c->recipients_limit);
  c->keep_results = field_dword(L, 1, "keep_results", c->keep_results);
  c->on_doubt = field_dword(L, 1, "on_doubt", c->on_doubt);
  c->record_days = field_dword(L, 1, "record_days", c->record_days);
  c->event_backlog = field_dword(L, 1, "event_backlog", c->event_backlog);
  c->key_days = field_dword(L, 1, "key_days", c->key_days);
  c->archive_days = field_dword(L, 1, "archive_days", 0);
  c->archive_bytes = field_size(L, 1, "archive_bytes", 0);
  c->compat = field_dword(L, 1, "compat", c->compat);
  c->log_format = field_dword(L, 1, "log_format", c->log_format);
  c->idle = field_dword(L, 1, "idle", c->idle);
  c->policy = policy_read(L, 1, policy);
  c->calls_per_number =
      field_dword(L, 1, "calls_per_number", c->calls_per_number);
  c->priority_step = field_dword(L, 1, "priority_step", c->priority_step);
  c->batch = field_dword(L, 1, "batch", c->batch);
  c->client_patience = field_dword(L, 1, "client_patience", c->client_patience);
  c->dialling = dialling_read(L, 1, dialling);
  c->socket = field_text(L, 1, "socket");
  lua_getfield(L, 1, "listen_fd");
  if (!lua_isnil(L, -1)) c->listen_fd = (int)field_dword(L, 1, "listen_fd", 0);
  read_access(L, 1, c);
  read_providers(L, 1, c);
}

/* start(config) */
static int service_start(lua_State *L) {
  struct fax_service_config config;
  struct fax_retry_policy policy;
  struct fax_dialling dialling;
  struct box *sentinel;
  luaL_checktype(L, 1, LUA_TTABLE);
  read_config(L, &config, &policy, &dialling);
  sentinel = sentinel_get(L);
  if (!FaxServiceStart(&config)) return fail_last(L, "FaxServiceStart");
  box_fill(sentinel, (void *)(ULONG_PTR)(atomic_fetch_add(&last_start, 1) + 1));
  lua_pushboolean(L, 1);
  return 1;
}

/* check(config): whether that could start */
static int service_check(lua_State *L) {
  struct fax_service_config config;
  struct fax_retry_policy policy;
  struct fax_dialling dialling;
  luaL_checktype(L, 1, LUA_TTABLE);
  read_config(L, &config, &policy, &dialling);
  if (!FaxServiceCheck(&config)) return fail_last(L, "FaxServiceCheck");
  lua_pushboolean(L, 1);
  return 1;
}

/* Two deadlines from two arguments. */
static void read_stop(lua_State *L, fax_deadline *drained_out,
                      fax_deadline *until_out) {
  lua_Number drain = luaL_checknumber(L, 1);
  lua_Number limit = luaL_checknumber(L, 2);
  lua_settop(L, 0);
  lua_pushnumber(L, drain);
  lua_pushnumber(L, drain + limit);
  *drained_out = check_after(L, 1, 0);
  *until_out = check_after(L, 2, 0);
}

/* stop(drain seconds, further seconds until it must have stopped) */
static int service_stop(lua_State *L) {
  fax_deadline drained, until;
  read_stop(L, &drained, &until);
  if (!FaxServiceStop(until, drained)) return fail_last(L, "FaxServiceStop");
  lua_pushboolean(L, 1);
  return 1;
}

/* reload(config) -> the names of what needs a restart, a line each */
static int service_reload(lua_State *L) {
  struct fax_service_config config;
  struct fax_retry_policy policy;
  struct fax_dialling dialling;
  struct box *block;
  char *left;
  luaL_checktype(L, 1, LUA_TTABLE);
  block = block_push(L); /* -- block */
  read_config(L, &config, &policy, &dialling);
  if (!FaxServiceReload(&config, &left))
    return fail_last(L, "FaxServiceReload");
  box_fill(block, left);
  lua_pushstring(L, left != NULL ? left : ""); /* -- block, ..., text */
  if (left != NULL) block_free(block);
  return 1;
}

/* ask_stop(the same) */
static int service_ask_stop(lua_State *L) {
  fax_deadline drained, until;
  read_stop(L, &drained, &until);
  FaxServiceAskStop(until, drained);
  return 0;
}

/* note(level, room, text) */
static int service_note(lua_State *L) {
  DWORD level = check_dword(L, 1);
  if (!FaxServiceNote(level, check_text(L, 2), check_text(L, 3)))
    return fail_last(L, "FaxServiceNote");
  lua_pushboolean(L, 1);
  return 1;
}

static int service_reopen_log(lua_State *L) {
  (void)L;
  FaxServiceReopenLog();
  return 0;
}

static int service_running(lua_State *L) {
  lua_pushboolean(L, FaxServiceRunning());
  return 1;
}

static const luaL_Reg functions[] = {{"start", service_start},
                                     {"stop", service_stop},
                                     {"ask_stop", service_ask_stop},
                                     {"reload", service_reload},
                                     {"running", service_running},
                                     {"note", service_note},
                                     {"reopen_log", service_reopen_log},
                                     {"check", service_check},
                                     {NULL, NULL}};

void service_open(lua_State *L) {
  box_type(L, SENTINEL_TYPE, NULL, sentinel_close);
  lua_pop(L, 1);
  lua_getfield(L, LUA_REGISTRYINDEX, SENTINEL_TYPE ".box"); /* -- core, box */
  if (lua_isnil(L, -1)) {
    box_push(L, SENTINEL_TYPE); /* -- core, nil, box */
    lua_setfield(L, LUA_REGISTRYINDEX, SENTINEL_TYPE ".box");
  }
  lua_pop(L, 1); /* -- core */
  luaL_setfuncs(L, functions, 0);
}
