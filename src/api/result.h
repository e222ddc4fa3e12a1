/* SPDX-License-Identifier: MIT
   The edge between ERROR_* codes inside and BOOL with the thread's last error
   outside. Every exported function begins with api_enter and ends with
   api_done, or api_fail where it does not return a BOOL. */
#ifndef FAX_API_RESULT_H
#define FAX_API_RESULT_H

#include <fax/faxerr.h>

#include "base/error.h"
#include "base/sign.h"

/* Forgets the sentence of the call before. */
static inline void api_enter(void) {
  sign_note();
  error_clear();
}

/* Sets the last error, 0 too; TRUE when it is 0. */
static inline BOOL api_done(DWORD code) {
  FaxSetLastError(code);
  return code == ERROR_SUCCESS;
}

/* api_done for functions that return a pointer or a handle. */
static inline void *api_fail(DWORD code) {
  FaxSetLastError(code);
  return NULL;
}

#endif
