/* SPDX-License-Identifier: MIT
   See close.h. */
#include "method/close.h"

#include "base/error.h"
#include "base/handle.h"
#include "base/mem.h"
#include "service/service.h"

static DWORD close_server(HANDLE handle) {
  struct connection *c = handle_close(handle, HANDLE_SERVER);
  if (c == NULL) return ERROR_INVALID_HANDLE;
  connection_closed(c, handle);
  DWORD error = access_close(c);
  mem_unref(c);
  return error;
}

static DWORD close_port(HANDLE handle) {
  struct port_handle *h = handle_close(handle, HANDLE_PORT);
  if (h == NULL) return ERROR_INVALID_HANDLE;
  port_handle_closed(h);
  DWORD error = access_close(port_handle_connection(h));
  mem_unref(h);
  return error;
}

static DWORD close_provider(HANDLE handle) {
  struct attachment *a = handle_close(handle, HANDLE_PROVIDER);
  if (a == NULL) return ERROR_INVALID_HANDLE;
  attachment_closed(a);
  mem_unref(a);
  return ERROR_SUCCESS;
}

static DWORD close_policy(HANDLE handle) {
  struct policy_handle *h = handle_close(handle, HANDLE_POLICY);
  if (h == NULL) return ERROR_INVALID_HANDLE;
  policy_handle_closed(h);
  mem_unref(h);
  return ERROR_SUCCESS;
}

static DWORD close_document(HANDLE handle) {
  struct document *d = handle_close(handle, HANDLE_DOCUMENT);
  if (d == NULL) return ERROR_INVALID_HANDLE;
  mem_unref(d);
  return ERROR_SUCCESS;
}

/* What was not committed is not queued. */
static DWORD close_batch(HANDLE handle) {
  struct batch *b = handle_close(handle, HANDLE_BATCH);
  if (b == NULL) return ERROR_INVALID_HANDLE;
  mem_unref(b);
  return ERROR_SUCCESS;
}

DWORD method_close(HANDLE handle) {
  switch (handle_kind(handle)) {
    case HANDLE_SERVER:
      return close_server(handle);
    case HANDLE_PORT:
      return close_port(handle);
    case HANDLE_PROVIDER:
      return close_provider(handle);
    case HANDLE_POLICY:
      return close_policy(handle);
    case HANDLE_DOCUMENT:
      return close_document(handle);
    case HANDLE_BATCH:
      return close_batch(handle);
    default: /* CONN-8 */
      return error_say(ERROR_INVALID_HANDLE,
                       "the handle was closed, or never was");
  }
}
