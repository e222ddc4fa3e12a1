/* SPDX-License-Identifier: MIT
   Gives up what a renderer does not need, before it has read a byte. What a
   kernel does not allow is left: the limits are walls behind walls. */
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "render/render.h"

#define MIB (UINT64_C(1) << 20)
#define MOST_CPU 3600 /* seconds, each; the parent's patience is shorter */
#define MOST_MEMORY (2048 * MIB)
#define MOST_DRAWING (1024 * MIB) /* Ghostscript's */
#define MOST_OUTPUT (1024 * MIB)
#define MOST_MESSAGES (1 * MIB) /* Ghostscript writes no other file */

/* A soft limit, and a hard one `room` above it. */
static void limit_with(int what, uint64_t most, uint64_t room) {
  struct rlimit l;
  if (getrlimit(what, &l) != 0) return;
  if (l.rlim_max != RLIM_INFINITY && l.rlim_max < most + room) {
    room = 0;
    if (l.rlim_max < most) most = l.rlim_max;
  }
  l.rlim_cur = most;
  l.rlim_max = most + room;
  setrlimit(what, &l);
}

static void limit(int what, uint64_t most) {
  limit_with(what, most, 0);
}

void confine_self(void) {
  umask(077);
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  (void)signal(SIGPIPE, SIG_IGN);
  (void)signal(SIGXFSZ, SIG_IGN); /* a write fails instead */
  (void)signal(SIGCHLD, SIG_DFL);
  /* root needs no user namespace for it, and would lose its files in one. */
  unshare(geteuid() == 0 ? CLONE_NEWNET : CLONE_NEWUSER | CLONE_NEWNET);
  clearenv();
  (void)setenv("PATH", "/usr/local/bin:/usr/bin:/bin", 1);
  (void)setenv("LC_ALL", "C", 1);
  /* Ghostscript may use files in the folder for temporary files: there is
     none. */
  (void)setenv("TMPDIR", "/nonexistent", 1);
  limit(RLIMIT_CORE, 0);
  limit_with(RLIMIT_CPU, MOST_CPU, 5); /* SIGXCPU first: it tells why */
  limit(RLIMIT_NOFILE, 64);
  limit(RLIMIT_FSIZE, MOST_OUTPUT);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  limit(RLIMIT_AS, MOST_MEMORY);
#endif
}

void confine_child(void) {
  prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  limit(RLIMIT_FSIZE, MOST_MESSAGES);
  limit(RLIMIT_AS, MOST_DRAWING);
}
