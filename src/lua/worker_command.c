/* SPDX-License-Identifier: MIT
   Commands that a worker runs, and files that it reads. All signals are blocked
   in its thread, and a child would inherit that: no SIGTERM would end it.
   Children get what the thread that made the workers has. */
#include <errno.h>
#include <lualib.h>
#include <spawn.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <string.h>
#include <sys/wait.h>

#include "lua/worker.h"

extern char **environ;

/* An errno, 0 = there is a child. */
static int spawn_shell(const char *command, const sigset_t *mask,
                       pid_t *pid_out) {
  char *argv[] = {(char *)"sh", (char *)"-c", (char *)command, NULL};
  posix_spawnattr_t attributes;
  int number = posix_spawnattr_init(&attributes);
  if (number != 0) return number;
  posix_spawnattr_setsigmask(&attributes, mask);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  number = posix_spawn(pid_out, "/bin/sh", NULL, &attributes, argv, environ);
  posix_spawnattr_destroy(&attributes);
  return number;
}

static int fail_errno(lua_State *L, int number) {
  lua_pushnil(L);
  lua_pushstring(L, strerror(number));
  lua_pushinteger(L, number);
  return 3;
}

/* execute(command) -> "exit" or "signal", its number, the raw status; or nil,
   why, errno */
static int worker_execute(lua_State *L) {
  const struct worker *w = worker_check(L);
  const char *command = check_text(L, 2);
  int status, number;
  pid_t pid;
  if (w == NULL) return fail_closed(L, "os.execute");
  number = spawn_shell(command, &w->all->mask, &pid);
  if (number != 0) return fail_errno(L, number);
  while (waitpid(pid, &status, 0) < 0)
    if (errno != EINTR) return fail_errno(L, errno);
  lua_pushstring(L, WIFSIGNALED(status) ? "signal" : "exit");
  lua_pushinteger(L,
                  WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
  lua_pushinteger(L, status);
  return 3;
}

/* unmasked(fn, ...) -> what fn gives; for what starts a child and is soon
   back, as io.popen is */
static int worker_unmasked(lua_State *L) {
  const struct worker *w = worker_check(L);
  sigset_t before;
  int error;
  luaL_checktype(L, 2, LUA_TFUNCTION);
  if (w == NULL) return fail_closed(L, "io.popen");
  pthread_sigmask(SIG_SETMASK, &w->all->mask, &before);
  error = lua_pcall(L, lua_gettop(L) - 2, LUA_MULTRET, 0);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  if (error != 0) return lua_error(L);
  return lua_gettop(L) - 1;
}

/* unlocked(file): a thread that is blocked in a read holds the lock of the
   file, and fflush(NULL), which io.popen begins with, waits for all of them, in
   every thread. The file is of one Lua state, and nothing is ever written to
   it. */
static int worker_unlocked(lua_State *L) {
  FILE **file = luaL_checkudata(L, 2, LUA_FILEHANDLE); /* in every Lua */
  if (*file != NULL) __fsetlocking(*file, FSETLOCKING_BYCALLER);
  return 0;
}

void worker_command_methods(lua_State *L) {
  lua_pushcfunction(L, worker_execute);
  lua_setfield(L, -2, "execute");
  lua_pushcfunction(L, worker_unmasked);
  lua_setfield(L, -2, "unmasked");
  lua_pushcfunction(L, worker_unlocked);
  lua_setfield(L, -2, "unlocked");
}
