/* SPDX-License-Identifier: MIT
   `together COUNT COMMAND...` runs the command so many times at once. Each says
   a line when it is ready, begins when it gets one, and ends; `seconds N` is
   from the first beginning to the last end. */
#include <fcntl.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>

#include "bench.h"

enum { MOST = 64 };

extern char **environ;

struct one {
  pid_t pid;
  int to, from;
};

static void need(int ok, const char *what) {
  if (ok) return;
  perror(what);
  exit(1);
}

static void start(struct one *o, char **command) {
  int in[2], out[2];
  posix_spawn_file_actions_t files;
  need(pipe2(in, O_CLOEXEC) == 0 && pipe2(out, O_CLOEXEC) == 0, "pipe");
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_adddup2(&files, in[0], STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&files, out[1], STDOUT_FILENO);
  need(posix_spawnp(&o->pid, command[0], &files, NULL, command, environ) == 0,
       command[0]);
  posix_spawn_file_actions_destroy(&files);
  close(in[0]);
  close(out[1]);
  o->to = in[1];
  o->from = out[0];
}

static void await(const struct one *o) {
  char byte = 0;
  while (byte != '\n') need(read(o->from, &byte, 1) == 1, "it is not ready");
}

static void join(const struct one *o) {
  int status;
  need(waitpid(o->pid, &status, 0) == o->pid, "wait");
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return;
  fprintf(stderr, "together: status %d\n", status);
  exit(1);
}

int main(int argc, char **argv) {
  struct one all[MOST];
  int count = argc > 2 ? atoi(argv[1]) : 0;
  if (count < 1 || count > MOST) {
    fprintf(stderr, "usage: together COUNT COMMAND...\n");
    return 2;
  }
  for (int i = 0; i < count; i++) start(&all[i], argv + 2);
  for (int i = 0; i < count; i++) await(&all[i]);
  struct bench_cost from = bench_now();
  for (int i = 0; i < count; i++) need(write(all[i].to, "\n", 1) == 1, "go");
  for (int i = 0; i < count; i++) join(&all[i]);
  printf("seconds %.6f\n", bench_since(from).wall);
  return 0;
}
