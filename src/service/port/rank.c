/* SPDX-License-Identifier: MIT
   Priorities of ports: their places, from 1, in the order of their devices,
   which outlives them (PORT-25, -26). The orders are given round among the
   ports that are there, so that those that are away keep their places. */
#include <stdlib.h>

#include "service/port/device.h"

static DWORD order_of(const struct port *p) {
  return p->device != NULL ? p->device->order : FAX_UNKNOWN;
}

static void set_priority(struct service *s, struct port *p, DWORD priority) {
  if (p->priority == priority) return;
  p->priority = priority;
  event_raise(s, FEI_FAX_PORT_CHANGED, NULL, p);
}

void rank_enter(struct service *s, struct port *p) {
  DWORD place = p->priority;
  list_each(link, &s->ports) {
    struct port *other = list_entry(link, struct port, link);
    if (other == p || other->gone || other->priority > p->priority ||
        order_of(other) <= order_of(p))
      continue;
    if (other->priority < place) place = other->priority;
    set_priority(s, other, other->priority + 1);
  }
  p->priority = place;
}

/* ---- a change ---- */

static int by_priority(const void *a, const void *b) {
  const struct port *x = *(struct port *const *)a,
                    *y = *(struct port *const *)b;
  return (x->priority > y->priority) - (x->priority < y->priority);
}

static int by_order(const void *a, const void *b) {
  const struct port *x = *(struct port *const *)a,
                    *y = *(struct port *const *)b;
  return (order_of(x) > order_of(y)) - (order_of(x) < order_of(y));
}

static int by_number(const void *a, const void *b) {
  DWORD x = *(const DWORD *)a, y = *(const DWORD *)b;
  return (x > y) - (x < y);
}

/* In the service's own list, which has room for all. */
static size_t sort(struct service *s, int compare(const void *, const void *)) {
  size_t n = 0;
  list_each(link, &s->ports) {
    struct port *p = list_entry(link, struct port, link);
    if (!p->gone && p->device != NULL) s->ranking[n++] = p;
  }
  if (n > 0) qsort(s->ranking, n, sizeof *s->ranking, compare);
  return n;
}

/* As the list will be: the port taken out, and put in at its new place. */
static void shift(struct port **ports, size_t count, const struct port *p,
                  DWORD priority) {
  size_t from = 0, to = priority - 1;
  while (from + 1 < count && ports[from] != p) from++;
  struct port *moved = ports[from];
  for (; from < to && from + 1 < count; from++) ports[from] = ports[from + 1];
  for (; from > to; from--) ports[from] = ports[from - 1];
  ports[from] = moved;
}

DWORD rank_plan(struct service *s, const struct port *p, DWORD priority,
                struct rank_plan *plan_out) {
  size_t count = sort(s, by_priority);
  DWORD *orders = mem_alloc((count + 1) * sizeof *orders);
  struct rank_move *moves = mem_alloc((count + 1) * sizeof *moves);
  if (orders == NULL || moves == NULL) {
    mem_free(orders);
    mem_free(moves);
    return ERROR_NOT_ENOUGH_MEMORY;
  }
  *plan_out = (struct rank_plan){.moves = moves};
  for (size_t i = 0; i < count; i++) orders[i] = order_of(s->ranking[i]);
  qsort(orders, count, sizeof *orders, by_number);
  shift(s->ranking, count, p, priority);
  for (size_t i = 0; i < count; i++) {
    struct port *at = s->ranking[i];
    if (at == p || order_of(at) != orders[i])
      moves[plan_out->count++] =
          (struct rank_move){mem_ref(at->device), orders[i]};
  }
  mem_free(orders);
  return ERROR_SUCCESS;
}

void rank_apply(struct service *s, const struct rank_plan *plan,
                struct port *but) {
  for (size_t i = 0; i < plan->count; i++)
    plan->moves[i].device->order = plan->moves[i].order;
  size_t count = sort(s, by_order);
  for (size_t i = 0; i < count; i++) {
    if (s->ranking[i] == but)
      but->priority = (DWORD)i + 1;
    else
      set_priority(s, s->ranking[i], (DWORD)i + 1);
  }
}

void rank_free(struct rank_plan *plan) {
  for (size_t i = 0; i < plan->count; i++) mem_unref(plan->moves[i].device);
  mem_free(plan->moves);
  *plan = (struct rank_plan){0};
}
