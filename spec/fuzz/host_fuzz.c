/* SPDX-License-Identifier: MIT
   The fuzzer of what a host says to the service. */
#include "host.h"

int main(int argc, char **argv) {
  struct host_fuzz h;
  host_fuzz_open(&h);
  int code = fuzz_main(argc, argv, host_fuzz_round, &h);
  host_fuzz_close(&h);
  return code;
}
