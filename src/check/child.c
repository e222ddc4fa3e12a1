/* SPDX-License-Identifier: MIT
   The process of a case, and what becomes of it. The FSP is loaded in it and
   nowhere else, so that it may crash, hang or exit. */
#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "check/check.h"

struct board *board;

static pthread_mutex_t deciding = PTHREAD_MUTEX_INITIALIZER;

/* Who comes second has nothing to add: the process is about to end. */
static _Noreturn void decide(enum verdict verdict, const char *format,
                             va_list args) {
  pthread_mutex_lock(&deciding);
  vsnprintf(board->outcome.why, WHY_SIZE, format, args);
  board->outcome.verdict = verdict;
  _exit(0);
}

void fail(const char *format, ...) {
  va_list args;

  va_start(args, format);
  decide(FAILED, format, args);
}

void skip(const char *format, ...) {
  va_list args;

  va_start(args, format);
  decide(SKIPPED, format, args);
}

void held(enum rule rule) {
  board->rules[rule].seen = true;
}

void breach(enum rule rule, const char *format, ...) {
  struct rule_state *state = &board->rules[rule];
  char what[WHY_SIZE];
  va_list args;

  va_start(args, format);
  vsnprintf(what, sizeof what, format, args);
  va_end(args);
  pthread_mutex_lock(&deciding);
  state->seen = true;
  if (!state->broken)
    snprintf(state->why, WHY_SIZE, "%.250s (in \"%.120s\")", what,
             board->title);
  state->broken = true;
  pthread_mutex_unlock(&deciding);
}

/* ---- the child ---- */

void child_signals(sigset_t *signals) {
  sigemptyset(signals);
  sigaddset(signals, SIGCHLD);
  sigaddset(signals, SIGINT);
  sigaddset(signals, SIGTERM);
}

static void crashed(int number) {
  strncpy(board->outcome.call, watch_innermost(),
          sizeof board->outcome.call - 1);
  signal(number, SIG_DFL);
  raise(number);
}

static void catch_crashes(void) {
  static const int numbers[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
  struct sigaction action = {.sa_handler = crashed, .sa_flags = SA_NODEFER};

  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
    sigaction(numbers[i], &action, NULL);
}

static _Noreturn void work(const struct check_case *c) {
  sigset_t signals;

  child_signals(&signals);
  sigprocmask(SIG_UNBLOCK, &signals, NULL);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  dup2(2, 1); /* what the FSP prints is no line of ours */
  catch_crashes();
  watch_start();
  c->run();
  board->outcome.verdict = PASSED;
  _exit(0);
}

/* ---- the parent ---- */

/* Longer than all calls of a case together may take: for a process that was
   stopped, or whose watch is dead. */
static unsigned patience(void) {
  return 30 * settings.limit + 8 * (settings.call_limit + settings.abort_limit);
}

static _Noreturn void interrupted(pid_t pid) {
  kill(pid, SIGKILL);
  waitpid(pid, NULL, 0);
  folder_remove();
  exit(130);
}

/* -1: it had to be killed. The signals are blocked here. */
static int await(pid_t pid) {
  int64_t until = watch_now() + patience() * (int64_t)FAX_SECOND;
  sigset_t signals;
  int status;

  child_signals(&signals);
  for (;;) {
    struct timespec left = {1, 0};
    pid_t got = waitpid(pid, &status, WNOHANG);
    if (got == pid) return status;
    if (got < 0 && errno != EINTR) return -1;
    if (watch_now() >= until) break;
    got = sigtimedwait(&signals, NULL, &left);
    if (got == SIGINT || got == SIGTERM) interrupted(pid);
  }
  kill(pid, SIGKILL);
  waitpid(pid, &status, 0);
  return -1;
}

static void set_failed(const char *format, ...)
    __attribute__((format(printf, 1, 2)));
static void set_failed(const char *format, ...) {
  va_list args;

  va_start(args, format);
  vsnprintf(board->outcome.why, WHY_SIZE, format, args);
  va_end(args);
  board->outcome.verdict = FAILED;
}

void child_run(const struct check_case *c) {
  pid_t pid;
  int status;

  memset(&board->outcome, 0, sizeof board->outcome);
  snprintf(board->title, sizeof board->title, "%s", c->title);
  fflush(stdout);
  pid = fork();
  if (pid == 0) work(c);
  if (pid < 0) {
    set_failed("the check itself cannot fork: %s", strerror(errno));
    return;
  }
  status = await(pid);
  if (board->outcome.verdict != UNDECIDED) return;
  if (status == -1)
    set_failed("its process did not end within %u s", patience());
  else if (WIFSIGNALED(status))
    set_failed(
        "it crashed in %s (%s)",
        board->outcome.call[0] ? board->outcome.call : "a place not known",
        strsignal(WTERMSIG(status)));
  else
    set_failed("it ended the process (exit status %d)", WEXITSTATUS(status));
}
