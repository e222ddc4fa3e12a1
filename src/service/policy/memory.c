/* SPDX-License-Identifier: MIT
   The numbers that are known, by their texts and by their last calls. */
#include "service/policy/memory.h"

#include <string.h>

#include "store/store.h"

/* ---- order ---- */

RB_PROTOTYPE(known_ages, known, by_age, known_age_order)

static int known_number_order(const struct known *a, const struct known *b) {
  return strcmp(a->text, b->text);
}

static uint64_t moment(FILETIME t) {
  return (uint64_t)t.dwHighDateTime << 32 | t.dwLowDateTime;
}

/* What is pinned goes last of all. */
static uint64_t age_of(const struct known *k) {
  uint64_t call = moment(k->n.last_call), set = moment(k->n.slowed);
  if (k->n.pinned) return UINT64_MAX;
  return call > set ? call : set;
}

static int known_age_order(const struct known *a, const struct known *b) {
  if (a->age != b->age) return a->age < b->age ? -1 : 1;
  return strcmp(a->text, b->text);
}

RB_GENERATE(known_numbers, known, by_number, known_number_order)
RB_GENERATE(known_ages, known, by_age, known_age_order)

static void known_destroy(void *object) {
  struct known *k = object;
  mem_free(k->text);
}

/* ---- finding ---- */

struct known *memory_find(const struct service *s, const char *number) {
  struct known key = {.text = (char *)number};
  return RB_FIND(known_numbers, (struct known_numbers *)&s->known, &key);
}

bool memory_read(const struct service *s, const char *number,
                 struct fax_number *number_out) {
  const struct known *k = number != NULL ? memory_find(s, number) : NULL;
  if (k == NULL) return false;
  *number_out = policy_number_at(&k->n, FaxClockWall());
  return true;
}

/* ---- changing ---- */

static void save(struct service *s, const struct known *k, bool gone) {
  struct store_changes *c;
  if (s->store == NULL || store_changes_new(&c) != ERROR_SUCCESS) return;
  DWORD error = gone ? store_remove(c, STORE_NUMBERS, &k->n)
                     : store_put(c, STORE_NUMBERS, &k->n);
  if (error != ERROR_SUCCESS)
    store_changes_drop(c); /* the next call teaches it again */
  else
    store_commit(s->store, c, STORE_INSIST, NULL, NULL);
}

/* Takes. */
static void leave(struct service *s, struct known *k) {
  RB_REMOVE(known_numbers, &s->known, k);
  RB_REMOVE(known_ages, &s->known_ages, k);
  s->known_count--;
  mem_unref(k);
}

void memory_forget(struct service *s, struct known *k) {
  save(s, k, true);
  leave(s, k);
}

void memory_changed(struct service *s, struct known *k) {
  RB_REMOVE(known_ages, &s->known_ages, k);
  k->age = age_of(k);
  RB_INSERT(known_ages, &s->known_ages, k);
  save(s, k, false);
}

static DWORD make_room(struct service *s) {
  struct known *oldest = RB_MIN(known_ages, &s->known_ages);
  if (s->known_count < NUMBERS_MOST) return ERROR_SUCCESS;
  if (oldest->n.pinned)
    return error_say(ERROR_INVALID_OPERATION,
                     "%d numbers are pinned: no more can be remembered",
                     NUMBERS_MOST);
  memory_forget(s, oldest);
  return ERROR_SUCCESS;
}

static DWORD enter(struct service *s, const struct fax_number *n,
                   struct known **known_out) {
  struct known *k = mem_new(sizeof *k, known_destroy);
  if (k == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  k->n = *n;
  k->n.size = sizeof k->n;
  k->n.number = k->text = mem_text(n->number);
  if (k->text == NULL) {
    mem_unref(k);
    return ERROR_NOT_ENOUGH_MEMORY;
  }
  k->age = age_of(k);
  RB_INSERT(known_numbers, &s->known, k);
  RB_INSERT(known_ages, &s->known_ages, k);
  s->known_count++;
  *known_out = k;
  return ERROR_SUCCESS;
}

DWORD memory_get(struct service *s, const char *number,
                 struct known **known_out) {
  struct fax_number blank = policy_number(number);
  struct known *k = memory_find(s, number);
  if (k != NULL) {
    *known_out = k;
    return ERROR_SUCCESS;
  }
  DWORD error = make_room(s);
  return error == ERROR_SUCCESS ? enter(s, &blank, known_out) : error;
}

/* Without memory, or room, nothing is learned. */
void memory_learn(struct service *s, const char *number,
                  const struct policy_lesson *lesson) {
  struct fax_number blank = policy_number(number);
  struct known *k;
  if (number == NULL || !policy_learn(&blank, lesson)) return;
  if (memory_get(s, number, &k) != ERROR_SUCCESS) return;
  policy_learn(&k->n, lesson);
  memory_changed(s, k);
}

/* ---- the store ---- */

struct reading {
  struct service *s;
  int64_t now;
  struct store_changes *leaving; /* were not called for too long */
  DWORD error;
};

static bool on_number(void *arg, const void *row) {
  struct reading *r = arg;
  struct known *k;
  const struct fax_number *n = row;
  if (policy_number_forgotten(n, r->now))
    r->error = store_remove(r->leaving, STORE_NUMBERS, n);
  else if (r->s->known_count < NUMBERS_MOST)
    r->error = enter(r->s, n, &k);
  return r->error == ERROR_SUCCESS;
}

DWORD memory_load(struct service *s) {
  struct reading r = {.s = s, .now = FaxClockWall()};
  DWORD error = store_changes_new(&r.leaving);
  if (error != ERROR_SUCCESS) return error;
  error = store_each(s->store, STORE_NUMBERS, on_number, &r);
  if (error == ERROR_SUCCESS) error = r.error;
  if (error == ERROR_SUCCESS)
    store_commit(s->store, r.leaving, STORE_INSIST, NULL, NULL);
  else
    store_changes_drop(r.leaving);
  return error;
}

void memory_free(struct service *s) {
  struct known *k;
  while ((k = RB_MIN(known_ages, &s->known_ages)) != NULL) leave(s, k);
}
