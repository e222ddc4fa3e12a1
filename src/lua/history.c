/* SPDX-License-Identifier: MIT
   The records of attempts and the metrics, through a server handle. */
#include <fax/fax_history.h>
#include <stdio.h>
#include <string.h>

#include "lua/binding.h"

static struct record_ref attempt_record = {"fax_attempt_record", NULL};

/* A cursor is the place of a record in each order, in digits. */
#define CURSOR "%llu-%u-%u-%u"

static unsigned long long whole(FILETIME t) {
  return (unsigned long long)t.dwHighDateTime << 32 | t.dwLowDateTime;
}

static void push_cursors(lua_State *L, const struct fax_attempt_record *records,
                         DWORD count) {
  lua_createtable(L, (int)count, 0); /* -- cursors */
  for (DWORD i = 0; i < count; i++) {
    const struct fax_attempt_record *r = &records[i];
    char text[64];
    snprintf(text, sizeof text, CURSOR, whole(r->ended), r->id, r->job_id,
             r->attempt);
    lua_pushstring(L, text);
    lua_rawseti(L, -2, (int)i + 1);
  }
}

static void read_cursor(lua_State *L, const char *text,
                        struct fax_attempt_record *place_out) {
  unsigned long long ended;
  unsigned id, job, attempt;
  if (sscanf(text, CURSOR, &ended, &id, &job, &attempt) != 4)
    luaL_error(L, "'%s' is no cursor of server:records", text);
  memset(place_out, 0, sizeof *place_out);
  place_out->size = sizeof *place_out;
  place_out->ended.dwLowDateTime = (DWORD)ended;
  place_out->ended.dwHighDateTime = (DWORD)(ended >> 32);
  place_out->id = id;
  place_out->job_id = job;
  place_out->attempt = attempt;
}

static FILETIME time_field(lua_State *L, const char *name) {
  FILETIME time;
  lua_getfield(L, 2, name); /* -- seconds */
  time = to_filetime(luaL_optnumber(L, -1, 0));
  lua_pop(L, 1);
  return time;
}

/* records{ the fields of fax_record_query, cursor = }: a list, and one of the
   cursors behind each. The texts stay in the table. */
static int server_records(lua_State *L) {
  HANDLE handle = server_handle(L);
  struct fax_record_query q = {.size = sizeof q};
  struct fax_attempt_record place, *records;
  const char *cursor;
  struct box *block;
  DWORD count;
  luaL_checktype(L, 2, LUA_TTABLE);
  q.order = field_dword(L, 2, "order", FAX_RECORDS_OLDEST);
  q.after = time_field(L, "after");
  q.before = time_field(L, "before");
  q.number = field_text(L, 2, "number");
  q.direction = field_dword(L, 2, "direction", 0);
  q.device_id = field_dword(L, 2, "device", 0);
  q.cause = field_text(L, 2, "cause");
  q.job_id = field_dword(L, 2, "job", 0);
  q.user = field_text(L, 2, "user");
  q.limit = field_dword(L, 2, "limit", 0);
  q.uncalled = field_bool(L, 2, "uncalled", FALSE);
  cursor = field_text(L, 2, "cursor");
  if (cursor != NULL) {
    read_cursor(L, cursor, &place);
    q.behind = &place;
  }
  block = block_push(L); /* -- block */
  if (handle == NULL) return fail_closed(L, "FaxEnumRecords");
  if (!FaxEnumRecords(handle, &q, &records, &count))
    return fail_last(L, "FaxEnumRecords");
  box_fill(block, records);
  record_push_array(L, record_get(&attempt_record), records, count);
  push_cursors(L, records, count); /* -- block, list, cursors */
  block_free(block);
  return 2;
}

static int server_metrics(lua_State *L) {
  HANDLE handle = server_handle(L);
  struct box *block = block_push(L); /* -- block */
  char *text;
  if (handle == NULL) return fail_closed(L, "FaxGetMetrics");
  if (!FaxGetMetrics(handle, &text)) return fail_last(L, "FaxGetMetrics");
  box_fill(block, text);
  lua_pushstring(L, text);
  block_free(block);
  return 1;
}

static const luaL_Reg methods[] = {
    {"_records", server_records}, {"metrics", server_metrics}, {NULL, NULL}};

void server_history_methods(lua_State *L) {
  luaL_setfuncs(L, methods, 0);
}
