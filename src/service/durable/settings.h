/* SPDX-License-Identifier: MIT
   What was set, in the store: configuration, levels of the log, ports, routing.
   A change is written first and then made, so that memory and disk agree
   whatever the disk says. For the files of src/service. */
#ifndef FAX_SERVICE_DURABLE_SETTINGS_H
#define FAX_SERVICE_DURABLE_SETTINGS_H

#include "service/port/device.h"

/* ---- at the start ---- */

/* Reads what the store has, and lets the service have it. What the start's
   configuration gives stays. Before the providers; blocks on the disk. */
DWORD settings_load(struct service *s, const struct fax_service_config *c);

/* ---- a change; with the lock ---- */

/* One thread at a time changes settings: waits for its turn, and lets go of the
   lock for that; what was looked at before may have changed. */
void settings_begin(struct service *s);
/* In its turn: writes the list (takes) and waits, without the lock, until it is
   on the disk. The disk's error: nothing of it was written. Without a store, in
   tests, there is nothing to do. */
DWORD settings_write(struct service *s, struct store_changes *changes);
void settings_end(struct service *s);

/* ---- rows ---- */

DWORD settings_put_device(struct store_changes *c, const struct device *d);
/* With its routing. */
DWORD settings_remove_device(struct store_changes *c, const struct device *d);
DWORD settings_put_routing(struct store_changes *c, const struct device *d,
                           const struct device_routing *r);
/* The place of a method among all. */
DWORD settings_put_method(struct store_changes *c, const char *guid,
                          DWORD priority);
DWORD settings_put_configuration(struct store_changes *c,
                                 const struct configuration *config);
/* `levels` of all categories, from LOG_INIT. */
DWORD settings_put_levels(struct store_changes *c, const int *levels);

/* The names of the rows that are not of a table of their own. */
#define SETTING_CONFIGURATION "configuration"
#define SETTING_RETRY_DELAY "retry_delay" /* the record has minutes only */
#define SETTING_LOG_LEVELS "log_levels"

#endif
