/* SPDX-License-Identifier: MIT
   The retry policy: what is known of numbers, what is made of a job. */
#include "model/table/table.h"

#define R struct fax_number
static const struct fax_field number[] = {
    FIELD(SIZE, size, "size_of_struct"),
    FIELD(TEXT, number, "number"),
    FIELD(DWORD, calls, "calls"),
    FIELD(DWORD, failures, "failures"),
    FIELD(FILETIME, last_call, "last_call"),
    FIELD(FILETIME, last_success, "last_success"),
    FIELD(KNOWN, rate, "rate"),
    FIELD(KNOWN_BOOL, ecm, "ecm"),
    NAMED(KNOWN_ENUM, transport, "transport", names_transport),
    FIELD(KNOWN, answer, "answer"),
    FIELD(DWORD, max_rate, "max_rate"),
    FIELD(BOOL, without_ecm, "without_ecm"),
    FIELD(FILETIME, slowed, "slowed"),
    FIELD(FILETIME, t38_refused, "t38_refused"),
    FIELD(BOOL, pinned, "pinned"),
    END};
RECORD(record_number, fax_number, number);
#undef R

#define R struct fax_policy_rule
static const struct fax_field policy_rule[] = {
    NAMED(ENUM, cause, "class", names_cause),
    FIELD(KNOWN, limit, "limit"),
    FIELD(DWORD, delay, "delay"),
    FIELD(DWORD, growth, "growth"),
    FIELD(DWORD, jitter, "jitter"),
    FIELD(KNOWN, cap, "cap"),
    FIELD(DWORD, failures, "failures"),
    NAMED(KNOWN_ENUM, decision, "decision", names_decision),
    FIELD(KNOWN, wait, "wait"),
    FIELD(TEXT, reason, "reason"),
    END};
RECORD(record_policy_rule, fax_policy_rule, policy_rule);
#undef R

#define R struct fax_policy_step
static const struct fax_field policy_step[] = {
    FIELD(DWORD, number, "number"),
    NAMED(ENUM, cause_class, "class", names_cause),
    NAMED(KNOWN_ENUM, decision, "decision", names_decision),
    FIELD(KNOWN, delay, "delay"),
    FIELD(DWORD, max_rate, "max_rate"),
    FIELD(BOOL, ecm, "ecm"),
    NAMED(ENUM, transport, "transport", names_transport),
    FIELD(TEXT, reason, "reason"),
    END};
RECORD(record_policy_step, fax_policy_step, policy_step);
#undef R

#define R struct fax_policy_explanation
static const struct fax_field policy_explanation[] = {
    FIELD(SIZE, size, "size_of_struct"),
    FIELD(DWORD, job_id, "job_id"),
    FIELD(TEXT, number, "number"),
    FIELD(TEXT, reason, "reason"),
    FIELD(FILETIME, next, "next"),
    FIELD(DWORD, max_rate, "max_rate"),
    FIELD(BOOL, ecm, "ecm"),
    NAMED(ENUM, transport, "transport", names_transport),
    FIELD(DWORD, retries, "retries"),
    FIELD(DWORD, failures, "failures"),
    FIELD(DWORD, retry_delay, "retry_delay"),
    FIELD(HIDDEN, rule_count, "rule_count"),
    ARRAY(rules, "rules", rule_count, record_policy_rule),
    FIELD(HIDDEN, attempt_count, "attempt_count"),
    ARRAY(attempts, "attempts", attempt_count, record_policy_step),
    FIELD(HIDDEN, history_count, "history_count"),
    ARRAY(history, "history", history_count, record_number),
    END};
RECORD(record_policy_explanation, fax_policy_explanation, policy_explanation);
#undef R

#define R struct fax_policy_question
static const struct fax_field policy_question[] = {
    FIELD(SIZE, size, "size_of_struct"),
    FIELD(DWORD, question, "question"),
    FIELD(DWORD, job_id, "job_id"),
    NAMED(ENUM, cause_class, "class", names_cause),
    FIELD(TEXT, number, "number"),
    FIELD(TEXT, user, "user"),
    FIELD(TEXT, document, "document"),
    FIELD(FILETIME, submitted, "submitted"),
    FIELD(KNOWN, pages, "pages"),
    FIELD(DWORD, pages_confirmed, "pages_confirmed"),
    FIELD(DWORD, failures, "failures"),
    FIELD(DWORD, retries, "retries"),
    FIELD(DWORD, retry_delay, "retry_delay"),
    FIELD(DWORD, max_rate, "max_rate"),
    FIELD(BOOL, ecm, "ecm"),
    NAMED(ENUM, transport, "transport", names_transport),
    FIELD(HIDDEN, attempt_count, "attempt_count"),
    ARRAY(attempts, "attempts", attempt_count, record_attempt),
    FIELD(HIDDEN, history_count, "history_count"),
    ARRAY(history, "history", history_count, record_number),
    FIELD(HIDDEN, usual_count, "usual_count"),
    ARRAY(usual, "usual", usual_count, record_policy_step),
    END};
RECORD(record_policy_question, fax_policy_question, policy_question);
#undef R
