/* SPDX-License-Identifier: MIT
   A policy that a client attaches: what the service asks goes out as
   notifications, its answers come as requests. When the client has gone, the
   rules decide. */
#include "ipc/policy.h"

#include "base/clock.h"
#include "base/error.h"
#include "ipc/server/push.h"
#include "method/find.h"
#include "service/service.h"

/* ---- questions; the thread of the push ---- */

DWORD push_question(struct session *s, const struct pushed *pushed,
                    const struct fax_policy_question *question) {
  struct fax_policy_question copy = *question;
  struct policy_asked told = {pushed->number, &copy,
                              pushed->acknowledges && clock_is_virtual()};
  if (told.acknowledge) push_expect(s->push);
  return push_put(s, "policy.question",
                  record_to_json(&policy_asked_record, &told));
}

/* ---- coming and going; the session's thread ---- */

static DWORD attach(struct session *s, DWORD on,
                    const struct policy_attach *asked, DWORD *number_out) {
  struct connection *c;
  struct pushed *pushed;
  HANDLE handle;
  DWORD error = push_connection(s, on, &c);
  if (error != ERROR_SUCCESS) return error;
  error = push_reserve(
      s->push,
      (struct pushed){.as = PUSHED_POLICY, .acknowledges = asked->acknowledges},
      &pushed);
  if (error == ERROR_SUCCESS) {
    *number_out = pushed->number;
    error = policy_attach(c, s->push->handle, pushed->number, &handle);
    if (error == ERROR_SUCCESS) {
      push_fill(s->push, pushed, handle, 0);
    } else {
      push_free_number(s->push, *number_out);
      push_release(s);
    }
  }
  mem_unref(c);
  return error;
}

DWORD serve_policy(struct session *s, struct request *r,
                   struct answer *answer) {
  struct arena a = {0};
  struct policy_attach asked;
  struct policy_of given = {0};
  DWORD error = params_of(r, &policy_attach_record, &asked, &a);
  arena_free(&a);
  if (error != ERROR_SUCCESS) return error;
  clock_join();
  clock_enter();
  error = attach(s, r->on, &asked, &given.policy);
  clock_leave();
  if (error != ERROR_SUCCESS) return error;
  answer->result = record_to_json(&policy_of_record, &given);
  answer->sent = push_release;
  return ERROR_SUCCESS;
}

static DWORD find_it(struct session *s, DWORD number,
                     struct pushed *pushed_out) {
  if (push_find(s, number, PUSHED_POLICY, pushed_out)) return ERROR_SUCCESS;
  return error_say(ERROR_INVALID_PARAMETER, "%u is no policy", number);
}

DWORD serve_policy_detach(struct session *s, struct request *r,
                          struct answer *answer) {
  struct arena a = {0};
  struct policy_of of;
  struct pushed pushed;
  DWORD error = params_of(r, &policy_of_record, &of, &a);
  arena_free(&a);
  if (error == ERROR_SUCCESS) error = find_it(s, of.policy, &pushed);
  if (error != ERROR_SUCCESS) return error;
  clock_join();
  clock_enter();
  error = method_close(pushed.object);
  clock_leave();
  push_free_number(s->push, of.policy);
  answer->result = json_object();
  return error;
}

/* ---- answers ---- */

static DWORD decide(const struct pushed *pushed, DWORD question,
                    struct fax_policy_answer *answer) {
  struct policy_handle *h;
  answer->size = sizeof *answer;
  DWORD error = find_policy(pushed->object, &h);
  if (error != ERROR_SUCCESS) return error;
  clock_join();
  clock_enter();
  error = policy_answer(h, question, answer);
  clock_leave();
  mem_unref(h);
  return error;
}

DWORD serve_policy_answer(struct session *s, struct request *r,
                          struct answer *answer) {
  struct arena a = {0};
  struct policy_said said;
  struct pushed pushed;
  DWORD error = params_of(r, &policy_said_record, &said, &a);
  if (error == ERROR_SUCCESS && said.answer == NULL)
    error = error_say(ERROR_INVALID_DATA, "`answer` is missing");
  if (error == ERROR_SUCCESS) error = find_it(s, said.policy, &pushed);
  if (error == ERROR_SUCCESS)
    error = decide(&pushed, said.question, said.answer);
  arena_free(&a);
  if (error == ERROR_SUCCESS) answer->result = json_object();
  return error;
}
