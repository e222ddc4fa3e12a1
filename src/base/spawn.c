/* SPDX-License-Identifier: MIT
   Starting a child and ending it. */
#include "base/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"

#define HIGH 128 /* above what any child is given */

static int set_attributes(posix_spawnattr_t *attr) {
  sigset_t none, all;
  sigemptyset(&none);
  sigfillset(&all);
  int rc = posix_spawnattr_setflags(attr, POSIX_SPAWN_SETPGROUP |
                                              POSIX_SPAWN_SETSIGMASK |
                                              POSIX_SPAWN_SETSIGDEF);
  if (rc == 0) rc = posix_spawnattr_setpgroup(attr, 0);
  if (rc == 0) rc = posix_spawnattr_setsigmask(attr, &none);
  if (rc == 0) rc = posix_spawnattr_setsigdefault(attr, &all);
  return rc;
}

static int set_descriptor(posix_spawn_file_actions_t *acts, int number,
                          int fd) {
  if (fd == SPAWN_SAME && fcntl(number, F_GETFD) >= 0) return 0;
  if (fd < 0)
    return posix_spawn_file_actions_addopen(
        acts, number, "/dev/null", number == 0 ? O_RDONLY : O_WRONLY, 0);
  return posix_spawn_file_actions_adddup2(acts, fd, number);
}

static int set_up(const struct spawn_order *o, posix_spawnattr_t *attr,
                  posix_spawn_file_actions_t *acts) {
  int rc = set_attributes(attr);
  for (int i = 0; rc == 0 && i < o->fd_count; i++)
    rc = set_descriptor(acts, i, o->fds[i]);
  if (rc == 0) rc = posix_spawn_file_actions_addclosefrom_np(acts, o->fd_count);
  return rc;
}

DWORD spawn_start(const struct spawn_order *o, pid_t *pid_out) {
  posix_spawnattr_t attr;
  posix_spawn_file_actions_t acts;
  if (posix_spawnattr_init(&attr) != 0)
    return error_say(ERROR_NOT_ENOUGH_MEMORY, "out of memory");
  if (posix_spawn_file_actions_init(&acts) != 0) {
    posix_spawnattr_destroy(&attr);
    return error_say(ERROR_NOT_ENOUGH_MEMORY, "out of memory");
  }
  int failed = set_up(o, &attr, &acts);
  if (failed == 0)
    failed = posix_spawn(pid_out, o->program, &acts, &attr, o->argv, o->env);
  posix_spawn_file_actions_destroy(&acts);
  posix_spawnattr_destroy(&attr);
  return failed == 0 ? ERROR_SUCCESS : error_errno(failed, "%s", o->program);
}

int spawn_high(int fd) {
  int high = fcntl(fd, F_DUPFD_CLOEXEC, HIGH);
  int why = errno;
  close(fd);
  errno = why;
  return high;
}

bool spawn_await(pid_t pid, int ms) {
  int rc, fd = (int)syscall(SYS_pidfd_open, pid, 0);
  if (fd < 0) return true; /* there is none */
  struct pollfd p = {.fd = fd, .events = POLLIN};
  do rc = poll(&p, 1, ms);
  while (rc < 0 && errno == EINTR);
  close(fd);
  return rc > 0;
}

/* While the child is not reaped its number, and so the group's, is not given to
   another process; a child that is gone already (ECHILD) is not looked for any
   more. */
int spawn_end(pid_t pid) {
  siginfo_t info = {.si_pid = 0};
  int status, rc;
  do rc = waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT);
  while (rc != 0 && errno == EINTR);
  if (rc != 0) return -1;
  kill(-pid, SIGKILL);
  while (waitpid(pid, &status, 0) < 0)
    if (errno != EINTR) return -1;
  return status;
}
