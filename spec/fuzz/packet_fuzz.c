/* SPDX-License-Identifier: MIT
   The fuzzer of FAX_DEV_STATUS, LINEMESSAGE and what comes beside them. */
#include "packet_round.h"

/* forward.so lies beside the folder of this program. */
static bool find_fsp(char *path, size_t size) {
  ssize_t len = readlink("/proc/self/exe", path, size - 1);
  if (len < 0) return false;
  path[len] = '\0';
  char *end = strrchr(path, '/');
  return snprintf(end, size - (size_t)(end - path), "/../spec/fsp/forward.so") >
         0;
}

int main(int argc, char **argv) {
  static struct fuzz start = {.seed = 1};
  char path[4096];
  mem_debug(1);
  if (!find_fsp(path, sizeof path) || packet_open(&start, path) != 0) {
    fprintf(stderr, "%s: %s\n", path, FaxGetLastErrorMessage());
    return 1;
  }
  int code = fuzz_main(argc, argv, packet_round, NULL);
  printf("%s: %llu statuses and %llu rings were told\n", argv[0],
         (unsigned long long)packet.told, (unsigned long long)packet.rings);
  packet_close(&start);
  return code;
}
