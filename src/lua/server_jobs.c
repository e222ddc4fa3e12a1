/* SPDX-License-Identifier: MIT
   The jobs of a server handle: listing, submitting, commands, results. */
#include <string.h>

#include "lua/binding.h"

static struct record_ref job_entry = {"FAX_JOB_ENTRY", NULL};
static struct record_ref job_param = {"FAX_JOB_PARAM", NULL};
static struct record_ref job_result = {"fax_job_result", NULL};

static int server_jobs(lua_State *L) {
  HANDLE handle = server_handle(L);
  struct box *block = block_push(L); /* -- block */
  PFAX_JOB_ENTRY jobs;
  DWORD count;
  if (handle == NULL) return fail_closed(L, "FaxEnumJobs");
  if (!FaxEnumJobs(handle, &jobs, &count)) return fail_last(L, "FaxEnumJobs");
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
static bool read_document(lua_State *L, struct fax_submission *submission) {
  lua_getfield(L, 2, "document"); /* -- document, which stays */
  if (lua_isnil(L, -1)) return true;
  submission->document = box_object(box_check(L, lua_gettop(L), DOCUMENT_TYPE));
  return submission->document != NULL;
}

/* submit{ files = {...} or document =, the fields of FAX_JOB_PARAM and of
   fax_submission } */
static int server_submit(lua_State *L) {
  HANDLE handle = server_handle(L);
  FAX_JOB_PARAM params;
  struct fax_submission submission;
  struct interrupt_watch watch;
  bool open;
  DWORD id;
  luaL_checktype(L, 2, LUA_TTABLE);
  memset(&params, 0, sizeof params);
  memset(&submission, 0, sizeof submission);
  submission.size = sizeof submission;
  record_read(L, 2, record_get(&job_param), &params);
  submission.params = &params;
  submission.files = field_texts(L, 2, "files", &submission.file_count);
  submission.retries = field_dword(L, 2, "retries", FAX_UNKNOWN);
  submission.retry_delay = field_dword(L, 2, "retry_delay", FAX_UNKNOWN);
  submission.resolution = field_dword(L, 2, "resolution", FAX_RESOLUTION_FINE);
  submission.paper = field_dword(L, 2, "paper", FAX_PAPER_AUTO);
  submission.ecm = field_dword(L, 2, "ecm", FAX_UNKNOWN);
  submission.max_rate = field_dword(L, 2, "max_rate", 0);
  submission.transport = field_dword(L, 2, "transport", FAX_TRANSPORT_ANY);
  submission.device_id = field_dword(L, 2, "device_id", 0);
  patience_read(L, 2, &watch, &submission.patience);
  open = read_document(L, &submission);
  if (handle == NULL || !open) return fail_closed(L, "FaxSendDocument");
  if (!FaxSubmit(handle, &submission, &id))
    return fail_last(L, "FaxSendDocument");
  lua_pushinteger(L, (lua_Integer)id);
  return 1;
}

static const luaL_Reg methods[] = {{"jobs", server_jobs},
                                   {"_job_info", server_job_info},
                                   {"_abort", server_abort},
                                   {"_set_job", server_set_job},
                                   {"_page_data", server_page_data},
                                   {"_result", server_result},
                                   {"_submit", server_submit},
                                   {NULL, NULL}};

void server_job_methods(lua_State *L) {
  luaL_setfuncs(L, methods, 0);
}
