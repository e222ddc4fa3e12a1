/* SPDX-License-Identifier: MIT
   Broken: no FaxDevInitialize. */
#define WITHOUT_INITIALIZE
#include "forward.h"
