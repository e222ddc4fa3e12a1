/* SPDX-License-Identifier: MIT
   Broken: no FaxDevAbortOperation. */
#define WITHOUT_ABORT
#include "forward.h"
