/* SPDX-License-Identifier: MIT
   The two things that faxctl and the specs need and that Lua's own library
   lacks: a private temporary folder, and whether a stream is a terminal. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lua/binding.h"

/* temporary(prefix) -> the path of a new, empty folder with mode 0700 */
static int system_temporary(lua_State *L) {
  const char *prefix = check_text(L, 1);
  const char *parent = getenv("TMPDIR");
  char path[1024];
  int length = snprintf(path, sizeof path, "%s/%s-XXXXXX",
                        parent != NULL ? parent : "/tmp", prefix);
  if (length < 0 || (size_t)length >= sizeof path)
    return fail_code(L, "temporary folder", ERROR_BUFFER_OVERFLOW);
  if (mkdtemp(path) == NULL) {
    lua_pushnil(L);
    lua_pushfstring(L, "%s: %s", path, strerror(errno));
    lua_pushliteral(L, "ERROR_WRITE_FAULT");
    return 3;
  }
  lua_pushstring(L, path);
  return 1;
}

/* isatty(number of the descriptor) */
static int system_isatty(lua_State *L) {
  lua_pushboolean(L, isatty((int)check_dword(L, 1)));
  return 1;
}

/* companion(name) -> the path of what was installed with libfax */
static int system_companion(lua_State *L) {
  const char *name = check_text(L, 1);
  struct box *block = block_push(L); /* -- block */
  char *path;
  if (!FaxFindCompanion(name, &path)) return fail_last(L, "FaxFindCompanion");
  box_fill(block, path);
  lua_pushstring(L, path); /* -- block, path */
  block_free(block);
  return 1;
}

void system_open(lua_State *L) {
  lua_pushcfunction(L, system_companion);
  lua_setfield(L, -2, "companion");
  lua_pushcfunction(L, system_temporary);
  lua_setfield(L, -2, "temporary");
  lua_pushcfunction(L, system_isatty);
  lua_setfield(L, -2, "isatty"); /* -- core */
}
