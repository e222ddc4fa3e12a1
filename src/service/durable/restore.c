/* SPDX-License-Identifier: MIT
   What was set in earlier runs, at the start. What cannot be read any more is
   as if it had not been set, and the log says so. */
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "service/durable/settings.h"

struct restoring {
  struct service *s;
  const struct fax_service_config *config;
  FAX_CONFIGURATION record;
  bool found; /* the record was stored */
  struct arena arena;
  DWORD retry_delay;
  int levels[LOG_CATEGORIES];
  bool leveled;                       /* the levels were stored */
  DWORD places[ROUTING_MOST_METHODS]; /* by number; 0: none was set */
  DWORD error;
};

/* ---- the service's own ---- */

static void unreadable(const char *name, const char *why) {
  log_line(LOG_INIT, FAX_LOG_WARN, "config",
           "%s: what was set before cannot be read: %s", name, why);
}

static DWORD read_record(struct restoring *r, const char *text) {
  json_error_t why;
  json_t *json = json_loads(text, JSON_REJECT_DUPLICATES, &why);
  if (json == NULL) {
    unreadable(SETTING_CONFIGURATION, why.text);
    return ERROR_SUCCESS;
  }
  DWORD error =
      record_from_json(&record_configuration, json, &r->record, &r->arena);
  json_decref(json);
  if (error == ERROR_NOT_ENOUGH_MEMORY) return error;
  if (error != ERROR_SUCCESS)
    unreadable(SETTING_CONFIGURATION, error_message());
  r->found = error == ERROR_SUCCESS;
  return ERROR_SUCCESS;
}

static void read_levels(struct restoring *r, const char *text) {
  int n = sscanf(text, "%d %d %d %d", &r->levels[0], &r->levels[1],
                 &r->levels[2], &r->levels[3]);
  r->leveled = n == LOG_CATEGORIES;
  for (int i = 0; r->leveled && i < LOG_CATEGORIES; i++)
    if (r->levels[i] < LOG_NOTHING || r->levels[i] > FAX_LOG_DEBUG)
      r->leveled = false;
  if (!r->leveled) unreadable(SETTING_LOG_LEVELS, text);
}

static bool on_setting(void *arg, const void *found) {
  struct restoring *r = arg;
  const struct store_setting *row = found;
  if (row->value == NULL) return true;
  if (strcmp(row->name, SETTING_CONFIGURATION) == 0)
    r->error = read_record(r, row->value);
  else if (strcmp(row->name, SETTING_RETRY_DELAY) == 0)
    sscanf(row->value, "%u", &r->retry_delay);
  else if (strcmp(row->name, SETTING_LOG_LEVELS) == 0)
    read_levels(r, row->value);
  return r->error == ERROR_SUCCESS;
}

/* What the start gives is for this run. */
static void set_levels(const struct restoring *r) {
  if (!r->leveled || r->config->log_level != FAX_UNKNOWN) return;
  for (int i = 0; i < LOG_CATEGORIES; i++)
    log_set_level((enum log_category)(LOG_INIT + i), r->levels[i]);
}

static DWORD load_own(struct restoring *r) {
  DWORD error = store_each(r->s->store, STORE_SETTINGS, on_setting, r);
  if (error == ERROR_SUCCESS) error = r->error;
  if (error != ERROR_SUCCESS) return error;
  set_levels(r);
  if (!r->found) return ERROR_SUCCESS;
  r->record.SizeOfStruct = sizeof r->record;
  if (r->retry_delay == FAX_UNKNOWN) r->retry_delay = r->record.RetryDelay * 60;
  return config_start(r->s, r->config, &r->record, r->retry_delay);
}

/* ---- devices ---- */

static DWORD add_device(struct service *s, const struct store_device *row) {
  struct device *d;
  DWORD error = device_new(row->provider, row->name, row->device_id, &d);
  if (error != ERROR_SUCCESS) return error;
  d->flags = row->flags | FPF_VIRTUAL;
  d->rings = row->rings;
  d->order = row->priority;
  d->seen = time_from_filetime(row->seen);
  error = port_settings_new(row->tsid, row->csid, &d->settings);
  if (error == ERROR_SUCCESS)
    device_enter(s, d);
  else
    mem_unref(d);
  return error;
}

static bool on_device(void *arg, const void *row) {
  struct restoring *r = arg;
  r->error = add_device(r->s, row);
  return r->error == ERROR_SUCCESS;
}

/* ---- routing ---- */

static int digit_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* *data_out stays when the text is no bytes. */
static DWORD read_data(const char *text, struct routing_data **data_out) {
  size_t size = strlen(text) / 2;
  struct routing_data *data = mem_new(sizeof *data + size, NULL);
  if (data == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  data->size = (DWORD)size;
  for (size_t i = 0; i < size; i++) {
    int high = digit_of(text[2 * i]), low = digit_of(text[2 * i + 1]);
    if (high < 0 || low < 0) {
      mem_unref(data);
      unreadable("routing", "its data are no hexadecimal digits");
      return ERROR_SUCCESS;
    }
    data->bytes[i] = (BYTE)(high << 4 | low);
  }
  *data_out = data;
  return ERROR_SUCCESS;
}

static void note_place(struct restoring *r, const struct store_routing *row) {
  const struct method *m = routing_method_known(r->s, row->guid);
  if (m != NULL) r->places[m->number] = row->priority;
}

static const struct method *next_method(const struct restoring *r) {
  const struct method *next = NULL;
  list_each(link, &r->s->methods) {
    const struct method *m = list_entry(link, struct method, link);
    DWORD place = r->places[m->number];
    if (place != 0 && (next == NULL || place < r->places[next->number]))
      next = m;
  }
  return next;
}

/* Each to the end, the first first; those that nobody gave a place go before.
 */
static void order_methods(struct restoring *r) {
  const struct method *m;
  while ((m = next_method(r)) != NULL) {
    routing_method_move(r->s, m, FAX_UNKNOWN);
    r->places[m->number] = 0;
  }
}

static DWORD add_routing(struct service *s, const struct store_routing *row) {
  struct device *d = device_by_id(s, row->device_id);
  if (d == NULL) return ERROR_SUCCESS;
  struct device_routing *entry = device_routing(d, row->guid);
  if (entry == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  entry->enabled = row->enabled != 0;
  return row->data != NULL ? read_data(row->data, &entry->data) : ERROR_SUCCESS;
}

static bool on_routing(void *arg, const void *found) {
  struct restoring *r = arg;
  const struct store_routing *row = found;
  if (row->device_id == 0)
    note_place(r, row);
  else
    r->error = add_routing(r->s, row);
  return r->error == ERROR_SUCCESS;
}

static DWORD each(struct restoring *r, enum store_table table,
                  store_row_fn *fn) {
  DWORD error = store_each(r->s->store, table, fn, r);
  return error != ERROR_SUCCESS ? error : r->error;
}

DWORD settings_load(struct service *s, const struct fax_service_config *c) {
  struct restoring r = {.s = s, .config = c, .retry_delay = FAX_UNKNOWN};
  DWORD error = load_own(&r);
  if (error == ERROR_SUCCESS) error = each(&r, STORE_DEVICES, on_device);
  if (error == ERROR_SUCCESS) error = each(&r, STORE_ROUTINGS, on_routing);
  if (error == ERROR_SUCCESS) order_methods(&r);
  arena_free(&r.arena);
  return error;
}
