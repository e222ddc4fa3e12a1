/* SPDX-License-Identifier: MIT
   See completion_watch.h. */
#include "base/completion_watch.h"

#include "base/mem.h"

struct completion_watch *completion_watch_new(uint64_t ticket,
                                              void (*taken)(void *object),
                                              void *object) {
  struct completion_watch *w = mem_alloc(sizeof *w);
  if (w == NULL) return NULL;
  list_init(&w->link);
  w->ticket = ticket;
  w->taken = taken;
  w->object = mem_ref(object);
  return w;
}

void completion_watches_due(struct list *all, uint64_t ticket,
                            struct list *due) {
  list_each_safe(link, all) {
    if (list_entry(link, struct completion_watch, link)->ticket > ticket)
      continue;
    list_remove(link);
    list_append(due, link);
  }
}

void completion_watches_end(struct list *due, bool call) {
  list_each_safe(link, due) {
    struct completion_watch *w =
        list_entry(link, struct completion_watch, link);
    list_remove(link);
    if (call) w->taken(w->object);
    mem_unref(w->object);
    mem_free(w);
  }
}
