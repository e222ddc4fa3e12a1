/* SPDX-License-Identifier: MIT
   Broken: no FaxDevSend. */
#define WITHOUT_SEND
#include "forward.h"
