/* SPDX-License-Identifier: MIT
   Changes of settings: one thread at a time, on the disk before they are made.
   And what is set as rows. */
#include "service/durable/settings.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

/* ---- turns ---- */

void settings_begin(struct service *s) {
  while (s->changing_settings)
    clock_cond_wait(&s->changed, &s->lock, FAX_FOREVER);
  s->changing_settings = true;
}

/* Of the thread that waits. */
struct answer {
  pthread_mutex_t lock;
  struct clock_cond changed;
  bool told;
  DWORD error;
  char why[256];
};

static void tell(void *arg, DWORD error, const char *why) {
  struct answer *a = arg;
  pthread_mutex_lock(&a->lock);
  a->told = true;
  a->error = error;
  if (error != ERROR_SUCCESS) snprintf(a->why, sizeof a->why, "%s", why);
  clock_cond_broadcast(&a->changed);
  pthread_mutex_unlock(&a->lock);
}

/* Without the service's lock. The writer tells by the end of its try, or of the
   service. */
static DWORD write_now(struct store *store, struct store_changes *changes) {
  struct answer a = {.told = false};
  pthread_mutex_init(&a.lock, NULL);
  clock_cond_init(&a.changed);
  store_commit(store, changes, STORE_TRY, tell, &a);
  pthread_mutex_lock(&a.lock);
  while (!a.told) clock_cond_wait(&a.changed, &a.lock, FAX_FOREVER);
  pthread_mutex_unlock(&a.lock);
  clock_cond_destroy(&a.changed);
  pthread_mutex_destroy(&a.lock);
  if (a.error == ERROR_SUCCESS) return ERROR_SUCCESS;
  return error_say(a.error, "the change cannot be stored: %s", a.why);
}

DWORD settings_write(struct service *s, struct store_changes *changes) {
  if (s->store == NULL) {
    store_changes_drop(changes);
    return ERROR_SUCCESS;
  }
  pthread_mutex_unlock(&s->lock);
  DWORD error = write_now(s->store, changes);
  pthread_mutex_lock(&s->lock);
  return error;
}

void settings_end(struct service *s) {
  s->changing_settings = false;
  service_changed(s);
}

/* ---- rows ---- */

DWORD settings_put_device(struct store_changes *c, const struct device *d) {
  struct store_device row = {.provider = d->provider,
                             .name = d->name,
                             .device_id = d->device_id,
                             .flags = d->flags & (FPF_RECEIVE | FPF_SEND),
                             .rings = d->rings,
                             .priority = d->order,
                             .tsid = d->settings->tsid,
                             .csid = d->settings->csid,
                             .seen = time_to_filetime(d->seen)};
  return store_put(c, STORE_DEVICES, &row);
}

DWORD settings_remove_device(struct store_changes *c, const struct device *d) {
  struct store_device row = {.provider = d->provider, .name = d->name};
  DWORD error = store_remove(c, STORE_DEVICES, &row);
  for (size_t i = 0; error == ERROR_SUCCESS && i < d->routing_count; i++) {
    struct store_routing one = {.device_id = d->device_id,
                                .guid = d->routings[i].guid};
    error = store_remove(c, STORE_ROUTINGS, &one);
  }
  return error;
}

static char *digits_of(const struct routing_data *data) {
  static const char digits[] = "0123456789abcdef";
  char *text = mem_alloc(2 * (size_t)data->size + 1);
  for (DWORD i = 0; text != NULL && i < data->size; i++) {
    text[2 * i] = digits[data->bytes[i] >> 4];
    text[2 * i + 1] = digits[data->bytes[i] & 15];
  }
  return text;
}

DWORD settings_put_routing(struct store_changes *c, const struct device *d,
                           const struct device_routing *r) {
  char *data = r->data != NULL ? digits_of(r->data) : NULL;
  if (data == NULL && r->data != NULL) return ERROR_NOT_ENOUGH_MEMORY;
  struct store_routing row = {.device_id = d->device_id,
                              .guid = r->guid,
                              .enabled = r->enabled,
                              .data = data};
  DWORD error = store_put(c, STORE_ROUTINGS, &row);
  mem_free(data);
  return error;
}

DWORD settings_put_method(struct store_changes *c, const char *guid,
                          DWORD priority) {
  struct store_routing row = {.guid = guid, .priority = priority};
  return store_put(c, STORE_ROUTINGS, &row);
}

static DWORD put(struct store_changes *c, const char *name, const char *value) {
  struct store_setting row = {.name = name, .value = value};
  return store_put(c, STORE_SETTINGS, &row);
}

DWORD settings_put_configuration(struct store_changes *c,
                                 const struct configuration *config) {
  json_t *json = record_to_json(&record_configuration, config->record);
  char *text = json != NULL ? json_dumps(json, JSON_COMPACT) : NULL;
  char seconds[16];
  json_decref(json);
  if (text == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  DWORD error = put(c, SETTING_CONFIGURATION, text);
  free(text);
  snprintf(seconds, sizeof seconds, "%u", config->retry_delay);
  return error == ERROR_SUCCESS ? put(c, SETTING_RETRY_DELAY, seconds) : error;
}

DWORD settings_put_levels(struct store_changes *c, const int *levels) {
  char text[16 * LOG_CATEGORIES] = "";
  int length = 0;
  for (int i = 0; i < LOG_CATEGORIES; i++)
    length += snprintf(text + length, sizeof text - (size_t)length, "%s%d",
                       i == 0 ? "" : " ", levels[i]);
  return put(c, SETTING_LOG_LEVELS, text);
}
