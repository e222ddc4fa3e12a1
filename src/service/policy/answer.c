/* SPDX-License-Identifier: MIT
   What a program answers, and the handle by which it does. */
#include <stdio.h>

#include "base/completion.h"
#include "base/handle.h"
#include "base/text.h"
#include "service/policy/ask.h"

#define MOST_DELAY (366 * 24 * 3600)
enum { LEAST_RATE = 4800, MOST_RATE = 33600 };

/* Behind a handle. */
struct policy_handle { /* counted */
  struct service *service;
  struct asker *asker;
};

static void asker_destroy(void *object) {
  struct asker *a = object;
  mem_unref(a->port);
}

static void handle_destroy(void *object) {
  struct policy_handle *h = object;
  mem_unref(h->asker);
  mem_unref(h->service);
}

/* ---- the answer ---- */

static DWORD least_rate(DWORD a, DWORD b) {
  if (a == 0) return b;
  return b == 0 || a < b ? a : b;
}

/* Never beyond what the job allows. */
static struct policy_transport limited(const struct job *j,
                                       const struct fax_policy_answer *answer,
                                       const struct policy_transport *usual) {
  struct policy_transport t = *usual;
  if (answer->max_rate != FAX_UNKNOWN)
    t.max_rate = least_rate(answer->max_rate, j->max_rate);
  if (answer->ecm != FAX_UNKNOWN) t.ecm = answer->ecm == 0 ? 0 : j->ecm;
  if (answer->transport != FAX_UNKNOWN)
    t.transport =
        j->transport != FAX_TRANSPORT_ANY ? j->transport : answer->transport;
  return t;
}

static struct policy_decision decision_of(
    const struct job *j, const struct fax_policy_answer *answer) {
  const char *why = answer->reason != NULL ? answer->reason : "";
  const char *colon = *why != '\0' ? ": " : "";
  struct policy_decision d = j->verdict->usual;
  d.action = answer->decision;
  d.delay = answer->delay;
  d.next = limited(j, answer, &d.next);
  if (d.action == FAX_DECISION_RETRY)
    snprintf(d.reason, sizeof d.reason, "by a program: again in %u s%s%s",
             d.delay, colon, why);
  else
    snprintf(d.reason, sizeof d.reason, "by a program: given up%s%s", colon,
             why);
  text_trim(d.reason);
  d.chosen = true;
  return d;
}

/* Without memory the record says what the rules would have done. */
static void note(struct job *j, const struct policy_decision *d) {
  DWORD last = j->attempt_count - 1;
  if (j->attempt_count == 0) return;
  struct fax_attempt record = *j->attempts[last];
  record.decision = d->action;
  record.delay = d->action == FAX_DECISION_RETRY ? d->delay : FAX_UNKNOWN;
  record.reason = d->reason;
  if (attempt_replace(j, last, &record) != ERROR_SUCCESS) return;
  if (j->attempts_saved > last) j->attempts_saved = last;
}

static DWORD wrong(const char *what) {
  return error_say(ERROR_INVALID_PARAMETER, "the answer: %s", what);
}

static bool is_rate(DWORD rate) {
  return rate == FAX_UNKNOWN || rate == 0 ||
         (rate >= LEAST_RATE && rate <= MOST_RATE);
}

static DWORD check(const struct fax_policy_answer *a) {
  if (a->size != sizeof *a) return wrong("it has the wrong size");
  if (a->decision == 0) return ERROR_SUCCESS;
  if (a->decision != FAX_DECISION_RETRY && a->decision != FAX_DECISION_GIVE_UP)
    return wrong(a->reason != NULL ? a->reason : "it is no decision");
  if (a->reason != NULL && !text_is_utf8(a->reason))
    return wrong("the reason is not UTF-8");
  if (a->decision == FAX_DECISION_GIVE_UP) return ERROR_SUCCESS;
  if (a->delay > MOST_DELAY) return wrong("the delay is longer than 366 days");
  if (!is_rate(a->max_rate)) return wrong("max_rate is no speed");
  if (a->ecm > 1 && a->ecm != FAX_UNKNOWN) return wrong("ecm is no boolean");
  if (a->transport > FAX_TRANSPORT_T38 && a->transport != FAX_UNKNOWN)
    return wrong("there is no such transport");
  return ERROR_SUCCESS;
}

static void answer_with(struct service *s, struct job *j,
                        const struct fax_policy_answer *answer) {
  if (answer->decision == 0) {
    struct policy_decision usual = j->verdict->usual;
    policy_settle(s, j, &usual);
    return;
  }
  struct policy_decision d = decision_of(j, answer);
  note(j, &d);
  policy_settle(s, j, &d);
}

/* A wrong one is logged, and the rules decide. */
static DWORD answer(struct service *s, struct job *j,
                    const struct fax_policy_answer *given) {
  DWORD error = check(given);
  if (error == ERROR_SUCCESS) {
    answer_with(s, j, given);
    return ERROR_SUCCESS;
  }
  struct policy_decision usual = j->verdict->usual;
  log_line(LOG_OUTBOUND, FAX_LOG_WARN, "policy", "the rules decide job=%u: %s",
           j->id, error_message());
  policy_settle(s, j, &usual);
  return error;
}

/* ---- the handle ---- */

static struct verdict *find(const struct service *s, DWORD number) {
  list_each(link, &s->asked) {
    struct verdict *v = list_entry(link, struct verdict, link);
    if (v->number == number) return v;
  }
  return NULL;
}

DWORD policy_answer(struct policy_handle *h, DWORD question,
                    const struct fax_policy_answer *given) {
  struct service *s = h->service;
  DWORD error = service_enter(s);
  if (error != ERROR_SUCCESS) return error;
  struct verdict *v = s->asker == h->asker ? find(s, question) : NULL;
  if (v != NULL)
    error = answer(s, v->job, given);
  else
    error = error_say(ERROR_NOT_FOUND, "question %u is not asked any more",
                      question);
  service_leave(s);
  return error;
}

/* What was asked is decided by the rules. */
void policy_handle_closed(struct policy_handle *h) {
  struct service *s = h->service;
  pthread_mutex_lock(&s->lock);
  if (s->asker == h->asker) {
    s->asker = mem_unref(s->asker);
    while (s->state == SERVICE_RUNNING && !list_empty(&s->asked)) {
      struct verdict *v = list_entry(s->asked.next, struct verdict, link);
      struct policy_decision usual = v->usual;
      policy_settle(s, v->job, &usual);
    }
  }
  pthread_mutex_unlock(&s->lock);
}

static DWORD handle_new(struct connection *c, HANDLE port, ULONG_PTR key,
                        struct policy_handle **handle_out) {
  struct completion_port *p = handle_get(port, HANDLE_COMPLETION);
  if (p == NULL)
    return error_say(ERROR_INVALID_PARAMETER,
                     "the completion port is not a valid handle");
  struct policy_handle *h = mem_new(sizeof *h, handle_destroy);
  struct asker *a = mem_new(sizeof *a, asker_destroy);
  if (h == NULL || a == NULL) {
    mem_unref(h);
    mem_unref(a);
    mem_unref(p);
    return ERROR_NOT_ENOUGH_MEMORY;
  }
  a->port = p;
  a->key = key;
  h->asker = a;
  h->service = mem_ref(c->service);
  *handle_out = h;
  return ERROR_SUCCESS;
}

/* With the lock: one whose port was closed has gone. */
static DWORD take_place(struct service *s, struct policy_handle *h) {
  if (s->asker != NULL && completion_closed(s->asker->port)) policy_lose(s);
  if (s->asker != NULL)
    return error_say(ERROR_ALREADY_EXISTS, "a program decides already");
  s->asker = mem_ref(h->asker);
  return ERROR_SUCCESS;
}

DWORD policy_attach(struct connection *c, HANDLE port, ULONG_PTR key,
                    HANDLE *handle_out) {
  struct policy_handle *h;
  DWORD error = access_check(c, FAX_CONFIG_SET);
  if (error == ERROR_SUCCESS) error = handle_new(c, port, key, &h);
  if (error != ERROR_SUCCESS) return error;
  error = service_enter(c->service);
  if (error == ERROR_SUCCESS) {
    error = take_place(c->service, h);
    service_leave(c->service);
  }
  if (error == ERROR_SUCCESS) {
    error = handle_open(HANDLE_POLICY, h, NULL, handle_out);
    if (error != ERROR_SUCCESS) policy_handle_closed(h);
  }
  mem_unref(h);
  return error;
}
