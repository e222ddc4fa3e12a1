/* SPDX-License-Identifier: MIT
   A completion port as a Lua loop takes from it: whole batches, into one table
   that is used again and again. Packets taken belong to the queue object until
   all of them are in the table, so that a Lua memory error loses none. */
#include <stdio.h>
#include <stdlib.h>

#include "lua/binding.h"

#define SUBSCRIPTION_TYPE "fax.core.subscription"
#define BATCH 256

/* Keys of subscriptions made here: a tag above the number that Lua gave. */
#define EVENT_TAG UINT64_C(0x6661786500000000)
#define TAG_MASK UINT64_C(0xffffffff00000000)

struct queue {
  HANDLE port;
  DWORD count; /* packets in the batch that Lua has not got yet */
  struct fax_packet batch[BATCH];
};

static struct record_ref event_record = {"fax_event", NULL};
static struct record_ref question_record = {"fax_policy_question", NULL};

static struct queue *queue_check(lua_State *L) {
  return box_object(box_check(L, 1, QUEUE_TYPE));
}

HANDLE queue_port(lua_State *L, int arg) {
  const struct queue *q = box_object(box_check(L, arg, QUEUE_TYPE));
  return q == NULL ? NULL : q->port;
}

static bool is_event(const struct fax_packet *p) {
  return (p->key & TAG_MASK) == EVENT_TAG && p->packet != NULL;
}

static bool is_call(const struct fax_packet *p) {
  return (p->key & TAG_MASK) == CALL_TAG && p->packet != NULL;
}

static bool is_question(const struct fax_packet *p) {
  return (p->key & TAG_MASK) == QUESTION_TAG && p->packet != NULL;
}

/* A block from elsewhere than FaxLocalAlloc is left alone by FaxLocalFree. */
static void queue_drop_batch(struct queue *q) {
  for (DWORD i = 0; i < q->count; i++) {
    struct fax_packet *p = &q->batch[i];
    if (is_call(p))
      call_drop(p->packet);
    else if (p->packet != NULL)
      FaxLocalFree(p->packet);
  }
  q->count = 0;
}

static int queue_close(lua_State *L) {
  struct queue *q = box_empty(box_check(L, 1, QUEUE_TYPE));
  if (q == NULL) return 0;
  queue_drop_batch(q);
  FaxCloseCompletionPort(q->port);
  free(q);
  return 0;
}

/* queue() */
static int queue_new(lua_State *L) {
  struct box *box = box_push(L, QUEUE_TYPE); /* -- box */
  struct queue *q = calloc(1, sizeof *q);
  if (q == NULL)
    return fail_code(L, "FaxCreateCompletionPort", ERROR_NOT_ENOUGH_MEMORY);
  q->port = FaxCreateCompletionPort();
  if (q->port == NULL) {
    free(q);
    return fail_last(L, "FaxCreateCompletionPort");
  }
  box_fill(box, q);
  return 1;
}

/* Puts the batch into the table at 2: key, bytes, key, bytes ...; of an event:
   the subscription's number and the event's table; of a call: the provider's
   number and the call's table; of a question: the policy's and the question's.
   Gives how many of these two. */
static DWORD queue_convert(lua_State *L, const struct queue *q) {
  DWORD events = 0;
  int boxes;
  lua_getfield(L, 2, "boxes"); /* -- list */
  luaL_checktype(L, -1, LUA_TTABLE);
  boxes = lua_gettop(L);
  for (DWORD i = 0; i < q->count; i++) {
    const struct fax_packet *p = &q->batch[i];
    if (is_event(p) || is_call(p) || is_question(p)) {
      events++;
      lua_pushinteger(L, (lua_Integer)(DWORD)p->key);
      lua_rawseti(L, 2, (int)(2 * i + 1));
      if (is_event(p))
        record_push(L, record_get(&event_record), p->packet);
      else if (is_question(p))
        record_push(L, record_get(&question_record), p->packet);
      else
        call_push(L, p->packet, boxes);
    } else {
      lua_pushinteger(L, (lua_Integer)p->key);
      lua_rawseti(L, 2, (int)(2 * i + 1));
      lua_pushinteger(L, (lua_Integer)p->bytes);
    }
    lua_rawseti(L, 2, (int)(2 * i + 2));
  }
  return events;
}

static void set_number(lua_State *L, const char *name, DWORD value) {
  lua_pushinteger(L, (lua_Integer)value);
  lua_setfield(L, 2, name);
}

/* take(table, seconds or nil) -> packets. In the table: next, last (indices of
   what is to be dispatched) and events (how many are), set here and not in Lua,
   where an interrupt could come between. 0 packets also when a signal ended the
   wait: the interpreter may have to act on it. */
static int queue_take(lua_State *L) {
  struct queue *q = queue_check(L);
  fax_deadline until;
  DWORD count;
  luaL_checktype(L, 2, LUA_TTABLE);
  if (lua_isnumber(L, 3) && !(lua_tonumber(L, 3) > 0))
    until = 0;
  else
    until = check_after(L, 3, FAX_FOREVER);
  if (q == NULL) return fail_closed(L, "FaxGetCompletions");
  if (q->count == 0 &&
      !FaxGetCompletions(q->port, q->batch, BATCH, &q->count, until)) {
    DWORD code = FaxGetLastError();
    q->count = 0;
    if (code != WAIT_TIMEOUT && code != ERROR_OPERATION_ABORTED)
      return fail_last(L, "FaxGetCompletions");
  }
  count = q->count;
  set_number(L, "events", queue_convert(L, q));
  set_number(L, "next", 1);
  set_number(L, "last", 2 * count);
  queue_drop_batch(q);
  lua_pushinteger(L, (lua_Integer)count);
  return 1;
}

static int queue_fd(lua_State *L) {
  struct queue *q = queue_check(L);
  int fd;
  if (q == NULL) return fail_closed(L, "FaxCompletionPortFd");
  fd = FaxCompletionPortFd(q->port);
  if (fd < 0) return fail_last(L, "FaxCompletionPortFd");
  lua_pushinteger(L, fd);
  return 1;
}

/* post(bytes, key): a packet without a block, from Lua. */
static int queue_post(lua_State *L) {
  struct queue *q = queue_check(L);
  DWORD bytes = check_dword(L, 2);
  DWORD key = check_dword(L, 3);
  if (q == NULL) return fail_closed(L, "FaxPostCompletion");
  if (!FaxPostCompletion(q->port, bytes, key, NULL))
    return fail_last(L, "FaxPostCompletion");
  lua_pushboolean(L, 1);
  return 1;
}

/* The HANDLE as decimal digits, for C code that posts to it. */
static int queue_handle(lua_State *L) {
  struct queue *q = queue_check(L);
  char digits[24];
  if (q == NULL) return fail_closed(L, "FaxCreateCompletionPort");
  snprintf(digits, sizeof digits, "%llu",
           (unsigned long long)(ULONG_PTR)q->port);
  lua_pushstring(L, digits);
  return 1;
}

/* ---- subscriptions ---- */

static int subscription_close(lua_State *L) {
  void *id = box_empty(box_check(L, 1, SUBSCRIPTION_TYPE));
  if (id != NULL) FaxUnsubscribe((DWORD)(ULONG_PTR)id);
  return 0;
}

/* subscribe(server, number) */
static int queue_subscribe(lua_State *L) {
  struct queue *q = queue_check(L);
  HANDLE server = box_object(box_check(L, 2, SERVER_TYPE));
  DWORD number = check_dword(L, 3);
  struct box *box = box_push(L, SUBSCRIPTION_TYPE); /* -- box */
  DWORD id;
  if (q == NULL || server == NULL)
    return fail_closed(L, "FaxInitializeEventQueue");
  if (!FaxSubscribe(server, q->port, (ULONG_PTR)(EVENT_TAG | number), &id))
    return fail_last(L, "FaxInitializeEventQueue");
  box_fill(box, (void *)(ULONG_PTR)id);
  return 1;
}

static const luaL_Reg queue_methods[] = {
    {"take", queue_take},           {"fd", queue_fd},
    {"post", queue_post},           {"handle", queue_handle},
    {"subscribe", queue_subscribe}, {NULL, NULL}};

void completion_open(lua_State *L) {
  box_type(L, QUEUE_TYPE, queue_methods, queue_close);
  lua_pop(L, 1);
  box_type(L, SUBSCRIPTION_TYPE, NULL, subscription_close);
  lua_pop(L, 1); /* -- core */
  lua_pushcfunction(L, queue_new);
  lua_setfield(L, -2, "queue");
}
