/* SPDX-License-Identifier: MIT
   The archive as a list: rows in pages, without those whose file has gone. */
#include "service/archive/list.h"

#include <string.h>
#include <unistd.h>

/* Rows that are read at once. */
#define PAGE 128

enum { MOST_CONDITIONS = 8 };

/* The texts of a query are borrowed. */
struct question {
  struct store_condition conditions[MOST_CONDITIONS];
  size_t count;
  bool indexed; /* one of them finds the rows */
  char *called;
};

void archive_listing_free(struct archive_listing *l) {
  for (DWORD i = 0; i < l->count; i++) mem_free_tagged(l->faxes[i], MEM_BUFFER);
  mem_free(l->faxes);
  *l = (struct archive_listing){0};
}

/* ---- rows ---- */

struct finding {
  struct archive_listing *l;
  DWORD error;
};

static DWORD append(struct archive_listing *l, const struct fax_archived *fax) {
  void *block;
  if (l->count == l->room) {
    DWORD room = l->room + l->room / 2 + PAGE;
    void *faxes = mem_resize(l->faxes, room * sizeof(struct fax_archived *));
    if (faxes == NULL) return ERROR_NOT_ENOUGH_MEMORY;
    l->faxes = faxes;
    l->room = room;
  }
  DWORD error = record_pack(&record_archived, fax, 1, MEM_BUFFER, &block);
  if (error == ERROR_SUCCESS) l->faxes[l->count++] = block;
  return error;
}

static bool on_row(void *arg, const void *row) {
  struct finding *f = arg;
  struct fax_archived fax = ((const struct store_archived *)row)->fax;
  fax.size = sizeof fax;
  f->error = append(f->l, &fax);
  return f->error == ERROR_SUCCESS;
}

DWORD archive_find(struct service *s, const struct store_query *query,
                   struct archive_listing *l) {
  struct finding f = {.l = l};
  DWORD error = store_find(s->store, query, on_row, &f);
  return error != ERROR_SUCCESS ? error : f.error;
}

/* ---- a question ---- */

static void add(struct question *q, const char *member,
                enum store_relation relation, const char *text,
                int64_t number) {
  q->conditions[q->count++] =
      (struct store_condition){member, relation, text, number};
}

static bool is_set(FILETIME t) {
  return t.dwLowDateTime != 0 || t.dwHighDateTime != 0;
}

/* The names of the inbox tell whole seconds, and so do bindings, nearly. */
static int64_t second_of(FILETIME t) {
  int64_t wall = time_from_filetime(t);
  return wall - wall % FAX_SECOND;
}

static DWORD check(const struct fax_archive_query *query) {
  if (query->size != sizeof *query)
    return error_say(ERROR_INVALID_PARAMETER,
                     "struct fax_archive_query has the wrong size");
  if (query->folder > FAX_ARCHIVE_RECEIVED)
    return error_say(ERROR_INVALID_PARAMETER, "no such folder: %u",
                     query->folder);
  return ERROR_SUCCESS;
}

/* Of job, number, user and folder the first that is given finds the rows. */
static void add_index(struct question *q, const char *member, const char *text,
                      DWORD number) {
  add(q, member, q->indexed ? STORE_ALSO : STORE_IS, text, number);
  q->indexed = true;
}

/* SEC-9: who may not see all sees what he sent. */
static DWORD ask(const struct connection *c,
                 const struct fax_archive_query *query, struct question *q) {
  bool all = (access_rights(c) & FAX_JOB_QUERY) != 0;
  add(q, "state", STORE_BEFORE, NULL, STORE_WANTED);
  if (query->job_id != 0) add_index(q, "job_id", NULL, query->job_id);
  if (query->number != NULL) {
    q->called = archive_called(c->service, query->number);
    if (q->called == NULL) return ERROR_NOT_ENOUGH_MEMORY;
    add_index(q, "called", q->called, 0);
  }
  if (!all) {
    add_index(q, "user", c->user, 0);
    add_index(q, "folder", NULL, FAX_ARCHIVE_SENT);
  }
  if (query->folder != FAX_ARCHIVE_ANY)
    add_index(q, "folder", NULL, query->folder);
  if (is_set(query->after))
    add(q, "time", STORE_FROM, NULL, second_of(query->after));
  if (is_set(query->before))
    add(q, "time", STORE_BEFORE, NULL, second_of(query->before));
  return ERROR_SUCCESS;
}

/* The time finds them, if neither job nor number do. */
static void find_by_time(const struct fax_archive_query *query,
                         struct question *q) {
  if (query->job_id != 0 || query->number != NULL) return;
  for (size_t n = 0; n < q->count; n++)
    if (q->conditions[n].relation == STORE_IS)
      q->conditions[n].relation = STORE_ALSO;
}

/* ---- pages ---- */

/* From `from` on: those whose file is there move up. */
static void drop_gone(struct archive_listing *l, DWORD from, DWORD limit) {
  DWORD kept = from;
  for (DWORD i = from; i < l->count; i++) {
    bool there = access(l->faxes[i]->path, F_OK) == 0;
    if (there && (limit == 0 || kept < limit))
      l->faxes[kept++] = l->faxes[i];
    else
      mem_free_tagged(l->faxes[i], MEM_BUFFER);
  }
  l->count = kept;
}

static bool on_first(void *arg, const void *row) {
  *(DWORD *)arg = ((const struct store_archived *)row)->fax.id;
  return false;
}

/* The id of the fax with which the time in question begins. */
static DWORD first_of(struct service *s, const struct fax_archive_query *query,
                      DWORD *id_out) {
  bool down = query->newest_first;
  struct store_condition time = {
      .member = "time",
      .relation = down ? STORE_BEFORE : STORE_FROM,
      .number = second_of(down ? query->before : query->after)};
  struct store_query one = {.table = STORE_ARCHIVE,
                            .conditions = &time,
                            .condition_count = 1,
                            .order = "time",
                            .descending = down,
                            .limit = 1};
  return store_find(s->store, &one, on_first, id_out);
}

/* By the ids all that lies before that time would be read; where that is most
   of the archive, its index is better. The clock may have been set back: this
   is no more than a guess. */
static DWORD guess(struct service *s, const struct fax_archive_query *query,
                   bool *few_out) {
  bool down = query->newest_first;
  DWORD id = 0;
  if (query->cursor != 0 || !is_set(down ? query->before : query->after))
    return ERROR_SUCCESS;
  DWORD error = first_of(s, query, &id);
  if (error != ERROR_SUCCESS) return error;
  pthread_mutex_lock(&s->lock);
  DWORD middle = s->next_archived / 2;
  pthread_mutex_unlock(&s->lock);
  *few_out = id == 0 || (down ? id < middle : id > middle);
  return ERROR_SUCCESS;
}

static DWORD read_pages(struct service *s,
                        const struct fax_archive_query *query,
                        struct question *q, struct archive_listing *l) {
  struct store_archived behind = {.fax.id = query->cursor};
  struct store_query page = {.table = STORE_ARCHIVE,
                             .conditions = q->conditions,
                             .condition_count = q->count,
                             .descending = query->newest_first,
                             .behind = query->cursor != 0 ? &behind : NULL,
                             .limit = PAGE};
  DWORD error = guess(s, query, &page.few);
  if (page.few) find_by_time(query, q);
  while (error == ERROR_SUCCESS) {
    DWORD from = l->count;
    error = archive_find(s, &page, l);
    if (error != ERROR_SUCCESS) break;
    DWORD read = l->count - from;
    if (read != 0) behind.fax.id = l->faxes[l->count - 1]->id;
    page.behind = &behind;
    page.few = false;
    drop_gone(l, from, query->limit);
    if (read < PAGE || (query->limit != 0 && l->count == query->limit)) break;
  }
  return error;
}

/* What the service did before this call is in the store. */
static DWORD settle(struct connection *c) {
  DWORD error = service_enter(c->service);
  if (error != ERROR_SUCCESS) return error;
  service_leave(c->service);
  store_catch_up(c->service->store);
  return ERROR_SUCCESS;
}

DWORD archive_collect(struct connection *c,
                      const struct fax_archive_query *query,
                      struct archive_listing *l) {
  struct question q = {.count = 0};
  DWORD error = check(query);
  if (error == ERROR_SUCCESS) error = settle(c);
  if (error == ERROR_SUCCESS) error = ask(c, query, &q);
  if (error == ERROR_SUCCESS) error = read_pages(c->service, query, &q, l);
  mem_free(q.called);
  return error;
}

/* ---- for the API ---- */

static DWORD pack(const struct archive_listing *l,
                  struct fax_archived **faxes_out) {
  struct fax_archived *all = mem_alloc((l->count + 1) * sizeof *all);
  void *block;
  if (all == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  for (DWORD i = 0; i < l->count; i++) all[i] = *l->faxes[i];
  DWORD error =
      record_pack(&record_archived, all, l->count, MEM_BUFFER, &block);
  mem_free(all);
  if (error == ERROR_SUCCESS) *faxes_out = block;
  return error;
}

DWORD archive_list(struct connection *c, const struct fax_archive_query *query,
                   struct fax_archived **faxes_out, DWORD *count_out) {
  struct fax_archive_query all = {.size = sizeof all};
  struct archive_listing l = {0};
  DWORD error = archive_collect(c, query != NULL ? query : &all, &l);
  if (error == ERROR_SUCCESS) error = pack(&l, faxes_out);
  if (error == ERROR_SUCCESS) *count_out = l.count;
  archive_listing_free(&l);
  return error;
}

DWORD archive_find_one(struct connection *c, DWORD folder, const char *member,
                       DWORD number, struct fax_archived **fax_out) {
  struct fax_archive_query all = {.size = sizeof all, .folder = folder};
  struct question q = {.count = 0};
  struct archive_listing l = {0};
  struct store_query one = {.table = STORE_ARCHIVE, .conditions = q.conditions};
  DWORD error = settle(c);
  if (error == ERROR_SUCCESS) error = ask(c, &all, &q);
  add(&q, member, STORE_IS, NULL, number);
  one.condition_count = q.count;
  if (error == ERROR_SUCCESS) error = archive_find(c->service, &one, &l);
  if (error == ERROR_SUCCESS) drop_gone(&l, 0, 0);
  if (error == ERROR_SUCCESS && l.count == 0) error = ERROR_NOT_FOUND;
  if (error == ERROR_SUCCESS) {
    *fax_out = l.faxes[0];
    l.faxes[0] = NULL;
  }
  archive_listing_free(&l);
  return error;
}

DWORD archive_read(struct connection *c, DWORD id,
                   struct fax_archived **fax_out) {
  DWORD error = archive_find_one(c, FAX_ARCHIVE_ANY, "id", id, fax_out);
  if (error != ERROR_NOT_FOUND) return error;
  return error_say(ERROR_INVALID_PARAMETER, "there is no fax %u in the archive",
                   id);
}
