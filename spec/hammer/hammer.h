/* SPDX-License-Identifier: MIT
   Eight threads and four Lua scripts use one service with all calls at once,
   for HAMMER seconds: what the files of this folder share. */
#ifndef FAX_SPEC_HAMMER_H
#define FAX_SPEC_HAMMER_H

#include <fax/fax_clock.h>
#include <fax/fax_service.h>
#include <fax/faxwin.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "folder.h"

enum { C_WORKERS = 8, LUA_WORKERS = 4, SLOTS = 8 };

/* One thread. Each call is announced, so that a stuck one has a name. */
struct worker {
  pthread_t thread;
  unsigned number, seed;
  HANDLE server, events;
  const char *_Atomic doing;
  _Atomic int64_t since;
  unsigned long calls;
};

/* What all use: handles that any thread may close under the others. */
struct stage {
  char directory[FOLDER_SIZE], document[96];
  char second[96], third[96];       /* FSPs */
  struct fax_service_config config; /* that of the start */
  _Atomic HANDLE servers[SLOTS], ports[SLOTS], documents[SLOTS];
  _Atomic HANDLE provider; /* loaded */
  atomic_uint newest;      /* job */
  atomic_bool over;
};

extern struct stage stage;

unsigned draw(struct worker *w, unsigned below);
void announce(struct worker *w, const char *what);
/* A job's id: mostly of one that was there a moment ago. */
DWORD any_job(struct worker *w);
HANDLE any_server(struct worker *w);

/* One random call, or a short row of them (calls.c). */
void call_any(struct worker *w);
/* Another configuration (reload.c). */
void reload_any(struct worker *w);
void *lua_worker(void *worker); /* lua.c */

#endif
