/* SPDX-License-Identifier: MIT
   The providers of the service as a list (FSP-18). */
#include "service/provider/hosted.h"

static struct fax_provider_info info_of(const struct hosted *h, bool failed) {
  struct fax_provider_info info = {.size = sizeof info,
                                   .name = h->name,
                                   .origin = h->origin,
                                   .state = FAX_PROVIDER_RUNNING,
                                   .error = FAX_UNKNOWN};
  if (failed) {
    info.state = FAX_PROVIDER_FAILED;
    info.error = h->error;
    info.message = h->message;
  } else if (h->leaving) {
    info.state = FAX_PROVIDER_LEAVING;
  } else if (h->provider == NULL) {
    info.state = FAX_PROVIDER_LOADING;
  }
  if (h->provider != NULL)
    info.device_count = provider_device_count(h->provider);
  return info;
}

/* Its texts are borrowed from what `held` keeps. */
struct snapshot {
  struct fax_provider_info *items;
  struct hosted **held;
  DWORD count;
};

static DWORD length(const struct list *l) {
  DWORD n = 0;
  list_each(link, l) n++;
  return n;
}

static void add(struct snapshot *all, const struct list *l, bool failed) {
  list_each(link, l) {
    struct hosted *h = list_entry(link, struct hosted, link);
    all->items[all->count] = info_of(h, failed);
    all->held[all->count++] = mem_ref(h);
  }
}

/* With the lock. */
static DWORD take(const struct service *s, struct snapshot *all) {
  size_t room = length(&s->providers) + length(&s->failed) + 1;
  all->items = mem_alloc(room * sizeof *all->items);
  all->held = mem_alloc(room * sizeof *all->held);
  if (all->items == NULL || all->held == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  add(all, &s->providers, false);
  add(all, &s->failed, true);
  return ERROR_SUCCESS;
}

static void drop(struct snapshot *all) {
  for (DWORD i = 0; i < all->count; i++) mem_unref(all->held[i]);
  mem_free(all->held);
  mem_free(all->items);
}

DWORD provider_list(struct connection *c,
                    struct fax_provider_info **providers_out,
                    DWORD *count_out) {
  struct snapshot all = {0};
  void *block;
  DWORD error = access_check(c, FAX_CONFIG_QUERY);
  if (error == ERROR_SUCCESS) error = service_enter(c->service);
  if (error != ERROR_SUCCESS) return error;
  error = take(c->service, &all);
  service_leave(c->service);
  if (error == ERROR_SUCCESS)
    error = record_pack(&record_provider_info, all.items, all.count, MEM_BUFFER,
                        &block);
  if (error == ERROR_SUCCESS) {
    *providers_out = block;
    *count_out = all.count;
  }
  drop(&all);
  return error;
}
