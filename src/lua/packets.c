/* SPDX-License-Identifier: MIT
   The list of packets; no Lua in here. */
#include "lua/packets.h"

#include <stdlib.h>
#include <string.h>

void packets_add(struct packets *p, const uint8_t *bytes, size_t len,
                 uint16_t seq, uint32_t number) {
  struct packet *one =
      p->count < PACKETS_MOST ? calloc(1, sizeof *one + len) : NULL;
  if (one == NULL) {
    p->dropped++;
    return;
  }
  one->seq = seq;
  one->number = number;
  one->len = len;
  if (len > 0) memcpy(one->bytes, bytes, len);
  if (p->last != NULL)
    p->last->next = one;
  else
    p->first = one;
  p->last = one;
  p->count++;
}

void packets_pop(struct packets *p) {
  struct packet *one = p->first;
  p->first = one->next;
  if (p->first == NULL) p->last = NULL;
  p->count--;
  free(one);
}

void packets_clear(struct packets *p) {
  while (p->first != NULL) packets_pop(p);
  p->dropped = 0;
}
