/* SPDX-License-Identifier: MIT
   Asks a web server on the loopback, over connections that are kept, one
   request after another on each: `http PORT PATH CONNECTIONS SECONDS [BODY]`
   prints the answers a second, `http_rate N`. With BODY, a file, it posts that.
   All answers are 200. */
#include <errno.h>
#include <string.h>
#include <sys/epoll.h>

#include "web.h"

enum { ROOM = 65536, BATCH = 64 };

struct client {
  int fd;
  size_t sent, length;
  char answer[ROOM];
};

static char *request;
static size_t request_length;
static int events;
static unsigned long answers;

/* ---- one connection ---- */

static void put(struct client *c) {
  while (c->sent < request_length) {
    ssize_t n = send(c->fd, request + c->sent, request_length - c->sent,
                     MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n < 0 && errno == EAGAIN) return;
    if (n < 0) web_give_up("send");
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
  if (n <= 0) web_give_up("recv");
  c->length += (size_t)n;
  size_t whole = whole_length(c);
  if (whole == 0 || c->length < whole) return;
  answers++;
  c->length = c->sent = 0;
  put(c);
}

static void open_one(struct client *c, int port) {
  struct epoll_event e = {.events = EPOLLIN | EPOLLOUT | EPOLLET,
                          .data = {.ptr = c}};
  c->fd = web_connect(port);
  if (epoll_ctl(events, EPOLL_CTL_ADD, c->fd, &e) != 0) web_give_up("epoll");
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
  request = web_request(argv[2], argc > 5 ? argv[5] : NULL, &request_length);
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
