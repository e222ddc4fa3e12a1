/* SPDX-License-Identifier: MIT
   At most so many calls to one number (calls_per_number). Jobs that wait for a
   line wait with their number; only the next of them is offered to the lines,
   and none while the number has all its calls. So a long queue for a busy
   number is never looked through. */
#include <string.h>

#include "service/schedule/schedule.h"

/* ---- by text ---- */

static int text_order(const struct number *a, const struct number *b) {
  return strcmp(a->text, b->text);
}

RB_GENERATE(numbers, number, by_text, text_order)

static void judge(struct number *n, const struct dialling *d) {
  n->rules = d;
  n->group = dialling_route(d, n->text, NULL);
  n->blocked_by = dialling_blocked(d, n->text);
}

DWORD number_new(const struct dialling *d, const char *called,
                 struct number **number_out) {
  size_t size = strlen(called) + 1;
  struct number *n = mem_alloc(sizeof *n + size);
  if (n == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  memcpy(n->text, called, size);
  judge(n, d);
  *number_out = n;
  return ERROR_SUCCESS;
}

void number_drop(struct number *n) {
  if (n != NULL && n->jobs == 0) mem_free(n);
}

/* Jobs that come with an opinion of rules that were get that of those that are;
   a number of which jobs wait has it already. */
void number_enter(struct service *s, struct job *j) {
  struct number *known = RB_INSERT(numbers, &s->numbers, j->number);
  if (known != NULL) {
    number_drop(j->number);
    j->number = known;
  }
  j->number->jobs++;
  if (j->number->rules != s->dialling) judge(j->number, s->dialling);
}

void number_leave(struct service *s, struct job *j) {
  struct number *n = j->number;
  if (n == NULL) return; /* a reception */
  j->number = NULL;
  if (--n->jobs != 0) return;
  RB_REMOVE(numbers, &s->numbers, n);
  mem_free(n);
}

DWORD number_calls(struct service *s, const char *called) {
  struct number *n = RB_ROOT(&s->numbers);
  while (n != NULL) {
    int order = strcmp(called, n->text);
    if (order == 0) return n->calls;
    n = order < 0 ? RB_LEFT(n, by_text) : RB_RIGHT(n, by_text);
  }
  return 0;
}

/* ---- its jobs ---- */

/* Those that the same lines may take, in the same period, are together. */
static int place_order(const struct job *a, const struct job *b) {
  if (a->only != b->only)
    return (ULONG_PTR)a->only < (ULONG_PTR)b->only ? -1 : 1;
  if (a->wait != b->wait) return a->wait < b->wait ? -1 : 1;
  return 0;
}

static int number_order(const struct job *a, const struct job *b) {
  int places = place_order(a, b);
  return places != 0 ? places : turn_order(a, b);
}

RB_GENERATE(job_numbers, job, waiting, number_order)

struct job *number_next(struct job *j) {
  struct job *next = RB_NEXT(job_numbers, &j->number->waiting, j);
  return next != NULL && place_order(next, j) == 0 ? next : NULL;
}

/* The next of those behind the last that waits as `j` does; NULL: all do. */
static struct job *next_place(struct number *n, const struct job *j) {
  struct job behind = {.only = j->only,
                       .wait = j->wait,
                       .due = INT64_MAX,
                       .turn = 0xffffffff,
                       .id = 0xffffffff};
  return RB_NFIND(job_numbers, &n->waiting, &behind);
}

/* ---- offering ---- */

static struct job_turns *turns_of(struct service *s, const struct job *j) {
  struct job_lines *lines = lines_of(s, j);
  return j->wait == WAIT_LINE ? &lines->now : &lines->discount;
}

static void offer(struct service *s, struct job *j) {
  if (j->is_offered) return;
  RB_INSERT(job_turns, turns_of(s, j), j);
  j->is_offered = true;
}

static void withdraw(struct service *s, struct job *j) {
  if (!j->is_offered) return;
  RB_REMOVE(job_turns, turns_of(s, j), j);
  j->is_offered = false;
}

/* There are as many of them as ports that its jobs are for, twice at most. */
static void each_first(struct service *s, struct number *n,
                       void (*what)(struct service *, struct job *)) {
  struct job *first = RB_MIN(job_numbers, &n->waiting);
  for (; first != NULL; first = next_place(n, first)) what(s, first);
}

void number_wait(struct service *s, struct job *j) {
  struct number *n = j->number;
  RB_INSERT(job_numbers, &n->waiting, j);
  struct job *before = RB_PREV(job_numbers, &n->waiting, j);
  if (before != NULL && place_order(before, j) == 0) return;
  struct job *next = RB_NEXT(job_numbers, &n->waiting, j);
  if (next != NULL && place_order(next, j) == 0) withdraw(s, next);
  if (number_is_free(s, n)) offer(s, j);
}

void number_leave_wait(struct service *s, struct job *j) {
  struct number *n = j->number;
  struct job *before = RB_PREV(job_numbers, &n->waiting, j);
  struct job *next = RB_NEXT(job_numbers, &n->waiting, j);
  bool first = before == NULL || place_order(before, j) != 0;
  withdraw(s, j);
  RB_REMOVE(job_numbers, &n->waiting, j);
  if (first && next != NULL && place_order(next, j) == 0 &&
      number_is_free(s, n))
    offer(s, next);
}

/* ---- calls ---- */

bool number_is_free(const struct service *s, const struct number *n) {
  DWORD most = s->config.calls_per_number;
  return most == 0 || n->calls < most;
}

void number_call_begins(struct service *s, struct job *j) {
  struct number *n = j->number;
  if (n == NULL) return;
  n->calls++;
  if (!number_is_free(s, n)) each_first(s, n, withdraw);
}

void number_call_ends(struct service *s, struct job *j) {
  struct number *n = j->number;
  if (n == NULL) return;
  n->calls--;
  if (number_is_free(s, n)) each_first(s, n, offer);
}
