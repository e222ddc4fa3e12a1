/* SPDX-License-Identifier: MIT
   Signals as something to read (signalfd), for a program whose loop waits for
   descriptors. Other threads of the library have all signals blocked, and its
   child processes none. */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "lua/binding.h"

#define SIGNALS_TYPE "fax.core.signals"

static const struct {
  const char *name;
  int number;
} known[] = {{"TERM", SIGTERM},
             {"INT", SIGINT},
             {"HUP", SIGHUP},
             {"USR1", SIGUSR1},
             {"USR2", SIGUSR2}};

enum { KNOWN = sizeof known / sizeof *known };

static int number_of(lua_State *L, const char *name) {
  for (int i = 0; i < KNOWN; i++)
    if (strcmp(known[i].name, name) == 0) return known[i].number;
  return luaL_error(L, "signals: '%s' is not one of them", name);
}

/* The box holds the descriptor plus one; -1 when closed. */
static int signals_fd(lua_State *L) {
  void *object = box_object(box_check(L, 1, SIGNALS_TYPE));
  return (int)(ULONG_PTR)object - 1;
}

/* Those of the list at 1. */
static void set_of(lua_State *L, sigset_t *set_out) {
  size_t count;
  luaL_checktype(L, 1, LUA_TTABLE);
  sigemptyset(set_out);
  count = lua_rawlen(L, 1);
  for (size_t i = 1; i <= count; i++) {
    lua_rawgeti(L, 1, (int)i);
    luaL_argcheck(L, lua_type(L, -1) == LUA_TSTRING, 1,
                  "a list of names expected");
    sigaddset(set_out, number_of(L, lua_tostring(L, -1)));
    lua_pop(L, 1);
  }
}

/* signals{"TERM", ...}: they are blocked in this thread from now on, closed or
   not: one that came late ends nothing half-way. */
static int signals_new(lua_State *L) {
  struct box *box;
  sigset_t set;
  int fd;
  set_of(L, &set);
  box = box_push(L, SIGNALS_TYPE); /* -- box */
  fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
  if (fd < 0) {
    lua_pushnil(L);
    lua_pushfstring(L, "signals: %s", strerror(errno));
    lua_pushliteral(L, "ERROR_NOT_ENOUGH_MEMORY");
    return 3;
  }
  box_fill(box, (void *)(ULONG_PTR)(fd + 1));
  pthread_sigmask(SIG_BLOCK, &set, NULL);
  return 1;
}

static int signals_close(lua_State *L) {
  void *object = box_empty(box_check(L, 1, SIGNALS_TYPE));
  if (object != NULL) close((int)(ULONG_PTR)object - 1);
  return 0;
}

static int signals_number(lua_State *L) {
  int fd = signals_fd(L);
  if (fd < 0) return fail_closed(L, "signals");
  lua_pushinteger(L, fd);
  return 1;
}

/* take() -> the name of one that came; nil: none did */
static int signals_take(lua_State *L) {
  struct signalfd_siginfo info;
  int fd = signals_fd(L);
  if (fd < 0) return fail_closed(L, "signals");
  if (read(fd, &info, sizeof info) != (ssize_t)sizeof info) return 0;
  for (int i = 0; i < KNOWN; i++)
    if (known[i].number == (int)info.ssi_signo) {
      lua_pushstring(L, known[i].name);
      return 1;
    }
  return 0;
}

static const luaL_Reg methods[] = {
    {"getfd", signals_number}, {"take", signals_take}, {NULL, NULL}};

void signals_open(lua_State *L) {
  box_type(L, SIGNALS_TYPE, methods, signals_close);
  lua_pop(L, 1); /* -- core */
  lua_pushcfunction(L, signals_new);
  lua_setfield(L, -2, "signals");
}
