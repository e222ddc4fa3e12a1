/* SPDX-License-Identifier: MIT
   The process of a host: its start, its end. */
#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "base/spawn.h"
#include "base/where.h"
#include "host/own.h"

enum { EXIT_MS = 1000 }; /* between the end of its socket and its own */

void host_over(struct host *h, const char *cause, const char *format, ...) {
  va_list args;
  if (h->end.cause != NULL) return; /* the first reason counts */
  va_start(args, format);
  vsnprintf(h->end.text, sizeof h->end.text, format, args);
  va_end(args);
  h->end.cause = cause;
  h->end.code = ERROR_GEN_FAILURE;
}

/* ---- the start ---- */

static DWORD spawn(struct host *h, int there) {
  char *argv[] = {"fax-host", h->hosts->name, NULL};
  const int fds[] = {SPAWN_NULL, SPAWN_NULL, SPAWN_SAME, there};
  char *program;
  DWORD code = where_companion("fax-host", &program);
  if (code != ERROR_SUCCESS) return code;
  const struct spawn_order order = {.program = program,
                                    .argv = argv,
                                    .env = environ,
                                    .fds = fds,
                                    .fd_count = 4};
  code = spawn_start(&order, &h->pid);
  mem_free(program);
  return code;
}

static json_t *load_params(const struct hosts *hosts) {
  json_t *options = json_array();
  for (char **o = hosts->options; *o != NULL; o++)
    json_array_append_new(options, json_string(*o));
  json_t *params = json_pack(
      "{s:s, s:s, s:s, s:o, s:I, s:I}", "version", FAX_VERSION, "name",
      hosts->name, "path", hosts->path, "options", options, "beat",
      (json_int_t)(hosts->limits.beat * (double)FAX_SECOND), "stuck",
      (json_int_t)(hosts->limits.stuck * (double)FAX_SECOND));
  if (clock_is_virtual())
    json_object_set_new(params, "wall", json_integer(clock_wall()));
  return params;
}

static DWORD send_load(struct host *h) {
  json_t *params = load_params(h->hosts);
  if (params == NULL)
    return error_say(ERROR_INVALID_DATA,
                     "%s: its path or an option is not UTF-8", h->hosts->name);
  pthread_mutex_lock(&h->hosts->lock);
  DWORD code = host_send(h, "load", params);
  pthread_mutex_unlock(&h->hosts->lock);
  return code;
}

DWORD host_launch(struct host *h) {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
    return error_errno(errno, "fax-host");
  h->fd = ends[0];
  h->beat = host_machine_now();
  h->end = (struct host_end){0};
  h->leaving = false;
  int there = spawn_high(ends[1]);
  DWORD code = there < 0 ? error_errno(errno, "fax-host") : spawn(h, there);
  if (there >= 0) close(there);
  if (code == ERROR_SUCCESS) code = send_load(h);
  return code;
}

/* ---- the end ---- */

static void say_status(struct host *h, int status) {
  char *text = h->end.text;
  size_t size = sizeof h->end.text;
  if (text[0] != '\0') return;
  h->end.clean = status != -1 && WIFEXITED(status) && WEXITSTATUS(status) == 0;
  if (status == -1)
    snprintf(text, size, "ended");
  else if (WIFEXITED(status))
    snprintf(text, size, "exited with status %d", WEXITSTATUS(status));
  else
    snprintf(text, size, "was killed by SIG%s", sigabbrev_np(WTERMSIG(status)));
}

static void end_process(struct host *h) {
  if (h->pid > 0) {
    if (h->end.text[0] == '\0' && !spawn_await(h->pid, EXIT_MS))
      snprintf(h->end.text, sizeof h->end.text, "closed its connection");
    say_status(h, spawn_end(h->pid));
  }
  h->pid = 0;
  if (h->fd >= 0) close(h->fd);
  h->fd = -1;
}

/* Calls that come from here on are for the next process. */
static void take_calls(struct host *h, enum host_state next,
                       struct list *calls) {
  list_init(calls);
  pthread_mutex_lock(&h->hosts->lock);
  while (!list_empty(&h->calls)) {
    struct list *first = h->calls.next;
    list_remove(first);
    list_append(calls, first);
  }
  h->state = next;
  h->stuck = false;
  message_out_free(&h->out);
  h->sent = 0;
  pthread_mutex_unlock(&h->hosts->lock);
}

void host_bury(struct host *h, enum host_state next) {
  struct list calls;
  clock_guest_busy(h->clock);
  take_calls(h, next, &calls);
  if (h->end.text[0] == '\0') end_process(h);
  host_fail_all(h, &calls);
  end_process(h);
  message_in_free(&h->in);
}
