/* SPDX-License-Identifier: MIT
   FaxOperationQuery, FaxOperationReport, FaxOperationCommit: for the threads of
   a provider. */
#include "provider/operation.h"

#include "api/result.h"

BOOL FaxOperationQuery(HANDLE CompletionPort, ULONG_PTR CompletionKey,
                       struct fax_operation *operation_inout) {
  api_enter();
  return api_done(
      operation_query(CompletionPort, CompletionKey, operation_inout));
}

BOOL FaxOperationReport(HANDLE CompletionPort, ULONG_PTR CompletionKey,
                        const struct fax_progress *progress) {
  api_enter();
  return api_done(operation_report(CompletionPort, CompletionKey, progress));
}

BOOL FaxOperationCommit(HANDLE CompletionPort, ULONG_PTR CompletionKey,
                        DWORD page, fax_deadline until) {
  api_enter();
  return api_done(operation_commit(CompletionPort, CompletionKey, page, until));
}
