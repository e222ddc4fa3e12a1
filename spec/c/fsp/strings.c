/* SPDX-License-Identifier: MIT
   A provider that has texts for statuses of its own. */
#define WITH_STRING
#include "forward.h"
