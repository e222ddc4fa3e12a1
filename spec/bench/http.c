/* SPDX-License-Identifier: MIT
   Asks a web server on the loopback, over connections that are kept, one
   request after another on each: `http PORT PATH CONNECTIONS SECONDS [BODY]`
   prints the answers a second, `http_rate N`. With BODY, a file, it posts that.
   All answers are 200. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "bench.h"

enum { ROOM = 65536, HEAD = 1024, BATCH = 64 };

struct client {
  int fd;
  size_t sent, length;
  char answer[ROOM];
};

static char *request;
static size_t request_length;
static int events;
static unsigned long answers;

static void give_up(const char *what) {
  fprintf(stderr, "http: %s: %s\n", what, strerror(errno));
  exit(1);
}

/* ---- the request ---- */

static char *read_file(const char *path, size_t *length_out) {
  FILE *f = fopen(path, "rb");
  long size;
  if (f == NULL || fseek(f, 0, SEEK_END) != 0 || (size = ftell(f)) < 0)
    give_up(path);
  char *bytes = malloc((size_t)size + 1);
  rewind(f);
  if (bytes == NULL || fread(bytes, 1, (size_t)size, f) != (size_t)size)
    give_up(path);
  fclose(f);
  *length_out = (size_t)size;
  return bytes;
}

static void make_request(const char *path, const char *body) {
  size_t size = 0;
  char *bytes = body != NULL ? read_file(body, &size) : NULL;
  request = malloc(HEAD + size);
  if (request == NULL) give_up("memory");
  int n = snprintf(request, HEAD, "%s %s HTTP/1.1\r\nHost: fax\r\n",
                   body != NULL ? "POST" : "GET", path);
  if (body != NULL)
    n += snprintf(request + n, HEAD - (size_t)n, "Content-Length: %zu\r\n",
                  size);
  n += snprintf(request + n, HEAD - (size_t)n, "\r\n");
  if (size != 0) memcpy(request + n, bytes, size);
  request_length = (size_t)n + size;
  free(bytes);
}

/* ---- one connection ---- */

static void put(struct client *c) {
  while (c->sent < request_length) {
    ssize_t n = send(c->fd, request + c->sent, request_length - c->sent,
                     MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n < 0 && errno == EAGAIN) return;
    if (n < 0) give_up("send");
    c->sent += (size_t)n;
  }
}

/* Bytes of the answer that is being read; 0: its head is not whole. */
static size_t whole_length(struct client *c) {
  c->answer[c->length] = '\0';
  const char *end = strstr(c->answer, "\r\n\r\n");
  const char *length = strcasestr(c->answer, "\r\nContent-Length: ");
  if (end == NULL) return 0;
  if (strncmp(c->answer, "HTTP/1.1 200 ", 13) != 0 || length == NULL ||
      length > end) {
    fprintf(stderr, "http: %s\n", c->answer);
    exit(1);
  }
  return (size_t)(end + 4 - c->answer) + strtoul(length + 18, NULL, 10);
}

static void take(struct client *c) {
  ssize_t n =
      recv(c->fd, c->answer + c->length, ROOM - 1 - c->length, MSG_DONTWAIT);
  if (n < 0 && errno == EAGAIN) return;
  if (n <= 0) give_up("recv");
  c->length += (size_t)n;
  size_t whole = whole_length(c);
  if (whole == 0 || c->length < whole) return;
  answers++;
  c->length = c->sent = 0;
  put(c);
}

static void open_one(struct client *c, int port) {
  struct sockaddr_in to = {.sin_family = AF_INET,
                           .sin_port = htons((uint16_t)port),
                           .sin_addr = {htonl(INADDR_LOOPBACK)}};
  int one = 1;
  c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (c->fd < 0 || connect(c->fd, (struct sockaddr *)&to, sizeof to) != 0 ||
      setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one) != 0)
    give_up("connect");
  struct epoll_event e = {.events = EPOLLIN | EPOLLOUT | EPOLLET,
                          .data = {.ptr = c}};
  if (epoll_ctl(events, EPOLL_CTL_ADD, c->fd, &e) != 0) give_up("epoll");
}

/* ---- all of them ---- */

static void turn(void) {
  struct epoll_event came[BATCH];
  int n = epoll_wait(events, came, BATCH, 1000);
  for (int i = 0; i < n; i++) {
    struct client *c = came[i].data.ptr;
    if (c->sent < request_length) put(c);
    if (came[i].events & ~(uint32_t)EPOLLOUT) take(c);
  }
}

static void run_for(double seconds) {
  struct bench_cost from = bench_now();
  while (bench_since(from).wall < seconds) turn();
}

int main(int argc, char **argv) {
  int count = argc >= 5 ? atoi(argv[3]) : 0;
  double seconds = argc >= 5 ? atof(argv[4]) : 0;
  struct client *clients = calloc((size_t)count + 1, sizeof *clients);
  if (count <= 0 || seconds <= 0 || clients == NULL) {
    fprintf(stderr, "usage: http PORT PATH CONNECTIONS SECONDS [BODY]\n");
    return 2;
  }
  make_request(argv[2], argc > 5 ? argv[5] : NULL);
  events = epoll_create1(EPOLL_CLOEXEC);
  for (int i = 0; i < count; i++) open_one(&clients[i], atoi(argv[1]));
  run_for(seconds / 4);
  unsigned long before = answers;
  struct bench_cost from = bench_now();
  run_for(seconds);
  printf("http_rate %.3f\n",
         (double)(answers - before) / bench_since(from).wall);
  return 0;
}
