/* SPDX-License-Identifier: MIT
   The levels of the log's categories, as the documents number them. */
#include "service/durable/settings.h"

static const char *const names[LOG_CATEGORIES] = {"Initialization", "Outbound",
                                                  "Inbound", "Unknown"};

/* The documents have one level less: warnings come with "most events". By
   FAXLOG_LEVEL_. */
static const int levels[] = {LOG_NOTHING, FAX_LOG_ERROR, FAX_LOG_INFO,
                             FAX_LOG_DEBUG};
#define LEVELS (sizeof levels / sizeof *levels)

static DWORD documented(int level) {
  DWORD n = FAXLOG_LEVEL_NONE;
  while (levels[n] < level) n++;
  return n;
}

DWORD logging_read(struct connection *c, FAX_LOG_CATEGORY **categories_out,
                   DWORD *count_out) {
  FAX_LOG_CATEGORY items[LOG_CATEGORIES];
  void *block;
  DWORD error = access_check(c, FAX_CONFIG_QUERY);
  if (error == ERROR_SUCCESS) error = service_enter(c->service);
  if (error != ERROR_SUCCESS) return error;
  for (int i = 0; i < LOG_CATEGORIES; i++) {
    enum log_category category = (enum log_category)(LOG_INIT + i);
    items[i].Name = names[i];
    items[i].Category = category;
    items[i].Level = documented(log_level(category));
  }
  service_leave(c->service);
  error = record_pack(&record_log_category, items, LOG_CATEGORIES, MEM_BUFFER,
                      &block);
  if (error != ERROR_SUCCESS) return error;
  *categories_out = block;
  *count_out = LOG_CATEGORIES;
  return ERROR_SUCCESS;
}

static DWORD check(const FAX_LOG_CATEGORY *categories, DWORD count) {
  if (count == 0) /* LOG-8 */
    return error_say(ERROR_INVALID_PARAMETER, "no category is named");
  for (DWORD i = 0; i < count; i++) {
    const FAX_LOG_CATEGORY *item = &categories[i];
    if (item->Category < LOG_INIT || item->Category > LOG_OTHER)
      return error_say(ERROR_INVALID_PARAMETER,
                       "category %u of the log: %d to %d exist", item->Category,
                       LOG_INIT, LOG_OTHER);
    if (item->Level >= LEVELS)
      return error_say(ERROR_INVALID_PARAMETER,
                       "level %u of category %u: 0 to %zu exist", item->Level,
                       item->Category, LEVELS - 1);
  }
  return ERROR_SUCCESS;
}

/* The levels as they will be. */
static DWORD write_levels(struct service *s, const FAX_LOG_CATEGORY *categories,
                          DWORD count) {
  int wanted[LOG_CATEGORIES];
  struct store_changes *changes;
  for (int i = 0; i < LOG_CATEGORIES; i++)
    wanted[i] = log_level((enum log_category)(LOG_INIT + i));
  for (DWORD i = 0; i < count; i++)
    wanted[categories[i].Category - LOG_INIT] = levels[categories[i].Level];
  DWORD error = store_changes_new(&changes);
  if (error != ERROR_SUCCESS) return error;
  error = settings_put_levels(changes, wanted);
  if (error == ERROR_SUCCESS) return settings_write(s, changes);
  store_changes_drop(changes);
  return error;
}

/* By the levels of before: that it was switched off is to be seen. */
static void apply(const struct connection *c,
                  const FAX_LOG_CATEGORY *categories, DWORD count) {
  log_line(LOG_OTHER, FAX_LOG_INFO, "config",
           "levels of the log changed user=%s", c->user);
  for (DWORD i = 0; i < count; i++)
    log_set_level((enum log_category)categories[i].Category,
                  levels[categories[i].Level]);
}

/* All is checked before anything is changed; under the lock, so that nobody
   reads a half of it. */
DWORD logging_set(struct connection *c, const FAX_LOG_CATEGORY *categories,
                  DWORD count) {
  struct service *s = c->service;
  DWORD error = access_check(c, FAX_CONFIG_SET);
  if (error == ERROR_SUCCESS) error = check(categories, count);
  if (error == ERROR_SUCCESS) error = service_enter(s);
  if (error != ERROR_SUCCESS) return error;
  settings_begin(s);
  error = write_levels(s, categories, count);
  if (error == ERROR_SUCCESS) apply(c, categories, count);
  settings_end(s);
  service_leave(s);
  return error;
}
