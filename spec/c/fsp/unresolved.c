/* SPDX-License-Identifier: MIT
   Broken: needs a symbol that is nowhere. */
#include "forward.h"

FAX_EXPORT int spec_nowhere(void);
FAX_EXPORT int spec_lost(void);
int spec_lost(void) {
  return spec_nowhere();
}
