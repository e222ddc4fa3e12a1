/* SPDX-License-Identifier: MIT
   FaxDevSend: dials, waits for the answer, plays the talk, hangs up. */
#include <stdio.h>
#include <string.h>

#include "exchange.h"

static DWORD end_dial(struct operation *o, DWORD status, const char *number) {
  char evidence[TEXT_SIZE];
  const char *cause = "no_answer", *what = "nobody answered",
             *advice = "Try again later.";
  if (status == FS_BAD_ADDRESS) {
    cause = "unknown_number";
    what = "no line of the exchange has this number";
    advice = "Check the number.";
  } else if (status == FS_BUSY) {
    cause = "busy";
    what = "the line is in use";
  } else if (status == FS_USER_ABORT) {
    cause = "aborted";
    what = "the call was aborted on this side before it was answered";
    advice = "Send it again when it is wanted.";
  }
  snprintf(evidence, sizeof evidence, "%.64s: %s.", number, what);
  return status_end(o, status, cause, evidence, advice);
}

/* The machine is made first: a document that it cannot read needs no call. */
static DWORD send_document(struct operation *o, const FAX_SEND *order) {
  struct call call = {.caller = o, .document = order->FileName};
  struct fax_progress p = FAX_PROGRESS_INIT;
  if (!operation_arm(o))
    return status_end(o, FS_FATAL_ERROR, "no_memory", "No memory was left.",
                      "Try again later.");
  struct fax_t30 *machine = talk_machine(o, order->FileName, NULL);
  if (machine == NULL) {
    char evidence[TEXT_SIZE];
    snprintf(evidence, sizeof evidence, "%.200s.", FaxGetLastErrorMessage());
    return status_end(o, FS_FATAL_ERROR, "bad_document", evidence,
                      "Prepare the document again.");
  }
  p.phase = FAX_PHASE_DIALING;
  status_post(o, FS_DIALING);
  status_report(o, &p);
  DWORD error, status = call_dial(&call, order->ReceiverNumber);
  if (status != FS_ANSWERED) {
    error = end_dial(o, status, order->ReceiverNumber);
    fax_t30_free(machine);
  } else {
    bool armed = operation_arm(o);
    if (!armed) fax_t30_end(machine, "no_memory");
    status = talk(&call, machine);
    exchange_lock();
    o->call = NULL;
    exchange_unlock();
    error = status_end(o, status, NULL, NULL, NULL);
  }
  return error;
}

FAX_EXPORT BOOL WINAPI FaxDevSend(HANDLE FaxHandle, PFAX_SEND FaxSend,
                                  PFAX_SEND_CALLBACK FaxSendCallback) {
  struct operation *o = FaxHandle;
  DWORD error = ERROR_SUCCESS;
  (void)FaxSendCallback; /* for lines with a call handle: ours have none */
  exchange_lock();
  if (!operation_known(o)) error = ERROR_INVALID_HANDLE;
  exchange_unlock();
  if (error == ERROR_SUCCESS && (FaxSend == NULL || FaxSend->FileName == NULL ||
                                 FaxSend->ReceiverNumber == NULL))
    error = ERROR_INVALID_PARAMETER;
  if (error == ERROR_SUCCESS) {
    operation_ask(o, FaxSend->CallerNumber);
    status_post(o, FS_INITIALIZING);
    /* Each page will be asked for, where that means anything. */
    o->noted = FaxOperationCommit(o->port, o->key, 0, 0);
    error = send_document(o, FaxSend);
  }
  FaxSetLastError(error);
  return error == ERROR_SUCCESS;
}
