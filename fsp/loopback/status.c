/* SPDX-License-Identifier: MIT
   What the service is told: status packets, the operation extension, and the
   final status. */
#include <stdio.h>
#include <string.h>

#include "exchange.h"

/* A text that goes behind the structure: its place is counted first. */
static char *put_text(char **at, const char *text) {
  char *place = *at;
  size_t n = strlen(text) + 1;
  if (n == 1) return NULL;
  memcpy(place, text, n);
  *at += n;
  return place;
}

static size_t text_room(const char *text) {
  return text[0] == '\0' ? 0 : strlen(text) + 1;
}

static DWORD status_size(const struct operation *o) {
  return (DWORD)(sizeof(FAX_DEV_STATUS) + text_room(o->csi) +
                 text_room(o->caller_id));
}

static void fill_status(const struct operation *o, FAX_DEV_STATUS *status) {
  char *at = (char *)(status + 1);
  memset(status, 0, sizeof *status);
  status->SizeOfStruct = sizeof *status;
  status->StatusId = o->status;
  status->PageCount = o->page;
  status->CSI = put_text(&at, o->csi);
  status->CallerId = put_text(&at, o->caller_id);
  status->ErrorCode = o->error;
}

void status_post(struct operation *o, DWORD status) {
  struct operation copy;
  exchange_lock();
  o->status = status;
  o->error = NO_ERROR;
  copy.status = o->status;
  copy.error = o->error;
  copy.page = o->page;
  memcpy(copy.csi, o->csi, sizeof copy.csi);
  memcpy(copy.caller_id, o->caller_id, sizeof copy.caller_id);
  HANDLE heap = loopback.heap;
  exchange_unlock();
  DWORD size = status_size(&copy);
  FAX_DEV_STATUS *packet = FaxHeapAlloc(heap, size);
  if (packet == NULL) return; /* a status less; the operation goes on */
  fill_status(&copy, packet);
  if (!FaxPostCompletion(o->port, size, o->key, packet))
    FaxHeapFree(heap, packet);
}

/* Also when nobody listens: the packets say the most important part. */
void status_report(struct operation *o, const struct fax_progress *progress) {
  FaxOperationReport(o->port, o->key, progress);
}

static DWORD error_of(DWORD status) {
  if (status == FS_COMPLETED) return NO_ERROR;
  if (status == FS_USER_ABORT) return ERROR_OPERATION_ABORTED;
  if (status == FS_BUSY || status == FS_LINE_UNAVAILABLE) return ERROR_BUSY;
  if (status == FS_NO_ANSWER) return ERROR_TIMEOUT;
  if (status == FS_BAD_ADDRESS) return ERROR_NOT_FOUND;
  return ERROR_GEN_FAILURE;
}

DWORD status_end(struct operation *o, DWORD status, const char *cause,
                 const char *evidence, const char *advice) {
  DWORD error = error_of(status);
  exchange_lock();
  o->status = status;
  o->error = error;
  exchange_unlock();
  if (cause != NULL) {
    struct fax_progress p = FAX_PROGRESS_INIT;
    p.pages_confirmed = 0;
    p.cause = cause;
    p.evidence = evidence;
    p.advice = advice;
    status_report(o, &p);
  }
  return error;
}

/* With no buffer: the size it needs, and success. */
FAX_EXPORT BOOL WINAPI FaxDevReportStatus(HANDLE FaxHandle,
                                          PFAX_DEV_STATUS FaxStatus,
                                          DWORD FaxStatusSize,
                                          LPDWORD FaxStatusSizeRequired) {
  struct operation *o = FaxHandle;
  DWORD error = ERROR_SUCCESS;
  exchange_lock();
  if (!operation_known(o)) {
    error = ERROR_INVALID_HANDLE;
  } else {
    DWORD size = status_size(o);
    if (FaxStatusSizeRequired != NULL) *FaxStatusSizeRequired = size;
    if (FaxStatus != NULL && FaxStatusSize < size)
      error = ERROR_INSUFFICIENT_BUFFER;
    else if (FaxStatus != NULL)
      fill_status(o, FaxStatus);
    else if (FaxStatusSizeRequired == NULL || FaxStatusSize != 0)
      error = ERROR_INVALID_PARAMETER;
  }
  exchange_unlock();
  FaxSetLastError(error);
  return error == ERROR_SUCCESS;
}
