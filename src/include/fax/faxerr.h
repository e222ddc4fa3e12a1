/* SPDX-License-Identifier: MIT
   The error codes of the API, with the numbers they have on Windows. One list,
   so that names, numbers and texts come from the same line. */
#ifndef FAX_FAXERR_H
#define FAX_FAXERR_H

#include <fax/faxtypes.h>

/* X(name, value, what it says to a person) */
#define FAX_ERRORS(X)                                                        \
  X(ERROR_SUCCESS, 0, "no error")                                            \
  X(ERROR_INVALID_FUNCTION, 1, "the request makes no sense here")            \
  X(ERROR_FILE_NOT_FOUND, 2, "no such file")                                 \
  X(ERROR_ACCESS_DENIED, 5, "the right to do this is missing")               \
  X(ERROR_INVALID_HANDLE, 6, "the handle is not valid")                      \
  X(ERROR_NOT_ENOUGH_MEMORY, 8, "out of memory")                             \
  X(ERROR_BAD_FORMAT, 11, "the format is wrong")                             \
  X(ERROR_INVALID_DATA, 13, "the data cannot be used")                       \
  X(ERROR_OUTOFMEMORY, 14, "out of memory")                                  \
  X(ERROR_WRITE_PROTECT, 19, "the outgoing queue is blocked")                \
  X(ERROR_BAD_UNIT, 20, "no such device")                                    \
  X(ERROR_WRITE_FAULT, 29, "a file could not be written")                    \
  X(ERROR_READ_FAULT, 30, "a file could not be read")                        \
  X(ERROR_GEN_FAILURE, 31, "the operation failed inside the service")        \
  X(ERROR_SHARING_VIOLATION, 32, "it is in use by another process")          \
  X(ERROR_NOT_SUPPORTED, 50, "this is not supported")                        \
  X(ERROR_ALREADY_ASSIGNED, 85, "it is registered already")                  \
  X(ERROR_INVALID_PARAMETER, 87, "a parameter is wrong")                     \
  X(ERROR_BUFFER_OVERFLOW, 111, "a text is too long")                        \
  X(ERROR_DISK_FULL, 112, "the disk is full")                                \
  X(ERROR_CALL_NOT_IMPLEMENTED, 120, "this is not implemented")              \
  X(ERROR_INSUFFICIENT_BUFFER, 122, "the buffer is too small")               \
  X(ERROR_MOD_NOT_FOUND, 126, "the module cannot be loaded")                 \
  X(ERROR_PROC_NOT_FOUND, 127, "the module lacks an export")                 \
  X(ERROR_BUSY, 170, "it is busy; try again later")                          \
  X(ERROR_ALREADY_EXISTS, 183, "it exists already")                          \
  X(WAIT_TIMEOUT, 258, "the time ran out")                                   \
  X(ERROR_ARITHMETIC_OVERFLOW, 534, "a size is too large")                   \
  X(ERROR_ABANDONED_WAIT_0, 735, "what was waited for was closed")           \
  X(ERROR_OPERATION_ABORTED, 995, "the operation was aborted")               \
  X(ERROR_BADDB, 1009, "the configuration store is damaged")                 \
  X(ERROR_REGISTRY_CORRUPT, 1015, "the configuration store is damaged")      \
  X(ERROR_SERVICE_ALREADY_RUNNING, 1056, "a service runs here already")      \
  X(ERROR_SERVICE_NOT_ACTIVE, 1062, "no fax service is running")             \
  X(ERROR_SHUTDOWN_IN_PROGRESS, 1115, "the service is stopping")             \
  X(ERROR_NOT_FOUND, 1168, "not found")                                      \
  X(ERROR_CANCELLED, 1223, "it was cancelled")                               \
  X(ERROR_INTERNAL_ERROR, 1359, "internal error")                            \
  X(ERROR_FILE_CORRUPT, 1392, "the file is damaged")                         \
  X(ERROR_TIMEOUT, 1460, "the time ran out")                                 \
  X(ERROR_BAD_CONFIGURATION, 1610, "it is not configured")                   \
  X(ERROR_UNSUPPORTED_TYPE, 1630, "this type is not supported")              \
  X(RPC_S_SERVER_UNAVAILABLE, 1722, "the fax server is not reachable")       \
  X(RPC_S_CALL_FAILED, 1726, "the server went away during the call")         \
  X(RPC_S_PROCNUM_OUT_OF_RANGE, 1745, "the server does not know this call")  \
  X(ERROR_INVALID_PRINTER_NAME, 1801, "no such fax printer")                 \
  X(ERROR_NOT_ENOUGH_QUOTA, 1816, "the user has too much in the queue")      \
  X(ERROR_DEVICE_IN_USE, 2404, "the port is sending or receiving")           \
  X(ERROR_SPL_NO_STARTDOC, 3003, "no document was started")                  \
  X(ERROR_INVALID_OPERATION, 4317, "the state of the job does not allow it") \
  X(FAX_ERR_SRV_OUTOFMEMORY, 7001, "the service is out of memory")           \
  X(FAX_ERR_GROUP_NOT_FOUND, 7002, "no such routing group")                  \
  X(FAX_ERR_BAD_GROUP_CONFIGURATION, 7003, "the group is badly configured")  \
  X(FAX_ERR_GROUP_IN_USE, 7004, "the routing group is in use")               \
  X(FAX_ERR_RULE_NOT_FOUND, 7005, "no such routing rule")                    \
  X(FAX_ERR_NOT_NTFS, 7006, "the folder cannot hold the archive")            \
  X(FAX_ERR_DIRECTORY_IN_USE, 7007, "the folder is in use")                  \
  X(FAX_ERR_FILE_ACCESS_DENIED, 7008, "the service may not use the file")    \
  X(FAX_ERR_MESSAGE_NOT_FOUND, 7009, "no such job or message")               \
  X(FAX_ERR_DEVICE_NUM_LIMIT_EXCEEDED, 7010, "too many active devices")      \
  X(FAX_ERR_NOT_SUPPORTED_ON_THIS_SKU, 7011, "not available here")           \
  X(FAX_ERR_VERSION_MISMATCH, 7012, "the versions do not match")             \
  X(FAX_ERR_RECIPIENTS_LIMIT, 7013, "too many recipients")                   \
  X(ERROR_FAX_FAILED, 7901, "the fax was not delivered")                     \
  X(ERROR_FAX_BLOCKED, 7902, "the number may not be called")

enum {
#define FAX_ERROR_ENUM(name, value, text) name = value,
  FAX_ERRORS(FAX_ERROR_ENUM)
#undef FAX_ERROR_ENUM
};

#define NO_ERROR ERROR_SUCCESS
#define FAX_ERR_START 7001
#define FAX_ERR_END 7013

/* An HRESULT, which FAX_PREFIX_TYPES calls otherwise. */
#define S_OK ((int32_t)0)
#define E_FAIL ((int32_t)0x80004005)

#include <fax/types_begin.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The name of a code ("ERROR_BAD_UNIT"), or NULL when it has none here.
   Borrowed for ever; any thread. */
FAX_EXPORT const char *FaxErrorName(DWORD code);

/* What the code says to a person; never NULL. Borrowed for ever. */
FAX_EXPORT const char *FaxErrorText(DWORD code);

/* The calling thread's last error: set by every function that returns BOOL,
   0 after one that succeeded. */
FAX_EXPORT DWORD FaxGetLastError(void);
FAX_EXPORT void FaxSetLastError(DWORD code);

/* The sentence that belongs to the last error of this thread: what, why and
   which ("letter.pdf: the PDF asks for a password"); "" when there is none.
   Borrowed until the next fax call of this thread. */
FAX_EXPORT const char *FaxGetLastErrorMessage(void);

#ifdef __cplusplus
}
#endif

#include <fax/types_end.h>

#endif
