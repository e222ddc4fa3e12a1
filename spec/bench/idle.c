/* SPDX-License-Identifier: MIT
   What clients that ask nothing cost a server: `idle FOLDER PID COUNT` opens so
   many connections to the fax server of that process on FOLDER/fax.sock, then
   to its bare peer on FOLDER/echo.sock, and prints `client BYTES BYTES`, what
   the process has more in memory for each. */
#include <fax/fax_service.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "bench.h"

static long pid, count;
static int *links;

static double resident(void) {
  char path[64];
  long all, pages;
  snprintf(path, sizeof path, "/proc/%ld/statm", pid);
  FILE *f = fopen(path, "r");
  bench_need(f != NULL && fscanf(f, "%ld %ld", &all, &pages) == 2, path);
  fclose(f);
  return (double)pages * (double)sysconf(_SC_PAGESIZE);
}

static void open_client(const char *path) {
  struct fax_connect connect = {
      .size = sizeof connect, .rights = FAX_ALL_ACCESS, .socket = path};
  HANDLE handle;
  bench_need(FaxConnect(&connect, &handle), path);
}

/* As long as the hello and its answer. */
static void open_link(const char *path, int *fd_out) {
  struct sockaddr_un at = {.sun_family = AF_UNIX};
  char bytes[512] = "512 512 ";
  memcpy(at.sun_path, path, strnlen(path, sizeof at.sun_path - 1));
  int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  bench_need(
      fd >= 0 && connect(fd, (struct sockaddr *)&at, sizeof at) == 0 &&
          send(fd, bytes, sizeof bytes, 0) == (ssize_t)sizeof bytes &&
          recv(fd, bytes, sizeof bytes, MSG_WAITALL) == (ssize_t)sizeof bytes,
      path);
  *fd_out = fd;
}

int main(int argc, char **argv) {
  struct rlimit files;
  char path[256];
  if (argc != 4) {
    fprintf(stderr, "usage: idle FOLDER PID COUNT\n");
    return 2;
  }
  pid = atol(argv[2]);
  count = atol(argv[3]);
  links = calloc((size_t)count, sizeof *links);
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  double before = resident();
  snprintf(path, sizeof path, "%s/fax.sock", argv[1]);
  for (long i = 0; i < count; i++) open_client(path);
  double clients = resident();
  snprintf(path, sizeof path, "%s/echo.sock", argv[1]);
  for (long i = 0; i < count; i++) open_link(path, &links[i]);
  printf("client %.1f %.1f\n", (clients - before) / (double)count,
         (resident() - clients) / (double)count);
  return 0;
}
