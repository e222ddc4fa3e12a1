/* SPDX-License-Identifier: MIT
   UDPTL: datagrams of packets, and packets of datagrams. What a datagram brings
   is noted from within the library's call, and pushed after it. */
#include <fax/fax_udptl.h>
#include <stdlib.h>
#include <string.h>

#include "lua/binding.h"
#include "lua/packets.h"

#define MOST_DATAGRAM 65507 /* of UDP over IPv4 */
#define USUAL_DATAGRAM 400  /* of the library, when none is given */

struct transport {
  struct fax_udptl *udptl;
  struct packets in;
  size_t size;
  uint8_t datagram[];
};

static void transport_free(struct transport *t) {
  fax_udptl_free(t->udptl);
  packets_clear(&t->in);
  free(t);
}

static int udptl_close(lua_State *L) {
  struct transport *t = box_empty(box_check(L, 1, UDPTL_TYPE));
  if (t != NULL) transport_free(t);
  return 0;
}

static struct transport *transport_check(lua_State *L) {
  return box_object(box_check(L, 1, UDPTL_TYPE));
}

static void on_ifp(void *arg, const uint8_t *ifp, size_t len, uint16_t seq,
                   DWORD lost) {
  struct transport *t = arg;
  packets_add(&t->in, ifp, len, seq, lost);
}

/* udptl{ redundancy =, fec_entries =, fec_span =, max_datagram = } */
static int udptl_new(lua_State *L) {
  struct fax_udptl_config config;
  struct transport *t;
  struct box *box;
  size_t size;
  luaL_checktype(L, 1, LUA_TTABLE);
  memset(&config, 0, sizeof config);
  config.size = sizeof config;
  config.redundancy = field_dword(L, 1, "redundancy", 0);
  config.fec_entries = field_dword(L, 1, "fec_entries", 0);
  config.fec_span = field_dword(L, 1, "fec_span", 0);
  config.max_datagram = field_dword(L, 1, "max_datagram", 0);
  box = box_push(L, UDPTL_TYPE); /* -- box */
  size = config.max_datagram != 0 ? config.max_datagram : USUAL_DATAGRAM;
  if (size > MOST_DATAGRAM) size = MOST_DATAGRAM;
  t = calloc(1, sizeof *t + size);
  if (t == NULL) return fail_code(L, "fax_udptl_new", ERROR_NOT_ENOUGH_MEMORY);
  t->size = size;
  config.ifp = on_ifp;
  config.arg = t;
  t->udptl = fax_udptl_new(&config);
  if (t->udptl == NULL) {
    free(t);
    return fail_last(L, "fax_udptl_new");
  }
  box_fill(box, t);
  return 1;
}

/* send(packet) -> datagram */
static int udptl_send(lua_State *L) {
  struct transport *t = transport_check(L);
  const char *ifp;
  size_t len, made;
  luaL_checktype(L, 2, LUA_TSTRING);
  ifp = lua_tolstring(L, 2, &len);
  if (t == NULL) return fail_closed(L, "fax_udptl_send");
  made =
      fax_udptl_send(t->udptl, (const uint8_t *)ifp, len, t->datagram, t->size);
  if (made == 0) return fail_last(L, "fax_udptl_send");
  lua_pushlstring(L, (const char *)t->datagram, made);
  return 1;
}

/* Pushes the packets that wait, and how many before them never come. They stay
   until all are pushed: a memory error loses none. */
static void push_packets(lua_State *L, struct transport *t) {
  lua_Integer lost = t->in.dropped;
  int at = 1;
  list_push(L, (int)t->in.count); /* -- list */
  for (const struct packet *one = t->in.first; one != NULL; one = one->next) {
    lua_createtable(L, 0, 2); /* -- list, packet */
    lua_pushlstring(L, (const char *)one->bytes, one->len);
    lua_setfield(L, -2, "ifp");
    lua_pushinteger(L, (lua_Integer)one->seq);
    lua_setfield(L, -2, "seq");
    lua_rawseti(L, -2, at++);
    lost += one->number;
  }
  lua_pushinteger(L, lost); /* -- list, lost */
  packets_clear(&t->in);
}

/* receive(datagram) -> { { ifp =, seq = } }, how many were lost before them */
static int udptl_receive(lua_State *L) {
  struct transport *t = transport_check(L);
  const char *datagram;
  size_t len;
  luaL_checktype(L, 2, LUA_TSTRING);
  datagram = lua_tolstring(L, 2, &len);
  if (t == NULL) return fail_closed(L, "fax_udptl_receive");
  if (!fax_udptl_receive(t->udptl, (const uint8_t *)datagram, len))
    return fail_last(L, "fax_udptl_receive");
  push_packets(L, t);
  return 2;
}

static void put_number(lua_State *L, const char *name, DWORD value) {
  lua_pushinteger(L, (lua_Integer)value);
  lua_setfield(L, -2, name);
}

static int udptl_count(lua_State *L) {
  struct transport *t = transport_check(L);
  struct fax_udptl_numbers numbers;
  memset(&numbers, 0, sizeof numbers);
  numbers.size = sizeof numbers;
  if (t == NULL) return fail_closed(L, "fax_udptl_count");
  if (!fax_udptl_count(t->udptl, &numbers))
    return fail_last(L, "fax_udptl_count");
  lua_createtable(L, 0, 6); /* -- table */
  put_number(L, "sent", numbers.sent);
  put_number(L, "received", numbers.received);
  put_number(L, "malformed", numbers.malformed);
  put_number(L, "late", numbers.late);
  put_number(L, "recovered", numbers.recovered);
  put_number(L, "lost", numbers.lost);
  return 1;
}

static int udptl_closed(lua_State *L) {
  lua_pushboolean(L, transport_check(L) == NULL);
  return 1;
}

static const luaL_Reg udptl_methods[] = {{"send", udptl_send},
                                         {"receive", udptl_receive},
                                         {"count", udptl_count},
                                         {"closed", udptl_closed},
                                         {NULL, NULL}};

void udptl_open(lua_State *L) {
  box_type(L, UDPTL_TYPE, udptl_methods, udptl_close);
  lua_getfield(L, -1, "__index"); /* -- core, mt, methods */
  lua_setfield(L, -3, "udptl_methods");
  lua_pop(L, 1); /* -- core */
  lua_pushcfunction(L, udptl_new);
  lua_setfield(L, -2, "udptl");
}
