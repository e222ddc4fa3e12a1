/* SPDX-License-Identifier: MIT
   See find.h. */
#include "api/find.h"

#include "base/error.h"
#include "base/handle.h"

static DWORD find(HANDLE handle, enum handle_kind kind, const char *name,
                  void **object_out) {
  if (handle == NULL)
    return error_say(ERROR_INVALID_PARAMETER, "%s is NULL", name);
  void *object = handle_get(handle, kind);
  if (object == NULL)
    return error_say(ERROR_INVALID_HANDLE,
                     "%s was closed, or is no such handle", name);
  *object_out = object;
  return ERROR_SUCCESS;
}

DWORD find_server(HANDLE handle, struct connection **connection_out) {
  void *object = NULL;
  DWORD error = find(handle, HANDLE_SERVER, "FaxHandle", &object);
  if (error == ERROR_SUCCESS) *connection_out = object;
  return error;
}

DWORD find_port(HANDLE handle, struct port_handle **port_out) {
  void *object = NULL;
  int kind = handle_kind(handle);
  if (kind != 0 && kind != HANDLE_PORT)
    return error_say(ERROR_INVALID_DATA, "FaxPortHandle is no port handle");
  DWORD error = find(handle, HANDLE_PORT, "FaxPortHandle", &object);
  if (error == ERROR_SUCCESS) *port_out = object;
  return error;
}

DWORD find_document(HANDLE handle, struct document **document_out) {
  void *object = NULL;
  DWORD error = find(handle, HANDLE_DOCUMENT, "the document", &object);
  if (error == ERROR_SUCCESS) *document_out = object;
  return error;
}

DWORD find_provider(HANDLE handle, struct attachment **attachment_out) {
  void *object = NULL;
  DWORD error = find(handle, HANDLE_PROVIDER, "provider", &object);
  if (error == ERROR_SUCCESS) *attachment_out = object;
  return error;
}

DWORD find_policy(HANDLE handle, struct policy_handle **policy_out) {
  void *object = NULL;
  DWORD error = find(handle, HANDLE_POLICY, "policy", &object);
  if (error == ERROR_SUCCESS) *policy_out = object;
  return error;
}

DWORD find_null(const void *pointer, const char *name) {
  if (pointer != NULL) return ERROR_SUCCESS;
  return error_say(ERROR_INVALID_PARAMETER, "%s is NULL", name);
}
