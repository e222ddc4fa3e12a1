/* SPDX-License-Identifier: MIT
   The devices that the service knows, their ports there or not: what each is
   called, its id, and what was set for it. The store has the same. For the
   files of src/service; all with the lock. */
#ifndef FAX_SERVICE_PORT_DEVICE_H
#define FAX_SERVICE_PORT_DEVICE_H

#include "service/routing/method.h"
#include "service/state.h"
#include "store/store.h"

struct device_routing {
  char *guid; /* of a method that may not be here */
  bool enabled;
  struct routing_data *data; /* NULL: the method's initial */
};

struct device { /* counted */
  RB_ENTRY(device) by_name;
  RB_ENTRY(device) by_id;
  char *provider, *name; /* "line", and "line#2" of the second one so called */
  DWORD device_id;
  DWORD flags, rings;
  DWORD order; /* ports have their priorities in this order; each another */
  struct port_settings *settings;
  struct device_routing *routings;
  size_t routing_count;
  int64_t seen;      /* wall: to the day, when it was there last */
  struct port *port; /* borrowed; NULL: it is away */
};

RB_PROTOTYPE(device_names, device, by_name, device_name_order);
RB_PROTOTYPE(device_ids, device, by_id, device_id_order);

/* Nothing was set for it yet; in no tree. Copies the texts. */
DWORD device_new(const char *provider, const char *name, DWORD device_id,
                 struct device **device_out);
/* Takes it into the trees; the id must be free. */
void device_enter(struct service *s, struct device *d);
void device_leave(struct service *s, struct device *d); /* the way back */
void devices_free(struct service *s);
struct device *device_by_id(struct service *s, DWORD device_id);
/* There is no port for it that stays. */
bool device_is_away(const struct device *d);
/* The n-th (from 1) of this name; NULL: there are not so many. */
struct device *device_nth(struct service *s, const char *provider,
                          const char *name, DWORD n);

/* The entry of a method, made if need be. NULL: no memory. */
struct device_routing *device_routing(struct device *d, const char *guid);
/* The same as a port has it; NULL in *routing_out: nothing was set. Gives. */
DWORD device_port_routing(const struct service *s, const struct device *d,
                          struct port_routing **routing_out);

/* ---- a port and its device (known.c) ---- */

/* The device that this port is of becomes known, or is known and the port as it
   was set. What is to be stored goes to the list. ERROR_NOT_ENOUGH_MEMORY. */
DWORD device_take(struct service *s, struct port *p, struct store_changes *c);

/* ---- the order (rank.c) ---- */

/* How the orders of all ports change when one gets a priority. */
struct rank_plan {
  struct rank_move {
    struct device *device; /* counted */
    DWORD order;
  } * moves;
  size_t count;
};
DWORD rank_plan(struct service *s, const struct port *p, DWORD priority,
                struct rank_plan *plan_out);
/* Sets the orders, and the priorities of all ports by them; raises the change
   of each but one (NULL: of each). */
void rank_apply(struct service *s, const struct rank_plan *plan,
                struct port *but);
void rank_free(struct rank_plan *plan);
/* A port that was added as the last moves to where it belongs. */
void rank_enter(struct service *s, struct port *p);

#endif
