/* SPDX-License-Identifier: MIT
   Lua values as JSON text. While the tree is built only Lua calls that cannot
   throw are made; afterwards a box owns it. */
#include <jansson.h>
#include <math.h>
#include <stdlib.h>

#include "lua/binding.h"

#define TREE_TYPE "fax.json"
#define MAX_DEPTH 64

static json_t *value_to_json(lua_State *L, int depth, const char **why_out);

static json_t *number_to_json(lua_State *L, const char **why_out) {
  lua_Number n = lua_tonumber(L, -1);
  json_t *out;
  if (isnan(n) || isinf(n)) {
    *why_out = "a number that is not finite";
    return NULL;
  }
  if (n == floor(n) && fabs(n) < 9007199254740992.0)
    out = json_integer((json_int_t)n);
  else
    out = json_real(n);
  if (out == NULL) *why_out = "out of memory";
  return out;
}

static json_t *text_to_json(lua_State *L, const char **why_out) {
  size_t length;
  const char *text = lua_tolstring(L, -1, &length);
  json_t *out = json_stringn(text, length);
  if (out == NULL) *why_out = "a text that is not UTF-8";
  return out;
}

static json_t *array_to_json(lua_State *L, size_t count, int depth,
                             const char **why_out) {
  json_t *array = json_array();
  for (size_t i = 1; array != NULL && i <= count; i++) {
    json_t *value;
    lua_rawgeti(L, -1, (int)i);
    value = value_to_json(L, depth + 1, why_out);
    lua_pop(L, 1);
    if (value == NULL || json_array_append_new(array, value) != 0) {
      json_decref(array);
      return NULL;
    }
  }
  if (array == NULL) *why_out = "out of memory";
  return array;
}

static json_t *object_to_json(lua_State *L, int depth, const char **why_out) {
  json_t *object = json_object();
  lua_pushnil(L);
  while (object != NULL && lua_next(L, -2) != 0) { /* -- key, value */
    json_t *value = NULL;
    size_t length;
    const char *key = NULL;
    if (lua_type(L, -2) == LUA_TSTRING)
      key = lua_tolstring(L, -2, &length);
    else
      *why_out = "a key that is not a text";
    if (key != NULL) value = value_to_json(L, depth + 1, why_out);
    if (value == NULL || json_object_set_new(object, key, value) != 0) {
      if (*why_out == NULL) *why_out = "a key that is not UTF-8";
      json_decref(object);
      lua_pop(L, 2);
      return NULL;
    }
    lua_pop(L, 1);
  }
  if (object == NULL) {
    lua_pop(L, 1);
    *why_out = "out of memory";
  }
  return object;
}

/* An empty table is {} unless record.c made it as a list. */
static bool is_list(lua_State *L, size_t *count_out) {
  bool marked = false;
  *count_out = lua_rawlen(L, -1);
  if (*count_out > 0) return true;
  if (lua_getmetatable(L, -1)) {
    lua_getfield(L, LUA_REGISTRYINDEX, LIST_TYPE);
    marked = lua_rawequal(L, -1, -2);
    lua_pop(L, 2);
  }
  return marked;
}

/* The value at the top, which stays there; NULL: *why_out says what it has. */
static json_t *value_to_json(lua_State *L, int depth, const char **why_out) {
  size_t count;
  json_t *out = NULL;
  if (depth > MAX_DEPTH || !lua_checkstack(L, 6)) {
    *why_out = "tables nested too deeply";
    return NULL;
  }
  switch (lua_type(L, -1)) {
    case LUA_TNIL:
      return json_null();
    case LUA_TBOOLEAN:
      return json_boolean(lua_toboolean(L, -1));
    case LUA_TNUMBER:
      return number_to_json(L, why_out);
    case LUA_TSTRING:
      return text_to_json(L, why_out);
    case LUA_TTABLE:
      if (is_list(L, &count))
        out = array_to_json(L, count, depth, why_out);
      else
        out = object_to_json(L, depth, why_out);
      if (out == NULL && *why_out == NULL) *why_out = "out of memory";
      return out;
    default:
      *why_out = "a value that JSON has no word for";
      return NULL;
  }
}

static int tree_close(lua_State *L) {
  json_t *tree = box_empty(box_check(L, 1, TREE_TYPE));
  json_decref(tree);
  return 0;
}

/* Sixteen digits: 0.05 stays 0.05, and a time has its microseconds. */
#define HOW \
  (JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY | JSON_REAL_PRECISION(16))

/* json(value) -> text, keys in order; raises for what JSON cannot say */
static int json_encode(lua_State *L) {
  const char *why = NULL;
  struct box *box;
  json_t *tree;
  size_t size;
  char *text;
  luaL_checkany(L, 1);
  lua_settop(L, 1);
  box = box_push(L, TREE_TYPE);
  lua_insert(L, 1); /* -- box, value */
  tree = value_to_json(L, 0, &why);
  if (tree == NULL) return luaL_error(L, "cannot encode %s as JSON", why);
  box_fill(box, tree);
  size = json_dumpb(tree, NULL, 0, HOW);
  text = lua_newuserdatauv(L, size + 1, 0); /* -- box, value, text */
  json_dumpb(tree, text, size, HOW);
  lua_pushlstring(L, text, size);
  json_decref(box_empty(box));
  return 1;
}

void json_open(lua_State *L) {
  box_type(L, TREE_TYPE, NULL, tree_close);
  lua_pop(L, 1);
  lua_pushcfunction(L, json_encode);
  lua_setfield(L, -2, "json"); /* -- core */
}
