/* SPDX-License-Identifier: MIT
   Submissions that share one commit: "batch.open", "batch.add",
   "batch.commit". What is closed without a commit is not queued. */
#include "base/mem.h"
#include "method/job.h"
#include "service/service.h"

static DWORD open_one(void *c, HANDLE handle, const void *in, void *out) {
  struct method_handle *answer = out;
  struct batch *b;
  (void)in;
  DWORD error = batch_open(c, &b);
  if (error != ERROR_SUCCESS) return error;
  error = handle_open(HANDLE_BATCH, b, handle, &answer->handle);
  mem_unref(b);
  return error;
}

static DWORD add(void *b, HANDLE handle, const void *in, void *out) {
  const struct fax_submission *sub = in;
  struct method_id *answer = out;
  struct document *d;
  (void)handle;
  DWORD error = method_pages(sub->document, &d);
  if (error == ERROR_SUCCESS) error = batch_add(b, sub, d, NULL);
  mem_unref(d);
  if (error == ERROR_SUCCESS) answer->id = batch_last(b);
  return error;
}

static DWORD commit(void *b, HANDLE handle, const void *in, void *out) {
  (void)handle, (void)in, (void)out;
  return batch_commit(b);
}

const struct method method_batch_open = {.name = "batch.open",
                                         .on = HANDLE_SERVER,
                                         .opens = HANDLE_BATCH,
                                         .out = &method_handle_record,
                                         .serve = open_one};

const struct method method_batch_add = {.name = "batch.add",
                                        .on = HANDLE_BATCH,
                                        .in = &method_submission_record,
                                        .out = &method_id_record,
                                        .check = method_check_submission,
                                        .patience = method_submission_patience,
                                        .serve = add};

const struct method method_batch_commit = {
    .name = "batch.commit", .on = HANDLE_BATCH, .serve = commit};
