/* SPDX-License-Identifier: MIT
   The workers of a provider as the Lua state that has the provider sees them: a
   box that starts them, gives them the provider, and ends them. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lua/worker.h"

/* How long the end of the workers is waited for; the foreman leaves behind who
   needs longer than a second. */
#define LAST_WAIT (2 * FAX_SECOND)
#define DEFAULT_PATIENCE 30

/* ---- life ---- */

static void destroy(struct workers *all) {
  for (DWORD i = 0; i < all->count; i++) {
    if (all->worker[i].op != NULL) fax_op_unref(all->worker[i].op);
    if (all->worker[i].stop != NULL) FaxLocalFree(all->worker[i].stop);
  }
  if (all->port != NULL) FaxCloseCompletionPort(all->port);
  FaxCancelFree(all->ended);
  pthread_mutex_destroy(&all->start);
  free(all->path);
  free(all->cpath);
  free(all->config);
  free(all->left);
  free(all->ids);
  free(all);
}

void workers_unref(struct workers *all) {
  if (atomic_fetch_sub(&all->references, 1) == 1) destroy(all);
}

/* ---- threads ---- */

static int create(pthread_t *thread_out, void *(*run)(void *arg), void *arg) {
  sigset_t every, before;
  int number;
  sigfillset(&every);
  pthread_sigmask(SIG_SETMASK, &every, &before);
  number = pthread_create(thread_out, NULL, run, arg);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  return number;
}

bool workers_thread(struct workers *all, pthread_t *thread_out,
                    void *(*run)(void *arg), void *arg) {
  int number;
  atomic_fetch_add(&all->references, 1);
  pthread_mutex_lock(&all->start);
  number = create(thread_out, run, arg);
  if (number == 0) FaxClockJoin();
  pthread_mutex_unlock(&all->start);
  if (number == 0) return true;
  atomic_fetch_sub(&all->references, 1); /* the caller has one */
  errno = number;
  return false;
}

void workers_thread_begin(struct workers *all, const char *name) {
  pthread_mutex_lock(&all->start);
  pthread_mutex_unlock(&all->start);
  FaxClockEnter();
  pthread_setname_np(pthread_self(), name);
}

/* ---- making them ---- */

struct order { /* what Lua says of them; borrows */
  const char *path, *cpath, *config;
  size_t config_length;
  DWORD count, patience;
};

static void read_order(lua_State *L, int arg, struct order *out) {
  luaL_checktype(L, arg, LUA_TTABLE);
  out->path = field_text(L, arg, "path");
  out->cpath = field_text(L, arg, "cpath");
  lua_getfield(L, arg, "config"); /* -- ..., config */
  out->config = luaL_checklstring(L, -1, &out->config_length);
  out->count = field_dword(L, arg, "count", 0);
  out->patience = field_dword(L, arg, "stall", DEFAULT_PATIENCE);
  if (out->patience == 0) out->patience = DEFAULT_PATIENCE;
  if (out->path == NULL || out->cpath == NULL || out->count == 0 ||
      out->count > MOST_WORKERS)
    luaL_error(L, "bad workers");
}

/* False: no memory. */
static bool set_worker(struct workers *all, DWORD index) {
  struct worker *w = &all->worker[index];
  w->all = all;
  w->index = index;
  w->stop = FaxLocalAlloc(sizeof *w->stop);
  if (w->stop == NULL) return false;
  w->stop->size = sizeof *w->stop;
  w->stop->kind = FAX_CALL_STOP;
  return true;
}

static bool fill(struct workers *all, const struct order *order) {
  all->path = strdup(order->path);
  all->cpath = strdup(order->cpath);
  all->config = malloc(order->config_length + 1);
  all->config_length = order->config_length;
  all->patience = order->patience * FAX_SECOND;
  all->ended = FaxCancelCreate();
  all->port = FaxCreateCompletionPort();
  if (all->path == NULL || all->cpath == NULL || all->config == NULL ||
      all->ended == NULL || all->port == NULL)
    return false;
  memcpy(all->config, order->config, order->config_length);
  for (DWORD i = 0; i < order->count; i++)
    if (!set_worker(all, i)) return false;
  return true;
}

static struct workers *workers_make(const struct order *order) {
  struct workers *all =
      calloc(1, sizeof *all + order->count * sizeof all->worker[0]);
  if (all == NULL) return NULL;
  atomic_init(&all->references, 1);
  pthread_mutex_init(&all->start, NULL);
  pthread_sigmask(SIG_SETMASK, NULL, &all->mask);
  all->count = order->count;
  if (fill(all, order)) return all;
  destroy(all);
  return NULL;
}

/* workers(queue, number of the provider in its loop, { count =, stall =,
   path =, cpath =, config = }): they begin to load. */
static int workers_new(lua_State *L) {
  HANDLE out = queue_port(L, 1);
  DWORD number = check_dword(L, 2);
  struct workers *all;
  struct order order;
  struct box *box;
  lua_settop(L, 3);
  read_order(L, 3, &order);
  box = box_push(L, WORKERS_TYPE); /* -- box */
  if (out == NULL) return fail_closed(L, "workers");
  all = workers_make(&order);
  if (all == NULL) return fail_code(L, "workers", ERROR_NOT_ENOUGH_MEMORY);
  all->out = out;
  all->key = (ULONG_PTR)(CALL_TAG | number);
  if (!workers_thread(all, &all->foreman, foreman_main, all)) {
    workers_unref(all);
    return fail_code(L, "workers", ERROR_NOT_ENOUGH_MEMORY);
  }
  box_fill(box, all);
  return 1;
}

/* ---- while they are there ---- */

static struct workers *workers_check(lua_State *L, int arg) {
  return box_object(box_check(L, arg, WORKERS_TYPE));
}

static void tell(const struct workers *all, enum owner_tells what) {
  FaxPostCompletion(all->port, what, (ULONG_PTR)OWNER_TAG, NULL);
}

HANDLE workers_port(lua_State *L, int arg) {
  const struct workers *all = workers_check(L, arg);
  return all == NULL ? NULL : all->port;
}

bool workers_opened(lua_State *L, int arg, HANDLE provider, DWORD count) {
  struct workers *all = workers_check(L, arg);
  DWORD *ids = malloc((count + (size_t)1) * sizeof *ids);
  if (ids == NULL) return false;
  if (!FaxProviderDevices(provider, ids, count)) {
    free(ids);
    return false;
  }
  all->ids = ids;
  all->id_count = count;
  all->provider = provider;
  tell(all, OWNER_OPENED);
  return true;
}

/* ended(seconds) -> whether all is over within that, and what was left behind
   or nil */
static int workers_ended(lua_State *L) {
  struct workers *all = workers_check(L, 1);
  fax_deadline until = check_after(L, 2, FAX_FOREVER);
  bool ended = all == NULL || !FaxClockWait(until, all->ended);
  lua_pushboolean(L, ended);
  lua_pushstring(L, all != NULL && ended ? all->left : NULL);
  return 2;
}

/* What is under way is lost. The foreman ends soon, unless a lack of memory
   kept it from hearing of this. */
static int workers_close(lua_State *L) {
  struct workers *all = box_empty(box_check(L, 1, WORKERS_TYPE));
  if (all == NULL) return 0;
  tell(all, OWNER_LOST);
  if (FaxClockWait(FaxClockNow() + LAST_WAIT, all->ended))
    pthread_detach(all->foreman);
  else
    pthread_join(all->foreman, NULL);
  workers_unref(all);
  return 0;
}

static const luaL_Reg workers_methods[] = {{"ended", workers_ended},
                                           {NULL, NULL}};

void workers_open(lua_State *L) {
  box_type(L, WORKERS_TYPE, workers_methods, workers_close);
  lua_pop(L, 1); /* -- core */
  lua_pushcfunction(L, workers_new);
  lua_setfield(L, -2, "workers");
}
