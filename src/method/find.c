/* SPDX-License-Identifier: MIT
   See find.h. */
#include "method/find.h"

#include "base/error.h"
#include "base/handle.h"

static const char *const names[] = {
    [HANDLE_SERVER] = "FaxHandle",      [HANDLE_PORT] = "FaxPortHandle",
    [HANDLE_DOCUMENT] = "the document", [HANDLE_PROVIDER] = "provider",
    [HANDLE_POLICY] = "policy",         [HANDLE_BATCH] = "the batch",
};

DWORD find_object(HANDLE handle, int kind, void **object_out) {
  const char *name = names[kind];
  int found = handle_kind(handle);
  if (kind == HANDLE_PORT && found != 0 && found != HANDLE_PORT) /* PORT-30 */
    return error_say(ERROR_INVALID_DATA, "FaxPortHandle is no port handle");
  if (handle == NULL)
    return error_say(ERROR_INVALID_PARAMETER, "%s is NULL", name);
  void *object = handle_get(handle, (enum handle_kind)kind);
  if (object == NULL)
    return error_say(ERROR_INVALID_HANDLE,
                     "%s was closed, or is no such handle", name);
  *object_out = object;
  return ERROR_SUCCESS;
}

DWORD find_server(HANDLE handle, struct connection **connection_out) {
  void *object = NULL;
  DWORD error = find_object(handle, HANDLE_SERVER, &object);
  if (error == ERROR_SUCCESS) *connection_out = object;
  return error;
}

DWORD find_port(HANDLE handle, struct port_handle **port_out) {
  void *object = NULL;
  DWORD error = find_object(handle, HANDLE_PORT, &object);
  if (error == ERROR_SUCCESS) *port_out = object;
  return error;
}

DWORD find_document(HANDLE handle, struct document **document_out) {
  void *object = NULL;
  DWORD error = find_object(handle, HANDLE_DOCUMENT, &object);
  if (error == ERROR_SUCCESS) *document_out = object;
  return error;
}

DWORD find_provider(HANDLE handle, struct attachment **attachment_out) {
  void *object = NULL;
  DWORD error = find_object(handle, HANDLE_PROVIDER, &object);
  if (error == ERROR_SUCCESS) *attachment_out = object;
  return error;
}

DWORD find_policy(HANDLE handle, struct policy_handle **policy_out) {
  void *object = NULL;
  DWORD error = find_object(handle, HANDLE_POLICY, &object);
  if (error == ERROR_SUCCESS) *policy_out = object;
  return error;
}

DWORD find_null(const void *pointer, const char *name) {
  if (pointer != NULL) return ERROR_SUCCESS;
  return error_say(ERROR_INVALID_PARAMETER, "%s is NULL", name);
}
