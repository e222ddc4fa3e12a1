/* SPDX-License-Identifier: MIT
   The retry policy that a service is started with. */
#include "lua/binding.h"

/* By the keys that lua/fax/policy.lua has checked. */
static const char *const causes[FAX_CAUSES] = {
    [FAX_CAUSE_BUSY] = "busy",
    [FAX_CAUSE_NO_ANSWER] = "no_answer",
    [FAX_CAUSE_NO_CARRIER] = "no_carrier",
    [FAX_CAUSE_NO_FAX] = "no_fax",
    [FAX_CAUSE_LINE_UNAVAILABLE] = "line_unavailable",
    [FAX_CAUSE_PROTOCOL] = "protocol",
    [FAX_CAUSE_PAGE_REJECTED] = "page_rejected",
    [FAX_CAUSE_LOCAL] = "local"};

/* The table is at the top. */
static void read_rule(lua_State *L, struct fax_retry_rule *rule) {
  int table = lua_gettop(L);
  luaL_checktype(L, table, LUA_TTABLE);
  rule->limit = field_dword(L, table, "limit", FAX_UNKNOWN);
  rule->delay = field_dword(L, table, "delay", FAX_UNKNOWN);
  rule->growth = field_dword(L, table, "growth", FAX_UNKNOWN);
  rule->jitter = field_dword(L, table, "jitter", FAX_UNKNOWN);
  rule->cap = field_dword(L, table, "cap", FAX_UNKNOWN);
}

static void read_step(lua_State *L, struct fax_ladder_step *step) {
  int table = lua_gettop(L);
  luaL_checktype(L, table, LUA_TTABLE);
  step->max_rate = field_dword(L, table, "max_rate", 0);
  step->ecm = field_bool(L, table, "ecm", TRUE) ? FAX_UNKNOWN : 0;
  step->transport = field_dword(L, table, "transport", FAX_TRANSPORT_ANY);
}

static void read_ladder(lua_State *L, int table,
                        struct fax_retry_policy *policy) {
  lua_getfield(L, table, "ladder"); /* -- list */
  if (!lua_isnil(L, -1)) {
    luaL_checktype(L, -1, LUA_TTABLE);
    policy->ladder_count = (DWORD)lua_rawlen(L, -1);
  }
  for (DWORD i = 0; i < policy->ladder_count && i < FAX_LADDER_MOST; i++) {
    if (lua_isnil(L, -1)) break; /* the one that there is anyway */
    lua_rawgeti(L, -1, (int)i + 1);
    read_step(L, &policy->ladder[i]);
    lua_pop(L, 1);
  }
  lua_pop(L, 1);
}

const struct fax_retry_policy *policy_read(lua_State *L, int table,
                                           struct fax_retry_policy *policy) {
  lua_getfield(L, table, "policy"); /* -- policy */
  if (lua_isnil(L, -1)) {
    lua_pop(L, 1);
    return NULL;
  }
  luaL_checktype(L, -1, LUA_TTABLE);
  FaxPolicyDefaults(policy);
  for (int i = FAX_CAUSE_BUSY; i < FAX_CAUSES; i++) {
    lua_getfield(L, -1, causes[i]); /* -- policy, rule */
    if (!lua_isnil(L, -1)) read_rule(L, &policy->rules[i]);
    lua_pop(L, 1);
  }
  read_ladder(L, lua_gettop(L), policy);
  lua_pop(L, 1);
  return policy;
}
