/* SPDX-License-Identifier: MIT
   A provider of any kind as the service holds it, and the gate through which
   callbacks reach the service. Knows no FSP and no operation. */

#include "base/mem.h"
#include "provider/own.h"

static void provider_destroy(void *object) {
  struct fax_provider *p = object;

  for (DWORD i = 0; p->devices != NULL && i < p->device_count; i++) {
    mem_free((void *)p->devices[i].name);
    mem_free((void *)p->devices[i].csid);
  }
  mem_free(p->devices);
  mem_free(p->name);
  mem_unref(p->owned);
  clock_cond_destroy(&p->left);
  pthread_mutex_destroy(&p->lock);
}

static DWORD copy_device(struct provider_device *to,
                         const struct provider_device *from) {
  to->device_id = from->device_id;
  to->lacks = from->lacks;
  to->name = mem_text(from->name);
  if (to->name == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  if (from->csid == NULL) return ERROR_SUCCESS;
  to->csid = mem_text(from->csid);
  return to->csid != NULL ? ERROR_SUCCESS : ERROR_NOT_ENOUGH_MEMORY;
}

static DWORD copy_devices(struct fax_provider *p,
                          const struct provider_device *devices, DWORD count) {
  p->devices = mem_alloc(count * sizeof *p->devices);
  if (p->devices == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  p->device_count = count;
  DWORD error = ERROR_SUCCESS;
  for (DWORD i = 0; error == ERROR_SUCCESS && i < count; i++)
    error = copy_device(&p->devices[i], &devices[i]);
  return error;
}

DWORD provider_new(const char *name, const struct fax_provider_ops *ops,
                   void *data, const struct provider_device *devices,
                   DWORD device_count, const struct provider_events *events,
                   void *arg, struct fax_provider **provider_out) {
  struct fax_provider *p = mem_new(sizeof *p, provider_destroy);
  DWORD code;

  if (p == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  pthread_mutex_init(&p->lock, NULL);
  clock_cond_init(&p->left);
  p->ops = ops;
  p->data = data;
  p->events = *events;
  p->arg = arg;
  p->name = mem_text(name);
  code = p->name == NULL ? ERROR_NOT_ENOUGH_MEMORY
                         : copy_devices(p, devices, device_count);
  if (code != ERROR_SUCCESS) {
    mem_unref(p);
    return code;
  }
  *provider_out = p;
  return ERROR_SUCCESS;
}

void provider_keep(struct fax_provider *p, void *object) {
  p->owned = object;
}

const char *provider_name(const struct fax_provider *p) {
  return p->name;
}

DWORD provider_device_count(const struct fax_provider *p) {
  return p->device_count;
}

const struct provider_device *provider_device(const struct fax_provider *p,
                                              DWORD index) {
  return index < p->device_count ? &p->devices[index] : NULL;
}

void provider_enable(struct fax_provider *p, DWORD device_id, bool receive,
                     bool send) {
  if (p->ops->enable != NULL) p->ops->enable(p, device_id, receive, send);
}

const char *provider_lost(struct fax_provider *p, fax_deadline now,
                          fax_deadline *next_inout) {
  if (p->ops->lost == NULL) return NULL;
  return p->ops->lost(p, now, next_inout);
}

bool provider_enter(struct fax_provider *p) {
  bool open;

  pthread_mutex_lock(&p->lock);
  open = !p->cut;
  if (open) p->inside++;
  pthread_mutex_unlock(&p->lock);
  return open;
}

void provider_leave(struct fax_provider *p) {
  pthread_mutex_lock(&p->lock);
  if (--p->inside == 0) clock_cond_broadcast(&p->left);
  pthread_mutex_unlock(&p->lock);
}

/* The callbacks are the service's own and come back soon: no deadline. */
static void cut_off(struct fax_provider *p) {
  pthread_mutex_lock(&p->lock);
  p->cut = true;
  while (p->inside > 0) clock_cond_wait(&p->left, &p->lock, FAX_FOREVER);
  pthread_mutex_unlock(&p->lock);
}

bool provider_stop(struct fax_provider *p, fax_deadline until) {
  bool gone = p->ops->stop == NULL || p->ops->stop(p, until);

  cut_off(p);
  return gone;
}

void fax_provider_ring(struct fax_provider *p, DWORD device_id, DWORD rings,
                       const char *caller_id) {
  if (!provider_enter(p)) return;
  if (p->events.ring != NULL)
    p->events.ring(p->arg, p, device_id, rings, caller_id);
  provider_leave(p);
}

void *fax_provider_data(const struct fax_provider *p) {
  return p->data;
}
