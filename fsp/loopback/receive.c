/* SPDX-License-Identifier: MIT
   FaxDevReceive: takes the call that rings on the line. The caller's thread
   plays both machines; this one waits for the end. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "exchange.h"

/* The number and the name of the called line, behind the file name. */
static void name_receiver(const struct operation *o, FAX_RECEIVE *order) {
  char *at = (char *)(order + 1), *end = at + FAXDEVRECEIVE_SIZE;
  if (order->FileName >= at && order->FileName < end)
    at = order->FileName + strlen(order->FileName) + 1;
  char name[64];
  int number_size = (int)strlen(o->line->number) + 1;
  int name_size = 1 + snprintf(name, sizeof name, NAME_PREFIX "%" PRIu32,
                               line_device(o->line));
  if (end - at < number_size + name_size) return;
  order->ReceiverNumber = memcpy(at, o->line->number, (size_t)number_size);
  order->ReceiverName = memcpy(at + number_size, name, (size_t)name_size);
}

static DWORD end_without_call(struct operation *o) {
  char evidence[TEXT_SIZE];
  if (atomic_load(&o->aborted))
    return status_end(o, FS_USER_ABORT, "aborted",
                      "It was aborted on this side before a call came.",
                      "Nothing need be done.");
  exchange_lock();
  bool missed = o->line->missed;
  o->line->missed = false;
  if (missed) memcpy(o->caller_id, o->line->missed_number, NUMBER_SIZE);
  exchange_unlock();
  if (!missed)
    return status_end(o, FS_LINE_UNAVAILABLE, "no_call",
                      "No call rings on this line.",
                      "Receive when the line rings.");
  snprintf(evidence, sizeof evidence,
           "%s hung up before the call was answered.", o->caller_id);
  return status_end(o, FS_DISCONNECTED, "disconnected", evidence,
                    "The fax should be sent again.");
}

static DWORD receive_fax(struct operation *o, FAX_RECEIVE *order) {
  if (!operation_arm(o))
    return status_end(o, FS_FATAL_ERROR, "no_memory", "No memory was left.",
                      "Try again later.");
  o->file = order->FileName;
  if (!call_answer(o)) return end_without_call(o);
  name_receiver(o, order);
  bool over = false;
  while (!over) { /* the talk ends by the watchdogs of its machines */
    FaxClockWait(FAX_FOREVER, o->wake);
    exchange_lock();
    over = o->over;
    exchange_unlock();
  }
  return o->error;
}

FAX_EXPORT BOOL WINAPI FaxDevReceive(HANDLE FaxHandle, HCALL CallHandle,
                                     PFAX_RECEIVE FaxReceive) {
  struct operation *o = FaxHandle;
  DWORD error = ERROR_SUCCESS;
  (void)CallHandle; /* a virtual line has none */
  exchange_lock();
  if (!operation_known(o)) error = ERROR_INVALID_HANDLE;
  exchange_unlock();
  if (error == ERROR_SUCCESS &&
      (FaxReceive == NULL || FaxReceive->FileName == NULL))
    error = ERROR_INVALID_PARAMETER;
  if (error == ERROR_SUCCESS) {
    operation_ask(o, NULL);
    status_post(o, FS_INITIALIZING);
    error = receive_fax(o, FaxReceive);
  }
  FaxSetLastError(error);
  return error == ERROR_SUCCESS;
}
