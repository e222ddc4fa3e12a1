/* SPDX-License-Identifier: MIT
   What is known of numbers, shown and set by hand. */
#include <string.h>

#include "base/text.h"
#include "service/dialling/dialling.h"
#include "service/policy/memory.h"

/* So many are looked at under the lock at once. */
#define CHUNK 64
#define MOST_TEXT 253
#define LEAST_RATE 4800
#define MOST_RATE 33600

/* Gives the normal form. */
static DWORD normal(const struct service *s, const char *number,
                    char **normal_out) {
  if (number == NULL || *number == '\0')
    return error_say(ERROR_INVALID_PARAMETER, "number is missing");
  if (strlen(number) > MOST_TEXT || !text_is_utf8(number))
    return error_say(ERROR_INVALID_PARAMETER,
                     "number is longer than %d bytes, or not UTF-8", MOST_TEXT);
  char *text = dialling_number(s->dialling, number);
  if (text == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  *normal_out = text;
  return ERROR_SUCCESS;
}

static DWORD unknown(const char *number) {
  return error_say(ERROR_NOT_FOUND, "nothing is known of the number %s",
                   number);
}

/* ---- showing ---- */

/* Copies whose texts are borrowed from numbers that are held. */
struct snapshot {
  struct fax_number *items;
  struct known **held;
  DWORD count, room;
};

static DWORD make_room(struct snapshot *shot) {
  if (shot->room - shot->count >= CHUNK) return ERROR_SUCCESS;
  DWORD room = shot->room + shot->room / 2 + CHUNK;
  void *items = mem_resize(shot->items, room * sizeof *shot->items);
  if (items == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  shot->items = items;
  void *held = mem_resize(shot->held, room * sizeof(struct known *));
  if (held == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  shot->held = held;
  shot->room = room;
  return ERROR_SUCCESS;
}

static void add(struct snapshot *shot, struct known *k, int64_t now) {
  if (policy_number_forgotten(&k->n, now)) return;
  shot->held[shot->count] = mem_ref(k);
  shot->items[shot->count++] = policy_number_at(&k->n, now);
}

/* With the lock: up to CHUNK of them from that one on; gives the next. Without
   one it is the end. */
static struct known *take_chunk(struct snapshot *shot, struct known *k,
                                int64_t now) {
  for (DWORD seen = 0; k != NULL && seen < CHUNK; seen++) {
    add(shot, k, now);
    k = RB_NEXT(known_numbers, NULL, k);
  }
  return k;
}

/* Held between two chunks; it may be forgotten meanwhile, so that its text says
   where to go on. */
static DWORD take_all(struct service *s, struct snapshot *shot) {
  struct known *next = NULL;
  int64_t now = FaxClockWall();
  do {
    DWORD error = make_room(shot);
    if (error == ERROR_SUCCESS) error = service_enter(s);
    if (error != ERROR_SUCCESS) {
      mem_unref(next);
      return error;
    }
    struct known *from = next != NULL ? RB_NFIND(known_numbers, &s->known, next)
                                      : RB_MIN(known_numbers, &s->known);
    mem_unref(next);
    next = take_chunk(shot, from, now);
    if (next != NULL) mem_ref(next);
    service_leave(s);
  } while (next != NULL);
  return ERROR_SUCCESS;
}

static DWORD take_one(struct service *s, const char *number,
                      struct snapshot *shot) {
  char *text;
  DWORD error = normal(s, number, &text);
  if (error != ERROR_SUCCESS) return error;
  error = make_room(shot);
  if (error == ERROR_SUCCESS) error = service_enter(s);
  if (error == ERROR_SUCCESS) {
    struct known *k = memory_find(s, text);
    if (k != NULL) add(shot, k, FaxClockWall());
    service_leave(s);
    if (shot->count == 0) error = unknown(text);
  }
  mem_free(text);
  return error;
}

DWORD number_list(struct connection *c, const char *number,
                  struct fax_number **numbers_out, DWORD *count_out) {
  struct snapshot shot = {0};
  void *block = NULL;
  DWORD error = access_check(c, FAX_CONFIG_QUERY);
  if (error == ERROR_SUCCESS)
    error = number != NULL ? take_one(c->service, number, &shot)
                           : take_all(c->service, &shot);
  if (error == ERROR_SUCCESS)
    error =
        record_pack(&record_number, shot.items, shot.count, MEM_BUFFER, &block);
  for (DWORD i = 0; i < shot.count; i++) mem_unref(shot.held[i]);
  mem_free(shot.items);
  mem_free(shot.held);
  if (error != ERROR_SUCCESS) return error;
  *numbers_out = block;
  *count_out = shot.count;
  return ERROR_SUCCESS;
}

/* ---- setting ---- */

static DWORD check(const struct fax_number *n) {
  if (n->size != sizeof *n)
    return error_say(ERROR_INVALID_PARAMETER,
                     "size is %u, a fax_number has %zu bytes", n->size,
                     sizeof *n);
  if (n->max_rate != 0 && (n->max_rate < LEAST_RATE || n->max_rate > MOST_RATE))
    return error_say(ERROR_INVALID_PARAMETER,
                     "max_rate is %u: 0, or %d to %d, are allowed", n->max_rate,
                     LEAST_RATE, MOST_RATE);
  return ERROR_SUCCESS;
}

static void change(struct fax_number *n, const struct fax_number *given) {
  n->failures = given->failures;
  n->max_rate = given->max_rate;
  n->without_ecm = given->without_ecm != FALSE;
  n->t38_refused = given->t38_refused;
  n->pinned = given->pinned != FALSE;
  n->slowed = time_to_filetime(FaxClockWall());
}

DWORD number_set(struct connection *c, const struct fax_number *number) {
  struct service *s = c->service;
  struct known *k;
  char *text;
  DWORD error = access_check(c, FAX_CONFIG_SET);
  if (error == ERROR_SUCCESS) error = check(number);
  if (error == ERROR_SUCCESS) error = normal(s, number->number, &text);
  if (error != ERROR_SUCCESS) return error;
  error = service_enter(s);
  if (error == ERROR_SUCCESS) {
    error = memory_get(s, text, &k);
    if (error == ERROR_SUCCESS) {
      change(&k->n, number);
      memory_changed(s, k);
    }
    service_leave(s);
  }
  mem_free(text);
  return error;
}

DWORD number_forget(struct connection *c, const char *number) {
  struct service *s = c->service;
  char *text;
  DWORD error = access_check(c, FAX_CONFIG_SET);
  if (error == ERROR_SUCCESS) error = normal(s, number, &text);
  if (error != ERROR_SUCCESS) return error;
  error = service_enter(s);
  if (error == ERROR_SUCCESS) {
    struct known *k = memory_find(s, text);
    if (k != NULL)
      memory_forget(s, k);
    else
      error = unknown(text);
    service_leave(s);
  }
  mem_free(text);
  return error;
}
