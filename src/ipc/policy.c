/* SPDX-License-Identifier: MIT
   See policy.h. */
#include "ipc/policy.h"

#include "model/table/table.h"

#define R struct policy_attach
static const struct fax_field attach[] = {
    FIELD(BOOL, acknowledges, "acknowledges"), END};
RECORD(policy_attach_record, policy_attach, attach);
#undef R

#define R struct policy_of
static const struct fax_field of[] = {FIELD(DWORD, policy, "policy"), END};
RECORD(policy_of_record, policy_of, of);
#undef R

#define R struct policy_asked
static const struct fax_field asked[] = {
    FIELD(DWORD, policy, "policy"),
    ONE(question, "question", record_policy_question),
    FIELD(BOOL, acknowledge, "acknowledge"), END};
RECORD(policy_asked_record, policy_asked, asked);
#undef R

/* What is wrong in it is for the service to say, and to log. */
#define R struct fax_policy_answer
static const struct fax_field answer[] = {
    FIELD(SIZE, size, "size_of_struct"),
    NAMED(ENUM, decision, "decision", names_decision),
    FIELD(DWORD, delay, "delay"),
    FIELD(KNOWN, max_rate, "max_rate"),
    FIELD(KNOWN, ecm, "ecm"),
    NAMED(KNOWN_ENUM, transport, "transport", names_transport),
    FIELD(TEXT, reason, "reason"),
    END};
static RECORD(policy_answer_record, policy_answer, answer);
#undef R

#define R struct policy_said
static const struct fax_field said[] = {
    FIELD(DWORD, policy, "policy"), FIELD(DWORD, question, "question"),
    ONE(answer, "answer", policy_answer_record), END};
RECORD(policy_said_record, policy_said, said);
#undef R
