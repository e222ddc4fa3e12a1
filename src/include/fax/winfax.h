/* SPDX-License-Identifier: MIT
   The client API with its Windows names, whole. docs/differences.md tells what
   is decided otherwise than on Windows. Every function may be called from any
   thread, returns FALSE with FaxGetLastError() on failure, writes its out
   parameters on success only (handles become NULL on failure), and never keeps
   a pointer it was given. What a FaxEnum* or FaxGet* function gives is one
   block for FaxFreeBuffer. Without the right that is named in brackets a call
   fails with ERROR_ACCESS_DENIED. */
#ifndef FAX_WINFAX_H
#define FAX_WINFAX_H

#include <fax/faxerr.h>

#include <fax/types_begin.h>

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

/* FaxSetJob. Resume and restart are one number: the state of the job tells them
   apart (JOB-52). */
#define JC_UNKNOWN 0
#define JC_DELETE 1
#define JC_PAUSE 2
#define JC_RESUME 3
#define JC_RESTART JC_RESUME

/* FAX_LOG_CATEGORY.Level */
#define FAXLOG_LEVEL_NONE 0
#define FAXLOG_LEVEL_MIN 1
#define FAXLOG_LEVEL_MED 2
#define FAXLOG_LEVEL_MAX 3

/* FAX_LOG_CATEGORY.Category */
#define FAXLOG_CATEGORY_INIT 1
#define FAXLOG_CATEGORY_OUTBOUND 2
#define FAXLOG_CATEGORY_INBOUND 3
#define FAXLOG_CATEGORY_UNKNOWN 4

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
#define MAX_COMPUTERNAME_LENGTH 15

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

typedef struct _FAX_TIME {
  WORD Hour;   /* 0..23 */
  WORD Minute; /* 0..59 */
} FAX_TIME, *PFAX_TIME;

typedef struct _FAX_CONFIGURATION {
  DWORD SizeOfStruct;
  DWORD Retries;             /* further attempts after a failed one, 0..99 */
  DWORD RetryDelay;          /* minutes between attempts */
  DWORD DirtyDays;           /* a job that will not be sent is kept so long;
                                0 = without limit */
  BOOL Branding;             /* header line on sent pages */
  BOOL UseDeviceTsid;        /* the port's TSID replaces the job's */
  BOOL ServerCp;             /* common cover pages only */
  BOOL PauseServerQueue;     /* nothing new is sent; jobs are accepted */
  FAX_TIME StartCheapTime;   /* UTC; equal to the stop: no discount period */
  FAX_TIME StopCheapTime;    /* before the start: it crosses midnight */
  BOOL ArchiveOutgoingFaxes; /* a copy of each sent fax is kept */
  LPCTSTR ArchiveDirectory;  /* there; NULL when it is off */
  LPCTSTR Reserved;          /* the inbound profile (CFG-12); kept, not used */
} FAX_CONFIGURATION, *PFAX_CONFIGURATION;

typedef struct _FAX_LOG_CATEGORY {
  LPCTSTR Name;
  DWORD Category; /* FAXLOG_CATEGORY_ */
  DWORD Level;    /* FAXLOG_LEVEL_ */
} FAX_LOG_CATEGORY, *PFAX_LOG_CATEGORY;

typedef struct _FAX_ROUTING_METHOD {
  DWORD SizeOfStruct;
  DWORD DeviceId;
  BOOL Enabled; /* for this device */
  LPCTSTR DeviceName;
  LPCTSTR Guid; /* "{92041a90-...}" */
  LPCTSTR FriendlyName;
  LPCTSTR FunctionName;
  LPCTSTR ExtensionImageName;
  LPCTSTR ExtensionFriendlyName;
} FAX_ROUTING_METHOD, *PFAX_ROUTING_METHOD;

typedef struct _FAX_GLOBAL_ROUTING_INFO {
  DWORD SizeOfStruct;
  DWORD Priority; /* 1 = runs first; the only member that can be changed */
  LPCTSTR Guid;
  LPCTSTR FriendlyName;
  LPCTSTR FunctionName;
  LPCTSTR ExtensionImageName;
  LPCTSTR ExtensionFriendlyName;
} FAX_GLOBAL_ROUTING_INFO, *PFAX_GLOBAL_ROUTING_INFO;

typedef struct _FAX_PRINT_INFO {
  DWORD SizeOfStruct;
  LPCTSTR DocName;
  LPCTSTR RecipientName;
  LPCTSTR RecipientNumber; /* required */
  LPCTSTR SenderName;
  LPCTSTR SenderCompany;
  LPCTSTR SenderDept;
  LPCTSTR SenderBillingCode;
  LPCTSTR Reserved; /* NULL */
  LPCTSTR DrEmailAddress;
  LPCTSTR OutputFileName; /* NULL */
} FAX_PRINT_INFO, *PFAX_PRINT_INFO;

typedef struct _FAX_CONTEXT_INFO {
  DWORD SizeOfStruct;
  HDC hDC;
  TCHAR ServerName[MAX_COMPUTERNAME_LENGTH + 1];
} FAX_CONTEXT_INFO, *PFAX_CONTEXT_INFO;

/* Fills in what is sent to one recipient of a broadcast, numbered from one;
   FALSE: there are no more. Both structures are zero but for their size; what
   they point to lives until the next call. Called by the thread that
   broadcasts, with no lock held. */
typedef BOOL(CALLBACK *PFAX_RECIPIENT_CALLBACK)(
    HANDLE FaxHandle, DWORD RecipientNumber, LPVOID Context,
    PFAX_JOB_PARAM JobParams, PFAX_COVERPAGE_INFO CoverpageInfo);

/* Describes one method of a routing extension; FALSE: there are no more. Each
   text has room for 100 characters. */
typedef BOOL(CALLBACK *PFAX_ROUTING_INSTALLATION_CALLBACK)(
    HANDLE FaxHandle, LPVOID Context, LPTSTR MethodName, LPTSTR FriendlyName,
    LPTSTR FunctionName, LPTSTR Guid);

/* ---- connecting ---- */

/* Reaches the service of this process; MachineName is NULL or "". Gives a
   handle, to be closed with FaxClose. ERROR_INVALID_PARAMETER: FaxHandle NULL,
   or a machine name. ERROR_SERVICE_NOT_ACTIVE: no service runs here (the local
   server is yet to come). ERROR_ACCESS_DENIED: no right at all (CONN-1..5). */
FAX_EXPORT BOOL FaxConnectFaxServer(LPCTSTR MachineName, LPHANDLE FaxHandle);

/* Closes a server handle, with all that was opened through it, a port handle
   (CONN-6..9), or a document (FaxPrepareDocument). Releases always, whatever it
   returns: ERROR_INVALID_HANDLE for one that is stale, foreign or closed
   before; ERROR_ACCESS_DENIED without FAX_PORT_QUERY, with
   FAX_COMPAT_CLOSE_RIGHT only (CONN-8). */
FAX_EXPORT BOOL FaxClose(HANDLE FaxHandle);

/* Frees what a FaxEnum* or FaxGet* function gave; NULL does nothing, and a
   block that is not one of theirs is left alone (MEM-1..5). */
FAX_EXPORT void FaxFreeBuffer(LPVOID Buffer);

/* Asks whether the connection has all rights of the mask (SEC-4, SEC-5). FALSE
   with the last error 0: one is missing, or the mask is 0;
   ERROR_INVALID_PARAMETER: it has bits that are no right. */
FAX_EXPORT BOOL FaxAccessCheck(HANDLE FaxHandle, DWORD AccessMask);

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

/* Sends one document to any number of recipients (FAX_JOB_SUBMIT, BC-1..14).
   It is made ready once; then the callback is asked for one recipient after the
   other, and a job is queued for each before it is asked for the next. FaxJobId
   gets the id of the document, which names no job and cannot be aborted (BC-7,
   BC-9); each recipient's job has an id of its own, told by FEI_JOB_QUEUED.
   What is wrong with one recipient ends it with the error, and so does a last
   error that the callback sets before it returns FALSE (BC-13); the jobs queued
   before stay, and the message tells how many. ERROR_CANCELLED: the first
   answer was FALSE (BC-12). FAX_ERR_RECIPIENTS_LIMIT: more than the service
   allows (BC-10). */
FAX_EXPORT BOOL FaxSendDocumentForBroadcast(
    HANDLE FaxHandle, LPCTSTR FileName, LPDWORD FaxJobId,
    PFAX_RECIPIENT_CALLBACK FaxRecipientCallback, LPVOID Context);

/* Gives both structures with their sizes and what is known of the sender, from
   the environment (FAX_SENDER_NAME and its like, docs/differences.md) and the
   account of the process. Two blocks, each for FaxFreeBuffer (JOB-16, MEM-2).
 */
FAX_EXPORT BOOL FaxCompleteJobParams(PFAX_JOB_PARAM *JobParams,
                                     PFAX_COVERPAGE_INFO *CoverpageInfo);

/* Gives all queued and active jobs, oldest first, as one block. Without
   FAX_JOB_QUERY: the caller's own outgoing jobs (SEC-9, JOB-29). */
FAX_EXPORT BOOL FaxEnumJobs(HANDLE FaxHandle, PFAX_JOB_ENTRY *JobEntry,
                            LPDWORD JobsReturned);

/* Gives one job; ERROR_INVALID_PARAMETER when it is unknown. */
FAX_EXPORT BOOL FaxGetJob(HANDLE FaxHandle, DWORD JobId,
                          PFAX_JOB_ENTRY *JobEntry);

/* Deletes, pauses, resumes or restarts a job (owner of an outgoing job, or
   FAX_JOB_MANAGE; JOB-48..58). A pause of a running job takes effect when it
   comes back to the queue. JobEntry is not used: NULL, or the entry of this
   job. ERROR_INVALID_PARAMETER: no such command or job, another job's entry.
   ERROR_INVALID_OPERATION: the state of the job does not allow it. */
FAX_EXPORT BOOL FaxSetJob(HANDLE FaxHandle, DWORD JobId, DWORD Command,
                          const FAX_JOB_ENTRY *JobEntry);

/* Gives the first page of an outgoing job as a TIFF/F with MMR compression, to
   be freed with FaxFreeBuffer, and its size in pixels (FAX_JOB_QUERY, or one's
   own job; JOB-69..71). ERROR_INVALID_DATA: the job is none of JT_SEND. */
FAX_EXPORT BOOL FaxGetPageData(HANDLE FaxHandle, DWORD JobId, LPBYTE *Buffer,
                               LPDWORD BufferSize, LPDWORD ImageWidth,
                               LPDWORD ImageHeight);

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

/* ---- configuration ---- */

/* Gives the configuration (FAX_CONFIG_QUERY). */
FAX_EXPORT BOOL FaxGetConfiguration(HANDLE FaxHandle,
                                    PFAX_CONFIGURATION *FaxConfig);

/* Replaces it as a whole (FAX_CONFIG_SET, CFG-1..16); it holds for every
   attempt that begins from then on. ERROR_INVALID_PARAMETER names the member
   that is wrong; FAX_ERR_FILE_ACCESS_DENIED: the archive cannot be written.
   Nothing is changed then. */
FAX_EXPORT BOOL FaxSetConfiguration(HANDLE FaxHandle,
                                    const FAX_CONFIGURATION *FaxConfig);

/* Gives the four categories of the log with their levels (FAX_CONFIG_QUERY). */
FAX_EXPORT BOOL FaxGetLoggingCategories(HANDLE FaxHandle,
                                        PFAX_LOG_CATEGORY *Categories,
                                        LPDWORD NumberCategories);

/* Sets the level of each category that is named; the others stay, Name is not
   read (FAX_CONFIG_SET, LOG-1..8). ERROR_INVALID_PARAMETER: none is named, or
   one or its level does not exist; nothing is changed then. */
FAX_EXPORT BOOL FaxSetLoggingCategories(HANDLE FaxHandle,
                                        const FAX_LOG_CATEGORY *Categories,
                                        DWORD NumberCategories);

/* ---- routing ---- */

/* Gives every routing method with whether it is enabled for the port
   (FAX_PORT_QUERY, RT-8). */
FAX_EXPORT BOOL FaxEnumRoutingMethods(HANDLE FaxPortHandle,
                                      PFAX_ROUTING_METHOD *RoutingMethod,
                                      LPDWORD MethodsReturned);

/* Switches one method for the port, which was opened for modify (FAX_PORT_SET,
   RT-9). ERROR_INVALID_DATA: no such method. ERROR_BAD_CONFIGURATION: it cannot
   be enabled before it has its data (RT-22). */
FAX_EXPORT BOOL FaxEnableRoutingMethod(HANDLE FaxPortHandle,
                                       LPCTSTR RoutingGuid, BOOL Enabled);

/* Gives all methods in the order in which they run (FAX_CONFIG_QUERY). */
FAX_EXPORT BOOL FaxEnumGlobalRoutingInfo(HANDLE FaxHandle,
                                         PFAX_GLOBAL_ROUTING_INFO *RoutingInfo,
                                         LPDWORD MethodsReturned);

/* Moves the method of that Guid to that Priority; one above the number of
   methods is the last (FAX_CONFIG_SET, RT-4..7). ERROR_INVALID_DATA: no such
   method. */
FAX_EXPORT BOOL FaxSetGlobalRoutingInfo(
    HANDLE FaxHandle, const FAX_GLOBAL_ROUTING_INFO *RoutingInfo);

/* Gives the private data of a method for the port (FAX_PORT_QUERY); that of the
   folder method is a path with its NUL (RT-11). */
FAX_EXPORT BOOL FaxGetRoutingInfo(HANDLE FaxPortHandle, LPCTSTR RoutingGuid,
                                  LPBYTE *RoutingInfoBuffer,
                                  LPDWORD RoutingInfoBufferSize);

/* Replaces it; the port was opened for modify (FAX_PORT_SET).
   ERROR_INVALID_DATA: no such method, or data that it cannot use. */
FAX_EXPORT BOOL FaxSetRoutingInfo(HANDLE FaxPortHandle, LPCTSTR RoutingGuid,
                                  const BYTE *RoutingInfoBuffer,
                                  DWORD RoutingInfoBufferSize);

/* ---- registration ----
   For the state directory of the service of this process, else for the one that
   FaxServiceStart would use; whoever may write there may register (FSP-16). */

/* Registers a provider: the service that runs in this process loads it at once,
   on this thread, and every one that starts there later. One that cannot be
   loaded stays registered; the log and FaxEnumProviders say why (FSP-18).
   ImageName is an absolute path that may hold %NAME% of the environment;
   TspName is "" (there is no telephony provider here: ERROR_NOT_SUPPORTED).
   ERROR_INVALID_PARAMETER: NULL, a text that is empty, above 253 bytes or not
   UTF-8, a DeviceProvider with "/", a relative path. ERROR_FILE_NOT_FOUND: no
   such image. ERROR_ALREADY_EXISTS: the name is registered (FSP-17).
   ERROR_BUSY: another program is registering. ERROR_REGISTRY_CORRUPT: what was
   registered cannot be read. */
FAX_EXPORT BOOL FaxRegisterServiceProvider(LPCTSTR DeviceProvider,
                                           LPCTSTR FriendlyName,
                                           LPCTSTR ImageName, LPCTSTR TspName);

/* Takes it out. The service that runs in this process lets its calls end, then
   unloads it. ERROR_NOT_FOUND: it is not registered. */
FAX_EXPORT BOOL FaxUnregisterServiceProvider(LPCTSTR DeviceProvider);

/* Routing extensions cannot be loaded yet: after its parameters were checked
   each of the two fails with ERROR_CALL_NOT_IMPLEMENTED. */
FAX_EXPORT BOOL FaxRegisterRoutingExtension(
    HANDLE FaxHandle, LPCTSTR ExtensionName, LPCTSTR FriendlyName,
    LPCTSTR ImageName, PFAX_ROUTING_INSTALLATION_CALLBACK CallBack,
    LPVOID Context);
FAX_EXPORT BOOL FaxUnregisterRoutingExtension(HANDLE hFaxHandle,
                                              LPCTSTR lpctstrExtensionName);

/* ---- printing ----
   There is no fax printer yet: after its parameters were checked each of the
   two fails with ERROR_CALL_NOT_IMPLEMENTED (PRN-1..8). */

FAX_EXPORT BOOL FaxStartPrintJob(LPCTSTR PrinterName,
                                 const FAX_PRINT_INFO *PrintInfo,
                                 LPDWORD FaxJobId,
                                 PFAX_CONTEXT_INFO FaxContextInfo);
FAX_EXPORT BOOL FaxPrintCoverPage(const FAX_CONTEXT_INFO *FaxContextInfo,
                                  const FAX_COVERPAGE_INFO *CoverPageInfo);

#ifdef __cplusplus
}
#endif

#include <fax/types_end.h>

#endif
