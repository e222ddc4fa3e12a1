/* SPDX-License-Identifier: MIT
   A page of records, read from the store by who asks for it. */
#include <string.h>

#include "base/text.h"
#include "service/dialling/dialling.h"
#include "service/record/record.h"

enum { USUAL_LIMIT = 1000, MOST_LIMIT = 10000, MOST_CONDITIONS = 9 };

struct page {
  struct arena texts;
  struct fax_attempt_record *rows;
  DWORD count, room;
  DWORD error;
};

/* ---- what comes ---- */

static DWORD make_room(struct page *p) {
  if (p->count < p->room) return ERROR_SUCCESS;
  DWORD room = p->room + p->room / 2 + 64;
  void *rows = mem_resize(p->rows, room * sizeof *p->rows);
  if (rows == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  p->rows = rows;
  p->room = room;
  return ERROR_SUCCESS;
}

/* The row's texts are borrowed for the call. */
static bool keep_texts(struct arena *a, struct fax_attempt_record *r) {
  const struct fax_field *f = record_attempt_record.fields;
  for (; f->name != NULL; f++) {
    const char **text = (const char **)((char *)r + f->offset);
    if (f->kind != FAX_FIELD_TEXT || *text == NULL) continue;
    *text = arena_text(a, *text, strlen(*text));
    if (*text == NULL) return false;
  }
  return true;
}

static bool take(void *arg, const void *row) {
  struct page *p = arg;
  p->error = make_room(p);
  if (p->error != ERROR_SUCCESS) return false;
  struct fax_attempt_record *r = &p->rows[p->count];
  *r = *(const struct fax_attempt_record *)row;
  r->size = sizeof *r;
  if (keep_texts(&p->texts, r)) {
    p->count++;
    return true;
  }
  p->error = ERROR_NOT_ENOUGH_MEMORY;
  return false;
}

/* ---- what is asked ---- */

struct conditions {
  struct store_condition list[MOST_CONDITIONS];
  size_t count;
};

static void is(struct conditions *c, const char *member, DWORD number) {
  if (number != 0)
    c->list[c->count++] =
        (struct store_condition){member, STORE_IS, NULL, number};
}

static void says(struct conditions *c, const char *member,
                 enum store_relation relation, const char *text) {
  if (text != NULL)
    c->list[c->count++] = (struct store_condition){member, relation, text, 0};
}

static void at(struct conditions *c, enum store_relation relation,
               FILETIME time) {
  if (time.dwLowDateTime != 0 || time.dwHighDateTime != 0)
    c->list[c->count++] = (struct store_condition){"ended", relation, NULL,
                                                   time_from_filetime(time)};
}

static void compose(const struct connection *caller,
                    const struct fax_record_query *q, const char *number,
                    struct conditions *c) {
  bool all = (access_rights(caller) & FAX_JOB_QUERY) != 0;
  bool by_user =
      q->order >= FAX_RECORDS_WRITTEN && number == NULL && q->job_id == 0;
  says(c, "number", STORE_IS, number);
  is(c, "job_id", q->job_id);
  at(c, STORE_FROM, q->after);
  at(c, STORE_BEFORE, q->before);
  is(c, "device_id", q->device_id);
  says(c, "cause", STORE_IS, q->cause);
  says(c, "user", by_user ? STORE_IS : STORE_ALSO,
       all ? q->user : caller->user); /* SEC-9 */
  is(c, "direction", all ? q->direction : FAX_DIRECTION_SENT);
  if (!q->uncalled)
    c->list[c->count++] =
        (struct store_condition){"attempt", STORE_FROM, NULL, 1};
}

static DWORD check(const struct fax_record_query *q) {
  if (q->size != sizeof *q)
    return error_say(ERROR_INVALID_PARAMETER,
                     "struct fax_record_query has the wrong size");
  if (q->order > FAX_RECORDS_LATEST)
    return error_say(ERROR_INVALID_PARAMETER, "order %u: 0 to 3 exist",
                     q->order);
  if (q->direction > FAX_DIRECTION_RECEIVED)
    return error_say(ERROR_INVALID_PARAMETER, "direction %u: 0 to 2 exist",
                     q->direction);
  if (q->limit > MOST_LIMIT)
    return error_say(ERROR_INVALID_PARAMETER,
                     "limit %u: at most %d records come at once", q->limit,
                     MOST_LIMIT);
  const char *texts[] = {q->number, q->cause, q->user};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
    if (texts[i] != NULL && !text_is_utf8(texts[i]))
      return error_say(ERROR_INVALID_PARAMETER, "a text is not UTF-8");
  return ERROR_SUCCESS;
}

/* Of others, or what nobody sent, who may not see all of them sees nothing. */
static bool finds_nothing(const struct connection *c,
                          const struct fax_record_query *q) {
  if ((access_rights(c) & FAX_JOB_QUERY) != 0) return false;
  return q->direction == FAX_DIRECTION_RECEIVED ||
         (q->user != NULL && strcmp(q->user, c->user) != 0);
}

static DWORD find(struct connection *c, const struct fax_record_query *q,
                  const char *number, struct page *p) {
  struct conditions conditions = {.count = 0};
  compose(c, q, number, &conditions);
  const struct store_query query = {
      .table = STORE_RECORDS,
      .conditions = conditions.list,
      .condition_count = conditions.count,
      .order = q->order >= FAX_RECORDS_WRITTEN ? "id" : "ended",
      .descending = q->order % 2 == 1,
      .behind = q->behind,
      .limit = q->limit != 0 ? q->limit : USUAL_LIMIT};
  if (q->behind == NULL || q->order == FAX_RECORDS_WRITTEN)
    store_catch_up(
        c->service->store); /* what the caller was told of is there */
  DWORD error = store_find(c->service->store, &query, take, p);
  return error != ERROR_SUCCESS ? error : p->error;
}

DWORD record_list(struct connection *c, const struct fax_record_query *asked,
                  struct fax_attempt_record **records_out, DWORD *count_out) {
  static const struct fax_record_query all = {.size = sizeof all};
  const struct fax_record_query *q = asked != NULL ? asked : &all;
  struct page p = {.count = 0};
  char *number = NULL;
  void *block;
  DWORD error = check(q);
  if (error == ERROR_SUCCESS) error = service_enter(c->service);
  if (error != ERROR_SUCCESS) return error;
  service_leave(c->service);
  if (q->number != NULL &&
      (number = dialling_number(c->service->dialling, q->number)) == NULL)
    return ERROR_NOT_ENOUGH_MEMORY;
  if (!finds_nothing(c, q)) error = find(c, q, number, &p);
  if (error == ERROR_SUCCESS)
    error = record_pack(&record_attempt_record, p.rows, p.count, MEM_BUFFER,
                        &block);
  DWORD count = p.count;
  mem_free(number);
  mem_free(p.rows);
  arena_free(&p.texts);
  if (error != ERROR_SUCCESS) return error;
  *records_out = block;
  *count_out = count;
  return ERROR_SUCCESS;
}
