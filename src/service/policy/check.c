/* SPDX-License-Identifier: MIT
   The policy that a service is started with: its defaults, what may be set. */
#include "base/error.h"
#include "model/names.h"
#include "service/policy/policy.h"

#define MOST_LIMIT 9999
#define MOST_PATIENCE 3600
#define MOST_SECONDS (366 * 24 * 3600)
#define LEAST_RATE 4800
#define MOST_RATE 33600

/* Every cause by the configuration alone, as FAX_CONFIGURATION says it. */
void policy_defaults(struct fax_retry_policy *policy_out) {
  static const struct fax_ladder_step steps[] = {
      {9600, FAX_UNKNOWN, FAX_TRANSPORT_ANY},
      {4800, FAX_UNKNOWN, FAX_TRANSPORT_ANY},
      {4800, FAX_UNKNOWN, FAX_TRANSPORT_AUDIO}};
  *policy_out = (struct fax_retry_policy){.ladder_count = 3, .patience = 10};
  for (int i = 0; i < FAX_CAUSES; i++)
    policy_out->rules[i] = (struct fax_retry_rule){
        FAX_UNKNOWN, FAX_UNKNOWN, FAX_UNKNOWN, FAX_UNKNOWN, FAX_UNKNOWN};
  for (int i = 0; i < 3; i++) policy_out->ladder[i] = steps[i];
}

static DWORD check_number(const char *cause, const char *member, DWORD value,
                          DWORD least, DWORD most) {
  if (value == FAX_UNKNOWN || (value >= least && value <= most))
    return ERROR_SUCCESS;
  return error_say(ERROR_INVALID_PARAMETER,
                   "policy.%s.%s is %u: %u to %u are allowed", cause, member,
                   value, least, most);
}

static DWORD check_rule(const char *cause, const struct fax_retry_rule *r) {
  DWORD error = check_number(cause, "limit", r->limit, 0, MOST_LIMIT);
  if (error == ERROR_SUCCESS)
    error = check_number(cause, "delay", r->delay, 0, MOST_SECONDS);
  if (error == ERROR_SUCCESS)
    error = check_number(cause, "growth", r->growth, 100, 10000);
  if (error == ERROR_SUCCESS)
    error = check_number(cause, "jitter", r->jitter, 0, 100);
  if (error == ERROR_SUCCESS)
    error = check_number(cause, "cap", r->cap, 0, MOST_SECONDS);
  return error;
}

static DWORD check_step(DWORD n, const struct fax_ladder_step *step) {
  if (step->max_rate != 0 &&
      (step->max_rate < LEAST_RATE || step->max_rate > MOST_RATE))
    return error_say(
        ERROR_INVALID_PARAMETER,
        "policy.ladder step %u: max_rate is %u: 0, or %d to %d, are allowed", n,
        step->max_rate, LEAST_RATE, MOST_RATE);
  if (step->ecm > 1 && step->ecm != FAX_UNKNOWN)
    return error_say(ERROR_INVALID_PARAMETER,
                     "policy.ladder step %u: ecm is %u, neither 0 nor 1", n,
                     step->ecm);
  if (step->transport > FAX_TRANSPORT_T38)
    return error_say(ERROR_INVALID_PARAMETER,
                     "policy.ladder step %u: there is no transport %u", n,
                     step->transport);
  return ERROR_SUCCESS;
}

DWORD policy_check(const struct fax_retry_policy *policy) {
  DWORD error = ERROR_SUCCESS;
  for (DWORD i = FAX_CAUSE_BUSY; error == ERROR_SUCCESS && i < FAX_CAUSES; i++)
    error = check_rule(name_of(names_cause, i), &policy->rules[i]);
  if (error == ERROR_SUCCESS && policy->ladder_count > FAX_LADDER_MOST)
    return error_say(ERROR_INVALID_PARAMETER,
                     "policy.ladder has %u steps: %d are allowed",
                     policy->ladder_count, FAX_LADDER_MOST);
  if (error == ERROR_SUCCESS &&
      (policy->patience == 0 || policy->patience > MOST_PATIENCE))
    return error_say(ERROR_INVALID_PARAMETER,
                     "policy.patience is %u: 1 to %d are allowed",
                     policy->patience, MOST_PATIENCE);
  for (DWORD i = 0; error == ERROR_SUCCESS && i < policy->ladder_count; i++)
    error = check_step(i + 1, &policy->ladder[i]);
  return error;
}
