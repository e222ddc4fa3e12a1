/* SPDX-License-Identifier: MIT
   The virtual devices of the exchange: made, enabled and ended by the service.
   No operation is running when they end. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "exchange.h"

struct exchange loopback = {.lock = PTHREAD_MUTEX_INITIALIZER};

struct line *line_find(const char *number) {
  for (DWORD i = 0; i < loopback.line_count; i++)
    if (strcmp(loopback.lines[i].number, number) == 0)
      return &loopback.lines[i];
  return NULL;
}

DWORD line_device(const struct line *line) {
  return loopback.options.prefix + (DWORD)(line - loopback.lines);
}

static bool make_lines(void) {
  DWORD count = loopback.options.lines;
  struct line *lines = calloc(count, sizeof *lines);
  if (lines == NULL) return false;
  for (DWORD i = 0; i < count; i++) {
    options_number(i, lines[i].number);
    lines[i].receives = true;
  }
  free(loopback.lines);
  loopback.lines = lines;
  loopback.line_count = count;
  return true;
}

FAX_EXPORT BOOL WINAPI FaxDevVirtualDeviceCreation(LPDWORD DeviceCount,
                                                   LPTSTR DeviceNamePrefix,
                                                   LPDWORD DeviceIdPrefix,
                                                   HANDLE CompletionPort,
                                                   ULONG_PTR CompletionKey) {
  long processors = sysconf(_SC_NPROCESSORS_ONLN);
  exchange_lock();
  if (loopback.options.lines == 0) options_reset();
  loopback.port = CompletionPort;
  loopback.key = CompletionKey;
  loopback.talking_max = processors > 1 ? (unsigned)processors : 1;
  *DeviceCount = loopback.options.lines;
  *DeviceIdPrefix = loopback.options.prefix;
  exchange_unlock();
  memcpy(DeviceNamePrefix, NAME_PREFIX, sizeof NAME_PREFIX);
  return TRUE;
}

static void CALLBACK line_callback(HANDLE FaxHandle, DWORD hDevice,
                                   DWORD dwMessage, DWORD_PTR dwInstance,
                                   DWORD_PTR dwParam1, DWORD_PTR dwParam2,
                                   DWORD_PTR dwParam3) {
  (void)FaxHandle;
  (void)dwInstance;
  (void)dwParam2; /* the service does not send on a line that may not */
  (void)dwParam3;
  if (dwMessage != LINE_DEVSPECIFIC) return;
  exchange_lock();
  DWORD index = hDevice - loopback.options.prefix;
  if (index < loopback.line_count)
    loopback.lines[index].receives = dwParam1 != 0;
  exchange_unlock();
}

FAX_EXPORT BOOL WINAPI
FaxDevInitialize(HLINEAPP LineAppHandle, HANDLE HeapHandle,
                 PFAX_LINECALLBACK *LineCallbackFunction,
                 PFAX_SERVICE_CALLBACK FaxServiceCallback) {
  (void)LineAppHandle;
  (void)FaxServiceCallback;
  exchange_lock();
  loopback.heap = HeapHandle;
  /* Not before: FaxDevShutdown, which frees them, answers this call only. */
  bool made = make_lines();
  exchange_unlock();
  if (!made) {
    FaxSetLastError(ERROR_NOT_ENOUGH_MEMORY);
    return FALSE;
  }
  *LineCallbackFunction = line_callback;
  return TRUE;
}

FAX_EXPORT HRESULT WINAPI FaxDevShutdown(void) {
  exchange_lock();
  free(loopback.lines);
  loopback.lines = NULL;
  loopback.line_count = 0;
  options_reset();
  exchange_unlock();
  return S_OK;
}
