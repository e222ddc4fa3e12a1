/* SPDX-License-Identifier: MIT
   Commands that a worker runs, and files that it reads. All signals are blocked
   in its thread, and must be: one let in for a moment would take what is for
   the program's own. A child would inherit that, and no SIGTERM would end it;
   it gets what the thread that made the workers has. */
#include <errno.h>
#include <fcntl.h>
#include <lualib.h>
#include <spawn.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lua/worker.h"

extern char **environ;

/* With its descriptor `to` as `from`; from -1: as it is. An errno, 0 = there is
   a child. */
static int spawn_shell(const char *command, const sigset_t *mask, int from,
                       int to, pid_t *pid_out) {
  char *argv[] = {(char *)"sh", (char *)"-c", (char *)command, NULL};
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  int number = posix_spawnattr_init(&attributes);
  if (number != 0) return number;
  posix_spawnattr_setsigmask(&attributes, mask);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  number = posix_spawn_file_actions_init(&actions);
  if (number == 0) {
    if (from >= 0)
      number = posix_spawn_file_actions_adddup2(&actions, from, to);
    if (number == 0)
      number =
          posix_spawn(pid_out, "/bin/sh", &actions, &attributes, argv, environ);
    posix_spawn_file_actions_destroy(&actions);
  }
  posix_spawnattr_destroy(&attributes);
  return number;
}

static int fail_errno(lua_State *L, int number) {
  lua_pushnil(L);
  lua_pushstring(L, strerror(number));
  lua_pushinteger(L, number);
  return 3;
}

/* spawn(command) -> its pid */
static int worker_spawn(lua_State *L) {
  const struct worker *w = worker_check(L);
  const char *command = check_text(L, 2);
  int number;
  pid_t pid;
  if (w == NULL) return fail_closed(L, "os.execute");
  number = spawn_shell(command, &w->all->mask, -1, -1, &pid);
  if (number != 0) return fail_errno(L, number);
  lua_pushinteger(L, (lua_Integer)pid);
  return 1;
}

/* A thread that is blocked in a read holds the lock of its file, and
   fflush(NULL), which io.popen begins with elsewhere, waits for all of them.
   The file is of one Lua state, and nothing is ever written to it. */
static void unlock_file(FILE *file) {
  __fsetlocking(file, FSETLOCKING_BYCALLER);
}

/* In every Lua a file begins with its FILE. */
static FILE **check_file(lua_State *L, int arg) {
  FILE **file = luaL_checkudata(L, arg, LUA_FILEHANDLE);
  luaL_argcheck(L, *file != NULL, arg, "the file is closed");
  return file;
}

static int pipe_to(const struct worker *w, const char *command, bool reads,
                   FILE **file_out, pid_t *pid_out) {
  int ends[2], number;
  if (pipe2(ends, O_CLOEXEC) != 0) return errno;
  FILE *file = fdopen(ends[reads ? 0 : 1], reads ? "r" : "w");
  number = file == NULL
               ? errno
               : spawn_shell(command, &w->all->mask, ends[reads ? 1 : 0],
                             reads ? 1 : 0, pid_out);
  close(ends[reads ? 1 : 0]);
  if (number == 0)
    *file_out = file;
  else if (file != NULL)
    fclose(file);
  else
    close(ends[reads ? 0 : 1]);
  return number;
}

/* popen(a file, command, whether it is for reading) -> the pid; the file is the
   pipe from now on. */
static int worker_popen(lua_State *L) {
  const struct worker *w = worker_check(L);
  FILE **file = check_file(L, 2), *pipe = NULL;
  const char *command = check_text(L, 3);
  bool reads = lua_toboolean(L, 4);
  int number;
  pid_t pid = -1;
  if (w == NULL) return fail_closed(L, "io.popen");
  number = pipe_to(w, command, reads, &pipe, &pid);
  if (number != 0) return fail_errno(L, number);
  fclose(*file);
  *file = pipe;
  if (reads) unlock_file(pipe);
  lua_pushinteger(L, (lua_Integer)pid);
  return 1;
}

static int worker_unlocked(lua_State *L) {
  unlock_file(*check_file(L, 2));
  return 0;
}

/* wait(pid, or not at all) -> "exit" or "signal", its number, the raw status;
   false: it goes on; or nil, why, errno */
static int worker_wait(lua_State *L) {
  pid_t pid = (pid_t)check_dword(L, 2), ended;
  int status;
  do ended = waitpid(pid, &status, lua_toboolean(L, 3) ? WNOHANG : 0);
  while (ended < 0 && errno == EINTR);
  if (ended < 0) return fail_errno(L, errno);
  if (ended == 0) {
    lua_pushboolean(L, 0);
    return 1;
  }
  lua_pushstring(L, WIFSIGNALED(status) ? "signal" : "exit");
  lua_pushinteger(L,
                  WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
  lua_pushinteger(L, status);
  return 3;
}

void worker_command_methods(lua_State *L) {
  lua_pushcfunction(L, worker_spawn);
  lua_setfield(L, -2, "spawn");
  lua_pushcfunction(L, worker_popen);
  lua_setfield(L, -2, "popen");
  lua_pushcfunction(L, worker_wait);
  lua_setfield(L, -2, "wait");
  lua_pushcfunction(L, worker_unlocked);
  lua_setfield(L, -2, "unlocked");
}
