/* SPDX-License-Identifier: MIT
   A policy of this process at a service in another: a channel posts what is
   asked, and answers go back by it. */
#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "base/text.h"
#include "ipc/client/channel.h"
#include "ipc/policy.h"

struct remote_policy {
  struct channel channel;
  ULONG_PTR key;
  DWORD number; /* the server's word */
};

/* ---- questions ---- */

static DWORD post(struct remote_policy *p,
                  const struct fax_policy_question *question) {
  void *block;
  DWORD error =
      record_pack(&record_policy_question, question, 1, MEM_LOCAL, &block);
  if (error != ERROR_SUCCESS) return error;
  error = completion_post(p->channel.port,
                          (struct fax_packet){sizeof *question, p->key, block},
                          NULL);
  if (error != ERROR_SUCCESS) mem_free_tagged(block, MEM_LOCAL);
  return error;
}

/* The last one, after which nothing can be answered. */
static DWORD post_last(struct remote_policy *p) {
  struct fax_policy_question last = {.size = sizeof last};
  remote_channel_over(&p->channel);
  post(p, &last);
  return ERROR_ABANDONED_WAIT_0;
}

static DWORD ask_program(struct remote_policy *p,
                         const struct policy_asked *asked) {
  if (asked->question == NULL || asked->policy != p->number)
    return ERROR_SUCCESS;
  bool last = asked->question->question == 0;
  DWORD error = last ? post_last(p) : post(p, asked->question);
  if (!asked->acknowledge || (error != ERROR_SUCCESS && !last)) return error;
  DWORD acknowledged = remote_channel_acknowledge(&p->channel, p->number);
  return error != ERROR_SUCCESS ? error : acknowledged;
}

static DWORD heard(struct channel *c, const char *method,
                   const json_t *params) {
  struct arena a = {0};
  struct policy_asked asked;
  if (strcmp(method, "policy.question") != 0) return ERROR_SUCCESS;
  DWORD error = record_from_json(&policy_asked_record, params, &asked, &a);
  if (error == ERROR_SUCCESS)
    error = ask_program((struct remote_policy *)c, &asked);
  arena_free(&a);
  return error;
}

static void lost(struct channel *c) {
  post_last((struct remote_policy *)c);
}

/* When this returns its place is free for another program. */
static void leave(struct channel *c) {
  struct policy_of of = {((struct remote_policy *)c)->number};
  remote_channel_exchange(c, "policy.detach",
                          record_to_json(&policy_of_record, &of), -1, FAREWELL);
}

static void destroy(struct channel *c) {
  (void)c;
}

static const struct remote_channel_kind kind = {heard, lost, leave, destroy};

/* ---- coming and going ---- */

static DWORD attach(struct remote_policy *p, const struct remote_handle *h) {
  struct policy_attach asked = {TRUE};
  struct policy_of given;
  struct arena a = {0};
  json_t *result = NULL;
  DWORD error = remote_channel_ask(
      &p->channel, h, "policy.attach",
      record_to_json(&policy_attach_record, &asked), &result);
  if (error == ERROR_SUCCESS)
    error = record_from_json(&policy_of_record, result, &given, &a);
  if (error == ERROR_SUCCESS) p->number = given.policy;
  json_decref(result);
  arena_free(&a);
  return error;
}

DWORD remote_policy_attach(struct remote_handle *h, HANDLE port, ULONG_PTR key,
                           HANDLE *handle_out) {
  enum handle_kind there = (enum handle_kind)(HANDLE_POLICY | HANDLE_REMOTE);
  struct channel *c;
  if (port == NULL)
    return error_say(ERROR_INVALID_PARAMETER,
                     "the completion port is not a valid handle");
  DWORD error =
      remote_channel_new(sizeof(struct remote_policy), &kind, port, &c);
  if (error != ERROR_SUCCESS) return error;
  ((struct remote_policy *)c)->key = key;
  error = attach((struct remote_policy *)c, h);
  if (error == ERROR_SUCCESS) error = handle_open(there, c, NULL, handle_out);
  if (error == ERROR_SUCCESS) {
    error = remote_channel_begin(c);
    if (error != ERROR_SUCCESS) mem_unref(handle_close(*handle_out, there));
  }
  mem_unref(c);
  return error;
}

static bool is_one(const struct channel *c, const void *arg) {
  return c == arg;
}

void remote_policy_closed(struct remote_policy *p) {
  remote_channel_end(is_one, &p->channel);
}

/* ---- answers ---- */

/* What cannot be told as it is makes the rules decide all the same. */
static struct fax_policy_answer tellable(
    const struct fax_policy_answer *answer) {
  struct fax_policy_answer wrong = {.size = sizeof wrong,
                                    .decision = FAX_UNKNOWN};
  if (answer->size != sizeof *answer)
    wrong.reason = "it has the wrong size";
  else if (answer->reason != NULL && !text_is_utf8(answer->reason))
    wrong.reason = "the reason is not UTF-8";
  else
    return *answer;
  return wrong;
}

DWORD remote_policy_answer(struct remote_policy *p, DWORD question,
                           const struct fax_policy_answer *answer) {
  struct fax_policy_answer told = tellable(answer);
  struct policy_said said = {p->number, question, &told};
  return remote_channel_exchange(&p->channel, "policy.answer",
                                 record_to_json(&policy_said_record, &said), -1,
                                 SILENCE);
}
