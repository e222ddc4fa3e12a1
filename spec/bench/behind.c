/* SPDX-License-Identifier: MIT
   What is asked over a socket in the benchmarks: `behind FOLDER` starts a fax
   server on FOLDER/fax.sock, with two lines that rest, and its bare peer on
   FOLDER/echo.sock. When both can be reached it says `pid N`, and `port N`, one
   of the loopback that is free, and goes on in the background until SIGTERM. To
   the peer a request says in digits how long the answer is to be, and how long
   it is itself. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "queue.h"

enum { MOST = 1 << 20 };

static void give_up(const char *what) {
  perror(what);
  exit(1);
}

/* ---- the peer ---- */

static char zeros[MOST];

/* The answer, once all of the request is there. */
static bool is_answered(int fd, const char *request, size_t length) {
  char *end;
  size_t answer = strtoul(request, &end, 10);
  size_t whole = strtoul(end, NULL, 10);
  if (answer == 0 || answer > MOST || length < whole) return false;
  return send(fd, zeros + MOST - answer, answer, MSG_NOSIGNAL) ==
         (ssize_t)answer;
}

static void *echo(void *of) {
  int fd = *(int *)of;
  char *request = calloc(1, MOST + 1);
  size_t length = 0;
  ssize_t n = 0;
  free(of);
  while (request != NULL &&
         (n = recv(fd, request + length, MOST - length, 0)) > 0) {
    length += (size_t)n;
    if (is_answered(fd, request, length)) length = 0;
  }
  free(request);
  close(fd);
  return NULL;
}

static void *accept_all(void *of) {
  int listener = *(int *)of;
  bool goes_on = true;
  while (goes_on) {
    pthread_t thread;
    int *fd = malloc(sizeof *fd);
    if (fd == NULL) give_up("memory");
    *fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    goes_on = *fd >= 0 && pthread_create(&thread, NULL, echo, fd) == 0 &&
              pthread_detach(thread) == 0;
  }
  give_up("accept");
  return NULL;
}

static void start_peer(const char *folder) {
  static int fd;
  struct sockaddr_un at = {.sun_family = AF_UNIX};
  pthread_t thread;
  memset(zeros, '0', sizeof zeros);
  zeros[MOST - 1] = '\n';
  snprintf(at.sun_path, sizeof at.sun_path, "%s/echo.sock", folder);
  fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0 || bind(fd, (struct sockaddr *)&at, sizeof at) != 0 ||
      listen(fd, 128) != 0 ||
      pthread_create(&thread, NULL, accept_all, &fd) != 0)
    give_up(at.sun_path);
}

/* ---- the program ---- */

static int free_port(void) {
  struct sockaddr_in at = {.sin_family = AF_INET,
                           .sin_addr = {htonl(INADDR_LOOPBACK)}};
  socklen_t size = sizeof at;
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  if (fd < 0 || bind(fd, (struct sockaddr *)&at, sizeof at) != 0 ||
      getsockname(fd, (struct sockaddr *)&at, &size) != 0)
    give_up("a port");
  close(fd);
  return ntohs(at.sin_port);
}

/* Whoever reads standard output sees its end, so that goes. */
static void say_started(int parent) {
  int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
  printf("pid %ld\nport %d\n", (long)getpid(), free_port());
  fflush(stdout);
  if (null < 0 || dup2(null, STDOUT_FILENO) < 0 || write(parent, "", 1) != 1)
    give_up("/dev/null");
  close(parent);
}

static void serve(const char *folder, int parent) {
  struct queue queue = {0};
  sigset_t ends;
  int which;
  struct rlimit files;
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max; /* for many clients */
  setrlimit(RLIMIT_NOFILE, &files);
  sigemptyset(&ends);
  sigaddset(&ends, SIGTERM);
  sigprocmask(SIG_BLOCK, &ends, NULL);
  queue_start(&queue, folder, 2);
  queue_hold(&queue);
  start_peer(folder);
  say_started(parent);
  sigwait(&ends, &which);
  queue_stop(&queue);
}

int main(int argc, char **argv) {
  if (argc != 2) {
    fprintf(stderr, "usage: behind FOLDER\n");
    return 2;
  }
  int ready[2];
  char byte;
  if (pipe(ready) != 0) give_up("pipe");
  pid_t child = fork();
  if (child < 0) give_up("fork");
  close(ready[child == 0 ? 0 : 1]);
  if (child != 0) return read(ready[0], &byte, 1) == 1 ? 0 : 1;
  serve(argv[1], ready[1]);
  return 0;
}
