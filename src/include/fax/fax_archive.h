/* SPDX-License-Identifier: MIT
   The archive: a record and a file of each fax that was received, and of each
   that was sent while FAX_CONFIGURATION.ArchiveOutgoingFaxes was set; and faxes
   as PDF, TIFF or pictures. Conventions as in winfax.h; structures are sized
   (`size` = sizeof). */
#ifndef FAX_FAX_ARCHIVE_H
#define FAX_FAX_ARCHIVE_H

#include <fax/fax_service.h>

#include <fax/types_begin.h>

#ifdef __cplusplus
extern "C" {
#endif

enum fax_archive_folder {
  FAX_ARCHIVE_ANY = 0, /* in a question */
  FAX_ARCHIVE_SENT = 1,
  FAX_ARCHIVE_RECEIVED = 2
};

struct fax_archived {
  DWORD size;
  DWORD id;      /* of the archive; grows, and none is used again */
  DWORD folder;  /* enum fax_archive_folder */
  FILETIME time; /* when it had been sent, or was stored */
  DWORD job_id;
  const char *user;      /* who sent it; NULL of one received */
  const char *number;    /* dialled, or the caller's */
  const char *remote_id; /* the other machine's own id */
  DWORD pages;
  DWORD bytes; /* of the file */
  const char *path;
  BOOL complete;   /* else it was received in part */
  DWORD quality;   /* enum fax_quality */
  DWORD bad_rows;  /* FAX_UNKNOWN */
  DWORD device_id; /* of the line; 0: not known */
  const char *subject;
  const char *sender;
  const char *recipient;
};

struct fax_archive_query {
  DWORD size;
  DWORD folder;       /* enum fax_archive_folder */
  FILETIME after;     /* from this second on; zero: from the first */
  FILETIME before;    /* before this second; zero: to the last */
  const char *number; /* in any way of writing it; NULL: any */
  DWORD limit;        /* so many at most; 0: all */
  BOOL newest_first;
  DWORD cursor; /* the id of the last one of the answer before: those behind it;
                   0: from the beginning */
  DWORD job_id; /* what this job sent or received; 0: any */
};

/* Gives what is in the archive, in the order of ids, which is that of arrival;
   query NULL: all. Faxes whose file has gone are left out. With FAX_JOB_QUERY
   all of them, else those that the user sent. */
FAX_EXPORT BOOL FaxEnumArchive(HANDLE FaxHandle,
                               const struct fax_archive_query *query,
                               struct fax_archived **faxes_out, LPDWORD count);

/* Gives one. ERROR_INVALID_PARAMETER: there is no such fax in the archive for
   this user. */
FAX_EXPORT BOOL FaxGetArchived(HANDLE FaxHandle, DWORD id,
                               struct fax_archived **fax_out);

/* Removes faxes with their files (FAX_JOB_MANAGE); an id that is not in the
   archive is none that fails. ERROR_SHARING_VIOLATION: one of them is still
   being routed; the others have gone. */
FAX_EXPORT BOOL FaxRemoveArchived(HANDLE FaxHandle, const DWORD *ids,
                                  DWORD count, LPDWORD removed_out);

struct fax_archive_purge {
  DWORD size;
  DWORD folder;         /* enum fax_archive_folder */
  FILETIME before;      /* those of before this second; zero: none by age */
  DWORDLONG keep_bytes; /* and then the oldest until the rest has no more;
                           FAX_ARCHIVE_ALL_BYTES: none by size */
};
#define FAX_ARCHIVE_ALL_BYTES ((DWORDLONG)-1)

/* Removes the oldest ones with their files, but those that are still being
   routed (FAX_JOB_MANAGE); tells how many. */
FAX_EXPORT BOOL FaxPurgeArchive(HANDLE FaxHandle,
                                const struct fax_archive_purge *purge,
                                LPDWORD removed_out);

/* ---- files ---- */

/* Give the pages as they lie in the service's files, TIFF/F, in one
   FaxFreeBuffer block: to a client that cannot open those files himself. Of a
   fax of the archive, by its id (errors and rights of FaxGetArchived); of a fax
   in the inbox, by its job (FAX_JOB_QUERY; ERROR_INVALID_PARAMETER: there is
   none); of a job that is to be sent (errors and rights of FaxGetPageData). */
FAX_EXPORT BOOL FaxReadArchived(HANDLE FaxHandle, DWORD id, BYTE **data_out,
                                LPDWORD size_out);
FAX_EXPORT BOOL FaxReadReceived(HANDLE FaxHandle, DWORD JobId, BYTE **data_out,
                                LPDWORD size_out);
FAX_EXPORT BOOL FaxReadDocument(HANDLE FaxHandle, DWORD JobId, BYTE **data_out,
                                LPDWORD size_out);

enum fax_form {
  FAX_FORM_TIFF = 0, /* as it lies there */
  FAX_FORM_PDF = 1,
  FAX_FORM_PNG = 2 /* the picture of one page, black and white: its own pixels,
                      with rows or columns repeated where it takes that to make
                      them nearly square */
};

enum fax_file_of {
  FAX_FILE_ARCHIVED = 0, /* of FaxReadArchived, by its id */
  FAX_FILE_RECEIVED = 1, /* of FaxReadReceived, by its job */
  FAX_FILE_JOB = 2,      /* of FaxReadDocument, by the job */
  FAX_FILE_DOCUMENT = 3  /* of the handle, which FaxPrepareDocument gave */
};

struct fax_file {
  DWORD size;
  DWORD of;   /* enum fax_file_of */
  DWORD id;   /* of a handle: 0 */
  DWORD form; /* enum fax_form */
  DWORD page; /* of a picture, from one; else 0 */
};

/* Gives the same faxes in another form, in one FaxFreeBuffer block. Errors and
   rights as of those functions; ERROR_INVALID_PARAMETER: no such form or
   page. */
FAX_EXPORT BOOL FaxReadFile(HANDLE FaxHandle, const struct fax_file *ask,
                            BYTE **data_out, LPDWORD size_out);

/* ---- export ---- */

struct fax_export {
  DWORD size;
  const char *file;   /* a fax: TIFF/F, of the archive or any other */
  const char *output; /* by its end a PDF (.pdf), a TIFF (.tif, .tiff), the
                         picture of a fax of one page (.png); else a folder for
                         page-001.png ..., made if it is not there */
  struct fax_patience patience;
};

/* Writes a fax as another program can read it. Pages in MMR go into a PDF
   unchanged, the others are coded as MMR; their size is the true one. Pictures
   have square pixels. A TIFF is a copy. A file that is there is replaced; it is
   all there, or not touched. Gives what was written, in one FaxFreeBuffer
   block. ERROR_FILE_NOT_FOUND, ERROR_INVALID_DATA and the message: why;
   ERROR_INVALID_PARAMETER: several pages for one picture. */
FAX_EXPORT BOOL FaxExportDocument(const struct fax_export *ask,
                                  struct fax_rendered **rendered_out);

#ifdef __cplusplus
}
#endif

#include <fax/types_end.h>

#endif
