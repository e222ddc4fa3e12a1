/* SPDX-License-Identifier: MIT
   fax-host: a C FSP in a process of its own. */
#include <fax/fax_host.h>

int main(void) {
  return FaxHostRun();
}
