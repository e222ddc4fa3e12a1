/* SPDX-License-Identifier: MIT
   FaxInitializeEventQueue, FaxSubscribe, FaxUnsubscribe. */
#include "method/find.h"
#include "api/result.h"
#include "base/handle.h"
#include "base/mem.h"
#include "ipc/client/remote.h"
#include "service/service.h"

static DWORD subscribe(HANDLE handle, HANDLE port, ULONG_PTR key, BOOL extended,
                       LPDWORD id) {
  struct connection *c;
  struct remote_handle *r =
      handle_get(handle, (enum handle_kind)(HANDLE_SERVER | HANDLE_REMOTE));
  DWORD error;
  if (r != NULL) {
    error = remote_subscribe(r, port, key, extended, id);
    mem_unref(r);
    return error;
  }
  error = find_server(handle, &c);
  if (error != ERROR_SUCCESS) return error;
  error = event_subscribe(c, port, key, extended, id);
  mem_unref(c);
  return error;
}

/* EVT-1..3: exactly one of a port and a window; there are no windows here. */
static DWORD check_target(HANDLE port, HWND window, UINT message) {
  if ((port == NULL) == (window == NULL))
    return error_say(ERROR_INVALID_PARAMETER,
                     "either a completion port or a window is given");
  if (window != NULL && message < WM_USER) /* EVT-3 */
    return error_say(ERROR_INVALID_PARAMETER,
                     "MessageStart is not below WM_USER with a window");
  if (window != NULL)
    return error_say(ERROR_CALL_NOT_IMPLEMENTED,
                     "there are no window messages on this system");
  if (message != 0)
    return error_say(ERROR_INVALID_PARAMETER,
                     "MessageStart is 0 with a completion port");
  return ERROR_SUCCESS;
}

BOOL FaxInitializeEventQueue(HANDLE FaxHandle, HANDLE CompletionPort,
                             ULONG_PTR CompletionKey, HWND hWnd,
                             UINT MessageStart) {
  api_enter();
  DWORD error = find_null(FaxHandle, "FaxHandle");
  if (error == ERROR_SUCCESS)
    error = check_target(CompletionPort, hWnd, MessageStart);
  if (error == ERROR_SUCCESS)
    error = subscribe(FaxHandle, CompletionPort, CompletionKey, FALSE, NULL);
  return api_done(error);
}

BOOL FaxSubscribe(HANDLE FaxHandle, HANDLE CompletionPort,
                  ULONG_PTR CompletionKey, LPDWORD id) {
  api_enter();
  DWORD error = find_null(CompletionPort, "CompletionPort");
  if (error == ERROR_SUCCESS)
    error = subscribe(FaxHandle, CompletionPort, CompletionKey, TRUE, id);
  return api_done(error);
}

void FaxUnsubscribe(DWORD id) {
  event_unsubscribe(id);
  remote_unsubscribe(id);
}
