/* SPDX-License-Identifier: MIT
   Which faxes go: the oldest, by age and by the size of all, because somebody
   asks for it or for the limits of the service. */
#include <time.h>

#include "service/archive/list.h"

/* ---- the oldest ones ---- */

static void log_removed(const struct archive_listing *l, DWORD count,
                        const char *why) {
  if (count == 0) return;
  char text[32];
  time_t seconds =
      (time_t)(time_from_filetime(l->faxes[l->count - 1]->time) / FAX_SECOND);
  struct tm tm;
  gmtime_r(&seconds, &tm);
  strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &tm);
  log_line(LOG_OTHER, FAX_LOG_INFO, "archive",
           "removed faxes=%u up to=%s because of=%s", count, text, why);
}

static DWORD find(struct service *s, const struct archive_choice *c,
                  bool by_age, struct archive_listing *l) {
  struct store_condition conditions[3] = {
      {"state", STORE_IS, NULL, STORE_KEPT}};
  struct store_query query = {.table = STORE_ARCHIVE,
                              .conditions = conditions,
                              .condition_count = 1,
                              .order = "time",
                              .limit = ARCHIVE_AT_ONCE};
  if (by_age)
    conditions[query.condition_count++] =
        (struct store_condition){"time", STORE_BEFORE, NULL, c->before};
  if (c->folder != FAX_ARCHIVE_ANY)
    conditions[query.condition_count++] =
        (struct store_condition){"folder", STORE_IS, NULL, c->folder};
  return archive_find(s, &query, l);
}

static DWORDLONG bytes_of(struct service *s, DWORD folder) {
  pthread_mutex_lock(&s->lock);
  DWORDLONG bytes = folder != FAX_ARCHIVE_ANY
                        ? s->archived_bytes[folder]
                        : s->archived_bytes[FAX_ARCHIVE_SENT] +
                              s->archived_bytes[FAX_ARCHIVE_RECEIVED];
  pthread_mutex_unlock(&s->lock);
  return bytes;
}

/* Those at the end may stay. */
static void spare(struct archive_listing *l, DWORDLONG bytes, DWORDLONG keep) {
  DWORD going = 0;
  while (going < l->count && bytes > keep) {
    DWORDLONG size = l->faxes[going++]->bytes;
    bytes -= size < bytes ? size : bytes;
  }
  while (l->count > going) mem_free_tagged(l->faxes[--l->count], MEM_BUFFER);
}

static DWORD choose(struct service *s, const struct archive_choice *c,
                    struct archive_listing *l) {
  DWORD error = ERROR_SUCCESS;
  if (c->before != INT64_MIN) error = find(s, c, true, l);
  if (error != ERROR_SUCCESS || l->count != 0 ||
      c->keep == FAX_ARCHIVE_ALL_BYTES)
    return error;
  DWORDLONG bytes = bytes_of(s, c->folder);
  if (bytes <= c->keep) return ERROR_SUCCESS;
  error = find(s, c, false, l);
  if (error == ERROR_SUCCESS) spare(l, bytes, c->keep);
  return error;
}

static DWORD purge_some(struct service *s, const struct archive_choice *c,
                        DWORD *count_out) {
  struct archive_listing l = {0};
  DWORD count = 0;
  DWORD error = choose(s, c, &l);
  if (error == ERROR_SUCCESS) error = archive_take_out(s, &l, &count);
  log_removed(&l, count, c->why);
  archive_listing_free(&l);
  if (error == ERROR_SUCCESS) *count_out = count;
  return error;
}

DWORD archive_purge_some(struct service *s, const struct archive_choice *c,
                         DWORD *count_out) {
  DWORD error = archive_enter(s);
  if (error != ERROR_SUCCESS) return error;
  error = purge_some(s, c, count_out);
  archive_leave(s);
  return error;
}

/* ---- when somebody asks for it ---- */

static DWORD check(const struct fax_archive_purge *purge) {
  if (purge == NULL || purge->size != sizeof *purge)
    return error_say(ERROR_INVALID_PARAMETER,
                     "struct fax_archive_purge has the wrong size");
  if (purge->folder > FAX_ARCHIVE_RECEIVED)
    return error_say(ERROR_INVALID_PARAMETER, "no such folder: %u",
                     purge->folder);
  return ERROR_SUCCESS;
}

static int64_t second_of(FILETIME t) {
  if (t.dwLowDateTime == 0 && t.dwHighDateTime == 0) return INT64_MIN;
  int64_t wall = time_from_filetime(t);
  return wall - wall % FAX_SECOND;
}

DWORD archive_purge(struct connection *c, const struct fax_archive_purge *purge,
                    DWORD *removed_out) {
  DWORD error = check(purge), removed = 0, count = 1;
  if (error == ERROR_SUCCESS) error = access_check(c, FAX_JOB_MANAGE);
  if (error != ERROR_SUCCESS) return error;
  struct archive_choice choice = {.folder = purge->folder,
                                  .before = second_of(purge->before),
                                  .keep = purge->keep_bytes,
                                  .why = c->user};
  while (error == ERROR_SUCCESS && count != 0) {
    count = 0;
    error = archive_purge_some(c->service, &choice, &count);
    removed += count;
  }
  if (error == ERROR_SUCCESS) *removed_out = removed;
  return error;
}

/* ---- the limits of the service ---- */

/* Seconds until days are counted again, and until a failure is tried again. */
#define LOOK_AGAIN 3600.0

static DWORDLONG limit_of(const struct service *s) {
  return s->config.archive_bytes != 0 ? s->config.archive_bytes
                                      : FAX_ARCHIVE_ALL_BYTES;
}

void archive_grown(struct service *s, const struct fax_archived *fax) {
  s->archived_bytes[fax->folder] += fax->bytes;
  if (s->archived_bytes[FAX_ARCHIVE_SENT] +
          s->archived_bytes[FAX_ARCHIVE_RECEIVED] <=
      limit_of(s))
    return;
  s->retain_at = 0;
  service_changed(s);
}

static struct archive_choice limits(const struct service *s) {
  DWORD days = s->config.archive_days;
  struct archive_choice c = {
      .before = INT64_MIN, .keep = limit_of(s), .why = "the limits"};
  if (days != 0)
    c.before = service_wall(s) - (int64_t)days * 24 * 3600 * FAX_SECOND;
  return c;
}

bool archive_retain(struct service *s, fax_deadline *next_inout) {
  DWORD count = 0;
  if (s->config.archive_days == 0 && s->config.archive_bytes == 0) return false;
  if (FaxClockNow() < s->retain_at) {
    sooner(next_inout, s->retain_at);
    return false;
  }
  struct archive_choice choice = limits(s);
  s->retain_at = clock_after(FaxClockNow(), LOOK_AGAIN);
  pthread_mutex_unlock(&s->lock);
  DWORD error = archive_purge_some(s, &choice, &count);
  if (error != ERROR_SUCCESS)
    log_line(LOG_OTHER, FAX_LOG_ERROR, "archive", "nothing was removed: %s",
             error_message());
  pthread_mutex_lock(&s->lock);
  if (count != 0) s->retain_at = 0; /* there may be more */
  return true;
}
