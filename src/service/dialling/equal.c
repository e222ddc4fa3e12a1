/* SPDX-License-Identifier: MIT
   Rules beside rules: the same, or in the place of those. */
#include <string.h>

#include "service/dialling/own.h"

static bool is_same(const char *a, const char *b) {
  return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static bool same_prefixes(const struct prefixes *a, const struct prefixes *b) {
  if (a->count != b->count) return false;
  for (DWORD i = 0; i < a->count; i++)
    if (!is_same(a->list[i].text, b->list[i].text) ||
        !is_same(a->list[i].given, b->list[i].given) ||
        a->list[i].value != b->list[i].value)
      return false;
  return true;
}

static bool same_group(const struct group *a, const struct group *b) {
  if (a->count != b->count || !is_same(a->name, b->name)) return false;
  for (DWORD i = 0; i < a->count; i++)
    if (!is_same(a->ports[i], b->ports[i])) return false;
  return true;
}

static bool same_groups(const struct dialling *a, const struct dialling *b) {
  if (a->group_count != b->group_count) return false;
  for (DWORD i = 0; i < a->group_count; i++)
    if (!same_group(&a->groups[i], &b->groups[i])) return false;
  return true;
}

bool dialling_equal(const struct dialling *a, const struct dialling *b) {
  return is_same(a->country, b->country) &&
         is_same(a->international, b->international) &&
         is_same(a->national, b->national) &&
         a->national_digits == b->national_digits && same_groups(a, b) &&
         same_prefixes(&a->routes, &b->routes) &&
         same_prefixes(&a->blocked, &b->blocked) &&
         same_prefixes(&a->blocked_numbers, &b->blocked_numbers);
}

void dialling_replace(struct dialling *d, struct dialling *before) {
  d->before = before;
}
