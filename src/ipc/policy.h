/* SPDX-License-Identifier: MIT
   What is said about a policy that a client attaches: "policy.attach",
   "policy.answer", "policy.detach", and the server's notification
   "policy.question" (docs/protocol.md). */
#ifndef FAX_IPC_POLICY_H
#define FAX_IPC_POLICY_H

#include <fax/fax_policy.h>

#include "model/record.h"

struct policy_attach {
  BOOL acknowledges; /* each question that asks for it */
};

/* The result of "policy.attach", and the params of "policy.detach". */
struct policy_of {
  DWORD policy; /* a number of this connection */
};

/* "policy.question" */
struct policy_asked {
  DWORD policy;
  struct fax_policy_question *question;
  BOOL acknowledge;
};

/* "policy.answer" */
struct policy_said {
  DWORD policy;
  DWORD question;
  struct fax_policy_answer *answer;
};

extern const struct fax_record policy_attach_record, policy_of_record,
    policy_asked_record, policy_said_record;

#endif
