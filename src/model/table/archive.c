/* SPDX-License-Identifier: MIT
   A fax of the archive. */
#include <fax/fax_archive.h>

#include "model/table/table.h"

#define R struct fax_archived
static const struct fax_field archived[] = {
    FIELD(SIZE, size, "size_of_struct"),
    FIELD(DWORD, id, "id"),
    NAMED(ENUM, folder, "folder", names_archive_folder),
    FIELD(FILETIME, time, "time"),
    FIELD(DWORD, job_id, "job_id"),
    FIELD(TEXT, user, "user"),
    FIELD(TEXT, number, "number"),
    FIELD(TEXT, remote_id, "remote_id"),
    FIELD(DWORD, pages, "pages"),
    FIELD(DWORD, bytes, "bytes"),
    FIELD(TEXT, path, "path"),
    FIELD(BOOL, complete, "complete"),
    NAMED(KNOWN_ENUM, quality, "quality", names_quality),
    FIELD(KNOWN, bad_rows, "bad_rows"),
    FIELD(DWORD, device_id, "device_id"),
    FIELD(TEXT, subject, "subject"),
    FIELD(TEXT, sender, "sender"),
    FIELD(TEXT, recipient, "recipient"),
    END};
RECORD(record_archived, fax_archived, archived);
#undef R
