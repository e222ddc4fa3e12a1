/* SPDX-License-Identifier: MIT
   Runs fax-render as a child in a process group of its own, with nothing of
   this process but three descriptors, and documents that are descriptors. What
   became of it is told by the pipe: an exit status may be lost to a host that
   ignores or reaps SIGCHLD. */
#include "document/renderer.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/mem.h"
#include "base/spawn.h"
#include "base/text.h"
#include "base/where.h"
#include "document/chain.h"

#define MOST_ARGUMENTS 16 /* beside the files */
#define TEXT_SIZE 512
#define USUAL_SECONDS 120
#define LOOK_MS 250 /* between questions whether the caller gives up */

struct child {
  struct fax_patience patience;
  bool cancelled;
  pid_t pid;
  int out; /* "done\n", or "failed N\n" with its exit status */
  int err; /* one line: why */
  char said[TEXT_SIZE];
  size_t said_length;
  char why[TEXT_SIZE];
  size_t why_length;
};

/* Those of the documents, which are the child's from FIRST_PASSED on. */
enum { FIRST_PASSED = 3, MOST_PASSED = 64 };
struct passed {
  int fds[MOST_PASSED];
  char *names[MOST_PASSED];
  int count;
};

static int64_t now_ms(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* By the machine's time, on the virtual clock too: the renderer is another
   program. */
static int64_t end_ms(const struct fax_patience *patience) {
  DWORD seconds = patience->seconds != 0 ? patience->seconds : USUAL_SECONDS;
  return now_ms() + (int64_t)seconds * 1000;
}

/* ---- starting ---- */

/* A pipe whose ends are never those that the child gets new. */
static int high_pipe(int ends[2]) {
  int raw[2];
  if (pipe2(raw, O_CLOEXEC) != 0) return -1;
  ends[0] = spawn_high(raw[0]);
  int why = errno;
  ends[1] = spawn_high(raw[1]);
  if (ends[0] >= 0 && ends[1] >= 0) return 0;
  if (ends[1] < 0) why = errno;
  if (ends[0] >= 0) close(ends[0]);
  if (ends[1] >= 0) close(ends[1]);
  errno = why;
  return -1;
}

static DWORD spawn_with_pipes(const char *program, char *const *argv,
                              char *const *env, const struct passed *passed,
                              struct child *c) {
  int out[2], err[2];
  if (high_pipe(out) != 0) return error_errno(errno, "fax-render");
  if (high_pipe(err) != 0) {
    DWORD rc = error_errno(errno, "fax-render");
    close(out[0]);
    close(out[1]);
    return rc;
  }
  int fds[FIRST_PASSED + MOST_PASSED] = {SPAWN_NULL, out[1], err[1]};
  memcpy(fds + FIRST_PASSED, passed->fds, passed->count * sizeof *fds);
  const struct spawn_order order = {.program = program,
                                    .argv = argv,
                                    .env = env,
                                    .fds = fds,
                                    .fd_count = FIRST_PASSED + passed->count};
  DWORD rc = spawn_start(&order, &c->pid);
  close(out[1]);
  close(err[1]);
  c->out = out[0];
  c->err = err[0];
  if (rc == ERROR_SUCCESS) return rc;
  close(c->out);
  close(c->err);
  return rc;
}

/* ---- documents that are descriptors ---- */

static void passed_free(struct passed *p) {
  for (int i = 0; i < p->count; i++) {
    close(p->fds[i]);
    mem_free(p->names[i]);
  }
}

/* The same name with the number that it has in the child. */
static DWORD pass(struct passed *p, const char *file) {
  int fd;
  DWORDLONG bytes;
  if (p->count == MOST_PASSED)
    return error_say(ERROR_INVALID_PARAMETER, "more than %d descriptors",
                     MOST_PASSED);
  DWORD rc = chain_open(file, &fd, &bytes);
  if (rc != ERROR_SUCCESS) return rc;
  if ((fd = spawn_high(fd)) < 0) return error_errno(errno, "%s", file);
  char *name =
      mem_format("/dev/fd/%d/%s", FIRST_PASSED + p->count, chain_name(file));
  if (name == NULL) {
    close(fd);
    return error_say(ERROR_NOT_ENOUGH_MEMORY, "out of memory");
  }
  p->fds[p->count] = fd;
  p->names[p->count++] = name;
  return ERROR_SUCCESS;
}

/* The names of the documents as the child is to read them. */
static DWORD name_files(const struct renderer_job *job, struct passed *p,
                        char **argv) {
  DWORD rc = ERROR_SUCCESS;
  for (DWORD i = 0; rc == ERROR_SUCCESS && i < job->count; i++) {
    argv[i] = (char *)(ULONG_PTR)job->files[i];
    if (!chain_is_descriptor(job->files[i])) continue;
    rc = pass(p, job->files[i]);
    if (rc == ERROR_SUCCESS) argv[i] = p->names[p->count - 1];
  }
  return rc;
}

static DWORD start(const struct renderer_job *job, const char *program,
                   struct child *c) {
  char **argv = mem_alloc((job->count + MOST_ARGUMENTS) * sizeof *argv);
  char *scratch = mem_format("TMPDIR=%s", job->work);
  if (argv == NULL || scratch == NULL) {
    mem_free(argv);
    mem_free(scratch);
    return error_say(ERROR_NOT_ENOUGH_MEMORY, "out of memory");
  }
  static const char *const papers[] = {"auto", "a4", "letter", "legal"};
  const char *standard =
      job->resolution == FAX_RESOLUTION_STANDARD ? "standard" : "fine";
  char *env[] = {"PATH=/usr/local/bin:/usr/bin:/bin", "LC_ALL=C", scratch,
                 NULL};
  size_t n = 0;
  char page[16];
  (void)snprintf(page, sizeof page, "%u", job->page);
  argv[n++] = "fax-render";
  argv[n++] = "--resolution";
  argv[n++] = (char *)(ULONG_PTR)standard;
  argv[n++] = "--paper";
  argv[n++] = (char *)(ULONG_PTR)papers[job->paper & 3];
  if (job->output != NULL) {
    argv[n++] = "--output";
    argv[n++] = (char *)(ULONG_PTR)job->output;
  }
  if (job->png) {
    argv[n++] = "--png";
    argv[n++] = (char *)(ULONG_PTR)job->work;
  }
  if (job->exact) argv[n++] = "--exact";
  if (job->page != 0) {
    argv[n++] = "--page";
    argv[n++] = page;
  }
  if (job->pdf != NULL) {
    argv[n++] = "--pdf";
    argv[n++] = (char *)(ULONG_PTR)job->pdf;
  }
  argv[n++] = "--report";
  argv[n++] = "--";
  struct passed passed = {.count = 0};
  DWORD rc = name_files(job, &passed, argv + n);
  if (rc == ERROR_SUCCESS)
    rc = spawn_with_pipes(program, argv, env, &passed, c);
  passed_free(&passed);
  mem_free(argv);
  mem_free(scratch);
  return rc;
}

/* ---- listening ---- */

/* Takes what is there; what does not fit is dropped. False: the end. */
static bool drain(int fd, char *text, size_t *length) {
  char buffer[4096];
  ssize_t n = read(fd, buffer, sizeof buffer);
  if (n < 0) return errno == EINTR || errno == EAGAIN;
  size_t room = TEXT_SIZE - 1 - *length;
  size_t take = (size_t)n < room ? (size_t)n : room;
  memcpy(text + *length, buffer, take);
  *length += take;
  text[*length] = '\0';
  return n > 0;
}

static bool gives_up(struct child *c) {
  if (!c->cancelled && c->patience.interrupted != NULL)
    c->cancelled = c->patience.interrupted(c->patience.arg);
  return c->cancelled;
}

/* Whether something is there to be read. False: the time has come, the caller
   gives up, or poll(2) fails. */
static bool poll_until(struct child *c, struct pollfd *fds, nfds_t n,
                       int64_t end) {
  for (;;) {
    int64_t left = end - now_ms();
    if (left <= 0 || gives_up(c)) return false;
    int got = poll(fds, n, left < LOOK_MS ? (int)left : LOOK_MS);
    if (got > 0) return true;
    if (got < 0 && errno != EINTR) return false;
  }
}

/* Reads both pipes to their ends. False: the time came first. */
static bool listen_until(struct child *c, int64_t end) {
  struct pollfd fds[2] = {{.fd = c->out, .events = POLLIN},
                          {.fd = c->err, .events = POLLIN}};
  while (fds[0].fd >= 0 || fds[1].fd >= 0) {
    fds[0].revents = fds[1].revents = 0;
    if (!poll_until(c, fds, 2, end)) return false;
    if (fds[0].revents != 0 && !drain(c->out, c->said, &c->said_length))
      fds[0].fd = -1;
    if (fds[1].revents != 0 && !drain(c->err, c->why, &c->why_length))
      fds[1].fd = -1;
  }
  return true;
}

/* ---- ending ---- */

/* It has closed its pipes: gives it until `end` to leave by itself. */
static void await_exit(struct child *c, int64_t end) {
  int fd = (int)syscall(SYS_pidfd_open, c->pid, 0);
  if (fd < 0) return;
  struct pollfd p = {.fd = fd, .events = POLLIN};
  poll_until(c, &p, 1, end);
  close(fd);
}

/* "file: why", from the line "fax-render: file: why". */
static const char *reason(struct child *c) {
  static const char prefix[] = "fax-render: ";
  c->why[strcspn(c->why, "\n")] = '\0';
  text_trim(c->why);
  text_one_line(c->why);
  bool ours = strncmp(c->why, prefix, sizeof prefix - 1) == 0;
  return c->why + (ours ? sizeof prefix - 1 : 0);
}

static DWORD outcome(struct child *c, const char *file, bool in_time,
                     int status) {
  int code;
  if (strcmp(c->said, "done\n") == 0) return ERROR_SUCCESS;
  if (c->cancelled)
    return error_say(ERROR_CANCELLED, "%s: rendering it was interrupted", file);
  if (!in_time)
    return error_say(ERROR_INVALID_DATA, "%s: rendering it took too long",
                     file);
  if (sscanf(c->said, "failed %d", &code) == 1)
    return error_say(code == 1 ? ERROR_INVALID_DATA : ERROR_GEN_FAILURE, "%s",
                     reason(c));
  if (status != -1 && WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU)
    return error_say(ERROR_INVALID_DATA, "%s: rendering it took too long",
                     file);
  if (status != -1 && WIFSIGNALED(status))
    return error_say(ERROR_INVALID_DATA,
                     "%s: the renderer broke down on it (signal %d)", file,
                     WTERMSIG(status));
  return error_say(ERROR_GEN_FAILURE, "%s: the renderer broke down: %s", file,
                   c->why[0] != '\0' ? reason(c) : "it said nothing");
}

static DWORD find_program(char **program_out) {
  const char *given = getenv("FAX_RENDER");
  if (given == NULL || given[0] == '\0')
    return where_companion("fax-render", program_out);
  if (access(given, X_OK) != 0)
    return error_say(ERROR_FILE_NOT_FOUND, "%s: no such program (FAX_RENDER)",
                     given);
  *program_out = mem_text(given);
  return *program_out != NULL
             ? ERROR_SUCCESS
             : error_say(ERROR_NOT_ENOUGH_MEMORY, "out of memory");
}

DWORD renderer_run(const struct renderer_job *job) {
  struct child c = {.patience = job->patience, .pid = -1};
  char *program = NULL;
  int64_t end = end_ms(&job->patience);
  DWORD rc = find_program(&program);
  if (rc == ERROR_SUCCESS) rc = start(job, program, &c);
  mem_free(program);
  if (rc != ERROR_SUCCESS) return rc;
  bool in_time = listen_until(&c, end);
  if (in_time) await_exit(&c, end);
  int status = spawn_end(c.pid);
  close(c.out);
  close(c.err);
  return outcome(&c, chain_name(job->files[0]), in_time, status);
}
