/* SPDX-License-Identifier: MIT
   A server handle: connecting, listing ports and jobs, submitting, results,
   the inbox. One C function for each Fax* function, no policy. */
#include <string.h>

#include "lua/binding.h"

static struct record_ref port_info = {"FAX_PORT_INFO", NULL};
static struct record_ref job_entry = {"FAX_JOB_ENTRY", NULL};
static struct record_ref job_param = {"FAX_JOB_PARAM", NULL};
static struct record_ref job_result = {"fax_job_result", NULL};
static struct record_ref received = {"fax_received", NULL};

static HANDLE server_handle(lua_State *L) {
  return box_object(box_check(L, 1, SERVER_TYPE));
}

static int server_close(lua_State *L) {
  HANDLE handle = box_empty(box_check(L, 1, SERVER_TYPE));
  if (handle != NULL) FaxClose(handle);
  return 0;
}

/* connect(rights or nil, user or nil) */
static int server_connect(lua_State *L) {
  struct fax_connect connect = {sizeof connect, FAX_ALL_ACCESS, NULL};
  struct box *box;
  HANDLE handle;
  if (!lua_isnoneornil(L, 1)) connect.rights = check_dword(L, 1);
  connect.user = opt_text(L, 2);
  box = box_push(L, SERVER_TYPE); /* -- box */
  if (!FaxConnect(&connect, &handle))
    return fail_last(L, "FaxConnectFaxServer");
  box_fill(box, handle);
  return 1;
}

static int server_closed(lua_State *L) {
  lua_pushboolean(L, server_handle(L) == NULL);
  return 1;
}

static int server_ports(lua_State *L) {
  HANDLE handle = server_handle(L);
  struct box *block = block_push(L); /* -- block */
  PFAX_PORT_INFO ports;
  DWORD count;
  if (handle == NULL) return fail_closed(L, "FaxEnumPorts");
  if (!FaxEnumPorts(handle, &ports, &count))
    return fail_last(L, "FaxEnumPorts");
  box_fill(block, ports);
  record_push_array(L, record_get(&port_info), ports, count);
  block_free(block);
  return 1;
}

/* open_port(device, mode) */
static int server_open_port(lua_State *L) {
  HANDLE handle = server_handle(L);
  DWORD device = check_dword(L, 2);
  DWORD mode = check_dword(L, 3);
  if (handle == NULL) return fail_closed(L, "FaxOpenPort");
  return port_wrap(L, handle, device, mode);
}

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

/* submit{ files = {...}, the fields of FAX_JOB_PARAM and of fax_submission } */
static int server_submit(lua_State *L) {
  HANDLE handle = server_handle(L);
  FAX_JOB_PARAM params;
  struct fax_submission submission;
  struct interrupt_watch watch;
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
  submission.device_id = field_dword(L, 2, "device_id", 0);
  patience_read(L, 2, &watch, &submission.patience);
  if (handle == NULL) return fail_closed(L, "FaxSendDocument");
  if (!FaxSubmit(handle, &submission, &id))
    return fail_last(L, "FaxSendDocument");
  lua_pushinteger(L, (lua_Integer)id);
  return 1;
}

/* Seconds since 1970 as a FILETIME; before 1970 is all of them. */
static FILETIME to_filetime(lua_Number seconds) {
  FILETIME time = {0, 0};
  uint64_t steps;
  if (!(seconds > 0) || seconds > 1e12) return time;
  steps = (uint64_t)(seconds * 1e7) + UINT64_C(116444736000000000);
  time.dwLowDateTime = (DWORD)steps;
  time.dwHighDateTime = (DWORD)(steps >> 32);
  return time;
}

/* received(after or nil) */
static int server_received(lua_State *L) {
  HANDLE handle = server_handle(L);
  FILETIME after = to_filetime(luaL_optnumber(L, 2, 0));
  struct box *block = block_push(L); /* -- block */
  struct fax_received *faxes;
  DWORD count;
  if (handle == NULL) return fail_closed(L, "FaxEnumInbox");
  if (!FaxEnumInbox(handle, after, &faxes, &count))
    return fail_last(L, "FaxEnumInbox");
  box_fill(block, faxes);
  record_push_array(L, record_get(&received), faxes, count);
  block_free(block);
  return 1;
}

static const luaL_Reg server_methods[] = {
    {"closed", server_closed},        {"ports", server_ports},
    {"_open_port", server_open_port}, {"jobs", server_jobs},
    {"_job_info", server_job_info},   {"_abort", server_abort},
    {"_result", server_result},       {"_submit", server_submit},
    {"_received", server_received},   {NULL, NULL}};

void server_open(lua_State *L) {
  box_type(L, SERVER_TYPE, server_methods, server_close); /* -- core, mt */
  lua_getfield(L, -1, "__index");
  lua_setfield(L, -3, "server_methods");
  lua_pop(L, 1); /* -- core */
  lua_pushcfunction(L, server_connect);
  lua_setfield(L, -2, "connect");
}
