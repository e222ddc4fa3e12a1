/* SPDX-License-Identifier: MIT
   A complete fax service provider to begin with. Its one line puts what is sent
   into a folder, a file for each fax, and takes nothing. Build it with

     cc -shared -fPIC -pthread -o mine.so template.c $(pkg-config --cflags fax)

   and try it with `faxctl fsp check mine.so folder=/tmp --number 100
   --bad-number none`. docs/fsp-c.md goes through it. */
#include <fax/fax_clock.h>
#include <fax/fax_operation.h>
#include <fax/faxdev.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEVICE 7001                  /* an id that no other provider uses */
#define STATUS_FULL 0x1001           /* a status of our own ... */
#define STRING_FULL 1                /* ... and its text */
#define PAUSE (20 * FAX_MILLISECOND) /* so long a block of the file takes */

/* What FaxHandle points to: one operation. */
struct job {
  HANDLE port; /* where its packets go, with this key */
  ULONG_PTR key;
  struct fax_cancel *abort; /* set by another thread */
  _Atomic DWORD status;     /* FaxDevReportStatus comes from other threads */
  _Atomic DWORD error;      /* written before the final status */
};

static HANDLE heap;
static char folder[1024] = "/tmp";

/* ---- loading: options, devices, the heap ---- */

BOOL fax_provider_options(const char *const *options, char *message,
                          size_t size) {
  for (; *options != NULL; options++) {
    if (strncmp(*options, "folder=", 7) == 0 &&
        strlen(*options + 7) < sizeof folder) {
      strcpy(folder, *options + 7);
      continue;
    }
    snprintf(message, size,
             "\"%.100s\" is no option; there is folder=", *options);
    FaxSetLastError(ERROR_INVALID_PARAMETER);
    return FALSE;
  }
  return TRUE;
}

BOOL fax_provider_string(DWORD id, char *text, size_t size) {
  if (id != STRING_FULL) return FALSE;
  snprintf(text, size, "the folder took no more: is the disk full?");
  return TRUE;
}

FAX_EXPORT BOOL WINAPI FaxDevVirtualDeviceCreation(LPDWORD DeviceCount,
                                                   LPTSTR DeviceNamePrefix,
                                                   LPDWORD DeviceIdPrefix,
                                                   HANDLE CompletionPort,
                                                   ULONG_PTR CompletionKey) {
  (void)CompletionPort; /* for LINEMESSAGE: this line never rings */
  (void)CompletionKey;
  *DeviceCount = 1;
  *DeviceIdPrefix = DEVICE;
  strcpy(DeviceNamePrefix, "template ");
  return TRUE;
}

static void CALLBACK line_callback(HANDLE FaxHandle, DWORD hDevice,
                                   DWORD dwMessage, DWORD_PTR dwInstance,
                                   DWORD_PTR dwParam1, DWORD_PTR dwParam2,
                                   DWORD_PTR dwParam3) {
  (void)FaxHandle, (void)hDevice, (void)dwMessage, (void)dwInstance;
  (void)dwParam1; /* the service wants to receive on it */
  (void)dwParam2; /* and to send */
  (void)dwParam3;
}

FAX_EXPORT BOOL WINAPI FaxDevInitialize(HLINEAPP LineAppHandle,
                                        HANDLE HeapHandle,
                                        PFAX_LINECALLBACK *LineCallbackFunction,
                                        PFAX_SERVICE_CALLBACK ServiceCallback) {
  (void)LineAppHandle, (void)ServiceCallback;
  heap = HeapHandle;
  *LineCallbackFunction = line_callback;
  return TRUE;
}

FAX_EXPORT HRESULT WINAPI FaxDevShutdown(void) {
  return S_OK; /* join your threads here: the module is unloaded next */
}

/* ---- one operation ---- */

FAX_EXPORT BOOL WINAPI FaxDevStartJob(HLINE LineHandle, DWORD DeviceId,
                                      PHANDLE FaxHandle,
                                      HANDLE CompletionPortHandle,
                                      ULONG_PTR CompletionKey) {
  struct job *job = NULL;
  (void)LineHandle;
  if (DeviceId != DEVICE) {
    FaxSetLastError(ERROR_BAD_UNIT);
    return FALSE;
  }
  job = calloc(1, sizeof *job);
  if (job != NULL) job->abort = FaxCancelCreate();
  if (job == NULL || job->abort == NULL) {
    free(job);
    FaxSetLastError(ERROR_NOT_ENOUGH_MEMORY);
    return FALSE;
  }
  job->port = CompletionPortHandle;
  job->key = CompletionKey;
  job->status = FS_INITIALIZING;
  *FaxHandle = job;
  return TRUE;
}

FAX_EXPORT BOOL WINAPI FaxDevEndJob(HANDLE FaxHandle) {
  struct job *job = FaxHandle;
  FaxCancelFree(job->abort);
  free(job);
  return TRUE;
}

FAX_EXPORT BOOL WINAPI FaxDevAbortOperation(HANDLE FaxHandle) {
  struct job *job = FaxHandle;
  FaxCancelSet(job->abort); /* asks, and does not wait */
  return TRUE;
}

static void fill(const struct job *job, FAX_DEV_STATUS *status) {
  memset(status, 0, sizeof *status);
  status->SizeOfStruct = sizeof *status;
  status->StatusId = job->status;
  status->StringId = status->StatusId == STATUS_FULL ? STRING_FULL : 0;
  status->PageCount = status->StatusId == FS_TRANSMITTING;
  status->ErrorCode = status->StatusId == FS_COMPLETED ? 0 : job->error;
}

/* A packet: a block of the heap, which the service frees once it is posted. */
static void tell(struct job *job, DWORD status) {
  FAX_DEV_STATUS *packet = FaxHeapAlloc(heap, sizeof *packet);
  job->status = status;
  if (packet == NULL) return; /* one less; the operation goes on */
  fill(job, packet);
  if (!FaxPostCompletion(job->port, sizeof *packet, job->key, packet))
    FaxHeapFree(heap, packet);
}

/* The status first: FaxDevReportStatus comes next. The last error last. */
static BOOL end(struct job *job, DWORD status, DWORD error) {
  job->error = error;
  job->status = status;
  FaxSetLastError(error);
  return error == ERROR_SUCCESS;
}

static BOOL copy(struct job *job, FILE *from, FILE *to) {
  char block[4096];
  size_t n;
  while ((n = fread(block, 1, sizeof block, from)) > 0) {
    if (fwrite(block, 1, n, to) != n)
      return end(job, STATUS_FULL, ERROR_DISK_FULL);
    if (!FaxClockWait(FaxClockNow() + PAUSE, job->abort))
      return end(job, FS_USER_ABORT, ERROR_OPERATION_ABORTED);
  }
  return end(job, FS_COMPLETED, ERROR_SUCCESS);
}

FAX_EXPORT BOOL WINAPI FaxDevSend(HANDLE FaxHandle, PFAX_SEND FaxSend,
                                  PFAX_SEND_CALLBACK FaxSendCallback) {
  struct job *job = FaxHandle;
  const char *number = FaxSend->ReceiverNumber;
  char path[1200];
  (void)FaxSendCallback; /* for lines with a call handle */
  tell(job, FS_DIALING);
  if (number[0] == '\0' || number[strspn(number, "+0123456789")] != '\0')
    return end(job, FS_BAD_ADDRESS, ERROR_INVALID_PARAMETER);
  snprintf(path, sizeof path, "%s/%.100s.tif", folder, number);
  FILE *from = fopen(FaxSend->FileName, "rb");
  FILE *to = from != NULL ? fopen(path, "wb") : NULL;
  BOOL ok;
  if (to == NULL) {
    ok = end(job, FS_FATAL_ERROR, ERROR_FILE_NOT_FOUND);
  } else {
    tell(job, FS_TRANSMITTING);
    ok = copy(job, from, to);
  }
  if (to != NULL && fclose(to) != 0)
    ok = end(job, STATUS_FULL, ERROR_DISK_FULL);
  if (to != NULL && !ok) remove(path);
  if (from != NULL) fclose(from);
  return ok;
}

/* Without a call there is nothing to take; another line may have one. */
FAX_EXPORT BOOL WINAPI FaxDevReceive(HANDLE FaxHandle, HCALL CallHandle,
                                     PFAX_RECEIVE FaxReceive) {
  (void)CallHandle, (void)FaxReceive;
  return end(FaxHandle, FS_LINE_UNAVAILABLE, ERROR_NOT_SUPPORTED);
}

FAX_EXPORT BOOL WINAPI FaxDevReportStatus(HANDLE FaxHandle,
                                          PFAX_DEV_STATUS FaxStatus,
                                          DWORD FaxStatusSize,
                                          LPDWORD FaxStatusSizeRequired) {
  *FaxStatusSizeRequired = sizeof *FaxStatus;
  if (FaxStatus == NULL && FaxStatusSize == 0) return TRUE; /* a question */
  if (FaxStatus == NULL || FaxStatusSize < sizeof *FaxStatus) {
    FaxSetLastError(ERROR_INSUFFICIENT_BUFFER);
    return FALSE;
  }
  fill(FaxHandle, FaxStatus);
  return TRUE;
}
