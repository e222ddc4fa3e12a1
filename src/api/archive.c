/* SPDX-License-Identifier: MIT
   FaxEnumArchive, FaxGetArchived, FaxRemoveArchived, FaxPurgeArchive. */
#include "method/find.h"
#include "api/result.h"
#include "base/mem.h"
#include "service/service.h"

BOOL FaxEnumArchive(HANDLE FaxHandle, const struct fax_archive_query *query,
                    struct fax_archived **faxes_out, LPDWORD count) {
  struct connection *c;
  api_enter();
  DWORD error = find_null(faxes_out, "faxes_out");
  if (error == ERROR_SUCCESS) error = find_null(count, "count");
  if (error == ERROR_SUCCESS) error = find_server(FaxHandle, &c);
  if (error != ERROR_SUCCESS) return api_done(error);
  error = archive_list(c, query, faxes_out, count);
  mem_unref(c);
  return api_done(error);
}

BOOL FaxGetArchived(HANDLE FaxHandle, DWORD id, struct fax_archived **fax_out) {
  struct connection *c;
  api_enter();
  DWORD error = find_null(fax_out, "fax_out");
  if (error == ERROR_SUCCESS) error = find_server(FaxHandle, &c);
  if (error != ERROR_SUCCESS) return api_done(error);
  error = archive_read(c, id, fax_out);
  mem_unref(c);
  return api_done(error);
}

BOOL FaxRemoveArchived(HANDLE FaxHandle, const DWORD *ids, DWORD count,
                       LPDWORD removed_out) {
  struct connection *c;
  api_enter();
  DWORD error = find_null(ids, "ids");
  if (error == ERROR_SUCCESS) error = find_null(removed_out, "removed_out");
  if (error == ERROR_SUCCESS) error = find_server(FaxHandle, &c);
  if (error != ERROR_SUCCESS) return api_done(error);
  error = archive_remove(c, ids, count, removed_out);
  mem_unref(c);
  return api_done(error);
}

BOOL FaxPurgeArchive(HANDLE FaxHandle, const struct fax_archive_purge *purge,
                     LPDWORD removed_out) {
  struct connection *c;
  api_enter();
  DWORD error = find_null(purge, "purge");
  if (error == ERROR_SUCCESS) error = find_null(removed_out, "removed_out");
  if (error == ERROR_SUCCESS) error = find_server(FaxHandle, &c);
  if (error != ERROR_SUCCESS) return api_done(error);
  error = archive_purge(c, purge, removed_out);
  mem_unref(c);
  return api_done(error);
}
