/* SPDX-License-Identifier: MIT
   The hosts of a provider, made and stopped; knows nothing of their
   processes. */
#include <errno.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/error.h"
#include "base/log.h"
#include "base/thread.h"
#include "host/own.h"

enum { KILL_SECONDS = 5 }; /* what the end of a killed process may take */

/* ---- made ---- */

static void hosts_destroy(void *object) {
  struct hosts *hosts = object;
  for (DWORD i = 0; i < hosts->count; i++) mem_unref(hosts->list[i]);
  mem_free(hosts->list);
  for (DWORD i = 0; i < hosts->device_count; i++)
    mem_free((void *)hosts->devices[i].name);
  mem_free(hosts->devices);
  mem_free(hosts->wanted);
  for (char **o = hosts->options; o != NULL && *o != NULL; o++) mem_free(*o);
  mem_free(hosts->options);
  mem_free(hosts->name);
  mem_free(hosts->path);
  clock_cond_destroy(&hosts->changed);
  pthread_mutex_destroy(&hosts->lock);
}

static DWORD copy_options(struct hosts *hosts, const char *const *options) {
  size_t count = 0;
  while (options != NULL && options[count] != NULL) count++;
  hosts->options = mem_alloc((count + 1) * sizeof *hosts->options);
  if (hosts->options == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  for (size_t i = 0; i < count; i++)
    if ((hosts->options[i] = mem_text(options[i])) == NULL)
      return ERROR_NOT_ENOUGH_MEMORY;
  return ERROR_SUCCESS;
}

/* The program may change its folder before the next process is started. */
static char *whole_path(const char *path) {
  char *real = realpath(path, NULL);
  char *copy = mem_text(real != NULL ? real : path);
  free(real);
  return copy;
}

static void on_time(void *host) {
  struct host *h = host;
  uint64_t one = 1;
  atomic_store(&h->time_due, true);
  while (write(h->wake, &one, sizeof one) < 0 && errno == EINTR) continue;
}

static void host_destroy(void *object) {
  struct host *h = object;
  clock_guest_free(h->clock);
  if (h->wake >= 0) close(h->wake);
  message_in_free(&h->in);
  message_out_free(&h->out);
}

/* The list has room for it. */
static DWORD add_host(struct hosts *hosts) {
  struct host *h = mem_new(sizeof *h, host_destroy);
  if (h == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  h->hosts = hosts;
  h->fd = -1;
  h->state = HOST_ENDED;
  h->first = hosts->count * hosts->isolate;
  list_init(&h->calls);
  h->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (h->wake >= 0) h->clock = clock_guest_new(on_time, h);
  if (h->clock != NULL) {
    hosts->list[hosts->count++] = h;
    return ERROR_SUCCESS;
  }
  DWORD code = h->wake < 0 ? error_errno(errno, "fax-host")
                           : (DWORD)ERROR_NOT_ENOUGH_MEMORY;
  mem_unref(h);
  return code;
}

DWORD hosts_make_first(struct hosts *hosts) {
  hosts->list = mem_alloc(sizeof *hosts->list);
  return hosts->list == NULL ? ERROR_NOT_ENOUGH_MEMORY : add_host(hosts);
}

DWORD hosts_make_rest(struct hosts *hosts) {
  DWORD count = (hosts->device_count - 1) / hosts->isolate + 1;
  hosts->wanted = mem_alloc(hosts->device_count * sizeof *hosts->wanted);
  struct host **list = mem_resize(hosts->list, count * sizeof *list);
  if (list != NULL) hosts->list = list;
  if (list == NULL || hosts->wanted == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  while (hosts->count < count) {
    DWORD code = add_host(hosts);
    if (code != ERROR_SUCCESS) return code;
  }
  for (DWORD i = 0; i < count; i++) {
    DWORD left = hosts->device_count - list[i]->first;
    list[i]->count = left < hosts->isolate ? left : hosts->isolate;
  }
  return ERROR_SUCCESS;
}

DWORD hosts_new(const struct fax_provider_config *config, const char *path,
                const struct host_limits *limits, struct hosts **hosts_out) {
  struct hosts *hosts = mem_new(sizeof *hosts, hosts_destroy);
  if (hosts == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  pthread_mutex_init(&hosts->lock, NULL);
  clock_cond_init(&hosts->changed);
  hosts->limits = *limits;
  hosts->isolate = config->isolate;
  hosts->name = mem_text(config->name);
  hosts->path = whole_path(path);
  DWORD code = copy_options(hosts, config->options);
  if (hosts->name == NULL || hosts->path == NULL)
    code = ERROR_NOT_ENOUGH_MEMORY;
  if (code != ERROR_SUCCESS) {
    mem_unref(hosts);
    return code;
  }
  *hosts_out = hosts;
  return ERROR_SUCCESS;
}

/* ---- their threads ---- */

DWORD host_begin(struct host *h) {
  h->state = HOST_LOADING;
  DWORD code = thread_start(&h->thread, "fax-host", host_run, h);
  if (code == ERROR_SUCCESS)
    h->started = true;
  else
    h->state = HOST_ENDED;
  return code;
}

/* With the lock. */
static bool all_ended(const struct hosts *hosts) {
  for (DWORD i = 0; i < hosts->count; i++)
    if (hosts->list[i]->state != HOST_ENDED) return false;
  return true;
}

/* Time stands still until each has seen it. */
static void wake_all(struct hosts *hosts) {
  for (DWORD i = 0; i < hosts->count; i++) {
    if (hosts->list[i]->state == HOST_ENDED) continue;
    clock_guest_busy(hosts->list[i]->clock);
    host_wake(hosts->list[i]);
  }
  clock_cond_broadcast(&hosts->changed);
}

static bool wait_ended(struct hosts *hosts, fax_deadline until) {
  while (!all_ended(hosts))
    if (!clock_cond_wait(&hosts->changed, &hosts->lock, until) &&
        !all_ended(hosts))
      return false;
  return true;
}

/* They have ended but for their last steps. */
static void join_all(struct hosts *hosts) {
  for (DWORD i = 0; i < hosts->count; i++) {
    if (hosts->list[i]->started) thread_join_ended(hosts->list[i]->thread);
    hosts->list[i]->started = false;
  }
}

bool hosts_end(struct hosts *hosts, fax_deadline until) {
  pthread_mutex_lock(&hosts->lock);
  hosts->stopping = true;
  hosts->until = until;
  wake_all(hosts);
  bool ended = wait_ended(hosts, until);
  if (!ended) {
    hosts->kill = true;
    wake_all(hosts);
    ended = wait_ended(hosts, clock_after(clock_now(), KILL_SECONDS));
  }
  pthread_mutex_unlock(&hosts->lock);
  if (!ended) return false;
  join_all(hosts);
  return true;
}

BOOL hosts_stop(struct fax_provider *p, fax_deadline until) {
  struct hosts *hosts = fax_provider_data(p);
  if (hosts->stopping && all_ended(hosts)) return TRUE; /* stopped before */
  if (!hosts_end(hosts, until)) return FALSE;
  clock_release();
  mem_unref(p); /* of its threads */
  return TRUE;
}
