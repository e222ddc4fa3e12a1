/* SPDX-License-Identifier: MIT
   What the files of the binding share. The binding uses public headers only,
   never keeps a lua_State, never calls Lua (but for a worker's own state), and
   holds neither a lock nor a block without an owner across a Lua call that can
   throw. */
#ifndef FAX_LUA_BINDING_H
#define FAX_LUA_BINDING_H

#include <fax/fax_clock.h>
#include <fax/fax_provider.h>
#include <fax/fax_record.h>
#include <fax/fax_service.h>
#include <fax/faxwin.h>
#include <stdbool.h>

#include "lua/compat.h"

/* ---- boxes: the one kind of userdata ----
   A box is made first (that can throw), the object second. It is empty once
   closed, and in a child process made by fork: there the object belongs to the
   parent and is neither used nor freed. */

struct box {
  void *object;
  unsigned forks; /* box_forks() when it was filled */
};

/* Frees the object of a box; called once for each. */
typedef void box_free_fn(void *object);

/* Pushes an empty box of a type made with box_type. */
struct box *box_push(lua_State *L, const char *type);
void box_fill(struct box *box, void *object);
/* The box at `arg`, or an argument error. */
struct box *box_check(lua_State *L, int arg, const char *type);
/* Its object, NULL when it is closed or from before a fork. */
void *box_object(const struct box *box);
/* Empties the box and gives its object, or NULL. */
void *box_empty(struct box *box);
/* Pushes a metatable `type` with the methods in __index, and close, __gc,
   __close as the one function `close`. */
void box_type(lua_State *L, const char *type, const luaL_Reg *methods,
              lua_CFunction close);
unsigned box_forks(void);

/* A box that frees a block with FaxFreeBuffer: made before the call that gives
   the block, emptied by block_free. */
struct box *block_push(lua_State *L);
/* The same, never shared: for the second block of a call that gives two. */
struct box *block_push_own(lua_State *L);
void block_free(struct box *box);
int block_types(lua_State *L);

#define SERVER_TYPE "fax.server"
#define PORT_TYPE "fax.port"
#define QUEUE_TYPE "fax.queue"
#define DOCUMENT_TYPE "fax.document"
#define PROVIDER_TYPE "fax.core.provider"
#define OPERATION_TYPE "fax.core.operation"
#define T30_TYPE "fax.core.t30"
#define UDPTL_TYPE "fax.udptl"

/* ---- errors ---- */

/* Pushes nil, message, "ERROR_..." for the last error of this thread; `what`
   is said when the library has no sentence of its own. */
int fail_last(lua_State *L, const char *what);
int fail_code(lua_State *L, const char *what, DWORD code);
/* For a handle that was closed. */
int fail_closed(lua_State *L, const char *what);

/* ---- arguments ---- */

/* A whole number in 0..2^32-1; anything else is an argument error. */
DWORD check_dword(lua_State *L, int arg);
/* A string without an embedded NUL. */
const char *check_text(lua_State *L, int arg);
const char *opt_text(lua_State *L, int arg);
/* Seconds from now as a moment of the clock; nil or none: `otherwise`. */
fax_deadline check_after(lua_State *L, int arg, fax_deadline otherwise);

/* The same for a field of the table at `table`. Texts stay on the stack, so
   that they live as long as the C function that asked (one slot each). */
const char *field_text(lua_State *L, int table, const char *name);
/* patience.c: the table's "time_limit", and Ctrl-C, for one call from this C
   function, whose `watch` lives as long as the call. */
struct interrupt_watch {
  lua_State *L;
  lua_Hook hook;
};
void patience_read(lua_State *L, int table, struct interrupt_watch *watch,
                   struct fax_patience *out);
DWORD field_dword(lua_State *L, int table, const char *name, DWORD otherwise);
DWORDLONG field_size(lua_State *L, int table, const char *name,
                     DWORDLONG otherwise);
/* Seconds since 1970 as a FILETIME; zero of what is before that. */
FILETIME to_filetime(lua_Number seconds);
BOOL field_bool(lua_State *L, int table, const char *name, BOOL otherwise);
/* An array of texts, as a NULL-terminated array in a userdata that stays on
   the stack; the texts live as long as the table. NULL when the field is nil.
 */
const char **field_texts(lua_State *L, int table, const char *name,
                         DWORD *count_out);

/* ---- records ---- */

/* The description of a record, found once. */
struct record_ref {
  const char *name;
  const struct fax_record *_Atomic record;
};
const struct fax_record *record_get(struct record_ref *ref);
/* Pushes a record as a table; an array of them as an array of tables. */
void record_push(lua_State *L, const struct fax_record *r, const void *item);
void record_push_array(lua_State *L, const struct fax_record *r,
                       const void *items, DWORD count);
/* Fills in `item` from the table at `table`; absent fields keep their value.
   Texts and arrays stay on the stack as for field_text. */
void record_read(lua_State *L, int table, const struct fax_record *r,
                 void *item);
/* Pushes an empty table that JSON shows as []. */
void list_push(lua_State *L, int size);
#define LIST_TYPE "fax.list"

/* The provider to load that the table at `table` describes; its texts stay on
   the stack as for field_text. */
void provider_read(lua_State *L, int table,
                   struct fax_provider_config *provider);
/* The policy in the field `policy` of the table, in `policy`; NULL: none. */
const struct fax_retry_policy *policy_read(lua_State *L, int table,
                                           struct fax_retry_policy *policy);

/* The rules in the field `dialling` of the table, in `d`; what they point to
   stays on the stack. NULL: none. */
const struct fax_dialling *dialling_read(lua_State *L, int table,
                                         struct fax_dialling *d);

/* ---- completion ports and what comes through them ---- */

/* The handle of the queue at `arg`, NULL when it is closed. */
HANDLE queue_port(lua_State *L, int arg);

/* Keys of providers made here: a tag above the number that Lua gave. */
#define CALL_TAG UINT64_C(0x6661786300000000)
/* Keys of the questions of a policy: the same. */
#define QUESTION_TAG UINT64_C(0x6661787100000000)

/* Pushes what the service wants: a table; for a start a box, empty until now,
   of the list at `boxes`, or a new one. The operation goes from the call into
   it.
 */
void call_push(lua_State *L, struct fax_call *call, int boxes);
/* Frees a call (takes); an operation to start that nobody took is lost. */
void call_drop(struct fax_call *call);

/* What a worker of a provider tells, besides the kinds of a fax_call: a text.
   NULL: no memory. */
enum { CALL_LOADED = 0x101, CALL_FAILED = 0x102, CALL_ERROR = 0x103 };
struct fax_call *call_note(DWORD kind, const char *text);

/* workers.c, for attaching a provider to them: the port for its calls, NULL
   when they are closed; and that it is attached (false: the last error). */
HANDLE workers_port(lua_State *L, int arg);
bool workers_opened(lua_State *L, int arg, HANDLE provider, DWORD count);

FAX_EXPORT int luaopen_fax_core(lua_State *L);

/* ---- the parts: each adds its functions to the module table on top ---- */

void server_open(lua_State *L);
void port_open(lua_State *L);
void document_open(lua_State *L);
void completion_open(lua_State *L);
void service_open(lua_State *L);
void record_open(lua_State *L);
void render_open(lua_State *L);
void json_open(lua_State *L);
void clock_open(lua_State *L);
void error_open(lua_State *L);
void names_open(lua_State *L);
void system_open(lua_State *L);
void registration_open(lua_State *L);
void provider_open(lua_State *L);
void operation_open(lua_State *L);
void descriptors_open(lua_State *L);
void t30_open(lua_State *L);
void udptl_open(lua_State *L);
void workers_open(lua_State *L);
void worker_open(lua_State *L);
void signals_open(lua_State *L);
void manager_open(lua_State *L);

/* ---- a handle's methods by subject: each adds them to the table on top ----
 */

void server_job_methods(lua_State *L);
void server_config_methods(lua_State *L);
void server_policy_methods(lua_State *L);
void policy_open(lua_State *L);
void server_dialling_methods(lua_State *L);
void server_archive_methods(lua_State *L);
void server_routing_methods(lua_State *L);
void server_history_methods(lua_State *L);
void port_routing_methods(lua_State *L);

struct fax_file;
/* Pushes the file in the form and of the page that the arguments from `at` on
   say. */
int file_push(lua_State *L, HANDLE handle, struct fax_file *ask, int at);

/* The handle of the first argument, NULL when it is closed. */
HANDLE server_handle(lua_State *L);
HANDLE port_handle(lua_State *L);

/* Used by server.c: a new port handle in a box. */
int port_wrap(lua_State *L, HANDLE server, DWORD device, DWORD mode);
/* prepare{ files = {...}, resolution =, paper =, time_limit = } of a server. */
int document_prepare(lua_State *L);

#endif
