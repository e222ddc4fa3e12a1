/* SPDX-License-Identifier: MIT
   Files that a caller names. */
#ifndef FAX_BASE_FILE_H
#define FAX_BASE_FILE_H

#include <fax/faxerr.h>
#include <sys/stat.h>

/* Opens a regular file for reading. Never waits, and never opens a device.
   ERROR_FILE_NOT_FOUND, ERROR_INVALID_DATA, or the error of the system; gives
   the descriptor. */
DWORD file_open(const char *path, int *fd_out);

/* All of it, in a block for FaxFreeBuffer. Errors as above, and
   ERROR_NOT_ENOUGH_MEMORY for more than a GB, too. */
DWORD file_read(const char *path, BYTE **bytes_out, DWORD *size_out);

/* Is it a regular file? `name` is for the message. ERROR_INVALID_DATA. */
DWORD file_check(const struct stat *st, const char *name);

#endif
