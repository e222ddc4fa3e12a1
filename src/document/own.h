/* SPDX-License-Identifier: MIT
   What the files of this room share. Private to it. */
#ifndef FAX_DOCUMENT_OWN_H
#define FAX_DOCUMENT_OWN_H

#include "document/document.h"

/* From the beginning of one open file to where the other stands. */
DWORD copy_bytes(int from, int to);

#endif
