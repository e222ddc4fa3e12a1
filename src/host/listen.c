/* SPDX-License-Identifier: MIT
   What a host says. It may be broken in any way: a message that makes no sense
   is its end. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "base/error.h"
#include "base/log.h"
#include "host/own.h"

enum { CHUNK = 65536, MOST_CHUNKS = 16 };

DWORD host_nonsense(const char *what) {
  return error_say(ERROR_INVALID_DATA, "%s", what);
}

static DWORD no_memory(void) {
  return error_say(ERROR_NOT_ENOUGH_MEMORY, "out of memory");
}

/* ---- its provider ---- */

static DWORD read_devices(struct hosts *hosts, const json_t *list) {
  size_t count = json_array_size(list);
  if (count == 0 || count > MESSAGE_LENGTH)
    return host_nonsense("it announced no devices");
  hosts->devices = mem_alloc(count * sizeof *hosts->devices);
  if (hosts->devices == NULL) return no_memory();
  for (size_t i = 0; i < count; i++) {
    const json_t *device = json_array_get(list, i);
    json_int_t id;
    const char *name = message_text(device, "name");
    if (!message_number(device, "id", UINT32_MAX, 0, &id) || id == 0 ||
        name == NULL)
      return host_nonsense("it announced a device without id or name");
    hosts->devices[i].device_id = (DWORD)id;
    hosts->devices[i].name = mem_text(name);
    hosts->device_count++;
    if (hosts->devices[i].name == NULL) return no_memory();
  }
  return ERROR_SUCCESS;
}

static bool same_devices(const struct hosts *hosts, const json_t *list) {
  if (json_array_size(list) != hosts->device_count) return false;
  for (DWORD i = 0; i < hosts->device_count; i++) {
    const json_t *device = json_array_get(list, i);
    const char *name = message_text(device, "name");
    if (json_integer_value(json_object_get(device, "id")) !=
            hosts->devices[i].device_id ||
        name == NULL || strcmp(name, hosts->devices[i].name) != 0)
      return false;
  }
  return true;
}

/* The first host's devices are those of the provider; then it waits until the
   service has that. */
static DWORD first_hello(struct host *h, const json_t *list) {
  struct hosts *hosts = h->hosts;
  if (hosts->devices != NULL) return host_nonsense("it said hello twice");
  DWORD code = read_devices(hosts, list);
  if (code != ERROR_SUCCESS) return code;
  pthread_mutex_lock(&hosts->lock);
  hosts->loading = false;
  clock_cond_broadcast(&hosts->changed);
  while (hosts->provider == NULL && !hosts->stopping)
    clock_cond_wait(&hosts->changed, &hosts->lock, FAX_FOREVER);
  pthread_mutex_unlock(&hosts->lock);
  return ERROR_SUCCESS;
}

/* With the lock. */
static void begin_service(struct host *h) {
  h->state = HOST_READY;
  h->ready = clock_now();
  for (DWORD i = 0; i < h->hosts->device_count; i++) host_send_enable(h, i);
  list_each(link, &h->calls)
      host_send_start(h, list_entry(link, struct host_call, link));
}

/* Those that could not be handed over, for want of memory. */
static void end_unsent(struct host *h) {
  for (;;) {
    struct host_call *call = NULL;
    pthread_mutex_lock(&h->hosts->lock);
    list_each(link, &h->calls) {
      struct host_call *one = list_entry(link, struct host_call, link);
      if (!one->sent) call = one;
    }
    if (call != NULL) host_call_take(h, call);
    pthread_mutex_unlock(&h->hosts->lock);
    if (call == NULL) return;
    host_call_fail(h, call, "no_memory", "it could not be handed over");
  }
}

static DWORD hear_hello(struct host *h, const json_t *params) {
  const json_t *list = json_object_get(params, "devices");
  const char *version = message_text(params, "version");
  if (version == NULL || strcmp(version, FAX_VERSION) != 0)
    return host_nonsense("fax-host is of another version");
  DWORD code =
      h->hosts->provider == NULL ? first_hello(h, list) : ERROR_SUCCESS;
  if (code != ERROR_SUCCESS) return code;
  if (!same_devices(h->hosts, list))
    return host_nonsense("it announced other devices than the first host");
  pthread_mutex_lock(&h->hosts->lock);
  bool serves = h->state == HOST_LOADING && !h->hosts->stopping;
  if (serves) begin_service(h);
  pthread_mutex_unlock(&h->hosts->lock);
  if (serves) end_unsent(h);
  return ERROR_SUCCESS;
}

static DWORD hear_failed(struct host *h, const json_t *params) {
  const char *text = message_text(params, "message");
  json_int_t code;
  if (!message_number(params, "code", UINT32_MAX, 0, &code) || code == 0 ||
      text == NULL)
    return host_nonsense("it failed without a code");
  host_over(h, "provider_refused", "%s", text);
  h->end.code = (DWORD)code;
  return ERROR_SUCCESS;
}

/* Threads of the FSP may have been left behind. */
static DWORD hear_stopped(struct host *h, const json_t *params) {
  h->leaving = true;
  if (!json_is_true(json_object_get(params, "gone")))
    host_over(h, "provider_stuck", "did not shut down");
  return ERROR_SUCCESS;
}

static DWORD hear_log(struct host *h, const json_t *params) {
  json_int_t category, level;
  const char *text = message_text(params, "text");
  if (!message_number(params, "category", LOG_OTHER, LOG_OTHER, &category) ||
      !message_number(params, "level", FAX_LOG_DEBUG, FAX_LOG_INFO, &level) ||
      category < LOG_INIT || text == NULL)
    return host_nonsense("a log line that is none");
  log_line((enum log_category)category, (enum fax_log_level)level, "host",
           "%s: %s", h->hosts->name, text);
  return ERROR_SUCCESS;
}

/* ---- messages ---- */

static DWORD hear_operation(struct host *h, const struct message *m) {
  if (strcmp(m->method, "status") == 0)
    return host_hear_status(h, m->params, false);
  if (strcmp(m->method, "ended") == 0)
    return host_hear_status(h, m->params, true);
  if (strcmp(m->method, "caller") == 0) return host_hear_caller(h, m->params);
  if (strcmp(m->method, "ring") == 0) return host_hear_ring(h, m->params);
  if (strcmp(m->method, "commit") == 0) return host_hear_commit(h, m->params);
  return host_nonsense("a method that there is not");
}

static DWORD hear(struct host *h, const struct message *m) {
  pthread_mutex_lock(&h->hosts->lock);
  bool loading = h->state == HOST_LOADING;
  pthread_mutex_unlock(&h->hosts->lock);
  if (strcmp(m->method, "log") == 0) return hear_log(h, m->params);
  if (strcmp(m->method, "beat") == 0) return host_hear_beat(h, m->params);
  if (strcmp(m->method, "idle") == 0) return host_hear_idle(h, m->params);
  if (loading && strcmp(m->method, "hello") == 0)
    return hear_hello(h, m->params);
  if (loading && strcmp(m->method, "failed") == 0)
    return hear_failed(h, m->params);
  if (!loading && strcmp(m->method, "stopped") == 0)
    return hear_stopped(h, m->params);
  if (loading) return host_nonsense("a method that is not for this time");
  return hear_operation(h, m);
}

static void deaf(struct host *h) {
  host_over(h, "no_memory", "could not be listened to: out of memory");
  h->end.code = ERROR_NOT_ENOUGH_MEMORY;
}

void host_hear(struct host *h, const char *bytes, size_t length) {
  struct message m;
  DWORD code = message_feed(&h->in, bytes, length);
  while (code == ERROR_SUCCESS && h->end.cause == NULL) {
    code = message_take_call(&h->in, &m);
    if (code != ERROR_SUCCESS) break;
    code = hear(h, &m);
    message_free(&m);
  }
  if (code == ERROR_NOT_ENOUGH_MEMORY)
    deaf(h);
  else if (code != ERROR_SUCCESS && code != ERROR_NOT_FOUND)
    host_over(h, "provider_error", "broke the protocol: %s", error_message());
}

bool host_listen(struct host *h) {
  char *chunk = mem_alloc(CHUNK);
  if (chunk == NULL) {
    deaf(h);
    return true;
  }
  bool more = true;
  for (int i = 0; i < MOST_CHUNKS && more && h->end.cause == NULL; i++) {
    ssize_t n = recv(h->fd, chunk, CHUNK, MSG_DONTWAIT);
    if (n > 0) host_hear(h, chunk, (size_t)n);
    if (n == 0 || (n < 0 && errno != EINTR && errno != EAGAIN))
      host_over(h, "provider_crashed", "%s", "");
    more = n > 0 || (n < 0 && errno == EINTR);
  }
  mem_free(chunk);
  return !more;
}
