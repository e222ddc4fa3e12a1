/* SPDX-License-Identifier: MIT
   The client API with its Windows names: connect, ports, jobs, events.
   Functions that this version does not have are not declared here;
   docs/differences.md lists them. Every function may be called from any
   thread, returns FALSE with FaxGetLastError() on failure, writes its out
   parameters on success only (handles become NULL on failure), and never keeps
   a pointer it was given. */
#ifndef FAX_WINFAX_H
#define FAX_WINFAX_H

#include <fax/faxerr.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- constants ---- */

/* FAX_JOB_ENTRY.JobType, FAX_DEVICE_STATUS.JobType */
#define JT_UNKNOWN 0
#define JT_SEND 1
#define JT_RECEIVE 2
#define JT_ROUTING 3
#define JT_FAIL_RECEIVE 4

/* FAX_JOB_ENTRY.QueueStatus: a flag set, zero means pending (JOB-17, -18) */
#define JS_PENDING 0x00000000
#define JS_INPROGRESS 0x00000001
#define JS_DELETING 0x00000002
#define JS_FAILED 0x00000004
#define JS_PAUSED 0x00000008
#define JS_NOLINE 0x00000010
#define JS_RETRYING 0x00000020
#define JS_RETRIES_EXCEEDED 0x00000040

#define JSA_NOW 0
#define JSA_SPECIFIC_TIME 1
#define JSA_DISCOUNT_PERIOD 2

#define DRT_NONE 0x0000
#define DRT_EMAIL 0x0001
#define DRT_INBOX 0x0002

#define PORT_OPEN_QUERY 1
#define PORT_OPEN_MODIFY 2

#define FPF_RECEIVE 0x00000001
#define FPF_SEND 0x00000002
#define FPF_VIRTUAL 0x00000004

/* FAX_PORT_INFO.State, FAX_JOB_ENTRY.Status, FAX_DEVICE_STATUS.Status: one of
   these, although they look like bits (PORT-45) */
#define FPS_DIALING 0x20000001
#define FPS_SENDING 0x20000002
#define FPS_RECEIVING 0x20000004
#define FPS_COMPLETED 0x20000008
#define FPS_HANDLED 0x20000010
#define FPS_UNAVAILABLE 0x20000020
#define FPS_BUSY 0x20000040
#define FPS_NO_ANSWER 0x20000080
#define FPS_BAD_ADDRESS 0x20000100
#define FPS_NO_DIAL_TONE 0x20000200
#define FPS_DISCONNECTED 0x20000400
#define FPS_FATAL_ERROR 0x20000800
#define FPS_NOT_FAX_CALL 0x20001000
#define FPS_CALL_DELAYED 0x20002000
#define FPS_CALL_BLACKLISTED 0x20004000
#define FPS_INITIALIZING 0x20008000
#define FPS_OFFLINE 0x20010000
#define FPS_RINGING 0x20020000
#define FPS_AVAILABLE 0x20100000
#define FPS_ABORTING 0x20200000
#define FPS_ROUTING 0x20400000
#define FPS_ANSWERED 0x20800000

/* FAX_EVENT.EventId */
#define FEI_DIALING 0x00000001
#define FEI_SENDING 0x00000002
#define FEI_RECEIVING 0x00000003
#define FEI_COMPLETED 0x00000004
#define FEI_BUSY 0x00000005
#define FEI_NO_ANSWER 0x00000006
#define FEI_BAD_ADDRESS 0x00000007
#define FEI_NO_DIAL_TONE 0x00000008
#define FEI_DISCONNECTED 0x00000009
#define FEI_FATAL_ERROR 0x0000000a
#define FEI_NOT_FAX_CALL 0x0000000b
#define FEI_CALL_DELAYED 0x0000000c
#define FEI_CALL_BLACKLISTED 0x0000000d
#define FEI_RINGING 0x0000000e
#define FEI_ABORTING 0x0000000f
#define FEI_ROUTING 0x00000010
#define FEI_MODEM_POWERED_ON 0x00000011
#define FEI_MODEM_POWERED_OFF 0x00000012
#define FEI_IDLE 0x00000013
#define FEI_FAXSVC_ENDED 0x00000014
#define FEI_ANSWERED 0x00000015
#define FEI_JOB_QUEUED 0x00000016
#define FEI_DELETED 0x00000017
#define FEI_INITIALIZING 0x00000018
#define FEI_LINE_UNAVAILABLE 0x00000019
#define FEI_HANDLED 0x0000001a
#define FEI_FAXSVC_STARTED 0x0000001b
#define FEI_NEVENTS FEI_FAXSVC_STARTED

/* FAX_EVENT.JobId of an event that concerns no job */
#define FAX_NO_JOB 0xffffffffu

/* access rights */
#define FAX_JOB_SUBMIT 0x0001
#define FAX_JOB_QUERY 0x0002
#define FAX_CONFIG_QUERY 0x0004
#define FAX_CONFIG_SET 0x0008
#define FAX_PORT_QUERY 0x0010
#define FAX_PORT_SET 0x0020
#define FAX_JOB_MANAGE 0x0040
#define FAX_READ 0x00020016
#define FAX_WRITE 0x00020001
#define FAX_ALL_ACCESS 0x001f007f

#define WM_USER 0x0400

/* ---- structures ---- */

typedef struct _FAX_PORT_INFO {
  DWORD SizeOfStruct;
  DWORD DeviceId; /* permanent line id; not to be stored (PORT-2) */
  DWORD State;    /* one FPS_ value */
  DWORD Flags;    /* FPF_ */
  DWORD Rings;    /* rings before answering, 0..99 */
  DWORD Priority; /* 1 = first choice for sending */
  LPCTSTR DeviceName;
  LPCTSTR Tsid;
  LPCTSTR Csid;
} FAX_PORT_INFO, *PFAX_PORT_INFO;

typedef struct _FAX_JOB_ENTRY {
  DWORD SizeOfStruct;
  DWORD JobId;
  LPCTSTR UserName;  /* the owner */
  DWORD JobType;     /* JT_ */
  DWORD QueueStatus; /* JS_ flags */
  DWORD Status;      /* FPS_ of the device at work on it, 0 = none */
  DWORD Size;        /* bytes of the document */
  DWORD PageCount;
  LPCTSTR RecipientNumber;
  LPCTSTR RecipientName;
  LPCTSTR Tsid;
  LPCTSTR SenderName;
  LPCTSTR SenderCompany;
  LPCTSTR SenderDept;
  LPCTSTR BillingCode;
  DWORD ScheduleAction;    /* JSA_ */
  SYSTEMTIME ScheduleTime; /* UTC */
  DWORD DeliveryReportType;
  LPCTSTR DeliveryReportAddress;
  LPCTSTR DocumentName;
} FAX_JOB_ENTRY, *PFAX_JOB_ENTRY;

typedef struct _FAX_JOB_PARAM {
  DWORD SizeOfStruct;
  LPCTSTR RecipientNumber; /* required */
  LPCTSTR RecipientName;
  LPCTSTR Tsid;
  LPCTSTR SenderName;
  LPCTSTR SenderCompany;
  LPCTSTR SenderDept;
  LPCTSTR BillingCode;
  DWORD ScheduleAction;    /* JSA_, required */
  SYSTEMTIME ScheduleTime; /* UTC, for JSA_SPECIFIC_TIME */
  DWORD DeliveryReportType;
  LPCTSTR DeliveryReportAddress;
  LPCTSTR DocumentName;
  HCALL CallHandle; /* 0 */
  DWORD_PTR Reserved[3];
} FAX_JOB_PARAM, *PFAX_JOB_PARAM;

typedef struct _FAX_COVERPAGE_INFO {
  DWORD SizeOfStruct;
  LPCTSTR CoverPageName;
  BOOL UseServerCoverPage;
  LPCTSTR RecName;
  LPCTSTR RecFaxNumber;
  LPCTSTR RecCompany;
  LPCTSTR RecStreetAddress;
  LPCTSTR RecCity;
  LPCTSTR RecState;
  LPCTSTR RecZip;
  LPCTSTR RecCountry;
  LPCTSTR RecTitle;
  LPCTSTR RecDepartment;
  LPCTSTR RecOfficeLocation;
  LPCTSTR RecHomePhone;
  LPCTSTR RecOfficePhone;
  LPCTSTR SdrName;
  LPCTSTR SdrFaxNumber;
  LPCTSTR SdrCompany;
  LPCTSTR SdrAddress;
  LPCTSTR SdrTitle;
  LPCTSTR SdrDepartment;
  LPCTSTR SdrOfficeLocation;
  LPCTSTR SdrHomePhone;
  LPCTSTR SdrOfficePhone;
  LPCTSTR Note;
  LPCTSTR Subject;
  SYSTEMTIME TimeSent;
  DWORD PageCount;
} FAX_COVERPAGE_INFO, *PFAX_COVERPAGE_INFO;

typedef struct _FAX_DEVICE_STATUS {
  DWORD SizeOfStruct;
  LPCTSTR CallerId; /* JT_RECEIVE only */
  LPCTSTR Csid;
  DWORD CurrentPage; /* from one; 0 = nothing is transmitted (PORT-41) */
  DWORD DeviceId;
  LPCTSTR DeviceName;
  LPCTSTR DocumentName;
  DWORD JobType;         /* JT_UNKNOWN = idle (PORT-39) */
  LPCTSTR PhoneNumber;   /* JT_SEND only */
  LPCTSTR RoutingString; /* JT_RECEIVE only */
  LPCTSTR SenderName;
  LPCTSTR RecipientName;
  DWORD Size;
  FILETIME StartTime;
  DWORD Status;         /* FPS_ */
  LPCTSTR StatusString; /* NULL (PORT-42) */
  FILETIME SubmittedTime;
  DWORD TotalPages;
  LPCTSTR Tsid;
  LPCTSTR UserName;
} FAX_DEVICE_STATUS, *PFAX_DEVICE_STATUS;

typedef struct _FAX_EVENT {
  DWORD SizeOfStruct;
  FILETIME TimeStamp;
  DWORD DeviceId; /* 0 = no device */
  DWORD EventId;  /* FEI_ */
  DWORD JobId;    /* FAX_NO_JOB = no job */
} FAX_EVENT, *PFAX_EVENT;

/* ---- connecting ---- */

/* Reaches the service of this process; MachineName is NULL or "". Gives a
   handle, to be closed with FaxClose. ERROR_INVALID_PARAMETER: FaxHandle NULL,
   or a machine name. ERROR_SERVICE_NOT_ACTIVE: no service runs here (the local
   server is yet to come). ERROR_ACCESS_DENIED: no right at all (CONN-1..5). */
FAX_EXPORT BOOL FaxConnectFaxServer(LPCTSTR MachineName, LPHANDLE FaxHandle);

/* Closes a server handle, with all port handles opened through it, or a port
   handle (CONN-6..9). Releases always; ERROR_INVALID_HANDLE for one that is
   stale, foreign or closed before. */
FAX_EXPORT BOOL FaxClose(HANDLE FaxHandle);

/* Frees what a FaxEnum* or FaxGet* function gave; NULL does nothing, and a
   block that is not one of theirs is left alone (MEM-1..5). */
FAX_EXPORT void FaxFreeBuffer(LPVOID Buffer);

/* ---- ports ---- */

/* Gives an array of all ports, in the order of their device ids, as one block
   (FAX_PORT_QUERY). With no port: TRUE, a block to free and 0 (PORT-8). */
FAX_EXPORT BOOL FaxEnumPorts(HANDLE FaxHandle, PFAX_PORT_INFO *PortInfo,
                             LPDWORD PortsReturned);

/* Gives a port handle. Flags: PORT_OPEN_QUERY, PORT_OPEN_MODIFY (implies
   query; one holder at a time, else ERROR_INVALID_HANDLE). ERROR_BAD_UNIT:
   no such device (PORT-10..19). */
FAX_EXPORT BOOL FaxOpenPort(HANDLE FaxHandle, DWORD DeviceId, DWORD Flags,
                            LPHANDLE FaxPortHandle);

/* Gives one port's record (FAX_PORT_QUERY). */
FAX_EXPORT BOOL FaxGetPort(HANDLE FaxPortHandle, PFAX_PORT_INFO *PortInfo);

/* Changes Flags (receive, send), Rings, Priority, Tsid and Csid of a port that
   was opened for modify (FAX_PORT_SET, PORT-20..32). ERROR_DEVICE_IN_USE while
   it sends or receives; ERROR_INVALID_PARAMETER for a wrong size, Rings above
   99 or a Priority outside 1..number of ports. */
FAX_EXPORT BOOL FaxSetPort(HANDLE FaxPortHandle, const FAX_PORT_INFO *PortInfo);

/* Gives what the device does now (FAX_PORT_QUERY, PORT-39..46). */
FAX_EXPORT BOOL FaxGetDeviceStatus(HANDLE FaxPortHandle,
                                   PFAX_DEVICE_STATUS *DeviceStatus);

/* ---- jobs ---- */

/* Queues one document for one recipient (FAX_JOB_SUBMIT, JOB-1..16). The
   document is read, checked and converted before the call returns: a file that
   cannot be sent leaves no job behind. CoverpageInfo: NULL; a cover page is
   ERROR_CALL_NOT_IMPLEMENTED. FaxJobId may be NULL. */
FAX_EXPORT BOOL FaxSendDocument(HANDLE FaxHandle, LPCTSTR FileName,
                                PFAX_JOB_PARAM JobParams,
                                const FAX_COVERPAGE_INFO *CoverpageInfo,
                                LPDWORD FaxJobId);

/* Gives all queued and active jobs, oldest first, as one block. Without
   FAX_JOB_QUERY: the caller's own outgoing jobs (SEC-9, JOB-29). */
FAX_EXPORT BOOL FaxEnumJobs(HANDLE FaxHandle, PFAX_JOB_ENTRY *JobEntry,
                            LPDWORD JobsReturned);

/* Gives one job; ERROR_INVALID_PARAMETER when it is unknown. */
FAX_EXPORT BOOL FaxGetJob(HANDLE FaxHandle, DWORD JobId,
                          PFAX_JOB_ENTRY *JobEntry);

/* Ends a job (owner or FAX_JOB_MANAGE); a running one is asked to end, and the
   call returns before it has (JOB-59..64). ERROR_INVALID_PARAMETER: unknown or
   being cancelled already. ERROR_INVALID_OPERATION: being routed. */
FAX_EXPORT BOOL FaxAbort(HANDLE FaxHandle, DWORD JobId);

/* ---- events ---- */

/* Posts each event as a FAX_EVENT to CompletionPort (from
   FaxCreateCompletionPort) with CompletionKey; the receiver frees it with
   LocalFree. Goes on after FaxClose of the handle and ends with
   FEI_FAXSVC_ENDED or with the port. hWnd is not available:
   ERROR_INVALID_PARAMETER together with a port, when both are NULL, or with
   MessageStart below WM_USER, else ERROR_CALL_NOT_IMPLEMENTED (EVT-1..15). */
FAX_EXPORT BOOL FaxInitializeEventQueue(HANDLE FaxHandle, HANDLE CompletionPort,
                                        ULONG_PTR CompletionKey, HWND hWnd,
                                        UINT MessageStart);

#ifdef __cplusplus
}
#endif
#endif
