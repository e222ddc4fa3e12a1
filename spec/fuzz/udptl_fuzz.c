/* SPDX-License-Identifier: MIT
   The fuzzer of UDPTL. */
#include "udptl.h"

int main(int argc, char **argv) {
  return fuzz_main(argc, argv, udptl_round, NULL);
}
