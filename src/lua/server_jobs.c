/* SPDX-License-Identifier: MIT
   The jobs of a server handle: listing, submitting, commands, results. */
#include <fax/fax_queue.h>
#include <string.h>

#include "lua/binding.h"

static struct record_ref job_entry = {"FAX_JOB_ENTRY", NULL};
static struct record_ref job_param = {"FAX_JOB_PARAM", NULL};
static struct record_ref job_result = {"fax_job_result", NULL};

/* _jobs{ with =, without =, number =, limit =, newest_first =, cursor = } */
static int server_jobs(lua_State *L) {
  HANDLE handle = server_handle(L);
  struct fax_job_query query;
  struct box *block;
  PFAX_JOB_ENTRY jobs;
  DWORD count;
  luaL_checktype(L, 2, LUA_TTABLE);
  memset(&query, 0, sizeof query);
  query.size = sizeof query;
  query.with = field_dword(L, 2, "with", 0);
  query.without = field_dword(L, 2, "without", 0);
  query.limit = field_dword(L, 2, "limit", 0);
  query.newest_first = field_bool(L, 2, "newest_first", FALSE);
  query.cursor = field_dword(L, 2, "cursor", 0);
  query.number = field_text(L, 2, "number");
  block = block_push(L); /* -- block */
  if (handle == NULL) return fail_closed(L, "FaxEnumJobs");
  if (!FaxEnumQueue(handle, &query, &jobs, &count))
    return fail_last(L, "FaxEnumJobs");
  box_fill(block, jobs);
  record_push_array(L, record_get(&job_entry), jobs, count);
  block_free(block);
  return 1;
}

static int server_job_info(lua_State *L) {
  HANDLE handle = server_handle(L);
  DWORD id = check_dword(L, 2);
  struct box *block = block_push(L); /* -- block */
  PFAX_JOB_ENTRY job;
  if (handle == NULL) return fail_closed(L, "FaxGetJob");
  if (!FaxGetJob(handle, id, &job)) return fail_last(L, "FaxGetJob");
  box_fill(block, job);
  record_push(L, record_get(&job_entry), job);
  block_free(block);
  return 1;
}

static int server_abort(lua_State *L) {
  HANDLE handle = server_handle(L);
  DWORD id = check_dword(L, 2);
  if (handle == NULL) return fail_closed(L, "FaxAbort");
  if (!FaxAbort(handle, id)) return fail_last(L, "FaxAbort");
  lua_pushboolean(L, 1);
  return 1;
}

/* set_job(id, command) */
static int server_set_job(lua_State *L) {
  HANDLE handle = server_handle(L);
  DWORD id = check_dword(L, 2);
  DWORD command = check_dword(L, 3);
  if (handle == NULL) return fail_closed(L, "FaxSetJob");
  if (!FaxSetJob(handle, id, command, NULL)) return fail_last(L, "FaxSetJob");
  lua_pushboolean(L, 1);
  return 1;
}

static void set_dword(lua_State *L, const char *name, DWORD value) {
  lua_pushinteger(L, (lua_Integer)value);
  lua_setfield(L, -2, name);
}

/* page_data(id) -> { data =, width =, height = } */
static int server_page_data(lua_State *L) {
  HANDLE handle = server_handle(L);
  DWORD id = check_dword(L, 2);
  struct box *block = block_push(L); /* -- block */
  BYTE *bytes;
  DWORD size, width, height;
  if (handle == NULL) return fail_closed(L, "FaxGetPageData");
  if (!FaxGetPageData(handle, id, &bytes, &size, &width, &height))
    return fail_last(L, "FaxGetPageData");
  box_fill(block, bytes);
  lua_createtable(L, 0, 3); /* -- block, page */
  lua_pushlstring(L, (const char *)bytes, size);
  lua_setfield(L, -2, "data");
  set_dword(L, "width", width);
  set_dword(L, "height", height);
  block_free(block);
  return 1;
}

static int server_result(lua_State *L) {
  HANDLE handle = server_handle(L);
  DWORD id = check_dword(L, 2);
  struct box *block = block_push(L); /* -- block */
  struct fax_job_result *result;
  if (handle == NULL) return fail_closed(L, "FaxGetJobResult");
  if (!FaxGetJobResult(handle, id, &result))
    return fail_last(L, "FaxGetJobResult");
  box_fill(block, result);
  record_push(L, record_get(&job_result), result);
  block_free(block);
  return 1;
}

/* False: the order names a document that is closed. */
static bool read_document(lua_State *L, int order,
                          struct fax_submission *submission) {
  lua_getfield(L, order, "document"); /* -- document, which stays */
  if (lua_isnil(L, -1)) return true;
  submission->document = box_object(box_check(L, lua_gettop(L), DOCUMENT_TYPE));
  return submission->document != NULL;
}

/* Zero: there is none. One before 1970 is long over. */
static FILETIME field_deadline(lua_State *L, int table) {
  FILETIME deadline = {0, 0};
  lua_getfield(L, table, "deadline"); /* -- value */
  if (!lua_isnil(L, -1)) {
    lua_Number seconds = luaL_checknumber(L, -1);
    deadline = to_filetime(seconds > 0 ? seconds : 1);
  }
  lua_pop(L, 1);
  return deadline;
}

/* A FAX_JOB_PARAM with the fields of fax_submission: what they point to stays
   on the stack. False: its document is closed. */
struct order {
  FAX_JOB_PARAM params;
  struct fax_submission submission;
};

static bool read_order(lua_State *L, int order, struct interrupt_watch *watch,
                       struct order *out) {
  struct fax_submission *s = &out->submission;
  memset(out, 0, sizeof *out);
  s->size = sizeof *s;
  record_read(L, order, record_get(&job_param), &out->params);
  s->params = &out->params;
  s->files = field_texts(L, order, "files", &s->file_count);
  s->retries = field_dword(L, order, "retries", FAX_UNKNOWN);
  s->retry_delay = field_dword(L, order, "retry_delay", FAX_UNKNOWN);
  s->resolution = field_dword(L, order, "resolution", FAX_RESOLUTION_FINE);
  s->paper = field_dword(L, order, "paper", FAX_PAPER_AUTO);
  s->ecm = field_dword(L, order, "ecm", FAX_UNKNOWN);
  s->max_rate = field_dword(L, order, "max_rate", 0);
  s->transport = field_dword(L, order, "transport", FAX_TRANSPORT_ANY);
  s->device_id = field_dword(L, order, "device_id", 0);
  s->priority = field_dword(L, order, "priority", FAX_PRIORITY_NORMAL);
  s->deadline = field_deadline(L, order);
  s->hold = field_bool(L, order, "hold", FALSE);
  s->on_doubt = field_dword(L, order, "on_doubt", FAX_DOUBT_DEFAULT);
  s->key = field_text(L, order, "key");
  s->queue_limit = field_dword(L, order, "queue_limit", 0);
  s->queue_bytes = field_size(L, order, "queue_bytes", 0);
  patience_read(L, order, watch, &s->patience);
  return read_document(L, order, s);
}

/* submit{ files = {...} or document =, the fields of FAX_JOB_PARAM and of
   fax_submission } */
static int server_submit(lua_State *L) {
  HANDLE handle = server_handle(L);
  struct order order;
  struct interrupt_watch watch;
  DWORD id;
  luaL_checktype(L, 2, LUA_TTABLE);
  if (!read_order(L, 2, &watch, &order) || handle == NULL)
    return fail_closed(L, "FaxSendDocument");
  if (!FaxSubmit(handle, &order.submission, &id))
    return fail_last(L, "FaxSendDocument");
  lua_pushinteger(L, (lua_Integer)id);
  return 1;
}

/* What stays on the stack goes into a table, of which there is one. */
static bool read_orders(lua_State *L, DWORD count,
                        struct interrupt_watch *watch, struct order *orders) {
  bool open = true;
  int kept = 0, texts;
  lua_newtable(L); /* -- texts */
  texts = lua_gettop(L);
  for (DWORD i = 0; i < count && open; i++) {
    luaL_checkstack(L, 10, "too many orders");
    lua_rawgeti(L, 2, (int)i + 1); /* -- texts, order */
    luaL_checktype(L, texts + 1, LUA_TTABLE);
    open = read_order(L, texts + 1, watch, &orders[i]);
    while (lua_gettop(L) > texts) lua_rawseti(L, texts, ++kept);
  }
  return open;
}

static void push_ids(lua_State *L, const DWORD *ids, DWORD count) {
  lua_newtable(L); /* -- list */
  for (DWORD i = 0; i < count && ids[i] != 0; i++) {
    lua_pushinteger(L, (lua_Integer)ids[i]);
    lua_rawseti(L, -2, (int)i + 1);
  }
}

/* submit_all{ orders } -> ids, of those that were queued; why, code */
static int server_submit_all(lua_State *L) {
  HANDLE handle = server_handle(L);
  DWORD count, *ids;
  struct order *orders;
  struct fax_submission *all;
  struct interrupt_watch watch;
  luaL_checktype(L, 2, LUA_TTABLE);
  count = (DWORD)lua_rawlen(L, 2);
  orders = lua_newuserdatauv(L, (count + 1) * sizeof *orders, 0);
  all = lua_newuserdatauv(L, (count + 1) * sizeof *all, 0);
  ids = lua_newuserdatauv(L, (count + 1) * sizeof *ids, 0);
  if (!read_orders(L, count, &watch, orders) || handle == NULL)
    return fail_closed(L, "FaxSendDocumentForBroadcast");
  for (DWORD i = 0; i < count; i++) all[i] = orders[i].submission;
  if (FaxSubmitAll(handle, all, count, ids)) {
    push_ids(L, ids, count);
    return 1;
  }
  fail_last(L, "FaxSendDocumentForBroadcast"); /* -- nil, why, code */
  push_ids(L, ids, count);
  lua_replace(L, -4);
  return 3;
}

static const luaL_Reg methods[] = {{"_jobs", server_jobs},
                                   {"_job_info", server_job_info},
                                   {"_abort", server_abort},
                                   {"_set_job", server_set_job},
                                   {"_page_data", server_page_data},
                                   {"_result", server_result},
                                   {"_submit", server_submit},
                                   {"_submit_all", server_submit_all},
                                   {NULL, NULL}};

void server_job_methods(lua_State *L) {
  luaL_setfuncs(L, methods, 0);
}
