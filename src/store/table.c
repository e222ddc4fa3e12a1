/* SPDX-License-Identifier: MIT
   The tables by their rows, and their columns. */
#include <string.h>

#include "model/table/table.h"
#include "store/own.h"

#define R struct store_job
static const struct fax_field job[] = {
    FIELD(DWORD, id, "id"),
    FIELD(DWORD, type, "type"),
    FIELD(DWORD, state, "state"),
    FIELD(DWORD, outcome, "outcome"),
    FIELD(BOOL, paused, "paused"),
    FIELD(TEXT, user, "user"),
    FIELD(FILETIME, submitted, "submitted"),
    FIELD(FILETIME, finished, "finished"),
    FIELD(FILETIME, gone, "gone"),
    FIELD(FILETIME, schedule, "schedule"),
    FIELD(FILETIME, not_before, "not_before"),
    FIELD(DWORD, device_id, "device_id"),
    FIELD(KNOWN, pages, "pages"),
    FIELD(DWORD, confirmed, "confirmed"),
    FIELD(DWORD, failures, "failures"),
    FIELD(DWORD, attempts, "attempts"),
    FIELD(KNOWN, retries, "retries"),
    FIELD(KNOWN, retry_delay, "retry_delay"),
    FIELD(DWORD, ecm, "ecm"),
    FIELD(DWORD, max_rate, "max_rate"),
    FIELD(DWORD, transport, "transport"),
    FIELD(DWORD, on_doubt, "on_doubt"),
    FIELD(KNOWN, bad_rows, "bad_rows"),
    FIELD(KNOWN, quality, "quality"),
    FIELD(DWORD, methods_done, "methods_done"),
    FIELD(BOOL, complete, "complete"),
    FIELD(ID64, bytes, "bytes"),
    FIELD(TEXT, document, "document"),
    FIELD(TEXT, path, "path"),
    FIELD(TEXT, remote_id, "remote_id"),
    FIELD(TEXT, caller_id, "caller_id"),
    FIELD(DWORD, priority, "priority"),
    FIELD(FILETIME, deadline, "deadline"),
    FIELD(TEXT, cause, "cause"),
    ARRAY(params, "params", param_count, record_job_param),
    FIELD(DWORD, refusals, "refusals"),
    END};
static RECORD(record_job, store_job, job);
#undef R

#define R struct store_attempt
static const struct fax_field attempt[] = {FIELD(DWORD, job_id, "job_id"), END};
static RECORD(record_attempt_key, store_attempt, attempt);
#undef R

#define R struct store_device
static const struct fax_field device[] = {FIELD(TEXT, provider, "provider"),
                                          FIELD(TEXT, name, "name"),
                                          FIELD(DWORD, device_id, "device_id"),
                                          FIELD(DWORD, flags, "flags"),
                                          FIELD(DWORD, rings, "rings"),
                                          FIELD(DWORD, priority, "priority"),
                                          FIELD(TEXT, tsid, "tsid"),
                                          FIELD(TEXT, csid, "csid"),
                                          FIELD(FILETIME, seen, "seen"),
                                          END};
static RECORD(record_device, store_device, device);
#undef R

#define R struct store_routing
static const struct fax_field routing[] = {FIELD(DWORD, device_id, "device_id"),
                                           FIELD(TEXT, guid, "guid"),
                                           FIELD(BOOL, enabled, "enabled"),
                                           FIELD(DWORD, priority, "priority"),
                                           FIELD(TEXT, data, "data"),
                                           END};
static RECORD(record_routing, store_routing, routing);
#undef R

#define R struct store_setting
static const struct fax_field setting[] = {FIELD(TEXT, name, "name"),
                                           FIELD(TEXT, value, "value"), END};
static RECORD(record_setting, store_setting, setting);
#undef R

#define R struct store_key
static const struct fax_field key[] = {FIELD(TEXT, user, "user"),
                                       FIELD(TEXT, key, "key"),
                                       FIELD(DWORD, job_id, "job_id"),
                                       FIELD(TEXT, number, "number"),
                                       FIELD(TEXT, source, "source"),
                                       FIELD(FILETIME, ended, "ended"),
                                       END};
static RECORD(record_key, store_key, key);
#undef R

#define R struct store_archived_own
static const struct fax_field archived_own[] = {
    FIELD(DWORD, state, "state"), FIELD(KNOWN, pending, "pending"),
    FIELD(TEXT, document, "document"), FIELD(TEXT, called, "called"), END};
static RECORD(record_archived_own, store_archived_own, archived_own);
#undef R

#define R struct store_reception
static const struct fax_field reception[] = {
    FIELD(DWORD, job_id, "job_id"), FIELD(TEXT, file, "file"),
    FIELD(TEXT, caller_id, "caller_id"), FIELD(TEXT, remote_id, "remote_id"),
    END};
static RECORD(record_reception, store_reception, reception);
#undef R

#define TABLE(name, record, inner, inner_at, key, age, type) \
  { name, record, inner, inner_at, key, age, sizeof(type) }
const struct table store_tables[STORE_TABLES] = {
    [STORE_JOBS] =
        TABLE("jobs", &record_job, NULL, 0, 1, "gone", struct store_job),
    [STORE_ATTEMPTS] = TABLE("attempts", &record_attempt_key, &record_attempt,
                             offsetof(struct store_attempt, attempt), 2, NULL,
                             struct store_attempt),
    [STORE_DEVICES] =
        TABLE("devices", &record_device, NULL, 0, 2, NULL, struct store_device),
    [STORE_ROUTINGS] = TABLE("routings", &record_routing, NULL, 0, 2, NULL,
                             struct store_routing),
    [STORE_SETTINGS] = TABLE("settings", &record_setting, NULL, 0, 1, NULL,
                             struct store_setting),
    [STORE_KEYS] =
        TABLE("keys", &record_key, NULL, 0, 2, "ended", struct store_key),
    [STORE_ARCHIVE] = TABLE("archive", &record_archived, &record_archived_own,
                            offsetof(struct store_archived, own), 1, NULL,
                            struct store_archived),
    [STORE_NUMBERS] =
        TABLE("numbers", &record_number, NULL, 0, 1, NULL, struct fax_number),
    [STORE_RECORDS] = TABLE("records", &record_attempt_record, NULL, 0, 2,
                            "ended", struct fax_attempt_record),
    [STORE_RECEPTIONS] = TABLE("receptions", &record_reception, NULL, 0, 1,
                               NULL, struct store_reception)};

struct columns columns_of(const struct table *t) {
  return (struct columns){t, t->record->fields, 0, 0};
}

/* Sizes and counts are no columns. */
const struct fax_field *columns_next(struct columns *c) {
  for (;;) {
    const struct fax_field *f = c->next;
    if (f->name != NULL) {
      c->next++;
      if (f->kind == FAX_FIELD_SIZE || f->kind == FAX_FIELD_HIDDEN) continue;
      c->count++;
      return f;
    }
    if (c->base != 0 || c->table->inner == NULL) return NULL;
    c->next = c->table->inner->fields;
    c->base = c->table->inner_at;
  }
}

const struct fax_field *table_column(const struct table *t, size_t n,
                                     size_t *base_out) {
  struct columns all = columns_of(t);
  const struct fax_field *f = columns_next(&all);
  while (f != NULL && n-- != 0) f = columns_next(&all);
  *base_out = all.base;
  return f;
}

size_t table_columns(const struct table *t) {
  struct columns all = columns_of(t);
  while (columns_next(&all) != NULL) continue;
  return all.count;
}

size_t table_find(const struct table *t, const char *name) {
  struct columns all = columns_of(t);
  const struct fax_field *f;
  while ((f = columns_next(&all)) != NULL)
    if (strcmp(f->lua, name) == 0) return all.count - 1;
  return TABLE_NO_COLUMN;
}
