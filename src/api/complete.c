/* SPDX-License-Identifier: MIT
   FaxCompleteJobParams. */
#include "method/find.h"
#include "api/result.h"
#include "service/sender/sender.h"

BOOL FaxCompleteJobParams(PFAX_JOB_PARAM *JobParams,
                          PFAX_COVERPAGE_INFO *CoverpageInfo) {
  api_enter();
  DWORD error = find_null(JobParams, "JobParams");
  if (error == ERROR_SUCCESS) error = find_null(CoverpageInfo, "CoverpageInfo");
  if (error == ERROR_SUCCESS) error = sender_read(JobParams, CoverpageInfo);
  return api_done(error);
}
