/* SPDX-License-Identifier: MIT
   Numbers: "dial.plan", "number.list", "number.set", "number.forget",
   "policy.explain". */
#include "method/number.h"

#include "model/table/table.h"
#include "service/service.h"

#define R struct method_plan
static const struct fax_field plan[] = {ONE(plan, "plan", record_dial_plan),
                                        END};
static RECORD(record_plan, plan, plan);
#undef R

#define R struct method_numbers
static const struct fax_field numbers[] = {
    ARRAY(numbers, "numbers", count, record_number), END};
static RECORD(record_numbers, numbers, numbers);
#undef R

#define R struct method_explanation
static const struct fax_field explanation[] = {
    ONE(explanation, "explanation", record_policy_explanation), END};
static RECORD(record_explanation, explanation, explanation);
#undef R

static DWORD plan_one(void *c, HANDLE handle, const void *in, void *out) {
  const struct method_number *asked = in;
  struct method_plan *answer = out;
  (void)handle;
  return dial_plan(c, asked->number, &answer->plan);
}

static DWORD list(void *c, HANDLE handle, const void *in, void *out) {
  const struct method_number *asked = in;
  struct method_numbers *answer = out;
  (void)handle;
  return number_list(c, asked->number, &answer->numbers, &answer->count);
}

static DWORD set_one(void *c, HANDLE handle, const void *in, void *out) {
  (void)handle, (void)out;
  return number_set(c, in);
}

static DWORD forget(void *c, HANDLE handle, const void *in, void *out) {
  const struct method_number *asked = in;
  (void)handle, (void)out;
  return number_forget(c, asked->number);
}

static DWORD explain(void *c, HANDLE handle, const void *in, void *out) {
  const struct method_id *asked = in;
  struct method_explanation *answer = out;
  (void)handle;
  return policy_explain(c, asked->id, &answer->explanation);
}

const struct method method_dial_plan = {.name = "dial.plan",
                                        .on = HANDLE_SERVER,
                                        .repeats = true,
                                        .in = &method_number_record,
                                        .out = &record_plan,
                                        .serve = plan_one};

const struct method method_number_list = {.name = "number.list",
                                          .on = HANDLE_SERVER,
                                          .repeats = true,
                                          .in = &method_number_record,
                                          .out = &record_numbers,
                                          .serve = list};

const struct method method_number_set = {.name = "number.set",
                                         .on = HANDLE_SERVER,
                                         .repeats = true,
                                         .in = &record_number,
                                         .serve = set_one};

const struct method method_number_forget = {.name = "number.forget",
                                            .on = HANDLE_SERVER,
                                            .in = &method_number_record,
                                            .serve = forget};

const struct method method_policy_explain = {.name = "policy.explain",
                                             .on = HANDLE_SERVER,
                                             .repeats = true,
                                             .in = &method_id_record,
                                             .out = &record_explanation,
                                             .serve = explain};
