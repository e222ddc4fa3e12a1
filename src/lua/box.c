/* SPDX-License-Identifier: MIT
   Boxes: userdata with one pointer. Nothing here knows what is inside. */
#include <pthread.h>
#include <stdatomic.h>

#include "lua/binding.h"

#define BLOCK_TYPE "fax.block"

static atomic_uint fork_count;
static pthread_once_t fork_once = PTHREAD_ONCE_INIT;

static void forked(void) {
  atomic_fetch_add(&fork_count, 1);
}

static void watch_forks(void) {
  pthread_atfork(NULL, NULL, forked);
}

unsigned box_forks(void) {
  return atomic_load_explicit(&fork_count, memory_order_relaxed);
}

struct box *box_push(lua_State *L, const char *type) {
  struct box *box = lua_newuserdatauv(L, sizeof *box, 0); /* -- box */
  box->object = NULL;
  box->forks = 0;
  luaL_getmetatable(L, type); /* -- box, mt */
  lua_setmetatable(L, -2);    /* -- box */
  return box;
}

void box_fill(struct box *box, void *object) {
  box->forks = box_forks();
  box->object = object;
}

struct box *box_check(lua_State *L, int arg, const char *type) {
  return luaL_checkudata(L, arg, type);
}

void *box_object(const struct box *box) {
  return box->forks == box_forks() ? box->object : NULL;
}

void *box_empty(struct box *box) {
  void *object = box_object(box);
  box->object = NULL;
  return object;
}

static int box_tostring(lua_State *L) {
  const struct box *box = lua_touserdata(L, 1);
  const char *type = lua_tostring(L, lua_upvalueindex(1));
  if (box != NULL && box_object(box) != NULL)
    lua_pushfstring(L, "%s (%p)", type, lua_topointer(L, 1));
  else
    lua_pushfstring(L, "%s (closed)", type);
  return 1;
}

void box_type(lua_State *L, const char *type, const luaL_Reg *methods,
              lua_CFunction close) {
  pthread_once(&fork_once, watch_forks);
  luaL_newmetatable(L, type); /* -- mt */
  lua_pushstring(L, type);
  lua_setfield(L, -2, "__name");
  lua_pushstring(L, type);
  lua_pushcclosure(L, box_tostring, 1);
  lua_setfield(L, -2, "__tostring");
  lua_pushcfunction(L, close);
  lua_setfield(L, -2, "__gc");
  lua_pushcfunction(L, close);
  lua_setfield(L, -2, "__close");
  lua_newtable(L); /* -- mt, methods */
  if (methods != NULL) luaL_setfuncs(L, methods, 0);
  lua_pushcfunction(L, close);
  lua_setfield(L, -2, "close");
  lua_setfield(L, -2, "__index"); /* -- mt */
}

/* ---- blocks of the library ---- */

/* A userdata with a finaliser costs as much as half a record, so one box is
   kept in the registry, under this address, and used again. It is taken when it
   is full: a finaliser runs within a call that holds a block, or a memory error
   left one behind. Then a new box takes its place, and the old one lives as
   long as a call has it on its stack. */
static const char spare = 0;

struct box *block_push(lua_State *L) {
  struct box *box;
  lua_pushlightuserdata(L, (void *)&spare);
  lua_rawget(L, LUA_REGISTRYINDEX); /* -- box or nil */
  box = lua_touserdata(L, -1);
  if (box != NULL && box->object == NULL) return box;
  lua_pop(L, 1);
  lua_pushlightuserdata(L, (void *)&spare);
  box = box_push(L, BLOCK_TYPE); /* -- key, box */
  lua_pushvalue(L, -1);
  lua_insert(L, -3); /* -- box, key, box */
  lua_rawset(L, LUA_REGISTRYINDEX);
  return box; /* -- box */
}

struct box *block_push_own(lua_State *L) {
  return box_push(L, BLOCK_TYPE);
}

void block_free(struct box *box) {
  void *block = box_empty(box);
  if (block != NULL) FaxFreeBuffer(block);
}

static int block_close(lua_State *L) {
  block_free(box_check(L, 1, BLOCK_TYPE));
  return 0;
}

int block_types(lua_State *L) {
  box_type(L, BLOCK_TYPE, NULL, block_close);
  lua_pop(L, 1);
  return 0;
}
