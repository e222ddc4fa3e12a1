/* SPDX-License-Identifier: MIT
   Error codes, their names and texts, and the last error of a thread. */
#include <fax/faxerr.h>

#include "base/error.h"

static _Thread_local DWORD last_error;

static const struct {
  DWORD code;
  const char *name, *text;
} errors[] = {
#define ENTRY(name, value, text) {value, #name, text},
    FAX_ERRORS(ENTRY)
#undef ENTRY
};

enum { ERROR_COUNT = sizeof errors / sizeof *errors };

const char *FaxErrorName(DWORD code) {
  for (size_t i = 0; i < ERROR_COUNT; i++)
    if (errors[i].code == code) return errors[i].name;
  return NULL;
}

const char *FaxErrorText(DWORD code) {
  for (size_t i = 0; i < ERROR_COUNT; i++)
    if (errors[i].code == code) return errors[i].text;
  return "unknown error";
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
