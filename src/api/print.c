/* SPDX-License-Identifier: MIT
   FaxStartPrintJob, FaxPrintCoverPage: there is no fax printer yet; what is
   wrong with the parameters is told all the same. */
#include <fax/winfax.h>

#include "method/find.h"
#include "api/result.h"

static DWORD check_size(DWORD size, size_t expected, const char *name) {
  if (size == expected) return ERROR_SUCCESS;
  return error_say(ERROR_INVALID_PARAMETER, "%s: SizeOfStruct is %u, not %zu",
                   name, size, expected);
}

static DWORD check_print(const FAX_PRINT_INFO *info) {
  DWORD error = check_size(info->SizeOfStruct, sizeof *info, "PrintInfo");
  if (error != ERROR_SUCCESS) return error;
  return find_null(info->RecipientNumber, "RecipientNumber");
}

BOOL FaxStartPrintJob(LPCTSTR PrinterName, const FAX_PRINT_INFO *PrintInfo,
                      LPDWORD FaxJobId, PFAX_CONTEXT_INFO FaxContextInfo) {
  api_enter();
  DWORD error = find_null(PrintInfo, "PrintInfo");
  if (error == ERROR_SUCCESS) error = find_null(FaxJobId, "FaxJobId");
  if (error == ERROR_SUCCESS)
    error = find_null(FaxContextInfo, "FaxContextInfo");
  if (error == ERROR_SUCCESS) error = check_print(PrintInfo);
  if (error != ERROR_SUCCESS) return api_done(error);
  if (PrinterName != NULL) /* PRN-3 */
    return api_done(error_say(ERROR_INVALID_PRINTER_NAME,
                              "%s: is not a fax printer", PrinterName));
  return api_done(
      error_say(ERROR_CALL_NOT_IMPLEMENTED, "there is no fax printer yet"));
}

BOOL FaxPrintCoverPage(const FAX_CONTEXT_INFO *FaxContextInfo,
                       const FAX_COVERPAGE_INFO *CoverPageInfo) {
  api_enter();
  DWORD error = find_null(FaxContextInfo, "FaxContextInfo");
  if (error == ERROR_SUCCESS) error = find_null(CoverPageInfo, "CoverPageInfo");
  if (error == ERROR_SUCCESS) /* PRN-5 */
    error = check_size(FaxContextInfo->SizeOfStruct, sizeof *FaxContextInfo,
                       "FaxContextInfo");
  if (error == ERROR_SUCCESS)
    error = check_size(CoverPageInfo->SizeOfStruct, sizeof *CoverPageInfo,
                       "CoverPageInfo");
  if (error == ERROR_SUCCESS)
    error =
        error_say(ERROR_CALL_NOT_IMPLEMENTED, "there is no fax printer yet");
  return api_done(error);
}
