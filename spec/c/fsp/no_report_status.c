/* SPDX-License-Identifier: MIT
   Broken: no FaxDevReportStatus. */
#define WITHOUT_REPORT_STATUS
#include "forward.h"
