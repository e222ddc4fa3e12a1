/* SPDX-License-Identifier: MIT
   How soon many hear of an event: `listeners PORT COUNT STREAM TRIGGER ROUNDS
   [BODY]` has COUNT connections read the server-sent events of the address
   STREAM, and posts BODY, a file, to TRIGGER, in ROUNDS turns until all have
   read the event FEI_DELETED. Of each event that tells of a page it prints, as
   the median and the longest, the seconds from its `time` until the last one
   has read it: `heard_median N`, `heard_longest N`. */
#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>

#include "web.h"

enum { ROOM = 8192, EVENTS = 1024, BATCH = 256, SECONDS = 60 };

struct listener {
  int fd;
  size_t length;
  bool begun;
  char text[ROOM + 1];
};

struct event {
  unsigned long sequence;
  double time, last;
  int heard;
  bool of_page, ends;
};

static struct event list[EVENTS];
static size_t event_count;
static int count, begun, ended;
static int epoll;

static double wall(void) {
  struct timespec t;
  clock_gettime(CLOCK_REALTIME, &t);
  return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* ---- events ---- */

static double number_of(const char *json, const char *name) {
  const char *at = strstr(json, name);
  if (at == NULL) web_give_up("an event without its number");
  at += strlen(name);
  return strtod(*at == '"' ? at + 1 : at, NULL);
}

static struct event *event_of(const char *json) {
  unsigned long sequence = (unsigned long)number_of(json, "\"sequence\":");
  for (size_t i = event_count; i > 0; i--)
    if (list[i - 1].sequence == sequence) return &list[i - 1];
  if (event_count == EVENTS) web_give_up("too many events");
  struct event *e = &list[event_count++];
  e->sequence = sequence;
  e->time = number_of(json, "\"time\":");
  e->of_page = strstr(json, "\"page\":") != NULL;
  e->ends = strstr(json, "FEI_DELETED") != NULL &&
            strstr(json, "\"outcome\":\"completed\"") != NULL;
  return e;
}

static void hear(const char *json, double now) {
  struct event *e = event_of(json);
  e->heard++;
  e->last = now;
  if (e->ends && e->heard == count) ended++;
}

/* ---- listeners ---- */

static void read_line(struct listener *l, const char *line, double now) {
  if (!l->begun && strncmp(line, ": listening", 11) == 0) {
    l->begun = true;
    begun++;
  } else if (strncmp(line, "data: ", 6) == 0) {
    hear(line + 6, now);
  }
}

static void take(struct listener *l) {
  ssize_t n = recv(l->fd, l->text + l->length, ROOM - l->length, MSG_DONTWAIT);
  if (n < 0 && errno == EAGAIN) return;
  if (n <= 0) web_give_up("a stream ended");
  double now = wall();
  l->length += (size_t)n;
  l->text[l->length] = '\0';
  char *line = l->text, *end;
  while ((end = strchr(line, '\n')) != NULL) {
    *end = '\0';
    read_line(l, line, now);
    line = end + 1;
  }
  l->length -= (size_t)(line - l->text);
  memmove(l->text, line, l->length);
}

static void turn(void) {
  struct epoll_event came[BATCH];
  int n = epoll_wait(epoll, came, BATCH, SECONDS * 1000);
  if (n <= 0) web_give_up("nothing came");
  for (int i = 0; i < n; i++) take(came[i].data.ptr);
}

static void open_one(struct listener *l, int port, const char *path) {
  size_t length;
  char *request = web_request(path, NULL, &length);
  struct epoll_event e = {.events = EPOLLIN, .data = {.ptr = l}};
  l->fd = web_connect(port);
  if (send(l->fd, request, length, MSG_NOSIGNAL) != (ssize_t)length ||
      epoll_ctl(epoll, EPOLL_CTL_ADD, l->fd, &e) != 0)
    web_give_up("a listener");
  free(request);
}

/* ---- the program ---- */

static void trigger(int port, const char *path, const char *body) {
  size_t length;
  char *request = web_request(path, body, &length);
  char answer[64];
  int fd = web_connect(port);
  if (send(fd, request, length, MSG_NOSIGNAL) != (ssize_t)length ||
      recv(fd, answer, sizeof answer, 0) < 13 ||
      strncmp(answer, "HTTP/1.1 200 ", 13) != 0)
    web_give_up(path);
  close(fd);
  free(request);
}

static int compare(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return x < y ? -1 : x > y;
}

static void print(void) {
  double times[EVENTS];
  size_t n = 0;
  for (size_t i = 0; i < event_count; i++)
    if (list[i].of_page && list[i].heard == count)
      times[n++] = list[i].last - list[i].time;
  if (n == 0) web_give_up("no event of a page");
  qsort(times, n, sizeof *times, compare);
  printf("heard_median %.6f\nheard_longest %.6f\n", times[n / 2], times[n - 1]);
}

int main(int argc, char **argv) {
  if (argc < 6 || (count = atoi(argv[2])) <= 0) {
    fprintf(stderr,
            "usage: listeners PORT COUNT STREAM TRIGGER ROUNDS [BODY]\n");
    return 2;
  }
  struct rlimit files = {(rlim_t)count + 64, (rlim_t)count + 64};
  struct listener *all = calloc((size_t)count, sizeof *all);
  setrlimit(RLIMIT_NOFILE, &files);
  epoll = epoll_create1(EPOLL_CLOEXEC);
  if (all == NULL || epoll < 0) web_give_up("memory");
  for (int i = 0; i < count; i++) open_one(&all[i], atoi(argv[1]), argv[3]);
  while (begun < count) turn();
  for (int i = 1; i <= atoi(argv[5]); i++) {
    trigger(atoi(argv[1]), argv[4], argc > 6 ? argv[6] : NULL);
    while (ended < i) turn();
  }
  print();
  return 0;
}
