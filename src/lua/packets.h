/* SPDX-License-Identifier: MIT
   Packets that the library gave and Lua has not taken yet: a list of bounded
   length. A callback of the library adds to it, and no Lua is called then. */
#ifndef FAX_LUA_PACKETS_H
#define FAX_LUA_PACKETS_H

#include <stddef.h>
#include <stdint.h>

struct packet {
  struct packet *next;
  uint16_t seq;
  uint32_t number; /* how often to send it, or how many before it are lost */
  size_t len;
  uint8_t bytes[];
};

/* Begins as zeros. */
struct packets {
  struct packet *first, *last;
  size_t count;
  uint32_t dropped; /* did not fit, or there was no memory */
};

#define PACKETS_MOST 2048 /* T.38 makes 25 to 50 a second */

/* Copies the bytes; what does not fit is dropped and counted. */
void packets_add(struct packets *p, const uint8_t *bytes, size_t len,
                 uint16_t seq, uint32_t number);
/* Frees the first one, which there must be. */
void packets_pop(struct packets *p);
void packets_clear(struct packets *p);

#endif
