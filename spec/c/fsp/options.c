/* SPDX-License-Identifier: MIT
   A provider that takes options. */
#define WITH_OPTIONS
#include "forward.h"
