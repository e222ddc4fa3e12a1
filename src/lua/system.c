/* SPDX-License-Identifier: MIT
   What faxctl, the folder provider and the specs need and Lua's own library
   lacks: a private temporary folder, what is in a folder, and whether a stream
   is a terminal. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lua/binding.h"

#define ENTRIES_TYPE "fax.core.entries"

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

static int entries_close(lua_State *L) {
  DIR *folder = box_empty(box_check(L, 1, ENTRIES_TYPE));
  if (folder != NULL) closedir(folder);
  return 0;
}

static int fail_path(lua_State *L, const char *path, int number) {
  lua_pushnil(L);
  lua_pushfstring(L, "%s: %s", path, strerror(number));
  lua_pushstring(
      L, number == EACCES ? "ERROR_ACCESS_DENIED" : "ERROR_FILE_NOT_FOUND");
  return 3;
}

/* entries(path) -> the names in a folder, but for those that begin with a dot,
   in no order */
static int system_entries(lua_State *L) {
  const char *path = check_text(L, 1);
  struct box *box = box_push(L, ENTRIES_TYPE); /* -- path, box */
  const struct dirent *entry;
  DIR *folder = opendir(path);
  int n = 0;
  if (folder == NULL) return fail_path(L, path, errno);
  box_fill(box, folder);
  lua_newtable(L); /* -- path, box, list */
  while ((entry = readdir(folder)) != NULL) {
    if (entry->d_name[0] == '.') continue;
    lua_pushstring(L, entry->d_name);
    lua_rawseti(L, -2, ++n);
  }
  closedir(box_empty(box));
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
  box_type(L, ENTRIES_TYPE, NULL, entries_close);
  lua_pop(L, 1); /* -- core */
  lua_pushcfunction(L, system_entries);
  lua_setfield(L, -2, "entries");
  lua_pushcfunction(L, system_temporary);
  lua_setfield(L, -2, "temporary");
  lua_pushcfunction(L, system_isatty);
  lua_setfield(L, -2, "isatty"); /* -- core */
}
