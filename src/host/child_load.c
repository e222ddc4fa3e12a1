/* SPDX-License-Identifier: MIT
   The thread of fax-host that loads the FSP, and ends it when asked to: here
   the FSP may take its time, and wait by the clock. */
#include "base/error.h"
#include "base/mem.h"
#include "host/child.h"

static json_t *devices_of(struct fax_provider *p) {
  json_t *list = json_array();
  for (DWORD i = 0; i < provider_device_count(p); i++) {
    const struct provider_device *device = provider_device(p, i);
    json_array_append_new(
        list, json_pack("{s:I, s:s}", "id", (json_int_t)device->device_id,
                        "name", device->name));
  }
  return list;
}

static void serve(struct child *c, struct fax_provider *p) {
  pthread_mutex_lock(&c->lock);
  c->provider = p;
  pthread_mutex_unlock(&c->lock);
  child_tell(c, "hello",
             json_pack("{s:s, s:o}", "version", FAX_VERSION, "devices",
                       devices_of(p)));
  pthread_mutex_lock(&c->lock);
  c->said_hello = true;
  clock_cond_broadcast(&c->changed);
  while (!c->stop) clock_cond_wait(&c->changed, &c->lock, FAX_FOREVER);
  pthread_mutex_unlock(&c->lock);
  bool gone = provider_stop(p, c->until);
  pthread_mutex_lock(&c->lock);
  c->left_behind = !gone;
  pthread_mutex_unlock(&c->lock);
  if (gone) mem_unref(p);
  child_tell(c, "stopped", json_pack("{s:b}", "gone", gone));
}

void child_load(void *child) {
  struct child *c = child;
  struct fax_provider *p;
  DWORD code = provider_load(&c->config, &child_events, c, &p);
  if (code == ERROR_SUCCESS)
    serve(c, p);
  else
    child_tell(c, "failed",
               json_pack("{s:I, s:s}", "code", (json_int_t)code, "message",
                         error_message()));
  pthread_mutex_lock(&c->lock);
  c->over = true;
  pthread_mutex_unlock(&c->lock);
  child_wake(c);
}
