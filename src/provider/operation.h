/* SPDX-License-Identifier: MIT
   The operation extension of fax_operation.h, as error codes. Only for src/api.
 */
#ifndef FAX_PROVIDER_OPERATION_H
#define FAX_PROVIDER_OPERATION_H

#include <fax/fax_operation.h>

/* As FaxOperationQuery, FaxOperationCommit and FaxOperationReport. */
DWORD operation_query(HANDLE port, ULONG_PTR key,
                      struct fax_operation *operation_inout);
DWORD operation_commit(HANDLE port, ULONG_PTR key, DWORD page,
                       fax_deadline until);
DWORD operation_report(HANDLE port, ULONG_PTR key,
                       const struct fax_progress *progress);

#endif
