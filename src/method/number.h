/* SPDX-License-Identifier: MIT
   Numbers: how they are dialled, what is known of them, what becomes of a
   job that goes to one. */
#ifndef FAX_METHOD_NUMBER_H
#define FAX_METHOD_NUMBER_H

#include <fax/fax_policy.h>

#include "method/method.h"

struct method_plan {
  struct fax_dial_plan *plan;
};

struct method_numbers {
  struct fax_number *numbers;
  DWORD count;
};

struct method_explanation {
  struct fax_policy_explanation *explanation;
};

extern const struct method method_dial_plan, method_number_list,
    method_number_set, method_number_forget, method_policy_explain;

#endif
