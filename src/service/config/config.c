/* SPDX-License-Identifier: MIT
   The configuration as the documented record: read, checked, replaced as a
   whole (CFG-1..16). */
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "document/document.h"
#include "service/durable/settings.h"

#define MOST_RETRIES 99
#define MOST_MINUTES (366 * 24 * 60)
#define MOST_DAYS 36500
#define MOST_TEXT 253
#define MOST_PATH 4095

static void config_destroy(void *object) {
  struct configuration *c = object;
  mem_free_tagged(c->record, MEM_BUFFER);
}

DWORD config_new(const FAX_CONFIGURATION *record, DWORD retry_delay,
                 struct configuration **config_out) {
  struct configuration *c = mem_new(sizeof *c, config_destroy);
  void *block;
  if (c == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  DWORD error =
      record_pack(&record_configuration, record, 1, MEM_BUFFER, &block);
  if (error != ERROR_SUCCESS) {
    mem_unref(c);
    return error;
  }
  c->record = block;
  c->retry_delay = retry_delay;
  *config_out = c;
  return ERROR_SUCCESS;
}

/* The record has whole minutes: not fewer than were asked for. */
static DWORD minutes_of(DWORD seconds) {
  return seconds / 60 + (seconds % 60 != 0);
}

/* The documented start values (CFG-1). */
static const FAX_CONFIGURATION documented = {.SizeOfStruct = sizeof documented,
                                             .Retries = 3,
                                             .RetryDelay = 10,
                                             .Branding = TRUE,
                                             .UseDeviceTsid = TRUE};

DWORD config_start(struct service *s, const struct fax_service_config *c,
                   const FAX_CONFIGURATION *last, DWORD retry_delay) {
  FAX_CONFIGURATION record = last != NULL ? *last : documented;
  struct configuration *made;
  if (last == NULL) retry_delay = documented.RetryDelay * 60;
  if (c->retries != FAX_UNKNOWN) record.Retries = c->retries;
  if (c->retry_delay != FAX_UNKNOWN) {
    retry_delay = c->retry_delay;
    record.RetryDelay = minutes_of(retry_delay);
  }
  if (c->branding != (BOOL)FAX_UNKNOWN) record.Branding = c->branding != FALSE;
  if (c->use_device_tsid != (BOOL)FAX_UNKNOWN)
    record.UseDeviceTsid = c->use_device_tsid != FALSE;
  DWORD error = config_new(&record, retry_delay, &made);
  if (error != ERROR_SUCCESS) return error;
  mem_unref(s->configuration);
  s->configuration = made;
  return ERROR_SUCCESS;
}

/* ---- checks ---- */

static DWORD check_numbers(const FAX_CONFIGURATION *c) {
  if (c->SizeOfStruct != sizeof *c)
    return error_say(ERROR_INVALID_PARAMETER,
                     "SizeOfStruct is %u, a FAX_CONFIGURATION has %zu bytes",
                     c->SizeOfStruct, sizeof *c);
  if (c->Retries > MOST_RETRIES)
    return error_say(ERROR_INVALID_PARAMETER,
                     "Retries is %u: 0 to %d are allowed", c->Retries,
                     MOST_RETRIES);
  if (c->RetryDelay > MOST_MINUTES)
    return error_say(ERROR_INVALID_PARAMETER,
                     "RetryDelay is %u: up to %d minutes are allowed",
                     c->RetryDelay, MOST_MINUTES);
  if (c->DirtyDays > MOST_DAYS && c->DirtyDays != 0xffffffff) /* JOB-35 */
    return error_say(ERROR_INVALID_PARAMETER,
                     "DirtyDays is %u: up to %d are allowed, 0 is for ever",
                     c->DirtyDays, MOST_DAYS);
  return ERROR_SUCCESS;
}

static DWORD check_time(const char *member, FAX_TIME t) {
  if (t.Hour < 24 && t.Minute < 60) return ERROR_SUCCESS;
  return error_say(ERROR_INVALID_PARAMETER, "%s is %u:%02u, no time of day",
                   member, t.Hour, t.Minute);
}

static DWORD check_text(const char *member, const char *text, size_t most) {
  if (text == NULL) return ERROR_SUCCESS;
  if (strlen(text) > most)
    return error_say(ERROR_INVALID_PARAMETER,
                     "%s has %zu bytes: %zu are allowed", member, strlen(text),
                     most);
  if (!text_is_utf8(text))
    return error_say(ERROR_INVALID_PARAMETER, "%s is not UTF-8", member);
  return ERROR_SUCCESS;
}

/* CFG-3. Blocks on the disk: makes the folder when it is not there. */
static DWORD check_archive(const FAX_CONFIGURATION *c) {
  const char *folder = c->ArchiveDirectory;
  if (!c->ArchiveOutgoingFaxes) return ERROR_SUCCESS;
  if (folder == NULL || *folder == '\0')
    return error_say(ERROR_INVALID_PARAMETER,
                     "ArchiveDirectory is missing: faxes are to be archived");
  DWORD error = check_text("ArchiveDirectory", folder, MOST_PATH);
  if (error != ERROR_SUCCESS) return error;
  if (*folder != '/')
    return error_say(ERROR_INVALID_PARAMETER,
                     "ArchiveDirectory \"%s\" is not a full path", folder);
  if (document_folder(folder) == ERROR_SUCCESS &&
      access(folder, W_OK | X_OK) == 0)
    return ERROR_SUCCESS;
  return error_say(FAX_ERR_FILE_ACCESS_DENIED,
                   "ArchiveDirectory %s: the service cannot write there",
                   folder);
}

/* The service would take a copy in one of its own folders for something else.
 */
static DWORD check_foreign(const struct service *s,
                           const FAX_CONFIGURATION *c) {
  if (!c->ArchiveOutgoingFaxes || !directory_owns(s, c->ArchiveDirectory))
    return ERROR_SUCCESS;
  return error_say(ERROR_INVALID_PARAMETER,
                   "ArchiveDirectory %s is a folder of the service itself",
                   c->ArchiveDirectory);
}

static DWORD check(const struct service *s, const FAX_CONFIGURATION *c) {
  DWORD error = check_numbers(c);
  if (error == ERROR_SUCCESS)
    error = check_time("StartCheapTime", c->StartCheapTime);
  if (error == ERROR_SUCCESS)
    error = check_time("StopCheapTime", c->StopCheapTime);
  if (error == ERROR_SUCCESS)
    error =
        check_text("Reserved (the inbound profile)", c->Reserved, MOST_TEXT);
  if (error == ERROR_SUCCESS) error = check_archive(c);
  return error == ERROR_SUCCESS ? check_foreign(s, c) : error;
}

/* ---- reading and setting ---- */

DWORD config_read(struct connection *c, FAX_CONFIGURATION **config_out) {
  void *block;
  DWORD error = access_check(c, FAX_CONFIG_QUERY);
  if (error == ERROR_SUCCESS) error = service_enter(c->service);
  if (error != ERROR_SUCCESS) return error;
  struct configuration *now = mem_ref(c->service->configuration);
  service_leave(c->service);
  error =
      record_pack(&record_configuration, now->record, 1, MEM_BUFFER, &block);
  mem_unref(now);
  if (error == ERROR_SUCCESS) *config_out = block;
  return error;
}

/* CFG-3: the folder is not looked at when nothing is archived. */
static FAX_CONFIGURATION normal(const FAX_CONFIGURATION *c) {
  FAX_CONFIGURATION n = *c;
  n.Branding = c->Branding != FALSE;
  n.UseDeviceTsid = c->UseDeviceTsid != FALSE;
  n.ServerCp = c->ServerCp != FALSE;
  n.PauseServerQueue = c->PauseServerQueue != FALSE;
  n.ArchiveOutgoingFaxes = c->ArchiveOutgoingFaxes != FALSE;
  if (!n.ArchiveOutgoingFaxes) n.ArchiveDirectory = NULL;
  return n;
}

/* Seconds that were set at the start stay when the minutes that stand for them
   are written back. */
static void keep_seconds(const struct service *s, struct configuration *with) {
  const struct configuration *old = s->configuration;
  if (with->record->RetryDelay == old->record->RetryDelay)
    with->retry_delay = old->retry_delay;
}

static DWORD write_config(struct service *s, const struct configuration *c) {
  struct store_changes *changes;
  DWORD error = store_changes_new(&changes);
  if (error != ERROR_SUCCESS) return error;
  error = settings_put_configuration(changes, c);
  if (error == ERROR_SUCCESS) return settings_write(s, changes);
  store_changes_drop(changes);
  return error;
}

/* With the lock, which it lets go of for the disk; *inout is what is to be, and
   then the one before. */
static DWORD replace(struct service *s, struct configuration **inout) {
  settings_begin(s);
  keep_seconds(s, *inout);
  DWORD error = write_config(s, *inout);
  if (error == ERROR_SUCCESS) {
    struct configuration *old = s->configuration;
    s->configuration = *inout;
    *inout = old;
    event_raise(s, FEI_FAX_CONFIG_CHANGED, NULL, NULL);
  }
  settings_end(s);
  return error;
}

DWORD config_set(struct connection *c, const FAX_CONFIGURATION *config) {
  struct service *s = c->service;
  struct configuration *made;
  DWORD error = access_check(c, FAX_CONFIG_SET);
  if (error == ERROR_SUCCESS) error = check(s, config);
  if (error != ERROR_SUCCESS) return error;
  FAX_CONFIGURATION record = normal(config);
  error = config_new(&record, record.RetryDelay * 60, &made);
  if (error != ERROR_SUCCESS) return error;
  error = service_enter(s);
  if (error == ERROR_SUCCESS) {
    error = replace(s, &made);
    service_leave(s);
  }
  mem_unref(made);
  if (error == ERROR_SUCCESS)
    log_line(LOG_OTHER, FAX_LOG_INFO, "config", "changed user=%s", c->user);
  return error;
}
