/* SPDX-License-Identifier: MIT
   Broken: no FaxDevReceive. */
#define WITHOUT_RECEIVE
#include "forward.h"
