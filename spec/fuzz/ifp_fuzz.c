/* SPDX-License-Identifier: MIT
   The fuzzer of a machine on T.38. */
#include "ifp.h"

int main(int argc, char **argv) {
  struct ifp_corpus *c = malloc(sizeof *c);
  int code = 1;
  if (c != NULL && ifp_open(c)) code = fuzz_main(argc, argv, ifp_round, c);
  if (c != NULL) ifp_close(c);
  free(c);
  return code;
}
