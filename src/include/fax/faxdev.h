/* SPDX-License-Identifier: MIT
   The provider API with its Windows names: what a fax service provider (FSP)
   exports, and the structures that pass between it and the service. Text is
   UTF-8 where Windows has UTF-16. fsp/loopback is an example of one. */
#ifndef FAX_FAXDEV_H
#define FAX_FAXDEV_H

#include <fax/faxwin.h>

#include <fax/types_begin.h>

#ifdef __cplusplus
extern "C" {
#endif

/* FAX_DEV_STATUS.StatusId */
#define FS_INITIALIZING 0x20000000
#define FS_DIALING 0x20000001
#define FS_TRANSMITTING 0x20000002
#define FS_RECEIVING 0x20000004
#define FS_COMPLETED 0x20000008
#define FS_HANDLED 0x20000010
#define FS_LINE_UNAVAILABLE 0x20000020
#define FS_BUSY 0x20000040
#define FS_NO_ANSWER 0x20000080
#define FS_BAD_ADDRESS 0x20000100
#define FS_NO_DIAL_TONE 0x20000200
#define FS_DISCONNECTED 0x20000400
#define FS_FATAL_ERROR 0x20000800
#define FS_NOT_FAX_CALL 0x20001000
#define FS_CALL_DELAYED 0x20002000
#define FS_CALL_BLACKLISTED 0x20004000
#define FS_USER_ABORT 0x20200000
#define FS_ANSWERED 0x20800000

#define FAXDEVRECEIVE_SIZE 4096
#define FAXDEVREPORTSTATUS_SIZE 4096

/* Bytes, with the terminator, that FaxDevVirtualDeviceCreation may write:
   128 characters of up to four bytes. */
#define FAXDEV_NAME_PREFIX_SIZE 513

#define LINE_ADDRESSSTATE 0
#define LINE_CALLSTATE 2
#define LINE_CLOSE 3
#define LINE_DEVSPECIFIC 4
#define LINE_LINEDEVSTATE 8
#define LINEDEVSTATE_RINGING 0x00000002

typedef struct _FAX_SEND {
  DWORD SizeOfStruct;
  LPTSTR FileName;       /* the TIFF/F file to send; read only */
  LPTSTR CallerName;     /* may be NULL */
  LPTSTR CallerNumber;   /* the TSID to send; may be NULL */
  LPTSTR ReceiverName;   /* may be NULL */
  LPTSTR ReceiverNumber; /* to be dialled as it is */
  BOOL Branding;         /* reserved; the line itself: FaxOperationQuery */
  HCALL CallHandle;      /* 0 */
  DWORD Reserved[3];
} FAX_SEND, *PFAX_SEND;

/* The block has FAXDEVRECEIVE_SIZE bytes behind the structure: the file name,
   then, written by the provider, the receiver's number and name. */
typedef struct _FAX_RECEIVE {
  DWORD SizeOfStruct;
  LPTSTR FileName; /* exists already; to be filled */
  LPTSTR ReceiverName;
  LPTSTR ReceiverNumber;
  DWORD Reserved[4];
} FAX_RECEIVE, *PFAX_RECEIVE;

typedef struct _FAX_DEV_STATUS {
  DWORD SizeOfStruct;
  DWORD StatusId;  /* FS_ or the provider's own */
  DWORD StringId;  /* for the provider's own: see fax_provider_string */
  DWORD PageCount; /* page at work, from one */
  LPTSTR CSI;      /* id of the remote station */
  LPTSTR CallerId;
  LPTSTR RoutingInfo;
  DWORD ErrorCode; /* NO_ERROR while running and after success */
  DWORD Reserved[3];
} FAX_DEV_STATUS, *PFAX_DEV_STATUS;

typedef struct linemessage_tag {
  DWORD hDevice;
  DWORD dwMessageID;
  DWORD_PTR dwCallbackInstance;
  DWORD_PTR dwParam1; /* LINEDEVSTATE_RINGING */
  DWORD_PTR dwParam2;
  /* Documented as 0. The service also reads TAPI's meaning of this member: how
     often it has rung so far; 0 = not said. */
  DWORD_PTR dwParam3;
} LINEMESSAGE, *LPLINEMESSAGE;

typedef void(CALLBACK *PFAX_LINECALLBACK)(HANDLE FaxHandle, DWORD hDevice,
                                          DWORD dwMessage, DWORD_PTR dwInstance,
                                          DWORD_PTR dwParam1,
                                          DWORD_PTR dwParam2,
                                          DWORD_PTR dwParam3);
typedef BOOL(CALLBACK *PFAX_SERVICE_CALLBACK)(HANDLE FaxHandle, DWORD DeviceId,
                                              DWORD_PTR Param1,
                                              DWORD_PTR Param2,
                                              DWORD_PTR Param3);
typedef BOOL(CALLBACK *PFAX_SEND_CALLBACK)(HANDLE FaxHandle, HCALL CallHandle,
                                           DWORD Reserved1, DWORD Reserved2);

/* ---- exports of a provider; optional: FaxDevShutdown ----
   FaxDevVirtualDeviceCreation is needed too: all devices are virtual here. A
   provider defines what it exports with FAX_EXPORT in front. */

BOOL WINAPI FaxDevVirtualDeviceCreation(LPDWORD DeviceCount,
                                        LPTSTR DeviceNamePrefix,
                                        LPDWORD DeviceIdPrefix,
                                        HANDLE CompletionPort,
                                        ULONG_PTR CompletionKey);
BOOL WINAPI FaxDevInitialize(HLINEAPP LineAppHandle, HANDLE HeapHandle,
                             PFAX_LINECALLBACK *LineCallbackFunction,
                             PFAX_SERVICE_CALLBACK FaxServiceCallback);
BOOL WINAPI FaxDevStartJob(HLINE LineHandle, DWORD DeviceId, PHANDLE FaxHandle,
                           HANDLE CompletionPortHandle,
                           ULONG_PTR CompletionKey);
BOOL WINAPI FaxDevEndJob(HANDLE FaxHandle);
BOOL WINAPI FaxDevSend(HANDLE FaxHandle, PFAX_SEND FaxSend,
                       PFAX_SEND_CALLBACK FaxSendCallback);
BOOL WINAPI FaxDevReceive(HANDLE FaxHandle, HCALL CallHandle,
                          PFAX_RECEIVE FaxReceive);
BOOL WINAPI FaxDevReportStatus(HANDLE FaxHandle, PFAX_DEV_STATUS FaxStatus,
                               DWORD FaxStatusSize,
                               LPDWORD FaxStatusSizeRequired);
BOOL WINAPI FaxDevAbortOperation(HANDLE FaxHandle);
HRESULT WINAPI FaxDevShutdown(void);

/* Declared so that sources of providers compile that have one. There are no
   property sheets here: it is never called, and a provider is configured by
   fax_provider_options (fax_operation.h). */
typedef struct _PSP *HPROPSHEETPAGE;
BOOL WINAPI FaxDevConfigure(HPROPSHEETPAGE *PropSheetPage);

#ifdef __cplusplus
}
#endif

#include <fax/types_end.h>

#endif
