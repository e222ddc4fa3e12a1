/* SPDX-License-Identifier: MIT
   The archive through a server handle. */
#include <fax/fax_archive.h>
#include <string.h>

#include "lua/binding.h"

static struct record_ref archived = {"fax_archived", NULL};

static FILETIME field_time(lua_State *L, const char *name) {
  FILETIME time;
  lua_getfield(L, 2, name); /* -- seconds */
  time = to_filetime(luaL_optnumber(L, -1, 0));
  lua_pop(L, 1);
  return time;
}

/* archive{ folder =, after =, before =, number =, limit =, newest_first =,
   cursor =, job = } */
static int archive_list(lua_State *L) {
  HANDLE handle = server_handle(L);
  struct fax_archive_query query;
  struct fax_archived *faxes;
  struct box *block;
  DWORD count;
  luaL_checktype(L, 2, LUA_TTABLE);
  memset(&query, 0, sizeof query);
  query.size = sizeof query;
  query.folder = field_dword(L, 2, "folder", FAX_ARCHIVE_ANY);
  query.after = field_time(L, "after");
  query.before = field_time(L, "before");
  query.limit = field_dword(L, 2, "limit", 0);
  query.newest_first = field_bool(L, 2, "newest_first", FALSE);
  query.cursor = field_dword(L, 2, "cursor", 0);
  query.number = field_text(L, 2, "number");
  query.job_id = field_dword(L, 2, "job", 0);
  block = block_push(L); /* -- block */
  if (handle == NULL) return fail_closed(L, "FaxEnumArchive");
  if (!FaxEnumArchive(handle, &query, &faxes, &count))
    return fail_last(L, "FaxEnumArchive");
  box_fill(block, faxes);
  record_push_array(L, record_get(&archived), faxes, count);
  block_free(block);
  return 1;
}

static int archive_get(lua_State *L) {
  HANDLE handle = server_handle(L);
  DWORD id = check_dword(L, 2);
  struct box *block = block_push(L); /* -- block */
  struct fax_archived *fax;
  if (handle == NULL) return fail_closed(L, "FaxGetArchived");
  if (!FaxGetArchived(handle, id, &fax)) return fail_last(L, "FaxGetArchived");
  box_fill(block, fax);
  record_push(L, record_get(&archived), fax);
  block_free(block);
  return 1;
}

/* remove_archived(list of ids) */
static int archive_remove(lua_State *L) {
  HANDLE handle = server_handle(L);
  DWORD *ids, removed;
  size_t count;
  luaL_checktype(L, 2, LUA_TTABLE);
  count = lua_rawlen(L, 2);
  luaL_argcheck(L, count <= 1000000, 2, "too many ids");
  ids = lua_newuserdatauv(L, (count + 1) * sizeof *ids, 0); /* -- ids */
  for (size_t i = 0; i < count; i++) {
    lua_rawgeti(L, 2, (int)i + 1); /* -- ids, id */
    ids[i] = check_dword(L, -1);
    lua_pop(L, 1);
  }
  if (handle == NULL) return fail_closed(L, "FaxRemoveArchived");
  if (!FaxRemoveArchived(handle, ids, (DWORD)count, &removed))
    return fail_last(L, "FaxRemoveArchived");
  lua_pushinteger(L, (lua_Integer)removed);
  return 1;
}

/* purge_archive{ folder =, before =, keep_bytes = } */
static int archive_purge(lua_State *L) {
  HANDLE handle = server_handle(L);
  struct fax_archive_purge purge;
  DWORD removed;
  luaL_checktype(L, 2, LUA_TTABLE);
  memset(&purge, 0, sizeof purge);
  purge.size = sizeof purge;
  purge.folder = field_dword(L, 2, "folder", FAX_ARCHIVE_ANY);
  purge.before = field_time(L, "before");
  purge.keep_bytes = field_size(L, 2, "keep_bytes", FAX_ARCHIVE_ALL_BYTES);
  if (handle == NULL) return fail_closed(L, "FaxPurgeArchive");
  if (!FaxPurgeArchive(handle, &purge, &removed))
    return fail_last(L, "FaxPurgeArchive");
  lua_pushinteger(L, (lua_Integer)removed);
  return 1;
}

typedef BOOL read_fn(HANDLE handle, DWORD id, BYTE **data_out,
                     LPDWORD size_out);

static int push_bytes(lua_State *L, struct box *block, BYTE *data, DWORD size) {
  box_fill(block, data);
  lua_pushlstring(L, (const char *)data, size);
  block_free(block);
  return 1;
}

int file_push(lua_State *L, HANDLE handle, struct fax_file *ask, int at) {
  struct box *block = block_push(L); /* -- block */
  BYTE *data;
  DWORD size;
  ask->size = sizeof *ask;
  ask->form = (DWORD)luaL_optinteger(L, at, FAX_FORM_TIFF);
  ask->page = (DWORD)luaL_optinteger(L, at + 1, 0);
  if (handle == NULL) return fail_closed(L, "FaxReadFile");
  if (!FaxReadFile(handle, ask, &data, &size))
    return fail_last(L, "FaxReadFile");
  return push_bytes(L, block, data, size);
}

/* read(id): the file, as a text; read(id, form, page): in another form */
static int push_file(lua_State *L, read_fn *read, const char *name, DWORD of) {
  HANDLE handle = server_handle(L);
  DWORD id = check_dword(L, 2);
  struct fax_file ask = {.of = of, .id = id};
  BYTE *data;
  DWORD size;
  if (!lua_isnoneornil(L, 3)) return file_push(L, handle, &ask, 3);
  struct box *block = block_push(L); /* -- block */
  if (handle == NULL) return fail_closed(L, name);
  if (!read(handle, id, &data, &size)) return fail_last(L, name);
  return push_bytes(L, block, data, size);
}

static int archive_file(lua_State *L) {
  return push_file(L, FaxReadArchived, "FaxReadArchived", FAX_FILE_ARCHIVED);
}

static int inbox_file(lua_State *L) {
  return push_file(L, FaxReadReceived, "FaxReadReceived", FAX_FILE_RECEIVED);
}

static int job_file(lua_State *L) {
  return push_file(L, FaxReadDocument, "FaxReadDocument", FAX_FILE_JOB);
}

static const luaL_Reg methods[] = {{"_archive", archive_list},
                                   {"_archived", archive_get},
                                   {"_remove_archived", archive_remove},
                                   {"_purge_archive", archive_purge},
                                   {"_archived_file", archive_file},
                                   {"_received_file", inbox_file},
                                   {"_job_file", job_file},
                                   {NULL, NULL}};

void server_archive_methods(lua_State *L) {
  luaL_setfuncs(L, methods, 0);
}
