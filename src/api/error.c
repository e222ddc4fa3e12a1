/* SPDX-License-Identifier: MIT
   Error codes, their names and texts, and the last error of a thread. */
#include <fax/faxerr.h>

#include "base/error.h"

static _Thread_local DWORD last_error;

const char *FaxErrorName(DWORD code) {
  switch (code) {
#define NAME_CASE(name, value, text) \
  case value:                        \
    return #name;
    FAX_ERRORS(NAME_CASE)
#undef NAME_CASE
    default:
      return NULL;
  }
}

const char *FaxErrorText(DWORD code) {
  switch (code) {
#define TEXT_CASE(name, value, text) \
  case value:                        \
    return text;
    FAX_ERRORS(TEXT_CASE)
#undef TEXT_CASE
    default:
      return "unknown error";
  }
}

DWORD FaxGetLastError(void) {
  return last_error;
}

/* The sentence stays, unless there is no error any more: the function that
   fails says it first and sets the code afterwards. */
void FaxSetLastError(DWORD code) {
  last_error = code;
  if (code == ERROR_SUCCESS) error_clear();
}

const char *FaxGetLastErrorMessage(void) {
  return last_error == ERROR_SUCCESS ? "" : error_message();
}
