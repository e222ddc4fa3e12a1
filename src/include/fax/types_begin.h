/* SPDX-License-Identifier: MIT
   For the public headers only: from here to types_end.h, with
   FAX_PREFIX_TYPES, the plain Windows types mean our own FAX_DWORD, FAX_BOOL
   and so on, whatever winscard.h or sql.h make of them before or after. They
   may be macros there (BOOL of unixODBC is), so those are put aside and come
   back. No include guard: each header has a pair of its own, behind its
   includes. */
#ifdef FAX_PREFIX_TYPES
#pragma push_macro("BYTE")
#undef BYTE
#define BYTE FAX_BYTE
#pragma push_macro("WORD")
#undef WORD
#define WORD FAX_WORD
#pragma push_macro("DWORD")
#undef DWORD
#define DWORD FAX_DWORD
#pragma push_macro("DWORDLONG")
#undef DWORDLONG
#define DWORDLONG FAX_DWORDLONG
#pragma push_macro("LONG")
#undef LONG
#define LONG FAX_LONG
#pragma push_macro("HRESULT")
#undef HRESULT
#define HRESULT FAX_HRESULT
#pragma push_macro("UINT")
#undef UINT
#define UINT FAX_UINT
#pragma push_macro("BOOL")
#undef BOOL
#define BOOL FAX_BOOL
#pragma push_macro("ULONG_PTR")
#undef ULONG_PTR
#define ULONG_PTR FAX_ULONG_PTR
#pragma push_macro("DWORD_PTR")
#undef DWORD_PTR
#define DWORD_PTR FAX_DWORD_PTR
#pragma push_macro("SIZE_T")
#undef SIZE_T
#define SIZE_T FAX_SIZE_T
#pragma push_macro("LPBYTE")
#undef LPBYTE
#define LPBYTE FAX_LPBYTE
#pragma push_macro("LPDWORD")
#undef LPDWORD
#define LPDWORD FAX_LPDWORD
#pragma push_macro("LPVOID")
#undef LPVOID
#define LPVOID FAX_LPVOID
#pragma push_macro("PVOID")
#undef PVOID
#define PVOID FAX_PVOID
#pragma push_macro("TCHAR")
#undef TCHAR
#define TCHAR FAX_TCHAR
#pragma push_macro("LPTSTR")
#undef LPTSTR
#define LPTSTR FAX_LPTSTR
#pragma push_macro("LPCTSTR")
#undef LPCTSTR
#define LPCTSTR FAX_LPCTSTR
#pragma push_macro("HANDLE")
#undef HANDLE
#define HANDLE FAX_HANDLE
#pragma push_macro("LPHANDLE")
#undef LPHANDLE
#define LPHANDLE FAX_LPHANDLE
#pragma push_macro("PHANDLE")
#undef PHANDLE
#define PHANDLE FAX_PHANDLE
#pragma push_macro("HWND")
#undef HWND
#define HWND FAX_HWND
#pragma push_macro("HDC")
#undef HDC
#define HDC FAX_HDC
#pragma push_macro("HCALL")
#undef HCALL
#define HCALL FAX_HCALL
#pragma push_macro("HLINE")
#undef HLINE
#define HLINE FAX_HLINE
#pragma push_macro("HLINEAPP")
#undef HLINEAPP
#define HLINEAPP FAX_HLINEAPP
#pragma push_macro("FILETIME")
#undef FILETIME
#define FILETIME FAX_FILETIME
#pragma push_macro("SYSTEMTIME")
#undef SYSTEMTIME
#define SYSTEMTIME FAX_SYSTEMTIME
#endif
