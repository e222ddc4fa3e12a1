/* SPDX-License-Identifier: MIT
   Running fax-render as a child. Private to the room and to src/api. */
#ifndef FAX_DOCUMENT_RENDERER_H
#define FAX_DOCUMENT_RENDERER_H

#include "document/document.h"

struct renderer_job {
  const char *const *files; /* borrowed, as are all here */
  DWORD count;
  DWORD resolution; /* enum fax_resolution */
  DWORD paper;      /* enum fax_paper */
  struct fax_patience patience;
  const char *work;   /* the folder it may write in, for its own files too */
  const char *output; /* a TIFF/F in that folder; NULL: none */
  bool png;           /* page-001.png ... in that folder */
  bool exact;         /* fax pages as they are: png, and no output but */
  DWORD page;         /* exact: only that one, its own pixels; 0: all */
  const char *pdf;    /* a PDF in that folder; NULL: none */
};

/* Runs it to its end, or kills it with all it started when the time has come.
   ERROR_INVALID_DATA: the document is at fault, as the message says;
   ERROR_FILE_NOT_FOUND: no fax-render, the message says where it was looked
   for. ERROR_CANCELLED: the patience was interrupted. No child is left in any
   case. Blocks. */
DWORD renderer_run(const struct renderer_job *job);

#endif
