/* SPDX-License-Identifier: MIT
   Pages of TIFF/F files through libtiff. Private to the room. */
#ifndef FAX_DOCUMENT_TIFF_H
#define FAX_DOCUMENT_TIFF_H

#include <tiffio.h>

#include "document/document.h"

/* Options with which libtiff says nothing: its own handlers are the host's, and
   the codes say enough. Gives; NULL: memory. */
TIFFOpenOptions *pages_quiet(void);

/* A finished file for reading, gives. ERROR_FILE_CORRUPT. */
DWORD pages_open(const char *path, TIFF **tiff_out);

/* Of the page at hand, to the one that is being written: what is the same
   whatever becomes of its coding. */
void pages_copy_tags(TIFF *in, TIFF *out);

#endif
