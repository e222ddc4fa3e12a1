/* SPDX-License-Identifier: MIT
   An intrusive doubly linked list. A struct list is both head and link; an
   initialised link that is in no list points to itself. */
#ifndef FAX_BASE_LIST_H
#define FAX_BASE_LIST_H

#include <stdbool.h>
#include <stddef.h>

struct list {
  struct list *next, *previous;
};

#define list_entry(link, type, member) \
  ((type *)((char *)(link)-offsetof(type, member)))

#define list_each(link, head) \
  for (struct list *link = (head)->next; link != (head); link = link->next)

/* Survives the removal of the current entry. */
#define list_each_safe(link, head)                                  \
  for (struct list *link = (head)->next, *link##_next = link->next; \
       link != (head); link = link##_next, link##_next = link->next)

static inline void list_init(struct list *l) {
  l->next = l->previous = l;
}

static inline bool list_empty(const struct list *head) {
  return head->next == head;
}

static inline void list_append(struct list *head, struct list *link) {
  link->previous = head->previous;
  link->next = head;
  head->previous->next = link;
  head->previous = link;
}

static inline void list_remove(struct list *link) {
  link->previous->next = link->next;
  link->next->previous = link->previous;
  list_init(link);
}

#endif
