/* SPDX-License-Identifier: MIT
   FaxEnumArchive, FaxGetArchived, FaxRemoveArchived, FaxPurgeArchive;
   FaxEnumInbox. */
#include "method/archive.h"

#include "api/ask.h"
#include "api/result.h"
#include "method/find.h"

BOOL FaxEnumArchive(HANDLE FaxHandle, const struct fax_archive_query *query,
                    struct fax_archived **faxes_out, LPDWORD count) {
  struct method_archive_list in = {query};
  struct method_archive out;
  api_enter();
  DWORD error = find_null(faxes_out, "faxes_out");
  if (error == ERROR_SUCCESS) error = find_null(count, "count");
  if (error == ERROR_SUCCESS)
    error = ask(FaxHandle, &method_archive_list, &in, &out);
  if (error != ERROR_SUCCESS) return api_done(error);
  *faxes_out = out.faxes;
  *count = out.count;
  return api_done(ERROR_SUCCESS);
}

BOOL FaxGetArchived(HANDLE FaxHandle, DWORD id, struct fax_archived **fax_out) {
  struct method_id in = {id};
  struct method_archived out;
  api_enter();
  DWORD error = find_null(fax_out, "fax_out");
  if (error == ERROR_SUCCESS)
    error = ask(FaxHandle, &method_archive_read, &in, &out);
  if (error == ERROR_SUCCESS) *fax_out = out.fax;
  return api_done(error);
}

BOOL FaxRemoveArchived(HANDLE FaxHandle, const DWORD *ids, DWORD count,
                       LPDWORD removed_out) {
  struct method_ids in = {ids, count};
  struct method_count out;
  api_enter();
  DWORD error = find_null(ids, "ids");
  if (error == ERROR_SUCCESS) error = find_null(removed_out, "removed_out");
  if (error == ERROR_SUCCESS)
    error = ask(FaxHandle, &method_archive_remove, &in, &out);
  if (error == ERROR_SUCCESS) *removed_out = out.count;
  return api_done(error);
}

BOOL FaxPurgeArchive(HANDLE FaxHandle, const struct fax_archive_purge *purge,
                     LPDWORD removed_out) {
  struct method_count out;
  api_enter();
  DWORD error = find_null(purge, "purge");
  if (error == ERROR_SUCCESS) error = find_null(removed_out, "removed_out");
  if (error == ERROR_SUCCESS)
    error = ask(FaxHandle, &method_archive_purge, purge, &out);
  if (error == ERROR_SUCCESS) *removed_out = out.count;
  return api_done(error);
}

BOOL FaxEnumInbox(HANDLE FaxHandle, FILETIME after,
                  struct fax_received **received_out, LPDWORD count) {
  struct method_inbox_list in = {after};
  struct method_inbox out;
  api_enter();
  DWORD error = find_null(received_out, "received_out");
  if (error == ERROR_SUCCESS) error = find_null(count, "count");
  if (error == ERROR_SUCCESS)
    error = ask(FaxHandle, &method_inbox_list, &in, &out);
  if (error != ERROR_SUCCESS) return api_done(error);
  *received_out = out.faxes;
  *count = out.count;
  return api_done(ERROR_SUCCESS);
}
