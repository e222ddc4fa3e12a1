/* SPDX-License-Identifier: MIT
   The list of routing methods, in the order in which they run: the priority of
   the first is 1 (RT-4..7). */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "service/durable/settings.h"

static struct method *method_of(struct list *link) {
  return list_entry(link, struct method, link);
}

/* "{92041a90-9af2-11d0-abf7-00c04fd91a4e}", in any case. */
static bool is_guid(const char *text) {
  static const char form[] = "{xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx}";
  if (text == NULL || strlen(text) != sizeof form - 1) return false;
  for (size_t i = 0; i < sizeof form - 1; i++)
    if (form[i] == 'x' ? !isxdigit((unsigned char)text[i]) : text[i] != form[i])
      return false;
  return true;
}

const struct method *routing_method_known(const struct service *s,
                                          const char *guid) {
  list_each(link, &s->methods) {
    if (strcasecmp(method_of(link)->what->guid, guid) == 0)
      return method_of(link);
  }
  return NULL;
}

DWORD routing_method_find(struct service *s, const char *guid,
                          const struct method **method_out) {
  if (guid == NULL) return error_say(ERROR_INVALID_DATA, "Guid is NULL");
  if (!is_guid(guid))
    return error_say(ERROR_INVALID_DATA, "\"%s\" is no GUID in braces", guid);
  const struct method *m = routing_method_known(s, guid);
  if (m == NULL)
    return error_say(ERROR_INVALID_DATA, "there is no routing method %s", guid);
  *method_out = m;
  return ERROR_SUCCESS;
}

static DWORD count(const struct service *s) {
  DWORD n = 0;
  list_each(link, &s->methods) n++;
  return n;
}

DWORD routing_method_add(struct service *s, const struct routing_method *what) {
  const struct method *there;
  if (!is_guid(what->guid))
    return error_say(ERROR_INVALID_DATA, "\"%s\" is no GUID in braces",
                     what->guid);
  if (routing_method_find(s, what->guid, &there) == ERROR_SUCCESS)
    return error_say(ERROR_INVALID_DATA, "%s is registered already, as %s",
                     what->guid, there->what->friendly_name);
  if (count(s) == ROUTING_MOST_METHODS)
    return error_say(ERROR_NOT_ENOUGH_MEMORY, "%d routing methods at most",
                     ROUTING_MOST_METHODS);
  struct method *m = mem_alloc(sizeof *m);
  if (m == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  m->number = count(s);
  m->what = what;
  list_append(&s->methods, &m->link);
  return ERROR_SUCCESS;
}

void routing_methods_free(struct service *s) {
  while (!list_empty(&s->methods)) {
    struct method *m = method_of(s->methods.next);
    list_remove(&m->link);
    mem_free(m);
  }
}

/* ---- reading and changing the order ---- */

/* With the lock; the texts outlive it. */
static DWORD snapshot(struct service *s, FAX_GLOBAL_ROUTING_INFO *items) {
  DWORD n = 0;
  list_each(link, &s->methods) {
    const struct routing_method *what = method_of(link)->what;
    items[n] = (FAX_GLOBAL_ROUTING_INFO){
        .SizeOfStruct = sizeof *items,
        .Priority = n + 1,
        .Guid = what->guid,
        .FriendlyName = what->friendly_name,
        .FunctionName = what->function_name,
        .ExtensionImageName = what->image_name,
        .ExtensionFriendlyName = what->extension_name};
    n++;
  }
  return n;
}

DWORD routing_global(struct connection *c,
                     FAX_GLOBAL_ROUTING_INFO **methods_out, DWORD *count_out) {
  FAX_GLOBAL_ROUTING_INFO items[ROUTING_MOST_METHODS];
  void *block;
  DWORD error = access_check(c, FAX_CONFIG_QUERY);
  if (error == ERROR_SUCCESS) error = service_enter(c->service);
  if (error != ERROR_SUCCESS) return error;
  DWORD n = snapshot(c->service, items);
  service_leave(c->service);
  error =
      record_pack(&record_global_routing_info, items, n, MEM_BUFFER, &block);
  if (error != ERROR_SUCCESS) return error;
  *methods_out = block;
  *count_out = n;
  return ERROR_SUCCESS;
}

/* RT-7: behind the last one when there are not so many. */
void routing_method_move(struct service *s, const struct method *method,
                         DWORD priority) {
  struct method *m = (struct method *)method; /* the list's own */
  list_remove(&m->link);
  struct list *before = s->methods.next;
  for (DWORD n = 1; n < priority && before != &s->methods; n++)
    before = before->next;
  list_append(before, &m->link);
}

static DWORD check_order(const FAX_GLOBAL_ROUTING_INFO *asked) {
  if (asked->SizeOfStruct != sizeof *asked)
    return error_say(
        ERROR_INVALID_PARAMETER,
        "SizeOfStruct is %u, a FAX_GLOBAL_ROUTING_INFO has %zu bytes",
        asked->SizeOfStruct, sizeof *asked);
  if (asked->Priority == 0)
    return error_say(ERROR_INVALID_PARAMETER,
                     "Priority is 0: the first method has 1");
  return ERROR_SUCCESS;
}

/* As a list, first the one that is first. */
static DWORD places(struct service *s, struct method **list) {
  DWORD n = 0;
  list_each(link, &s->methods) list[n++] = method_of(link);
  return n;
}

/* RT-7: `m` taken out and put in behind so many others. */
static void shift(struct method **list, DWORD n, const struct method *m,
                  DWORD priority) {
  DWORD from = 0, to = priority <= n ? priority - 1 : n - 1;
  while (from + 1 < n && list[from] != m) from++;
  struct method *moved = list[from];
  for (; from < to; from++) list[from] = list[from + 1];
  for (; from > to; from--) list[from] = list[from - 1];
  list[from] = moved;
}

/* In its turn; lets go of the lock for the disk. */
static DWORD write_order(struct service *s, const struct method *m,
                         DWORD priority) {
  struct method *list[ROUTING_MOST_METHODS];
  struct store_changes *changes;
  DWORD n = places(s, list);
  shift(list, n, m, priority);
  DWORD error = store_changes_new(&changes);
  if (error != ERROR_SUCCESS) return error;
  for (DWORD i = 0; error == ERROR_SUCCESS && i < n; i++)
    error = settings_put_method(changes, list[i]->what->guid, i + 1);
  if (error == ERROR_SUCCESS) return settings_write(s, changes);
  store_changes_drop(changes);
  return error;
}

DWORD routing_order(struct connection *c,
                    const FAX_GLOBAL_ROUTING_INFO *asked) {
  struct service *s = c->service;
  const struct method *found;
  DWORD error = access_check(c, FAX_CONFIG_SET);
  if (error == ERROR_SUCCESS) error = check_order(asked);
  if (error == ERROR_SUCCESS) error = service_enter(s);
  if (error != ERROR_SUCCESS) return error;
  settings_begin(s);
  error = routing_method_find(s, asked->Guid, &found);
  if (error == ERROR_SUCCESS) error = write_order(s, found, asked->Priority);
  if (error == ERROR_SUCCESS) {
    routing_method_move(s, found, asked->Priority);
    event_raise(s, FEI_FAX_CONFIG_CHANGED, NULL, NULL);
  }
  settings_end(s);
  service_leave(s);
  return error;
}
