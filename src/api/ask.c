/* SPDX-License-Identifier: MIT
   See ask.h. */
#include "api/ask.h"

#include "base/mem.h"
#include "ipc/client/remote.h"

DWORD ask(HANDLE handle, const struct method *m, const void *in, void *out) {
  enum handle_kind there = (enum handle_kind)(m->on | HANDLE_REMOTE);
  struct remote_handle *r = handle_get(handle, there);
  if (r == NULL) return method_serve(handle, m, in, out);
  DWORD error = remote_ask(r, handle, m, in, out);
  mem_unref(r);
  return error;
}
