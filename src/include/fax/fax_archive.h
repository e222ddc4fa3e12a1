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
};

#ifdef __cplusplus
}
#endif

#include <fax/types_end.h>

#endif
