/* SPDX-License-Identifier: MIT
   The Windows types that the fax headers use, with fixed widths. Nothing here
   depends on another header of libfax; everything else may include it. With
   -DFAX_PREFIX_TYPES they are FAX_DWORD, FAX_BOOL, FAX_HANDLE and so on, so
   that the same source can include headers with other Windows types, such as
   winscard.h or sql.h, in any order. */
#ifndef FAX_FAXTYPES_H
#define FAX_FAXTYPES_H

#include <stddef.h>
#include <stdint.h>

#if defined(FAX_HAVE_WINTYPES) && defined(FAX_PREFIX_TYPES)
#error "FAX_HAVE_WINTYPES says that the plain types fit; FAX_PREFIX_TYPES, not"
#endif

/* Defined by a program that has its own Windows types of the same widths. */
#ifndef FAX_HAVE_WINTYPES
#include <fax/types_begin.h>

typedef uint8_t BYTE;
typedef uint16_t WORD;
typedef uint32_t DWORD;
typedef uint64_t DWORDLONG;
typedef int32_t LONG;
typedef int32_t HRESULT;
typedef uint32_t UINT;
typedef int BOOL;
typedef uintptr_t ULONG_PTR;
typedef uintptr_t DWORD_PTR;
typedef size_t SIZE_T;

typedef BYTE *LPBYTE;
typedef DWORD *LPDWORD;
typedef void *LPVOID;
typedef void *PVOID;

/* Strings are UTF-8 everywhere. There are no W and A twins: the names that
   mean UTF-16 on Windows are not declared, so that a port of such a source
   fails to compile instead of misreading text. */
typedef char TCHAR;
typedef char *LPTSTR;
typedef const char *LPCTSTR;

/* An index and a generation, never a pointer to follow. */
typedef void *HANDLE;
typedef HANDLE *LPHANDLE;
typedef HANDLE *PHANDLE;
typedef HANDLE HWND;
typedef HANDLE HDC;

/* The handles of TAPI are 32 bits wide; here they are always 0, which the
   documents call NULL. */
typedef DWORD HCALL;
typedef DWORD HLINE;
typedef DWORD HLINEAPP;

/* 100 ns steps since 1601-01-01 UTC. */
typedef struct _FILETIME {
  DWORD dwLowDateTime;
  DWORD dwHighDateTime;
} FILETIME;

/* A broken-down time; UTC in every structure of this API. */
typedef struct _SYSTEMTIME {
  WORD wYear;
  WORD wMonth;     /* 1..12 */
  WORD wDayOfWeek; /* 0 = Sunday */
  WORD wDay;
  WORD wHour;
  WORD wMinute;
  WORD wSecond;
  WORD wMilliseconds;
} SYSTEMTIME;

#include <fax/types_end.h>
#endif /* FAX_HAVE_WINTYPES */

#ifndef TRUE
#define TRUE 1
#endif
#ifndef FALSE
#define FALSE 0
#endif
#ifndef WINAPI
#define WINAPI
#endif
#ifndef CALLBACK
#define CALLBACK
#endif

/* A symbol that libfax or a provider exports; all others are hidden. */
#if defined(__GNUC__)
#define FAX_EXPORT __attribute__((visibility("default")))
#else
#define FAX_EXPORT
#endif

/* What a provider or a record did not say. 0 is a value, never "unknown". */
#define FAX_UNKNOWN 0xffffffffu

/* A moment of the service's clock in nanoseconds (fax_clock.h). */
typedef int64_t fax_deadline;
#define FAX_FOREVER INT64_MAX
#define FAX_SECOND INT64_C(1000000000)
#define FAX_MILLISECOND INT64_C(1000000)

#endif
