/* SPDX-License-Identifier: MIT
   What a service manager and a service say to each other: states as datagrams
   (NOTIFY_SOCKET), sockets that it opened (LISTEN_FDS), signs of life
   (WATCHDOG_USEC). */
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "lua/binding.h"

enum { FIRST_FD = 3, MOST_FDS = 64 };

static int fail(lua_State *L, const char *what, const char *why) {
  lua_pushnil(L);
  lua_pushfstring(L, "%s: %s", what, why);
  lua_pushliteral(L, "ERROR_INVALID_DATA");
  return 3;
}

/* A path, or a name behind an "@". False: it is neither. */
static bool address_of(const char *text, struct sockaddr_un *out,
                       socklen_t *size_out) {
  size_t length = strlen(text);
  if ((*text != '/' && *text != '@') || length >= sizeof out->sun_path)
    return false;
  memset(out, 0, sizeof *out);
  out->sun_family = AF_UNIX;
  memcpy(out->sun_path, text, length);
  if (*text == '@') out->sun_path[0] = '\0';
  *size_out = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length);
  return true;
}

static int tell(const struct sockaddr_un *to, socklen_t size,
                const char *text) {
  int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0), number = 0;
  if (fd < 0) return errno;
  if (sendto(fd, text, strlen(text), MSG_NOSIGNAL, (const struct sockaddr *)to,
             size) < 0)
    number = errno;
  close(fd);
  return number;
}

/* notify(text) -> whether there is a manager to tell; "RELOADING=1" gets its
   moment. */
static int manager_notify(lua_State *L) {
  const char *text = check_text(L, 1), *path = getenv("NOTIFY_SOCKET");
  struct sockaddr_un to;
  socklen_t size;
  struct timespec now;
  char moment[48];
  int number;
  lua_pushboolean(L, path != NULL && *path != '\0'); /* -- told */
  if (!lua_toboolean(L, -1)) return 1;
  if (!address_of(path, &to, &size))
    return fail(L, path, "no address of a unix socket");
  if (strncmp(text, "RELOADING=1", 11) == 0) {
    clock_gettime(CLOCK_MONOTONIC, &now);
    snprintf(moment, sizeof moment, "\nMONOTONIC_USEC=%lld",
             (long long)now.tv_sec * 1000000 + now.tv_nsec / 1000);
    text = lua_pushfstring(L, "%s%s", text, moment);
  }
  number = tell(&to, size, text);
  if (number != 0) return fail(L, path, strerror(number));
  lua_pushboolean(L, 1);
  return 1;
}

/* A number from the environment, when it is for this process. */
static bool is_ours(const char *pid, const char *name, long *value_out) {
  const char *text = getenv(name), *owner = getenv(pid);
  if (text == NULL || (owner != NULL && atol(owner) != (long)getpid()))
    return false;
  *value_out = atol(text);
  return *value_out > 0;
}

static bool has_option(int fd, int option, int wanted) {
  int value = 0;
  socklen_t size = sizeof value;
  return getsockopt(fd, SOL_SOCKET, option, &value, &size) == 0 &&
         value == wanted;
}

/* listening() -> the descriptors of listening unix sockets that were passed to
   this process; only once: no child is to take them for its own */
static int manager_listening(lua_State *L) {
  long count = 0;
  bool ours = getenv("LISTEN_PID") != NULL &&
              is_ours("LISTEN_PID", "LISTEN_FDS", &count);
  char number[32];
  unsetenv("LISTEN_PID");
  unsetenv("LISTEN_FDS");
  unsetenv("LISTEN_FDNAMES");
  lua_newtable(L); /* -- list */
  for (int i = 0; ours && i < count && i < MOST_FDS; i++) {
    int fd = FIRST_FD + i;
    snprintf(number, sizeof number, "descriptor %d", fd);
    if (fcntl(fd, F_SETFD, FD_CLOEXEC) != 0)
      return fail(L, number, strerror(errno));
    if (!has_option(fd, SO_ACCEPTCONN, 1) ||
        !has_option(fd, SO_DOMAIN, AF_UNIX) ||
        !has_option(fd, SO_TYPE, SOCK_STREAM))
      return fail(L, number, "not a unix stream socket that listens");
    lua_pushinteger(L, fd);
    lua_rawseti(L, -2, i + 1);
  }
  return 1;
}

/* watchdog() -> the seconds within which the manager wants a sign of life, or
   nil */
static int manager_watchdog(lua_State *L) {
  long microseconds;
  if (!is_ours("WATCHDOG_PID", "WATCHDOG_USEC", &microseconds)) return 0;
  lua_pushnumber(L, (lua_Number)microseconds / 1e6);
  return 1;
}

static const luaL_Reg functions[] = {{"notify", manager_notify},
                                     {"listening", manager_listening},
                                     {"watchdog", manager_watchdog},
                                     {NULL, NULL}};

/* As core.manager. */
void manager_open(lua_State *L) {
  lua_newtable(L); /* -- core, manager */
  luaL_setfuncs(L, functions, 0);
  lua_setfield(L, -2, "manager");
}
