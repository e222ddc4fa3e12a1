/* SPDX-License-Identifier: MIT
   The archive and the inbox. */
#ifndef FAX_METHOD_ARCHIVE_H
#define FAX_METHOD_ARCHIVE_H

#include <fax/fax_archive.h>

#include "method/method.h"

struct method_archive_list {
  const struct fax_archive_query *query; /* NULL ok */
};

struct method_archive {
  struct fax_archived *faxes;
  DWORD count;
};

struct method_archived {
  struct fax_archived *fax;
};

struct method_ids {
  const DWORD *ids;
  DWORD count;
};

struct method_inbox_list {
  FILETIME after;
};

struct method_inbox {
  struct fax_received *faxes;
  DWORD count;
};

extern const struct method method_archive_list, method_archive_read,
    method_archive_remove, method_archive_purge, method_archive_file,
    method_inbox_list, method_inbox_file;

#endif
