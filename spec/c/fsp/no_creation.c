/* SPDX-License-Identifier: MIT
   A provider for telephony devices. */
#define WITHOUT_CREATION
#include "forward.h"
