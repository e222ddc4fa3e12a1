/* SPDX-License-Identifier: MIT
   Another program as a child, in a process group of its own, with nothing of
   this process but the descriptors it is given; and its end. */
#ifndef FAX_BASE_SPAWN_H
#define FAX_BASE_SPAWN_H

#include <fax/faxerr.h>
#include <stdbool.h>
#include <sys/types.h>

enum {
  SPAWN_NULL = -1, /* /dev/null */
  SPAWN_SAME = -2  /* the one of this number here */
};

struct spawn_order {
  const char *program;
  char *const *argv;
  char *const *env;
  const int *fds; /* of the child: 0, 1, 2 ...; those given are spawn_high */
  int fd_count;
};

/* Starts it with no signal blocked, ignored or caught. */
DWORD spawn_start(const struct spawn_order *order, pid_t *pid_out);

/* Takes a descriptor and gives one with a number that no child has; closed in
   children. -1: errno. */
int spawn_high(int fd);

/* Waits until it has exited, `ms` at most. False: it has not. */
bool spawn_await(pid_t pid, int ms);

/* Kills what is left of the group and reaps the child. Its wait status, or -1
   when somebody else took it: a program may ignore or reap SIGCHLD. */
int spawn_end(pid_t pid);

#endif
