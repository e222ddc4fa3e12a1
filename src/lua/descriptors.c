/* SPDX-License-Identifier: MIT
   Descriptors that coroutines of a loop wait for, beside its completion port,
   all behind one descriptor (epoll), which is what other event loops see. */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "lua/binding.h"

#define DESCRIPTORS_TYPE "fax.descriptors"
#define READY 64

/* The box holds the descriptor plus one, for 0 is one too; -1 when closed. */
static int set_fd(lua_State *L) {
  void *object = box_object(box_check(L, 1, DESCRIPTORS_TYPE));
  return (int)(ULONG_PTR)object - 1;
}

static int set_close(lua_State *L) {
  void *object = box_empty(box_check(L, 1, DESCRIPTORS_TYPE));
  if (object != NULL) close((int)(ULONG_PTR)object - 1);
  return 0;
}

static int fail_errno(lua_State *L, int number, const char *name) {
  lua_pushnil(L);
  lua_pushfstring(L, "descriptors: %s", strerror(number));
  lua_pushstring(L, name);
  return 3;
}

/* descriptors(queue) */
static int set_new(lua_State *L) {
  HANDLE port = queue_port(L, 1);
  struct box *box = box_push(L, DESCRIPTORS_TYPE); /* -- box */
  /* The port tells of itself by what it holds: it wakes the wait, no more. */
  struct epoll_event event = {.events = EPOLLIN, .data.fd = -1};
  int fd;
  if (port == NULL) return fail_closed(L, "FaxCompletionPortFd");
  fd = epoll_create1(EPOLL_CLOEXEC);
  if (fd < 0) return fail_errno(L, errno, "ERROR_NOT_ENOUGH_MEMORY");
  box_fill(box, (void *)(ULONG_PTR)(fd + 1));
  if (epoll_ctl(fd, EPOLL_CTL_ADD, FaxCompletionPortFd(port), &event) != 0)
    return fail_errno(L, errno, "ERROR_NOT_ENOUGH_MEMORY");
  return 1;
}

static int set_number(lua_State *L) {
  int fd = set_fd(L);
  if (fd < 0) return fail_closed(L, "FaxCompletionPortFd");
  lua_pushinteger(L, fd);
  return 1;
}

/* One that was closed and opened anew meanwhile is not known any more, and a
   copy of a closed one is known still. */
static int change(int set, int fd, struct epoll_event *event) {
  if (epoll_ctl(set, EPOLL_CTL_MOD, fd, event) == 0) return 0;
  if (errno != ENOENT) return errno;
  return epoll_ctl(set, EPOLL_CTL_ADD, fd, event) == 0 ? 0 : errno;
}

/* watch(fd, for reading, for writing) -> true; false: it is always ready, as
   files are. Neither: it is forgotten. */
static int set_watch(lua_State *L) {
  int set = set_fd(L);
  DWORD fd = check_dword(L, 2);
  struct epoll_event event = {.events = (lua_toboolean(L, 3) ? EPOLLIN : 0) |
                                        (lua_toboolean(L, 4) ? EPOLLOUT : 0)};
  int number;
  luaL_argcheck(L, fd <= 0x7fffffff, 2, "a descriptor expected");
  if (set < 0) return fail_closed(L, "descriptors");
  event.data.fd = (int)fd;
  if (event.events == 0) {
    epoll_ctl(set, EPOLL_CTL_DEL, (int)fd, &event);
    lua_pushboolean(L, 1);
    return 1;
  }
  number = change(set, (int)fd, &event);
  if (number != 0 && number != EPERM)
    return fail_errno(
        L, number,
        number == EBADF ? "ERROR_INVALID_HANDLE" : "ERROR_NOT_ENOUGH_MEMORY");
  lua_pushboolean(L, number == 0);
  return 1;
}

/* wait(seconds or nil) -> whether anything is ready; false also when a signal
   ended the wait. By the machine's clock, whatever the service goes by. */
static int set_wait(lua_State *L) {
  struct pollfd fd = {.fd = set_fd(L), .events = POLLIN};
  struct timespec left, *limit = NULL;
  if (fd.fd < 0) return fail_closed(L, "descriptors");
  if (!lua_isnoneornil(L, 2)) {
    lua_Number seconds = luaL_checknumber(L, 2);
    if (!(seconds > 0)) seconds = 0;
    if (seconds > 1e9) seconds = 1e9;
    left.tv_sec = (time_t)seconds;
    left.tv_nsec = (long)((seconds - (lua_Number)left.tv_sec) * 1e9);
    limit = &left;
  }
  lua_pushboolean(L, ppoll(&fd, 1, limit, NULL) > 0);
  return 1;
}

/* ready(table) -> how many are ready. In the table: fd, 1 for reading or 2 for
   writing or 3, fd, ... One with an error is ready for both. */
static int set_ready(lua_State *L) {
  struct epoll_event events[READY];
  int set = set_fd(L), count, found = 0;
  luaL_checktype(L, 2, LUA_TTABLE);
  if (set < 0) return fail_closed(L, "descriptors");
  count = epoll_wait(set, events, READY, 0);
  for (int i = 0; i < count; i++) {
    uint32_t e = events[i].events;
    bool both = (e & (EPOLLERR | EPOLLHUP)) != 0;
    int mode =
        (both || (e & EPOLLIN) ? 1 : 0) | (both || (e & EPOLLOUT) ? 2 : 0);
    if (events[i].data.fd < 0) continue;
    lua_pushinteger(L, events[i].data.fd);
    lua_rawseti(L, 2, 2 * found + 1);
    lua_pushinteger(L, mode);
    lua_rawseti(L, 2, 2 * found + 2);
    found++;
  }
  lua_pushinteger(L, found);
  return 1;
}

static const luaL_Reg set_methods[] = {{"fd", set_number},
                                       {"watch", set_watch},
                                       {"wait", set_wait},
                                       {"ready", set_ready},
                                       {NULL, NULL}};

void descriptors_open(lua_State *L) {
  box_type(L, DESCRIPTORS_TYPE, set_methods, set_close);
  lua_pop(L, 1); /* -- core */
  lua_pushcfunction(L, set_new);
  lua_setfield(L, -2, "descriptors");
}
