/* SPDX-License-Identifier: MIT
   What the service says to fax-host. */
#include <string.h>

#include "host/child.h"

static const char *keep_text(struct child *c, const char *text) {
  return text == NULL ? NULL : arena_text(&c->arena, text, strlen(text));
}

static bool keep_options(struct child *c, const json_t *list) {
  size_t count = json_array_size(list);
  const char **options = arena_alloc(&c->arena, (count + 1) * sizeof *options);
  if (options == NULL) return false;
  for (size_t i = 0; i < count; i++) {
    options[i] = keep_text(c, json_string_value(json_array_get(list, i)));
    if (options[i] == NULL) return false;
  }
  c->config.options = options;
  return true;
}

/* The clock begins where that of the service is, and stands. */
static bool begin_clock(struct child *c, const json_t *params) {
  json_int_t now, wall;
  if (json_object_get(params, "now") == NULL) return true;
  if (!message_number(params, "now", INT64_MAX, 0, &now) ||
      !message_number(params, "wall", INT64_MAX, 0, &wall))
    return false;
  clock_drive(now, wall, child_wake, c);
  c->driven = true;
  return true;
}

bool child_begin(struct child *c, const json_t *params) {
  json_int_t beat, stuck;
  const char *version = message_text(params, "version");
  if (version == NULL || strcmp(version, FAX_VERSION) != 0 ||
      !message_number(params, "beat", INT64_MAX / 2, FAX_SECOND, &beat) ||
      !message_number(params, "stuck", INT64_MAX / 2, 10 * FAX_SECOND,
                      &stuck) ||
      !keep_options(c, json_object_get(params, "options")))
    return false;
  c->config.name = keep_text(c, message_text(params, "name"));
  c->config.path = keep_text(c, message_text(params, "path"));
  c->config.isolate = FAX_ISOLATE_NONE;
  c->beat = beat;
  c->stuck = stuck;
  return begin_clock(c, params) && c->config.name != NULL;
}

static bool enable(struct child *c, const json_t *params) {
  json_int_t device;
  if (!message_number(params, "device", UINT32_MAX, 0, &device)) return false;
  pthread_mutex_lock(&c->lock);
  struct fax_provider *p = c->provider;
  pthread_mutex_unlock(&c->lock);
  provider_enable(p, (DWORD)device,
                  json_is_true(json_object_get(params, "receive")),
                  json_is_true(json_object_get(params, "send")));
  return true;
}

static bool stop(struct child *c, const json_t *params) {
  const json_t *seconds = json_object_get(params, "seconds");
  pthread_mutex_lock(&c->lock);
  c->until = json_is_number(seconds)
                 ? clock_after(clock_now(), json_number_value(seconds))
                 : FAX_FOREVER;
  c->stop = true;
  clock_cond_broadcast(&c->changed);
  pthread_mutex_unlock(&c->lock);
  return true;
}

static bool follow_clock(struct child *c, const json_t *params) {
  json_int_t now;
  if (!c->driven) return true;
  if (!message_number(params, "now", INT64_MAX, -1, &now) || now < 0)
    return false;
  clock_grant(now);
  return true;
}

/* Only "stop" comes before the provider is there. */
static bool is_ready(struct child *c) {
  pthread_mutex_lock(&c->lock);
  bool ready = c->provider != NULL;
  pthread_mutex_unlock(&c->lock);
  return ready;
}

bool child_obey(struct child *c, const struct message *m) {
  if (!follow_clock(c, m->params)) return false;
  if (strcmp(m->method, "time") == 0) return true;
  if (strcmp(m->method, "stop") == 0) return stop(c, m->params);
  if (!is_ready(c)) return false;
  if (strcmp(m->method, "start") == 0)
    child_start(c, m->params);
  else if (strcmp(m->method, "abort") == 0)
    child_abort(c, m->params);
  else if (strcmp(m->method, "committed") == 0)
    child_committed(c, m->params);
  else if (strcmp(m->method, "enable") == 0)
    return enable(c, m->params);
  else
    return false;
  return true;
}
