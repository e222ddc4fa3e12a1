/* SPDX-License-Identifier: MIT
   Which of many prefixes a text begins with: a search for each of its lengths,
   so that the number of prefixes costs its logarithm. */
#include <string.h>

#include "service/dialling/own.h"

/* Where the first `length` bytes of the text are, or belong. */
static DWORD place_of(const struct prefixes *p, const char *text, size_t length,
                      bool *there_out) {
  DWORD low = 0, high = p->count;
  *there_out = false;
  while (low < high) {
    DWORD middle = low + (high - low) / 2;
    const char *other = p->list[middle].text;
    int order = strncmp(other, text, length);
    if (order == 0 && other[length] != '\0') order = 1;
    if (order == 0) {
      *there_out = true;
      return middle;
    }
    if (order < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

DWORD prefixes_add(struct prefixes *p, char *text, const char *given,
                   DWORD value) {
  bool there;
  DWORD at = place_of(p, text, strlen(text), &there);
  if (there) return ERROR_ALREADY_EXISTS;
  struct prefix *list = mem_resize(p->list, (p->count + 1) * sizeof *list);
  char *copy = mem_text(given);
  if (list != NULL) p->list = list;
  if (list == NULL || (copy == NULL && given != NULL)) {
    mem_free(copy);
    return ERROR_NOT_ENOUGH_MEMORY;
  }
  memmove(list + at + 1, list + at, (p->count - at) * sizeof *list);
  list[at] = (struct prefix){text, copy, value};
  p->count++;
  return ERROR_SUCCESS;
}

static const struct prefix *find(const struct prefixes *p, const char *text,
                                 size_t length) {
  bool there;
  DWORD at = place_of(p, text, length, &there);
  return there ? &p->list[at] : NULL;
}

const struct prefix *prefixes_find(const struct prefixes *p, const char *text) {
  return find(p, text, strlen(text));
}

const struct prefix *prefixes_longest(const struct prefixes *p,
                                      const char *text) {
  if (p->count == 0) return NULL;
  for (size_t length = strlen(text); length > 0; length--) {
    const struct prefix *found = find(p, text, length);
    if (found != NULL) return found;
  }
  return find(p, text, 0);
}

void prefixes_free(struct prefixes *p) {
  for (DWORD i = 0; i < p->count; i++) {
    mem_free(p->list[i].text);
    mem_free(p->list[i].given);
  }
  mem_free(p->list);
}
