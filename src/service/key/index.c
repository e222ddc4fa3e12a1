/* SPDX-License-Identifier: MIT
   The keys that are held, by user and name: claimed by a submission, settled
   when it is over, forgotten some time after the job. */
#include <string.h>

#include "service/dialling/dialling.h"
#include "service/key/key.h"

/* So many are forgotten while the lock is held. */
#define AT_ONCE 64

#define DAY 86400.0

static int key_order(const struct submission_key *a,
                     const struct submission_key *b) {
  int order = strcmp(a->user, b->user);
  return order != 0 ? order : strcmp(a->key, b->key);
}

RB_GENERATE(key_names, submission_key, by_name, key_order)

static void key_destroy(void *object) {
  struct submission_key *k = object;
  mem_free(k->user);
  mem_free(k->key);
  mem_free(k->number);
}

static DWORD key_new(const struct key_claim *claim,
                     struct submission_key **key_out) {
  struct submission_key *k = mem_new(sizeof *k, key_destroy);
  if (k == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  list_init(&k->link);
  k->user = mem_text(claim->user);
  k->key = mem_text(claim->key);
  k->number = mem_text(claim->number);
  memcpy(k->source, claim->source, sizeof k->source);
  if (k->user == NULL || k->key == NULL || k->number == NULL) {
    mem_unref(k);
    return ERROR_NOT_ENOUGH_MEMORY;
  }
  *key_out = k;
  return ERROR_SUCCESS;
}

static struct submission_key *find(struct service *s, const char *user,
                                   const char *key) {
  struct submission_key want = {.user = (char *)(ULONG_PTR)user,
                                .key = (char *)(ULONG_PTR)key};
  return RB_FIND(key_names, &s->keys, &want);
}

/* "+1 555 0100" and "+15550100" are one number. */
static DWORD compare_number(const struct service *s, const char *a,
                            const char *b, bool *same_out) {
  char *x = dialling_number(s->dialling, a),
       *y = dialling_number(s->dialling, b);
  bool made = x != NULL && y != NULL;
  if (made) *same_out = strcmp(x, y) == 0;
  mem_free(x);
  mem_free(y);
  return made ? ERROR_SUCCESS : ERROR_NOT_ENOUGH_MEMORY;
}

static DWORD compare(const struct service *s, const struct submission_key *k,
                     const struct key_claim *claim) {
  bool same = true;
  DWORD error = ERROR_SUCCESS;
  if (strcmp(k->number, claim->number) != 0)
    error = compare_number(s, k->number, claim->number, &same);
  if (error != ERROR_SUCCESS) return error;
  if (!same)
    return error_say(ERROR_ALREADY_EXISTS,
                     "the key \"%s\" is that of job %u, which goes to %s",
                     k->key, k->job_id, k->number);
  if (strcmp(k->source, claim->source) != 0)
    return error_say(ERROR_ALREADY_EXISTS,
                     "the key \"%s\" is that of job %u, with another document",
                     k->key, k->job_id);
  return ERROR_SUCCESS;
}

static DWORD hold(struct service *s, const struct key_claim *claim,
                  struct submission_key **key_out) {
  struct submission_key *k;
  DWORD error = key_new(claim, &k);
  if (error != ERROR_SUCCESS) return error;
  RB_INSERT(key_names, &s->keys, k);
  *key_out = mem_ref(k);
  return ERROR_SUCCESS;
}

DWORD key_claim(struct service *s, const struct key_claim *claim,
                enum key_answer *answer_out, struct submission_key **key_out,
                DWORD *id_out) {
  const struct submission_key *k = find(s, claim->user, claim->key);
  if (k == NULL) {
    *answer_out = KEY_NEW;
    return hold(s, claim, key_out);
  }
  *answer_out = k->job_id == 0 ? KEY_BUSY : KEY_FOUND;
  if (k->job_id == 0) return ERROR_SUCCESS;
  DWORD error = compare(s, k, claim);
  if (error == ERROR_SUCCESS) *id_out = k->job_id;
  return error;
}

/* Leaves the references of others. */
static void forget(struct service *s, struct submission_key *k) {
  list_remove(&k->link);
  RB_REMOVE(key_names, &s->keys, k);
  mem_unref(k);
}

void key_settle(struct service *s, struct submission_key *k, DWORD job_id) {
  k->job_id = job_id;
  if (job_id == 0) forget(s, k);
  clock_cond_broadcast(&s->changed);
}

void key_end(struct service *s, struct submission_key *k, int64_t ended) {
  k->ended = ended;
  k->gone = FaxClockNow();
  list_append(&s->keys_ended, &k->link);
}

/* ---- the store ---- */

struct store_key key_row(const struct submission_key *k) {
  return (struct store_key){
      .user = k->user,
      .key = k->key,
      .job_id = k->job_id,
      .number = k->number,
      .source = k->source,
      .ended = k->ended != 0 ? time_to_filetime(k->ended) : (FILETIME){0, 0}};
}

static void forget_stored(struct service *s, struct submission_key *k) {
  struct store_changes *c;
  struct store_key row = key_row(k);
  if (s->store == NULL || store_changes_new(&c) != ERROR_SUCCESS) return;
  if (store_remove(c, STORE_KEYS, &row) != ERROR_SUCCESS)
    store_changes_drop(c); /* the next start forgets it */
  else
    store_commit(s->store, c, STORE_INSIST, NULL, NULL);
}

bool keys_step(struct service *s, fax_deadline now, fax_deadline *next_inout) {
  for (DWORD n = 0; n < AT_ONCE; n++) {
    if (list_empty(&s->keys_ended)) return n != 0;
    struct submission_key *k =
        list_entry(s->keys_ended.next, struct submission_key, link);
    fax_deadline until = clock_after(k->gone, s->config.key_days * DAY);
    if (until > now) {
      sooner(next_inout, until);
      return n != 0;
    }
    forget_stored(s, k);
    forget(s, k);
  }
  return true;
}

/* By the time that their jobs ended: a key that is loaded early need not be the
   first to go. */
static void load_ended(struct service *s, struct submission_key *k,
                       int64_t ended) {
  struct list *at = s->keys_ended.previous;
  key_end(s, k, ended);
  list_remove(&k->link);
  k->gone -= FaxClockWall() - ended;
  while (at != &s->keys_ended &&
         list_entry(at, struct submission_key, link)->gone > k->gone)
    at = at->previous;
  list_append(at->next, &k->link);
}

DWORD key_load(struct service *s, const struct store_key *row) {
  struct key_claim claim = {
      .user = row->user, .key = row->key, .number = row->number};
  struct submission_key *k;
  bool over = row->ended.dwLowDateTime != 0 || row->ended.dwHighDateTime != 0;
  if (strlen(row->source) < sizeof claim.source)
    strcpy(claim.source, row->source);
  DWORD error = hold(s, &claim, &k);
  if (error != ERROR_SUCCESS) return error;
  k->job_id = row->job_id;
  struct job *j = over ? NULL : job_find(s, k->job_id);
  if (over) load_ended(s, k, time_from_filetime(row->ended));
  if (j != NULL && j->key == NULL) j->key = mem_ref(k);
  mem_unref(k);
  return ERROR_SUCCESS;
}

void key_free_all(struct service *s) {
  struct submission_key *k;
  while ((k = RB_MIN(key_names, &s->keys)) != NULL) forget(s, k);
}
