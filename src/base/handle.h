/* SPDX-License-Identifier: MIT
   The table of HANDLEs of this process. A HANDLE is an index and a generation
   whose first value is random; it is looked up, never followed. */
#ifndef FAX_BASE_HANDLE_H
#define FAX_BASE_HANDLE_H

#include <fax/faxerr.h>

enum handle_kind {
  HANDLE_SERVER = 1,
  HANDLE_PORT,
  HANDLE_COMPLETION,
  HANDLE_HEAP,
  HANDLE_DOCUMENT,
  HANDLE_PROVIDER,
  HANDLE_POLICY,
  HANDLE_BATCH,
  HANDLE_REMOTE = 16 /* with one of the above: it is in another process */
};

/* Enters a counted object (mem_new); the table takes one reference. `owner` is
   the handle that it is closed with, or NULL. ERROR_NOT_ENOUGH_MEMORY;
   ERROR_INVALID_HANDLE: the owner is closed. Any thread, as all of these. */
DWORD handle_open(enum handle_kind kind, void *object, HANDLE owner,
                  HANDLE *handle_out);

/* The object, with a reference for the caller; NULL when the handle is stale,
   foreign, closed, of another kind or of the process before a fork. */
void *handle_get(HANDLE handle, enum handle_kind kind);

/* Takes the handle out and gives its reference to the caller; NULL as above.
   Of two threads that close the same handle exactly one gets the object. */
void *handle_close(HANDLE handle, enum handle_kind kind);

/* The kind of a live handle, 0 for any other value. */
int handle_kind(HANDLE handle);

/* Closes every handle of `owner`, calling `closed` (borrows the object) for
   each, with no lock held. Close `owner` itself first: from then on no handle
   can be opened for it. */
void handle_close_owned(HANDLE owner, void (*closed)(int kind, void *object));

size_t handle_count(void); /* live ones; for the tests */

#endif
