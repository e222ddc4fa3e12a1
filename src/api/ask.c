/* SPDX-License-Identifier: MIT
   See ask.h. */
#include "api/ask.h"

#include "base/error.h"
#include "base/mem.h"
#include "ipc/client/remote.h"
#include "method/close.h"

DWORD ask(HANDLE handle, const struct method *m, const void *in, void *out) {
  const struct fax_patience *patience =
      m->patience != NULL ? m->patience((void *)in) : NULL;
  return ask_patient(handle, m, in, out, patience);
}

DWORD ask_patient(HANDLE handle, const struct method *m, const void *in,
                  void *out, const struct fax_patience *patience) {
  enum handle_kind there = (enum handle_kind)(m->on | HANDLE_REMOTE);
  struct remote_handle *r = handle_get(handle, there);
  if (r == NULL) return method_serve(handle, m, in, out);
  DWORD error = remote_ask(r, handle, m, in, out, patience);
  mem_unref(r);
  return error;
}

bool ask_is_remote(HANDLE handle) {
  return (handle_kind(handle) & HANDLE_REMOTE) != 0;
}

DWORD ask_close(HANDLE handle) {
  int kind = handle_kind(handle);
  if ((kind & HANDLE_REMOTE) == 0) return method_close(handle);
  void *object = handle_close(handle, (enum handle_kind)kind);
  if (object == NULL) return ERROR_INVALID_HANDLE;
  if (kind == (HANDLE_PROVIDER | HANDLE_REMOTE)) {
    attached_closed(object);
    error_clear();
    mem_unref(object);
    return ERROR_SUCCESS;
  }
  if (kind == (HANDLE_POLICY | HANDLE_REMOTE)) {
    remote_policy_closed(object);
    error_clear();
    mem_unref(object);
    return ERROR_SUCCESS;
  }
  struct remote_handle *r = object;
  DWORD error = remote_closed(r, kind, handle);
  mem_unref(r);
  return error;
}

void ask_drop(HANDLE handle) {
  char *sentence = mem_text(error_message());
  ask_close(handle);
  if (sentence != NULL) error_note("%s", sentence);
  mem_free(sentence);
}
