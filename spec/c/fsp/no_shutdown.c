/* SPDX-License-Identifier: MIT
   A provider without FaxDevShutdown, which is optional. */
#define WITHOUT_SHUTDOWN
#include "forward.h"
