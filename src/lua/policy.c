/* SPDX-License-Identifier: MIT
   The retry policy: what a service is started with, what is known of numbers,
   a function that decides. No callback is stored here. */
#include <string.h>

#include "lua/binding.h"

static struct record_ref number = {"fax_number", NULL};
static struct record_ref explanation = {"fax_policy_explanation", NULL};
static struct record_ref rule_of = {"fax_policy_rule", NULL};

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

static const struct fax_name *cause_names(void) {
  const struct fax_field *f = record_get(&rule_of)->fields;
  while (strcmp(f->lua, "class") != 0) f++;
  return f->names;
}

/* By the keys that lua/fax/policy.lua has checked. The policy is at the top. */
static void read_rules(lua_State *L, struct fax_retry_policy *policy) {
  for (const struct fax_name *n = cause_names(); n->name != NULL; n++) {
    if (n->value == FAX_CAUSE_NONE || n->value >= FAX_CAUSES) continue;
    lua_getfield(L, -1, n->name); /* -- policy, rule */
    if (!lua_isnil(L, -1)) read_rule(L, &policy->rules[n->value]);
    lua_pop(L, 1);
  }
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
  policy->patience =
      field_dword(L, lua_gettop(L), "patience", policy->patience);
  read_rules(L, policy);
  read_ladder(L, lua_gettop(L), policy);
  lua_pop(L, 1);
  return policy;
}

/* ---- numbers ---- */

/* _numbers([number]) */
static int numbers_list(lua_State *L) {
  HANDLE handle = server_handle(L);
  const char *which = opt_text(L, 2);
  struct box *block = block_push(L); /* -- block */
  struct fax_number *numbers;
  DWORD count;
  if (handle == NULL) return fail_closed(L, "FaxEnumNumbers");
  if (!FaxEnumNumbers(handle, which, &numbers, &count))
    return fail_last(L, "FaxEnumNumbers");
  box_fill(block, numbers);
  record_push_array(L, record_get(&number), numbers, count);
  block_free(block);
  return 1;
}

/* _set_number(record, seconds since 1970 or nil: when T.38 was refused) */
static int number_set(lua_State *L) {
  HANDLE handle = server_handle(L);
  struct fax_number n;
  luaL_checktype(L, 2, LUA_TTABLE);
  memset(&n, 0, sizeof n);
  record_read(L, 2, record_get(&number), &n);
  if (!lua_isnoneornil(L, 3))
    n.t38_refused = to_filetime(luaL_checknumber(L, 3));
  if (handle == NULL) return fail_closed(L, "FaxSetNumber");
  if (!FaxSetNumber(handle, &n)) return fail_last(L, "FaxSetNumber");
  lua_pushboolean(L, 1);
  return 1;
}

static int number_forget(lua_State *L) {
  HANDLE handle = server_handle(L);
  const char *which = check_text(L, 2);
  if (handle == NULL) return fail_closed(L, "FaxForgetNumber");
  if (!FaxForgetNumber(handle, which)) return fail_last(L, "FaxForgetNumber");
  lua_pushboolean(L, 1);
  return 1;
}

/* _explain_policy(job id) */
static int policy_explain(lua_State *L) {
  HANDLE handle = server_handle(L);
  DWORD id = check_dword(L, 2);
  struct box *block = block_push(L); /* -- block */
  struct fax_policy_explanation *e;
  if (handle == NULL) return fail_closed(L, "FaxExplainPolicy");
  if (!FaxExplainPolicy(handle, id, &e))
    return fail_last(L, "FaxExplainPolicy");
  box_fill(block, e);
  record_push(L, record_get(&explanation), e);
  block_free(block);
  return 1;
}

static const luaL_Reg methods[] = {{"_explain_policy", policy_explain},
                                   {"_numbers", numbers_list},
                                   {"_set_number", number_set},
                                   {"_forget_number", number_forget},
                                   {NULL, NULL}};

void server_policy_methods(lua_State *L) {
  luaL_setfuncs(L, methods, 0);
}

/* ---- a function that decides ---- */

#define POLICY_TYPE "fax.core.policy"

static int policy_close(lua_State *L) {
  HANDLE handle = box_empty(box_check(L, 1, POLICY_TYPE));
  if (handle != NULL) FaxClose(handle);
  return 0;
}

/* attach_policy(server, queue, number) */
static int policy_attach(lua_State *L) {
  HANDLE server = box_object(box_check(L, 1, SERVER_TYPE));
  HANDLE port = queue_port(L, 2), handle;
  DWORD key = check_dword(L, 3);
  struct box *box = box_push(L, POLICY_TYPE); /* -- box */
  if (server == NULL || port == NULL) return fail_closed(L, "FaxAttachPolicy");
  if (!FaxAttachPolicy(server, port, (ULONG_PTR)(QUESTION_TAG | key), &handle))
    return fail_last(L, "FaxAttachPolicy");
  box_fill(box, handle);
  return 1;
}

/* answer(question, decision, { delay=, max_rate=, ecm=, transport=, reason= })
 */
static int policy_answer(lua_State *L) {
  HANDLE handle = box_object(box_check(L, 1, POLICY_TYPE));
  DWORD question = check_dword(L, 2);
  struct fax_policy_answer a = {.size = sizeof a};
  a.decision = check_dword(L, 3);
  luaL_checktype(L, 4, LUA_TTABLE);
  a.delay = field_dword(L, 4, "delay", 0);
  a.max_rate = field_dword(L, 4, "max_rate", FAX_UNKNOWN);
  a.transport = field_dword(L, 4, "transport", FAX_UNKNOWN);
  a.ecm = FAX_UNKNOWN;
  lua_getfield(L, 4, "ecm"); /* -- boolean */
  if (!lua_isnil(L, -1)) a.ecm = (DWORD)lua_toboolean(L, -1);
  a.reason = field_text(L, 4, "reason"); /* stays on the stack */
  if (handle == NULL) return fail_closed(L, "FaxAnswerPolicy");
  if (!FaxAnswerPolicy(handle, question, &a))
    return fail_last(L, "FaxAnswerPolicy");
  lua_pushboolean(L, 1);
  return 1;
}

static const luaL_Reg policy_methods[] = {{"answer", policy_answer},
                                          {NULL, NULL}};

void policy_open(lua_State *L) {
  box_type(L, POLICY_TYPE, policy_methods, policy_close);
  lua_pop(L, 1);
  lua_pushcfunction(L, policy_attach);
  lua_setfield(L, -2, "attach_policy"); /* -- core */
}
