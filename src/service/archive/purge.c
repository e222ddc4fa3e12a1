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
                  const struct archive_place *p, struct archive_listing *l) {
  const struct store_archived behind = {.fax = {.id = p->id, .time = p->time}};
  struct store_condition conditions[3] = {
      {"state", STORE_IS, NULL, STORE_KEPT}};
  struct store_query query = {.table = STORE_ARCHIVE,
                              .conditions = conditions,
                              .condition_count = 1,
                              .order = "time",
                              .behind = p->id != 0 ? &behind : NULL,
                              .limit = ARCHIVE_AT_ONCE};
  if (!p->by_size)
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

static void go_on(struct archive_place *p, const struct archive_listing *l) {
  p->id = l->faxes[l->count - 1]->id;
  p->time = l->faxes[l->count - 1]->time;
}

static DWORD choose_old(struct service *s, const struct archive_choice *c,
                        struct archive_place *p, struct archive_listing *l) {
  if (p->by_size) return ERROR_SUCCESS;
  DWORD error = c->before != INT64_MIN ? find(s, c, p, l) : ERROR_SUCCESS;
  if (error == ERROR_SUCCESS && l->count == 0)
    *p = (struct archive_place){.by_size = true};
  return error;
}

static DWORD choose(struct service *s, const struct archive_choice *c,
                    struct archive_place *p, struct archive_listing *l) {
  DWORD error = choose_old(s, c, p, l);
  if (error != ERROR_SUCCESS || l->count != 0 ||
      c->keep == FAX_ARCHIVE_ALL_BYTES)
    return error;
  DWORDLONG bytes = bytes_of(s, c->folder);
  if (bytes <= c->keep) return ERROR_SUCCESS;
  error = find(s, c, p, l);
  if (error == ERROR_SUCCESS) spare(l, bytes, c->keep);
  return error;
}

static DWORD purge_some(struct service *s, const struct archive_choice *c,
                        struct archive_place *place_inout, DWORD *count_out,
                        bool *more_out) {
  struct archive_listing l = {0};
  struct archive_place p = *place_inout;
  DWORD count = 0;
  DWORD error = choose(s, c, &p, &l);
  bool more = l.count != 0;
  if (more) go_on(&p, &l);
  if (error == ERROR_SUCCESS) error = archive_take_out(s, &l, &count);
  log_removed(&l, count, c->why);
  archive_listing_free(&l);
  if (error != ERROR_SUCCESS) return error;
  *place_inout = p;
  *count_out = count;
  *more_out = more;
  return ERROR_SUCCESS;
}

DWORD archive_purge_some(struct service *s, const struct archive_choice *c,
                         struct archive_place *place_inout, DWORD *count_out,
                         bool *more_out) {
  DWORD error = archive_enter(s);
  if (error != ERROR_SUCCESS) return error;
  error = purge_some(s, c, place_inout, count_out, more_out);
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
  DWORD error = check(purge), removed = 0, count = 0;
  struct archive_place place = {.id = 0};
  bool more = true;
  if (error == ERROR_SUCCESS) error = access_check(c, FAX_JOB_MANAGE);
  if (error != ERROR_SUCCESS) return error;
  struct archive_choice choice = {.folder = purge->folder,
                                  .before = second_of(purge->before),
                                  .keep = purge->keep_bytes,
                                  .why = c->user};
  while (error == ERROR_SUCCESS && more) {
    error = archive_purge_some(c->service, &choice, &place, &count, &more);
    if (error == ERROR_SUCCESS) removed += count;
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

static bool is_overfull(const struct service *s) {
  return s->archived_bytes[FAX_ARCHIVE_SENT] +
             s->archived_bytes[FAX_ARCHIVE_RECEIVED] >
         limit_of(s);
}

void archive_grown(struct service *s, const struct fax_archived *fax) {
  s->archived_bytes[fax->folder] += fax->bytes;
  if (!is_overfull(s)) s->overfull = false;
  if (!is_overfull(s) || s->overfull) return;
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

/* With the lock. */
static void retained(struct service *s, bool more) {
  s->overfull = !more && is_overfull(s);
  if (more)
    s->retain_at = 0;
  else
    s->retained = (struct archive_place){.id = 0};
}

bool archive_retain(struct service *s, fax_deadline *next_inout) {
  DWORD count = 0;
  bool more = false;
  if (s->config.archive_days == 0 && s->config.archive_bytes == 0) return false;
  if (FaxClockNow() < s->retain_at) {
    sooner(next_inout, s->retain_at);
    return false;
  }
  struct archive_choice choice = limits(s);
  struct archive_place place = s->retained;
  s->retain_at = clock_after(FaxClockNow(), LOOK_AGAIN);
  pthread_mutex_unlock(&s->lock);
  DWORD error = archive_purge_some(s, &choice, &place, &count, &more);
  if (error != ERROR_SUCCESS)
    log_line(LOG_OTHER, FAX_LOG_ERROR, "archive", "nothing was removed: %s",
             error_message());
  pthread_mutex_lock(&s->lock);
  s->retained = place;
  retained(s, more);
  return true;
}
