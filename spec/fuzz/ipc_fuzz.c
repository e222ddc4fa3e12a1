/* SPDX-License-Identifier: MIT
   The fuzzer of what clients say to the server; each message is a run. */
#include <fax/fax_clock.h>
#include <fax/fax_service.h>

#include "ipc.h"

int main(int argc, char **argv) {
  struct ipc_fuzz x;
  ipc_fuzz_open(&x);
  int code = fuzz_main(argc, argv, ipc_fuzz_round, &x);
  ipc_fuzz_close(&x);
  return code;
}
