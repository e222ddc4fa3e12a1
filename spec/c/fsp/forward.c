/* SPDX-License-Identifier: MIT
   A provider with every export but the options. */
#include "forward.h"
