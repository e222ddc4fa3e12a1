/* SPDX-License-Identifier: MIT
   What the files of this room share. Private to it. */
#ifndef FAX_DOCUMENT_OWN_H
#define FAX_DOCUMENT_OWN_H

#include "document/document.h"

/* Make a file, or the entries of the folder that holds `path`, durable. */
DWORD folder_sync_file(const char *path);
DWORD folder_sync_of(const char *path);

/* From the beginning of one open file to where the other stands. */
DWORD copy_bytes(int from, int to);

#endif
