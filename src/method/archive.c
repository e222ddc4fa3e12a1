/* SPDX-License-Identifier: MIT
   The archive: "archive.list", "archive.read", "archive.remove",
   "archive.purge", "archive.file"; "inbox.list", "inbox.file". */
#include "method/archive.h"

#include "model/table/table.h"
#include "service/service.h"

#define R struct fax_archive_query
static const struct fax_field query[] = {
    FIELD(SIZE, size, "size"),
    NAMED(ENUM, folder, "folder", names_archive_folder),
    FIELD(FILETIME, after, "after"),
    FIELD(FILETIME, before, "before"),
    FIELD(TEXT, number, "number"),
    FIELD(DWORD, limit, "limit"),
    FIELD(BOOL, newest_first, "newest_first"),
    FIELD(DWORD, cursor, "cursor"),
    FIELD(DWORD, job_id, "job_id"),
    END};
static RECORD(record_query, archive_query, query);
#undef R

#define R struct method_archive_list
static const struct fax_field asking[] = {ONE(query, "query", record_query),
                                          END};
static RECORD(record_asking, archive_list, asking);
#undef R

#define R struct method_archive
static const struct fax_field faxes[] = {
    ARRAY(faxes, "faxes", count, record_archived), END};
static RECORD(record_faxes, archive, faxes);
#undef R

#define R struct method_archived
static const struct fax_field one[] = {ONE(fax, "fax", record_archived), END};
static RECORD(record_one, archived, one);
#undef R

#define R struct method_ids
static const struct fax_field ids[] = {LISTED(DWORDS, ids, "ids", count), END};
static RECORD(record_ids, ids, ids);
#undef R

#define R struct fax_archive_purge
static const struct fax_field purge[] = {
    FIELD(SIZE, size, "size"),
    NAMED(ENUM, folder, "folder", names_archive_folder),
    FIELD(FILETIME, before, "before"), FIELD(ID64, keep_bytes, "keep_bytes"),
    END};
static RECORD(record_purge, archive_purge, purge);
#undef R

#define R struct method_inbox_list
static const struct fax_field looking[] = {FIELD(FILETIME, after, "after"),
                                           END};
static RECORD(record_looking, inbox_list, looking);
#undef R

#define R struct method_inbox
static const struct fax_field inbox[] = {
    ARRAY(faxes, "faxes", count, record_received), END};
static RECORD(record_inbox, inbox, inbox);
#undef R

static DWORD list(void *c, HANDLE handle, const void *in, void *out) {
  const struct method_archive_list *asked = in;
  struct method_archive *answer = out;
  (void)handle;
  return archive_list(c, asked->query, &answer->faxes, &answer->count);
}

static DWORD read_one(void *c, HANDLE handle, const void *in, void *out) {
  const struct method_id *asked = in;
  struct method_archived *answer = out;
  (void)handle;
  return archive_read(c, asked->id, &answer->fax);
}

static DWORD remove_all(void *c, HANDLE handle, const void *in, void *out) {
  const struct method_ids *asked = in;
  struct method_count *answer = out;
  (void)handle;
  return archive_remove(c, asked->ids, asked->count, &answer->count);
}

static DWORD purge_some(void *c, HANDLE handle, const void *in, void *out) {
  struct method_count *answer = out;
  (void)handle;
  return archive_purge(c, in, &answer->count);
}

static DWORD list_inbox(void *c, HANDLE handle, const void *in, void *out) {
  const struct method_inbox_list *asked = in;
  struct method_inbox *answer = out;
  (void)handle;
  return inbox_list(c, asked->after, &answer->faxes, &answer->count);
}

static DWORD read_file(void *c, HANDLE handle, const void *in, void *out) {
  const struct fax_file *asked = in;
  struct method_bytes *answer = out;
  (void)handle;
  return archive_file(c, asked->id, asked, &answer->data, &answer->size);
}

static DWORD read_received(void *c, HANDLE handle, const void *in, void *out) {
  const struct fax_file *asked = in;
  struct method_bytes *answer = out;
  (void)handle;
  return inbox_file(c, asked->id, asked, &answer->data, &answer->size);
}

const struct method method_archive_file = {.name = "archive.file",
                                           .on = HANDLE_SERVER,
                                           .repeats = true,
                                           .in = &method_file_record,
                                           .out = &method_bytes_record,
                                           .serve = read_file};

const struct method method_inbox_file = {.name = "inbox.file",
                                         .on = HANDLE_SERVER,
                                         .repeats = true,
                                         .in = &method_file_record,
                                         .out = &method_bytes_record,
                                         .serve = read_received};

const struct method method_archive_list = {.name = "archive.list",
                                           .on = HANDLE_SERVER,
                                           .repeats = true,
                                           .in = &record_asking,
                                           .out = &record_faxes,
                                           .serve = list};

const struct method method_archive_read = {.name = "archive.read",
                                           .on = HANDLE_SERVER,
                                           .repeats = true,
                                           .in = &method_id_record,
                                           .out = &record_one,
                                           .serve = read_one};

const struct method method_archive_remove = {.name = "archive.remove",
                                             .on = HANDLE_SERVER,
                                             .in = &record_ids,
                                             .out = &method_count_record,
                                             .serve = remove_all};

const struct method method_archive_purge = {.name = "archive.purge",
                                            .on = HANDLE_SERVER,
                                            .in = &record_purge,
                                            .out = &method_count_record,
                                            .serve = purge_some};

const struct method method_inbox_list = {.name = "inbox.list",
                                         .on = HANDLE_SERVER,
                                         .repeats = true,
                                         .in = &record_looking,
                                         .out = &record_inbox,
                                         .serve = list_inbox};
