/* SPDX-License-Identifier: MIT
   HTTP of the benchmarks' own, on the loopback. */
#ifndef FAX_BENCH_WEB_H
#define FAX_BENCH_WEB_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>

#include "bench.h"

enum { WEB_HEAD = 1024 };

static inline void web_give_up(const char *what) {
  perror(what);
  exit(1);
}

static inline int web_connect(int port) {
  struct sockaddr_in to = {.sin_family = AF_INET,
                           .sin_port = htons((uint16_t)port),
                           .sin_addr = {htonl(INADDR_LOOPBACK)}};
  int one = 1;
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof to) != 0 ||
      setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one) != 0)
    web_give_up("connect");
  return fd;
}

static inline char *web_file(const char *path, size_t *length_out) {
  FILE *f = fopen(path, "rb");
  long size = -1;
  if (f != NULL && fseek(f, 0, SEEK_END) == 0) size = ftell(f);
  char *bytes = size >= 0 ? malloc((size_t)size + 1) : NULL;
  if (bytes == NULL) web_give_up(path);
  rewind(f);
  if (fread(bytes, 1, (size_t)size, f) != (size_t)size) web_give_up(path);
  fclose(f);
  *length_out = (size_t)size;
  return bytes;
}

/* A GET, or with `body`, a file, a POST; free(). */
static inline char *web_request(const char *path, const char *body,
                                size_t *length_out) {
  size_t size = 0;
  char *bytes = body != NULL ? web_file(body, &size) : NULL;
  char *request = malloc(WEB_HEAD + size);
  if (request == NULL) web_give_up("memory");
  int n = snprintf(request, WEB_HEAD,
                   "%s %s HTTP/1.1\r\nHost: fax\r\nContent-Length: %zu\r\n\r\n",
                   body != NULL ? "POST" : "GET", path, size);
  if (size != 0) memcpy(request + n, bytes, size);
  *length_out = (size_t)n + size;
  free(bytes);
  return request;
}

#endif
