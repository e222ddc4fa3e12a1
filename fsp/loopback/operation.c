/* SPDX-License-Identifier: MIT
   The operations of the service on our lines: begun, asked, aborted, ended. A
   handle is looked up, never followed. */
#include <stdlib.h>
#include <string.h>

#include "exchange.h"

bool operation_known(const struct operation *o) {
  const struct operation *each = loopback.operations;
  while (each != NULL && each != o) each = each->next;
  return each != NULL;
}

void operation_wake(struct operation *o) {
  if (o->wake != NULL) FaxCancelSet(o->wake);
}

bool operation_arm(struct operation *o) {
  struct fax_cancel *fresh = FaxCancelCreate();
  if (fresh == NULL) return false;
  exchange_lock();
  struct fax_cancel *old = o->wake;
  o->wake = fresh;
  if (atomic_load(&o->aborted)) FaxCancelSet(fresh);
  exchange_unlock();
  FaxCancelFree(old);
  return true;
}

void operation_ask(struct operation *o, const char *own_id) {
  struct fax_operation *told = &o->told;
  memset(told, 0, sizeof *told);
  told->size = sizeof *told;
  if (!FaxOperationQuery(o->port, o->key, told)) {
    memset(told, 0, sizeof *told);
    told->ecm = 1;
  }
  if (told->first_page == 0 || told->first_page == FAX_UNKNOWN)
    told->first_page = 1;
  if (told->max_rate == FAX_UNKNOWN) told->max_rate = 0;
  if (told->local_id == NULL || told->local_id[0] == '\0')
    told->local_id =
        own_id != NULL && own_id[0] != '\0' ? own_id : o->line->number;
}

FAX_EXPORT BOOL WINAPI FaxDevStartJob(HLINE LineHandle, DWORD DeviceId,
                                      PHANDLE FaxHandle,
                                      HANDLE CompletionPortHandle,
                                      ULONG_PTR CompletionKey) {
  struct operation *o = calloc(1, sizeof *o);
  (void)LineHandle;
  if (o == NULL) {
    FaxSetLastError(ERROR_NOT_ENOUGH_MEMORY);
    return FALSE;
  }
  o->port = CompletionPortHandle;
  o->key = CompletionKey;
  o->status = FS_INITIALIZING;
  exchange_lock();
  DWORD index = DeviceId - loopback.options.prefix;
  bool found = index < loopback.line_count;
  if (found) {
    o->line = &loopback.lines[index];
    o->line->operations++;
    o->next = loopback.operations;
    loopback.operations = o;
  }
  exchange_unlock();
  if (found) {
    *FaxHandle = o;
    return TRUE;
  }
  free(o);
  FaxSetLastError(ERROR_BAD_UNIT);
  return FALSE;
}

FAX_EXPORT BOOL WINAPI FaxDevEndJob(HANDLE FaxHandle) {
  struct operation *o = FaxHandle;
  exchange_lock();
  bool known = operation_known(o);
  if (known) {
    struct operation **at = &loopback.operations;
    while (*at != o) at = &(*at)->next;
    *at = o->next;
    o->line->operations--;
  }
  exchange_unlock();
  if (!known) {
    FaxSetLastError(ERROR_INVALID_HANDLE);
    return FALSE;
  }
  FaxCancelFree(o->wake);
  free(o);
  return TRUE;
}

/* Whoever waits on either side of the call looks again; the one who plays the
   talk sees the flag at its next block. */
FAX_EXPORT BOOL WINAPI FaxDevAbortOperation(HANDLE FaxHandle) {
  struct operation *o = FaxHandle;
  exchange_lock();
  bool known = operation_known(o);
  if (known) {
    atomic_store(&o->aborted, true);
    if (o->call == NULL || o->call->caller == o)
      operation_wake(o);
    else
      operation_wake(o->call->caller);
  }
  exchange_unlock();
  if (!known) FaxSetLastError(ERROR_INVALID_HANDLE);
  return known;
}
