/* SPDX-License-Identifier: MIT
   Broken: no FaxDevStartJob. */
#define WITHOUT_START_JOB
#include "forward.h"
