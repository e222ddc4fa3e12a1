/* SPDX-License-Identifier: MIT
   The sentence of a thread's error, and the codes of errno values. Allocates
   nothing, so that it can speak of lack of memory. */
#include "base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

enum { MESSAGE_SIZE = 512 };

static _Thread_local char message[MESSAGE_SIZE];

/* By way of a second buffer: an argument may be the sentence so far. */
static void set_message(const char *format, va_list args, const char *tail) {
  char text[MESSAGE_SIZE];
  int length = vsnprintf(text, sizeof text, format, args);

  if (length < 0) length = 0;
  if (tail != NULL && (size_t)length < sizeof text)
    length +=
        snprintf(text + length, sizeof text - (size_t)length, ": %s", tail);
  if ((size_t)length >= sizeof text) text_trim(text);
  memcpy(message, text, strlen(text) + 1);
}

void error_note(const char *format, ...) {
  va_list args;

  va_start(args, format);
  set_message(format, args, NULL);
  va_end(args);
}

DWORD error_errno(int number, const char *what, ...) {
  char text[128];
  va_list args;

  va_start(args, what);
  set_message(what, args, strerror_r(number, text, sizeof text));
  va_end(args);
  return error_from_errno(number);
}

DWORD error_from_errno(int number) {
  switch (number) {
    case ENOENT:
    case ENOTDIR:
      return ERROR_FILE_NOT_FOUND;
    case EACCES:
    case EPERM:
    case EROFS:
    case EISDIR:
      return ERROR_ACCESS_DENIED;
    case ENOMEM:
    case EMFILE:
    case ENFILE:
      return ERROR_NOT_ENOUGH_MEMORY;
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
      return ERROR_DISK_FULL;
    case EBADF:
      return ERROR_INVALID_HANDLE;
    case EINVAL:
      return ERROR_INVALID_PARAMETER;
    case ENAMETOOLONG:
      return ERROR_BUFFER_OVERFLOW;
    case EEXIST:
      return ERROR_ALREADY_EXISTS;
    case EAGAIN:
    case EBUSY:
      return ERROR_BUSY;
    case ETXTBSY:
      return ERROR_SHARING_VIOLATION;
    case ETIMEDOUT:
      return ERROR_TIMEOUT;
    case ECANCELED:
      return ERROR_CANCELLED;
    case EINTR:
      return ERROR_OPERATION_ABORTED;
    case ENOSYS:
    case EOPNOTSUPP:
      return ERROR_NOT_SUPPORTED;
    case ENODEV:
    case ENXIO:
      return ERROR_BAD_UNIT;
    case EOVERFLOW:
      return ERROR_ARITHMETIC_OVERFLOW;
    default:
      return ERROR_GEN_FAILURE;
  }
}

void error_clear(void) {
  message[0] = '\0';
}

const char *error_message(void) {
  return message;
}
