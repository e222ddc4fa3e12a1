/* SPDX-License-Identifier: MIT
   Faxes of the archive, read from the store in pages. Only for src/service. */
#ifndef FAX_SERVICE_ARCHIVE_LIST_H
#define FAX_SERVICE_ARCHIVE_LIST_H

#include "service/archive/archive.h"

struct archive_listing {
  struct fax_archived **faxes; /* each one block (MEM_BUFFER) */
  DWORD count, room;
};

/* What the connection may see and the query asks for, those whose file is
   there. All zero before; to be freed in any case. Without the lock; blocks on
   the disk. */
DWORD archive_collect(struct connection *c,
                      const struct fax_archive_query *query,
                      struct archive_listing *l);
/* Rows of the archive, appended (also after an error). */
DWORD archive_find(struct service *s, const struct store_query *query,
                   struct archive_listing *l);
/* The one whose `member` has that number, of the folder in question, when the
   connection may see it; one block (MEM_BUFFER). ERROR_NOT_FOUND. */
DWORD archive_find_one(struct connection *c, DWORD folder, const char *member,
                       DWORD number, struct fax_archived **fax_out);
void archive_listing_free(struct archive_listing *l);

/* ---- taking out ---- */

/* So many share their syncs. */
#define ARCHIVE_AT_ONCE 64

/* One thread at a time; the others wait. What was committed before is in the
   store then. */
DWORD archive_enter(struct service *s);
void archive_leave(struct service *s);
/* At most ARCHIVE_AT_ONCE that are kept: rows and files. What cannot be removed
   stays. */
DWORD archive_take_out(struct service *s, const struct archive_listing *l,
                       DWORD *count_inout);

#endif
