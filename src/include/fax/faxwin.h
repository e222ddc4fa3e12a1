/* SPDX-License-Identifier: MIT
   The few Win32 calls that fax programs and providers need: completion ports,
   heaps, LocalAlloc, the last error. libfax exports them under Fax names; with
   FAX_WIN32_NAMES defined before the include, inline forms with the Win32
   names are declared too (never exported, so they cannot clash at link time).
 */
#ifndef FAX_FAXWIN_H
#define FAX_FAXWIN_H

#include <fax/faxerr.h>
#ifdef FAX_WIN32_NAMES
#include <fax/fax_clock.h>
#endif

#include <fax/types_begin.h>

#ifdef __cplusplus
extern "C" {
#endif

/* One packet of a completion port. `bytes` and `key` are the poster's; `packet`
   is a block that the port's documentation says how to free, or NULL. */
struct fax_packet {
  DWORD bytes;
  ULONG_PTR key;
  void *packet;
};

/* ---- completion ports ----
   Any thread posts, any number of threads take; packets come out in the order
   in which they went in. */

/* A new, empty port; NULL and the last error on failure. Closed by
   FaxCloseCompletionPort. */
FAX_EXPORT HANDLE FaxCreateCompletionPort(void);

/* Ends every wait on the port (ERROR_ABANDONED_WAIT_0) and frees it. Packets
   still in it are freed with LocalFree when they came from LocalAlloc (events
   and line messages do); a status packet dies with its provider's heap. */
FAX_EXPORT BOOL FaxCloseCompletionPort(HANDLE port);

/* Appends a packet; the port takes `packet` on success. ERROR_INVALID_HANDLE,
   ERROR_NOT_ENOUGH_MEMORY. Never blocks. */
FAX_EXPORT BOOL FaxPostCompletion(HANDLE port, DWORD bytes, ULONG_PTR key,
                                  void *packet);

/* Takes up to `max` packets at once, waiting for the first of them until
   `until` (0 = not at all). The number goes to *taken (0 on failure). FALSE
   with WAIT_TIMEOUT when none came, with ERROR_OPERATION_ABORTED when a signal
   ended the wait, with ERROR_ABANDONED_WAIT_0 when the port was closed. */
FAX_EXPORT BOOL FaxGetCompletions(HANDLE port, struct fax_packet *packets,
                                  DWORD max, DWORD *taken, fax_deadline until);

/* A descriptor that is readable while the port is not empty, for poll(2) and
   event loops; -1 on failure. It belongs to the port: never read or close it.
 */
FAX_EXPORT int FaxCompletionPortFd(HANDLE port);

/* ---- heaps ---- */

/* A private heap; freeing it frees every block of it. NULL on failure. */
FAX_EXPORT HANDLE FaxHeapCreate(void);
FAX_EXPORT BOOL FaxHeapDestroy(HANDLE heap);
/* A zeroed block of `size` bytes of the heap, NULL when there is no memory. */
FAX_EXPORT void *FaxHeapAlloc(HANDLE heap, SIZE_T size);
/* Frees a block of this heap; NULL does nothing. A block of another heap is
   refused with ERROR_INVALID_PARAMETER. */
FAX_EXPORT BOOL FaxHeapFree(HANDLE heap, void *block);

/* A zeroed block (LMEM_ZEROINIT), freed by FaxLocalFree; NULL on failure. */
FAX_EXPORT void *FaxLocalAlloc(SIZE_T size);
/* Frees it and returns NULL; NULL does nothing. A block that did not come
   from FaxLocalAlloc is returned as it is, with ERROR_INVALID_HANDLE. */
FAX_EXPORT void *FaxLocalFree(void *block);

#ifdef FAX_WIN32_NAMES

#define INVALID_HANDLE_VALUE ((void *)(intptr_t)-1)
#ifndef INFINITE
#define INFINITE 0xffffffffu
#endif
#define HEAP_ZERO_MEMORY 8u
#define LPTR 0x40u

typedef struct _OVERLAPPED OVERLAPPED, *LPOVERLAPPED;

static inline DWORD GetLastError(void) {
  return FaxGetLastError();
}
static inline void SetLastError(DWORD code) {
  FaxSetLastError(code);
}

/* Only the form that makes a new port: there are no file handles to add. */
static inline HANDLE CreateIoCompletionPort(HANDLE file, HANDLE existing,
                                            ULONG_PTR key, DWORD threads) {
  (void)key;
  (void)threads;
  if (file == INVALID_HANDLE_VALUE && existing == NULL)
    return FaxCreateCompletionPort();
  FaxSetLastError(ERROR_INVALID_PARAMETER);
  return NULL;
}

static inline BOOL PostQueuedCompletionStatus(HANDLE port, DWORD bytes,
                                              ULONG_PTR key, LPOVERLAPPED o) {
  return FaxPostCompletion(port, bytes, key, o);
}

static inline BOOL GetQueuedCompletionStatus(HANDLE port, LPDWORD bytes,
                                             ULONG_PTR *key, LPOVERLAPPED *o,
                                             DWORD milliseconds) {
  struct fax_packet packet;
  DWORD taken;
  fax_deadline until = milliseconds == INFINITE
                           ? FAX_FOREVER
                           : FaxClockNow() + milliseconds * FAX_MILLISECOND;
  *o = NULL;
  if (!FaxGetCompletions(port, &packet, 1, &taken, until)) return FALSE;
  *bytes = packet.bytes;
  *key = packet.key;
  *o = (LPOVERLAPPED)packet.packet;
  return TRUE;
}

static inline LPVOID HeapAlloc(HANDLE heap, DWORD flags, SIZE_T size) {
  (void)flags; /* always zeroed */
  return FaxHeapAlloc(heap, size);
}
static inline BOOL HeapFree(HANDLE heap, DWORD flags, LPVOID block) {
  (void)flags;
  return FaxHeapFree(heap, block);
}
static inline LPVOID LocalAlloc(UINT flags, SIZE_T size) {
  (void)flags; /* always zeroed and fixed */
  return FaxLocalAlloc(size);
}
static inline LPVOID LocalFree(LPVOID block) {
  return FaxLocalFree(block);
}

#endif /* FAX_WIN32_NAMES */

#ifdef __cplusplus
}
#endif

#include <fax/types_end.h>

#endif
