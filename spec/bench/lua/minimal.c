/* SPDX-License-Identifier: MIT
   The peer of the benchmarks of the binding: a Lua module that makes the same
   calls and tables of libfax by hand, without descriptions, owners of blocks
   or checks that are not needed here; and a pop loop in bare C. */
#include <fax/fax_clock.h>
#include <fax/fax_service.h>
#include <fax/faxwin.h>
#include <lauxlib.h>
#include <lua.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "../queue.h"

#define HANDLE_TYPE "minimal.handle"
#define BATCH 256

#if LUA_VERSION_NUM < 502
#define lua_newuserdatauv(L, size, values) lua_newuserdata(L, size)
#endif

FAX_EXPORT int luaopen_minimal(lua_State *L);

static double now(void) {
  return (double)FaxClockNow() / 1e9;
}

/* ---- handles ---- */

static HANDLE *handle_push(lua_State *L) {
  HANDLE *box = lua_newuserdatauv(L, sizeof *box, 0);
  *box = NULL;
  luaL_getmetatable(L, HANDLE_TYPE);
  lua_setmetatable(L, -2);
  return box;
}

static HANDLE handle_check(lua_State *L) {
  return *(HANDLE *)luaL_checkudata(L, 1, HANDLE_TYPE);
}

static int handle_close(lua_State *L) {
  HANDLE *box = luaL_checkudata(L, 1, HANDLE_TYPE);
  if (*box != NULL && !FaxClose(*box)) FaxCloseCompletionPort(*box);
  *box = NULL;
  return 0;
}

static int failed(lua_State *L) {
  lua_pushnil(L);
  lua_pushstring(L, FaxGetLastErrorMessage());
  return 2;
}

static int server_connect(lua_State *L) {
  HANDLE *box = handle_push(L);
  return FaxConnectFaxServer(NULL, box) ? 1 : failed(L);
}

static int server_open_port(lua_State *L) {
  HANDLE server = handle_check(L);
  DWORD device = (DWORD)luaL_checkinteger(L, 2);
  HANDLE *box = handle_push(L);
  return FaxOpenPort(server, device, PORT_OPEN_QUERY, box) ? 1 : failed(L);
}

static int handle_closed(lua_State *L) {
  lua_pushboolean(L, handle_check(L) == NULL);
  return 1;
}

static int queue_new(lua_State *L) {
  HANDLE *box = handle_push(L);
  *box = FaxCreateCompletionPort();
  return *box != NULL ? 1 : failed(L);
}

static int queue_fd(lua_State *L) {
  lua_pushinteger(L, FaxCompletionPortFd(handle_check(L)));
  return 1;
}

/* ---- the table of a port ---- */

static const char *state_name(DWORD state) {
  switch (state) {
    case FPS_AVAILABLE:
      return "FPS_AVAILABLE";
    case FPS_SENDING:
      return "FPS_SENDING";
    case FPS_RECEIVING:
      return "FPS_RECEIVING";
    default:
      return "FPS_OFFLINE";
  }
}

static void set_integer(lua_State *L, const char *name, DWORD value) {
  lua_pushinteger(L, (lua_Integer)value);
  lua_setfield(L, -2, name);
}

static void set_text(lua_State *L, const char *name, const char *text) {
  if (text == NULL) return;
  lua_pushstring(L, text);
  lua_setfield(L, -2, name);
}

static void set_flags(lua_State *L, DWORD flags) {
  int n = 0;
  lua_createtable(L, 4, 0);
  if (flags & FPF_RECEIVE) {
    lua_pushstring(L, "FPF_RECEIVE");
    lua_rawseti(L, -2, ++n);
  }
  if (flags & FPF_SEND) {
    lua_pushstring(L, "FPF_SEND");
    lua_rawseti(L, -2, ++n);
  }
  if (flags & FPF_VIRTUAL) {
    lua_pushstring(L, "FPF_VIRTUAL");
    lua_rawseti(L, -2, ++n);
  }
  lua_setfield(L, -2, "flags");
}

static void push_port(lua_State *L, const FAX_PORT_INFO *port) {
  lua_createtable(L, 0, 8);
  set_integer(L, "device_id", port->DeviceId);
  set_text(L, "state", state_name(port->State));
  set_flags(L, port->Flags);
  set_integer(L, "rings", port->Rings);
  set_integer(L, "priority", port->Priority);
  set_text(L, "device_name", port->DeviceName);
  set_text(L, "tsid", port->Tsid);
  set_text(L, "csid", port->Csid);
}

static int port_info(lua_State *L) {
  PFAX_PORT_INFO port;
  if (!FaxGetPort(handle_check(L), &port)) return failed(L);
  push_port(L, port);
  FaxFreeBuffer(port);
  return 1;
}

static int server_ports(lua_State *L) {
  PFAX_PORT_INFO ports;
  DWORD count;
  if (!FaxEnumPorts(handle_check(L), &ports, &count)) return failed(L);
  lua_createtable(L, (int)count, 0);
  for (DWORD i = 0; i < count; i++) {
    push_port(L, &ports[i]);
    lua_rawseti(L, -2, (int)i + 1);
  }
  FaxFreeBuffer(ports);
  return 1;
}

/* ---- the table of a job ---- */

static void set_status(lua_State *L, DWORD status) {
  int n = 0;
  lua_createtable(L, 4, 0);
  if (status & JS_INPROGRESS) {
    lua_pushstring(L, "JS_INPROGRESS");
    lua_rawseti(L, -2, ++n);
  }
  if (status & JS_PAUSED) {
    lua_pushstring(L, "JS_PAUSED");
    lua_rawseti(L, -2, ++n);
  }
  if (status & JS_NOLINE) {
    lua_pushstring(L, "JS_NOLINE");
    lua_rawseti(L, -2, ++n);
  }
  if (status == JS_PENDING) {
    lua_pushstring(L, "JS_PENDING");
    lua_rawseti(L, -2, 1);
  }
  lua_setfield(L, -2, "queue_status");
}

static const char *action_name(DWORD action) {
  if (action == JSA_NOW) return "JSA_NOW";
  return action == JSA_SPECIFIC_TIME ? "JSA_SPECIFIC_TIME"
                                     : "JSA_DISCOUNT_PERIOD";
}

static const char *report_name(DWORD type) {
  if (type == DRT_NONE) return "DRT_NONE";
  return type == DRT_EMAIL ? "DRT_EMAIL" : "DRT_INBOX";
}

static void push_job(lua_State *L, const FAX_JOB_ENTRY *job) {
  lua_createtable(L, 0, 20);
  set_integer(L, "job_id", job->JobId);
  set_text(L, "user_name", job->UserName);
  set_text(L, "job_type", job->JobType == JT_SEND ? "JT_SEND" : "JT_RECEIVE");
  set_status(L, job->QueueStatus);
  if (job->Status != 0) set_text(L, "status", state_name(job->Status));
  set_integer(L, "size", job->Size);
  set_integer(L, "page_count", job->PageCount);
  set_text(L, "recipient_number", job->RecipientNumber);
  set_text(L, "recipient_name", job->RecipientName);
  set_text(L, "tsid", job->Tsid);
  set_text(L, "sender_name", job->SenderName);
  set_text(L, "sender_company", job->SenderCompany);
  set_text(L, "sender_dept", job->SenderDept);
  set_text(L, "billing_code", job->BillingCode);
  set_text(L, "schedule_action", action_name(job->ScheduleAction));
  if (job->ScheduleTime.wYear != 0) {
    lua_pushnumber(L, FaxSystemTimeToSeconds(&job->ScheduleTime));
    lua_setfield(L, -2, "schedule_time");
  }
  set_text(L, "delivery_report_type", report_name(job->DeliveryReportType));
  set_text(L, "delivery_report_address", job->DeliveryReportAddress);
  set_text(L, "document_name", job->DocumentName);
}

static int server_job_info(lua_State *L) {
  PFAX_JOB_ENTRY job;
  DWORD id = (DWORD)luaL_checkinteger(L, 2);
  if (!FaxGetJob(handle_check(L), id, &job)) return failed(L);
  push_job(L, job);
  FaxFreeBuffer(job);
  return 1;
}

static int server_jobs(lua_State *L) {
  PFAX_JOB_ENTRY jobs;
  DWORD count;
  if (!FaxEnumJobs(handle_check(L), &jobs, &count)) return failed(L);
  lua_createtable(L, (int)count, 0);
  for (DWORD i = 0; i < count; i++) {
    push_job(L, &jobs[i]);
    lua_rawseti(L, -2, (int)i + 1);
  }
  FaxFreeBuffer(jobs);
  return 1;
}

/* fill(file, count): until so many jobs wait. */
static int server_fill(lua_State *L) {
  static struct queue queue;
  queue.server = handle_check(L);
  if (queue.document == NULL) {
    queue_hold(&queue);
    queue_prepare(&queue, luaL_checkstring(L, 2));
  }
  queue_fill(&queue, (DWORD)luaL_checkinteger(L, 3), 0);
  return 0;
}

/* ---- packets ---- */

struct producer {
  HANDLE port;
  DWORD count;
  atomic_bool go;
  pthread_t thread;
};

static void *produce(void *arg) {
  struct producer *p = arg;
  while (!atomic_load(&p->go)) {
  }
  for (DWORD i = 0; i < p->count; i++)
    if (!FaxPostCompletion(p->port, i, 7, NULL)) break;
  return NULL;
}

static struct producer *producer_start(HANDLE port, DWORD count) {
  struct producer *p = calloc(1, sizeof *p);
  if (p == NULL) return NULL;
  p->port = port;
  p->count = count;
  if (pthread_create(&p->thread, NULL, produce, p) == 0) return p;
  free(p);
  return NULL;
}

static void producer_end(struct producer *p) {
  pthread_join(p->thread, NULL);
  free(p);
}

/* produce(handle in digits, count) -> producer: waits for go */
static int packets_produce(lua_State *L) {
  HANDLE port = (HANDLE)(ULONG_PTR)strtoull(luaL_checkstring(L, 1), NULL, 10);
  struct producer *p = producer_start(port, (DWORD)luaL_checkinteger(L, 2));
  if (p == NULL) return luaL_error(L, "no thread");
  lua_pushlightuserdata(L, p);
  return 1;
}

static int packets_go(lua_State *L) {
  atomic_store(&((struct producer *)lua_touserdata(L, 1))->go, true);
  return 0;
}

static int packets_join(lua_State *L) {
  producer_end(lua_touserdata(L, 1));
  return 0;
}

/* Takes `count` packets and adds up what came. */
static uint64_t take_all(HANDLE port, DWORD count, DWORD batch) {
  struct fax_packet packets[BATCH];
  DWORD got = 0, taken;
  uint64_t sum = 0;
  while (got < count &&
         FaxGetCompletions(port, packets, batch, &taken, FAX_FOREVER)) {
    for (DWORD i = 0; i < taken; i++) sum += packets[i].bytes;
    got += taken;
  }
  return sum;
}

/* pop(count, batch, waiting) -> seconds: a loop in C that takes what another
   thread posts meanwhile, or has posted before. */
static int packets_pop(lua_State *L) {
  DWORD count = (DWORD)luaL_checkinteger(L, 1);
  DWORD batch = (DWORD)luaL_checkinteger(L, 2);
  luaL_argcheck(L, batch >= 1 && batch <= BATCH, 2, "1 to 256");
  HANDLE port = FaxCreateCompletionPort();
  struct producer *p = port == NULL ? NULL : producer_start(port, count);
  if (p == NULL) return luaL_error(L, "no port, or no thread");
  bool waiting = lua_toboolean(L, 3);
  double from = now();
  atomic_store(&p->go, true);
  if (waiting) {
    producer_end(p);
    from = now();
  }
  uint64_t sum = take_all(port, count, batch);
  double seconds = now() - from;
  if (!waiting) producer_end(p);
  FaxCloseCompletionPort(port);
  if (sum != (uint64_t)count * (count - 1) / 2)
    return luaL_error(L, "packets were lost");
  lua_pushnumber(L, seconds);
  return 1;
}

static int clock_now(lua_State *L) {
  lua_pushnumber(L, now());
  return 1;
}

/* ---- a socket ---- */

struct link {
  int fd;
  size_t asks, gets;
  char bytes[];
};

/* echo(path, asks, gets) -> link, whose peer is told how much it gets of us and
   is to answer */
static int link_open(lua_State *L) {
  struct sockaddr_un at = {.sun_family = AF_UNIX};
  size_t asks = (size_t)luaL_checkinteger(L, 2);
  size_t gets = (size_t)luaL_checkinteger(L, 3);
  struct link *l = lua_newuserdatauv(L, sizeof *l + 32 + asks + gets, 0);
  *l = (struct link){.asks = asks, .gets = gets};
  int n = snprintf(l->bytes, 32, "%zu %zu ", gets, asks);
  memset(l->bytes + n, ' ', asks);
  snprintf(at.sun_path, sizeof at.sun_path, "%s", luaL_checkstring(L, 1));
  l->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (connect(l->fd, (struct sockaddr *)&at, sizeof at) != 0)
    return luaL_error(L, "no peer");
  luaL_getmetatable(L, HANDLE_TYPE);
  lua_setmetatable(L, -2);
  return 1;
}

/* link:again(): one question, and its answer */
static int link_again(lua_State *L) {
  struct link *l = lua_touserdata(L, 1);
  size_t done = 0;
  ssize_t n = send(l->fd, l->bytes, l->asks, MSG_NOSIGNAL);
  while (n > 0 && done < l->gets) {
    n = recv(l->fd, l->bytes + 32 + l->asks + done, l->gets - done, 0);
    if (n > 0) done += (size_t)n;
  }
  lua_pushboolean(L, done == l->gets);
  return 1;
}

static const luaL_Reg methods[] = {{"closed", handle_closed},
                                   {"fd", queue_fd},
                                   {"ports", server_ports},
                                   {"open_port", server_open_port},
                                   {"info", port_info},
                                   {"jobs", server_jobs},
                                   {"job_info", server_job_info},
                                   {"fill", server_fill},
                                   {"close", handle_close},
                                   {"again", link_again},
                                   {NULL, NULL}};

static const luaL_Reg functions[] = {{"connect", server_connect},
                                     {"produce", packets_produce},
                                     {"go", packets_go},
                                     {"join", packets_join},
                                     {"pop", packets_pop},
                                     {"now", clock_now},
                                     {"queue", queue_new},
                                     {"echo", link_open},
                                     {NULL, NULL}};

int luaopen_minimal(lua_State *L) {
  luaL_newmetatable(L, HANDLE_TYPE);
  lua_pushcfunction(L, handle_close);
  lua_setfield(L, -2, "__gc");
  lua_newtable(L);
  luaL_setfuncs(L, methods, 0);
  lua_setfield(L, -2, "__index");
  lua_pop(L, 1);
  lua_newtable(L);
  luaL_setfuncs(L, functions, 0);
  return 1;
}
