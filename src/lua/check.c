/* SPDX-License-Identifier: MIT
   Checked arguments and fields. LuaJIT's own checks let 1.5 pass for 1 and
   both Lua versions let a text with a NUL be cut short; these do not. */
#include <math.h>
#include <string.h>

#include "lua/binding.h"

static bool to_dword(lua_State *L, int index, DWORD *value_out) {
  lua_Number n;
  if (lua_type(L, index) != LUA_TNUMBER) return false;
  n = lua_tonumber(L, index);
  if (!(n >= 0 && n <= 4294967295.0) || n != floor(n)) return false;
  *value_out = (DWORD)n;
  return true;
}

DWORD check_dword(lua_State *L, int arg) {
  DWORD value = 0;
  luaL_checktype(L, arg, LUA_TNUMBER);
  if (!to_dword(L, arg, &value))
    luaL_argerror(L, arg, "a whole number from 0 to 4294967295 expected");
  return value;
}

static const char *to_text(lua_State *L, int index) {
  size_t length;
  const char *text;
  if (lua_type(L, index) != LUA_TSTRING) return NULL;
  text = lua_tolstring(L, index, &length);
  return strlen(text) == length ? text : NULL;
}

const char *check_text(lua_State *L, int arg) {
  const char *text;
  luaL_checktype(L, arg, LUA_TSTRING);
  text = to_text(L, arg);
  if (text == NULL) luaL_argerror(L, arg, "a text without a NUL expected");
  return text;
}

const char *opt_text(lua_State *L, int arg) {
  return lua_isnoneornil(L, arg) ? NULL : check_text(L, arg);
}

fax_deadline check_after(lua_State *L, int arg, fax_deadline otherwise) {
  lua_Number seconds, ns;
  if (lua_isnoneornil(L, arg)) return otherwise;
  seconds = luaL_checknumber(L, arg);
  if (!(seconds > 0)) return FaxClockNow();
  ns = ceil(seconds * 1e9);
  if (ns > 4e18 - (lua_Number)FaxClockNow()) return FAX_FOREVER;
  return FaxClockNow() + (fax_deadline)ns;
}

static int bad_field(lua_State *L, const char *name, const char *expected) {
  return luaL_error(L, "bad field '%s' (%s expected)", name, expected);
}

const char *field_text(lua_State *L, int table, const char *name) {
  const char *text;
  luaL_checkstack(L, 4, "too many fields");
  lua_getfield(L, table, name); /* -- value */
  if (lua_isnil(L, -1)) return NULL;
  text = to_text(L, -1);
  if (text == NULL) bad_field(L, name, "a text without a NUL");
  return text;
}

DWORD field_dword(lua_State *L, int table, const char *name, DWORD otherwise) {
  DWORD value = otherwise;
  lua_getfield(L, table, name); /* -- value */
  if (!lua_isnil(L, -1) && !to_dword(L, -1, &value))
    bad_field(L, name, "a whole number from 0 to 4294967295");
  lua_pop(L, 1);
  return value;
}

/* As far as a double counts. */
DWORDLONG field_size(lua_State *L, int table, const char *name,
                     DWORDLONG otherwise) {
  DWORDLONG value = otherwise;
  lua_getfield(L, table, name); /* -- value */
  if (!lua_isnil(L, -1)) {
    lua_Number n = lua_isnumber(L, -1) ? lua_tonumber(L, -1) : -1;
    if (!(n >= 0) || n > 9007199254740992.0 || n != (lua_Number)(DWORDLONG)n)
      bad_field(L, name, "a whole number from 0");
    value = (DWORDLONG)n;
  }
  lua_pop(L, 1);
  return value;
}

BOOL field_bool(lua_State *L, int table, const char *name, BOOL otherwise) {
  BOOL value = otherwise;
  lua_getfield(L, table, name); /* -- value */
  if (!lua_isnil(L, -1)) {
    if (!lua_isboolean(L, -1)) bad_field(L, name, "a boolean");
    value = lua_toboolean(L, -1) ? TRUE : FALSE;
  }
  lua_pop(L, 1);
  return value;
}

const char **field_texts(lua_State *L, int table, const char *name,
                         DWORD *count_out) {
  const char **texts;
  size_t count;
  luaL_checkstack(L, 4, "too many fields");
  lua_getfield(L, table, name); /* -- list */
  if (count_out != NULL) *count_out = 0;
  if (lua_isnil(L, -1)) return NULL;
  if (!lua_istable(L, -1)) bad_field(L, name, "a list of texts");
  count = lua_rawlen(L, -1);
  if (count > 65535) bad_field(L, name, "a list of at most 65535 texts");
  texts = lua_newuserdatauv(L, (count + 1) * sizeof *texts, 0);
  for (size_t i = 0; i < count; i++) { /* -- list, texts */
    lua_rawgeti(L, -2, (int)i + 1);
    texts[i] = to_text(L, -1);
    if (texts[i] == NULL) bad_field(L, name, "a list of texts without a NUL");
    lua_pop(L, 1);
  }
  texts[count] = NULL;
  if (count_out != NULL) *count_out = (DWORD)count;
  return texts;
}
