/* SPDX-License-Identifier: MIT
   Broken: no FaxDevEndJob. */
#define WITHOUT_END_JOB
#include "forward.h"
