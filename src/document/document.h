/* SPDX-License-Identifier: MIT
   Fax pages: what a canonical TIFF/F is, how any document becomes one, how a
   received one is checked and stored. Knows no job and no port. Foreign
   documents are parsed by fax-render only, never in this process. */
#ifndef FAX_DOCUMENT_DOCUMENT_H
#define FAX_DOCUMENT_DOCUMENT_H

#include <fax/fax_archive.h>
#include <stdbool.h>

#include "base/digest.h"

/* What a TIFF holds. */
struct document_info {
  DWORD pages; /* 0: a BigTIFF, whose pages are not counted */
  DWORDLONG bytes;
  bool canonical;     /* every page decoded, and may go to the line as it is */
  DWORD y_resolution; /* of the first page, dots per inch; 0 = unknown */
};

struct document_options {
  DWORD resolution; /* enum fax_resolution */
  DWORD paper;      /* enum fax_paper */
  /* After its seconds, or when it says so, the renderer is killed. */
  struct fax_patience patience;
};

/* Reads every page of a TIFF/F to its end. ERROR_FILE_NOT_FOUND,
   ERROR_INVALID_DATA (a folder, no file, empty, not a TIFF, cyclic, damaged);
   the message says which and why. A TIFF in another coding than those of faxes
   is not decoded here: its pages are counted, and it is not canonical. Any
   thread; blocks on the disk only. */
DWORD document_inspect(const char *path, struct document_info *info_out);

/* Makes one canonical TIFF/F `output` of the files, in order; a single
   canonical file is copied unchanged (*unchanged_out, may be NULL). The output
   is complete and synced (and has replaced what was there), or was not touched.
   Errors as above; ERROR_FILE_NOT_FOUND also when there is no fax-render,
   ERROR_CANCELLED when the caller was interrupted.
   Blocks: never under a lock. */
DWORD document_prepare(const char *const *files, DWORD count,
                       const struct document_options *options,
                       const char *output, struct document_info *info_out,
                       bool *unchanged_out);

/* Pages in the making: whole, but neither safe nor called what they will be. */
struct document_draft {
  char *path; /* NULL: there is no draft */
  char *work; /* the folder it was made in; NULL: none */
  struct document_info info;
  char digest[DIGEST_TEXT]; /* of its bytes */
};

/* At the end of the name of a draft that has no folder. */
#define DRAFT_MARK ".part"

/* As document_prepare, under a name that begins with `beside`, which is used by
   nobody else. */
DWORD document_draft(const char *const *files, DWORD count,
                     const struct document_options *options, const char *beside,
                     struct document_draft *draft_out);
/* It goes. NULL members ok. */
void document_draft_drop(struct document_draft *d);
/* It has another name now: what is left of it goes. */
void document_draft_moved(struct document_draft *d);

/* The same for the same bytes in the same order, and the same options of pages;
   told apart are others. Errors as of document_inspect. Blocks on the disk. */
DWORD document_source(const char *const *files, DWORD count,
                      const struct document_options *options,
                      char text_out[DIGEST_TEXT]);

/* FaxRenderDocument: gives the description in one FaxFreeBuffer block. Errors
   as above, ERROR_INVALID_PARAMETER too. */
DWORD document_render(const struct fax_render *ask,
                      struct fax_rendered **rendered_out);

/* FaxExportDocument: gives the description in one FaxFreeBuffer block. */
DWORD document_export(const struct fax_export *ask,
                      struct fax_rendered **rendered_out);

/* The first page of a canonical TIFF/F as a TIFF/F of its own, MMR coded, in
   one FaxFreeBuffer block. ERROR_FILE_CORRUPT. Blocks on the disk. */
DWORD document_page(const char *path, BYTE **data_out, DWORD *size_out,
                    DWORD *width_out, DWORD *height_out);

/* The fax in the form, and of the page, that is asked for, in one FaxFreeBuffer
   block; what is made for it is made in a folder whose name begins with
   `beside`. ERROR_INVALID_PARAMETER: no such form or page. Blocks on the disk
   and on fax-render: never under a lock. */
DWORD document_view(const char *path, const struct fax_file *ask,
                    const char *beside, BYTE **data_out, DWORD *size_out);

/* Pages of a canonical document. */
struct document_part {
  const char *path;
  DWORD first; /* from one */
  DWORD pages;
};

/* Makes one canonical TIFF/F `output`, which is not there, of the pages of
   documents with the same resolution, in this order, as they are: of the first
   *joined_out of them, up to one that has another. Not synced. Errors of the
   system, ERROR_FILE_CORRUPT, with nothing left behind. Blocks on the disk. */
DWORD document_join(const struct document_part *parts, DWORD count,
                    const char *output, DWORD *joined_out);

/* Gives a finished file its final name: synced, renamed, folder synced. Never
   replaces a file that is there (ERROR_ALREADY_EXISTS). */
DWORD document_publish(const char *from, const char *to);

/* A copy of a finished file under its final name: whole and synced, or not
   there at all. Never replaces a file (ERROR_ALREADY_EXISTS). */
DWORD document_copy(const char *from, const char *to);

/* The same file under a second name where the file system can, else a copy of
   it. Never replaces a file (ERROR_ALREADY_EXISTS). */
DWORD document_keep(const char *from, const char *to);

/* How many pages the TIFF has, without decoding any. ERROR_FILE_NOT_FOUND,
   ERROR_INVALID_DATA. */
DWORD document_count(const char *path, DWORD *pages_out);

/* Makes the folder and its parents with mode 0700; one that is there is left
   as it is. */
DWORD document_folder(const char *path);

/* Removes what a killed process left of documents in the making. Only for a
   folder that is nobody else's. */
void document_sweep(const char *folder);

#endif
