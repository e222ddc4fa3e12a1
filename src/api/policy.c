/* SPDX-License-Identifier: MIT
   FaxPolicyDefaults, FaxExplainPolicy, FaxAttachPolicy, FaxAnswerPolicy;
   FaxEnumNumbers, FaxSetNumber,
   FaxForgetNumber. */
#include "service/policy/policy.h"

#include "api/ask.h"
#include "api/result.h"
#include "base/mem.h"
#include "ipc/client/remote.h"
#include "method/find.h"
#include "method/number.h"
#include "service/service.h"

void FaxPolicyDefaults(struct fax_retry_policy *policy_out) {
  policy_defaults(policy_out);
}

BOOL FaxExplainPolicy(HANDLE FaxHandle, DWORD JobId,
                      struct fax_policy_explanation **explanation_out) {
  struct method_id in = {JobId};
  struct method_explanation out;
  api_enter();
  DWORD error = find_null(explanation_out, "explanation_out");
  if (error == ERROR_SUCCESS)
    error = ask(FaxHandle, &method_policy_explain, &in, &out);
  if (error == ERROR_SUCCESS) *explanation_out = out.explanation;
  return api_done(error);
}

BOOL FaxAttachPolicy(HANDLE FaxHandle, HANDLE CompletionPort,
                     ULONG_PTR CompletionKey, LPHANDLE policy_out) {
  struct connection *c;
  api_enter();
  DWORD error = find_null(policy_out, "policy_out");
  if (error != ERROR_SUCCESS) return api_done(error);
  *policy_out = NULL;
  struct remote_handle *r =
      handle_get(FaxHandle, (enum handle_kind)(HANDLE_SERVER | HANDLE_REMOTE));
  if (r != NULL) {
    error = remote_policy_attach(r, CompletionPort, CompletionKey, policy_out);
    mem_unref(r);
    return api_done(error);
  }
  error = find_server(FaxHandle, &c);
  if (error != ERROR_SUCCESS) return api_done(error);
  error = policy_attach(c, CompletionPort, CompletionKey, policy_out);
  mem_unref(c);
  return api_done(error);
}

BOOL FaxAnswerPolicy(HANDLE policy, DWORD question,
                     const struct fax_policy_answer *answer) {
  struct policy_handle *h;
  api_enter();
  DWORD error = find_null(answer, "answer");
  struct remote_policy *r =
      handle_get(policy, (enum handle_kind)(HANDLE_POLICY | HANDLE_REMOTE));
  if (error == ERROR_SUCCESS && r != NULL) {
    error = remote_policy_answer(r, question, answer);
    mem_unref(r);
    return api_done(error);
  }
  mem_unref(r);
  if (error == ERROR_SUCCESS) error = find_policy(policy, &h);
  if (error != ERROR_SUCCESS) return api_done(error);
  error = policy_answer(h, question, answer);
  mem_unref(h);
  return api_done(error);
}

BOOL FaxEnumNumbers(HANDLE FaxHandle, const char *number,
                    struct fax_number **numbers_out, LPDWORD count) {
  struct method_number in = {number};
  struct method_numbers out;
  api_enter();
  DWORD error = find_null(numbers_out, "numbers_out");
  if (error == ERROR_SUCCESS) error = find_null(count, "count");
  if (error == ERROR_SUCCESS)
    error = ask(FaxHandle, &method_number_list, &in, &out);
  if (error != ERROR_SUCCESS) return api_done(error);
  *numbers_out = out.numbers;
  *count = out.count;
  return api_done(ERROR_SUCCESS);
}

BOOL FaxSetNumber(HANDLE FaxHandle, const struct fax_number *number) {
  api_enter();
  DWORD error = find_null(number, "number");
  if (error == ERROR_SUCCESS)
    error = ask(FaxHandle, &method_number_set, number, NULL);
  return api_done(error);
}

BOOL FaxForgetNumber(HANDLE FaxHandle, const char *number) {
  struct method_number in = {number};
  api_enter();
  DWORD error = find_null(number, "number");
  if (error == ERROR_SUCCESS)
    error = ask(FaxHandle, &method_number_forget, &in, NULL);
  return api_done(error);
}
