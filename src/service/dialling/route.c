/* SPDX-License-Identifier: MIT
   Groups of ports and the routes to them; the block list as it is given. */
#include <string.h>

#include "service/dialling/own.h"

/* ---- checks ---- */

static bool is_empty(const char *text) {
  return text == NULL || *text == '\0';
}

static DWORD check_group(const struct fax_dialling *given, DWORD at) {
  const struct fax_dial_group *g = &given->groups[at];
  if (is_empty(g->name))
    return error_say(ERROR_INVALID_PARAMETER,
                     "dialling.groups: group %u has no name", at + 1);
  for (DWORD i = 0; i < at; i++)
    if (strcmp(given->groups[i].name, g->name) == 0)
      return error_say(ERROR_INVALID_PARAMETER,
                       "dialling.groups: there are two groups \"%s\"", g->name);
  if (g->ports == NULL || g->ports[0] == NULL)
    return error_say(ERROR_INVALID_PARAMETER, "dialling.groups.%s has no ports",
                     g->name);
  for (DWORD i = 0; g->ports[i] != NULL; i++)
    if (*g->ports[i] == '\0')
      return error_say(ERROR_INVALID_PARAMETER,
                       "dialling.groups.%s: port %u has no name", g->name,
                       i + 1);
  return ERROR_SUCCESS;
}

static DWORD group_of(const struct fax_dialling *given, const char *name) {
  for (DWORD i = 0; i < given->group_count; i++)
    if (strcmp(given->groups[i].name, name) == 0) return i;
  return DIALLING_ANY;
}

static DWORD check_route(const struct fax_dialling *given, DWORD at) {
  const struct fax_dial_route *r = &given->routes[at];
  if (r->prefix == NULL)
    return error_say(ERROR_INVALID_PARAMETER,
                     "dialling.routes[%u].prefix is missing", at + 1);
  if (r->group != NULL && group_of(given, r->group) == DIALLING_ANY)
    return error_say(ERROR_INVALID_PARAMETER,
                     "dialling.routes[%u].group: there is no group \"%s\"",
                     at + 1, r->group);
  return ERROR_SUCCESS;
}

static DWORD check_blocked(const char *const *blocked) {
  for (DWORD i = 0; blocked != NULL && blocked[i] != NULL; i++)
    if (blocked[i][0] == '\0')
      return error_say(ERROR_INVALID_PARAMETER, "dialling.blocked[%u] is empty",
                       i + 1);
  return ERROR_SUCCESS;
}

DWORD routes_check(const struct fax_dialling *given) {
  DWORD error = ERROR_SUCCESS;
  if (given->group_count > FAX_DIAL_GROUPS_MOST)
    return error_say(ERROR_INVALID_PARAMETER,
                     "dialling.groups: %u groups: %d are allowed",
                     given->group_count, FAX_DIAL_GROUPS_MOST);
  if ((given->group_count != 0 && given->groups == NULL) ||
      (given->route_count != 0 && given->routes == NULL))
    return error_say(ERROR_INVALID_PARAMETER,
                     "dialling: groups or routes is NULL");
  for (DWORD i = 0; error == ERROR_SUCCESS && i < given->group_count; i++)
    error = check_group(given, i);
  for (DWORD i = 0; error == ERROR_SUCCESS && i < given->route_count; i++)
    error = check_route(given, i);
  return error != ERROR_SUCCESS ? error : check_blocked(given->blocked);
}

/* ---- copies ---- */

static DWORD copy_group(struct group *to, const struct fax_dial_group *g) {
  DWORD count = 0;
  while (g->ports[count] != NULL) count++;
  to->name = mem_text(g->name);
  to->ports = mem_alloc(count * sizeof *to->ports);
  if (to->name == NULL || to->ports == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  for (; to->count < count; to->count++) {
    to->ports[to->count] = mem_text(g->ports[to->count]);
    if (to->ports[to->count] == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  }
  return ERROR_SUCCESS;
}

/* Takes the text. */
static DWORD add(struct prefixes *to, char *text, const char *given,
                 DWORD value) {
  if (text == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  DWORD error = prefixes_add(to, text, given, value);
  if (error != ERROR_SUCCESS) mem_free(text);
  return error;
}

static DWORD copy_route(struct dialling *d, const struct fax_dialling *given,
                        DWORD at) {
  const struct fax_dial_route *r = &given->routes[at];
  DWORD group = r->group != NULL ? group_of(given, r->group) : DIALLING_ANY;
  DWORD error = add(&d->routes, number_stripped(r->prefix), NULL, group);
  if (error != ERROR_ALREADY_EXISTS) return error;
  return error_say(ERROR_INVALID_PARAMETER,
                   "dialling.routes[%u].prefix: \"%s\" has a route already",
                   at + 1, r->prefix);
}

/* One that is there twice is blocked as well. */
static DWORD copy_blocked(struct dialling *d, const char *entry) {
  size_t length = strlen(entry);
  DWORD error;
  if (entry[length - 1] == '*') {
    char *text = number_stripped(entry);
    if (text != NULL) text[strlen(text) - 1] = '\0';
    error = add(&d->blocked, text, entry, 0);
  } else {
    error = add(&d->blocked_numbers, dialling_number(d, entry), entry, 0);
  }
  return error == ERROR_ALREADY_EXISTS ? ERROR_SUCCESS : error;
}

DWORD routes_copy(struct dialling *d, const struct fax_dialling *given) {
  DWORD error = ERROR_SUCCESS;
  d->groups = mem_alloc((given->group_count + 1) * sizeof *d->groups);
  if (d->groups == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  d->group_count = given->group_count;
  for (DWORD i = 0; error == ERROR_SUCCESS && i < given->group_count; i++)
    error = copy_group(&d->groups[i], &given->groups[i]);
  for (DWORD i = 0; error == ERROR_SUCCESS && i < given->route_count; i++)
    error = copy_route(d, given, i);
  const char *const *entry = given->blocked;
  for (; error == ERROR_SUCCESS && entry != NULL && *entry != NULL; entry++)
    error = copy_blocked(d, *entry);
  return error;
}

static void free_group(struct group *g) {
  for (DWORD i = 0; i < g->count; i++) mem_free(g->ports[i]);
  mem_free(g->ports);
  mem_free(g->name);
}

void routes_free(struct dialling *d) {
  for (DWORD i = 0; i < d->group_count; i++) free_group(&d->groups[i]);
  mem_free(d->groups);
  prefixes_free(&d->routes);
  prefixes_free(&d->blocked);
  prefixes_free(&d->blocked_numbers);
}

/* ---- use ---- */

DWORD dialling_route(const struct dialling *d, const char *called,
                     const char **prefix_out) {
  const struct prefix *found = prefixes_longest(&d->routes, called);
  if (prefix_out != NULL) *prefix_out = found != NULL ? found->text : NULL;
  return found != NULL ? found->value : DIALLING_ANY;
}

DWORD dialling_group_count(const struct dialling *d) {
  return d->group_count;
}

const char *dialling_group_name(const struct dialling *d, DWORD group) {
  return d->groups[group].name;
}

static bool has(const struct group *g, const char *name) {
  for (DWORD i = 0; name != NULL && i < g->count; i++)
    if (strcmp(g->ports[i], name) == 0) return true;
  return false;
}

DWORDLONG dialling_groups_of(const struct dialling *d, const char *device,
                             const char *provider) {
  DWORDLONG set = 0;
  for (DWORD i = 0; i < d->group_count; i++)
    if (has(&d->groups[i], device) || has(&d->groups[i], provider))
      set |= (DWORDLONG)1 << i;
  return set;
}
