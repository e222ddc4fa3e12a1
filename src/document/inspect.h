/* SPDX-License-Identifier: MIT
   Reading the pages of a TIFF/F. Private to the room and to src/api. */
#ifndef FAX_DOCUMENT_INSPECT_H
#define FAX_DOCUMENT_INSPECT_H

#include "document/document.h"

struct document_page {
  DWORD number; /* from one */
  DWORD width;  /* pixels */
  DWORD height;
  DWORD x_resolution; /* dots per inch, rounded; 0: the file does not say */
  DWORD y_resolution;
  bool canonical;
};

/* Called for each page that was decoded; another result than 0 ends it. */
typedef DWORD document_page_fn(void *arg, const struct document_page *page);

/* document_inspect of an open file (takes fd, also when it fails); `name` for
   messages. Calls `each` (may be NULL) in the order of the pages. */
DWORD inspect_pages(int fd, const char *name, DWORDLONG bytes,
                    document_page_fn *each, void *arg,
                    struct document_info *info_out);

#endif
