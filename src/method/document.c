/* SPDX-License-Identifier: MIT
   Documents and submissions: "document.make", "document.file", "job.submit",
   "job.submit_all". */
#include "base/error.h"
#include "base/mem.h"
#include "method/find.h"
#include "method/job.h"
#include "model/table/table.h"
#include "service/service.h"

#define R struct fax_document
static const struct fax_field document[] = {
    FIELD(SIZE, size, "size_of_struct"),
    LISTED(FILES, files, "files", file_count),
    NAMED(ENUM, resolution, "resolution", names_resolution),
    NAMED(ENUM, paper, "paper", names_paper),
    FIELD(DWORD, patience.seconds, "time_limit"),
    END};
static RECORD(record_document, document, document);
#undef R

#define R struct method_document
static const struct fax_field made[] = {FIELD(HANDLE, handle, "handle"),
                                        FIELD(DWORD, id, "id"), END};
static RECORD(record_made, made, made);
#undef R

#define R struct fax_submission
static const struct fax_field submission[] = {
    FIELD(SIZE, size, "size_of_struct"),
    FIELD(HANDLE, document, "document"),
    LISTED(FILES, files, "files", file_count),
    ONE(params, "params", record_job_param),
    FIELD(KNOWN, retries, "retries"),
    FIELD(KNOWN, retry_delay, "retry_delay"),
    NAMED(ENUM, resolution, "resolution", names_resolution),
    NAMED(ENUM, paper, "paper", names_paper),
    FIELD(KNOWN_BOOL, ecm, "ecm"),
    FIELD(DWORD, max_rate, "max_rate"),
    NAMED(ENUM, transport, "transport", names_transport),
    FIELD(DWORD, device_id, "device_id"),
    FIELD(DWORD, patience.seconds, "time_limit"),
    FIELD(TEXT, key, "key"),
    NAMED(ENUM, priority, "priority", names_priority),
    FIELD(FILETIME, deadline, "deadline"),
    FIELD(BOOL, hold, "hold"),
    NAMED(ENUM, on_doubt, "on_doubt", names_on_doubt),
    FIELD(DWORD, queue_limit, "queue_limit"),
    FIELD(ID64, queue_bytes, "queue_bytes"),
    END};
RECORD(method_submission_record, submission, submission);
#undef R

#define R struct method_submissions
static const struct fax_field submissions[] = {
    ARRAY(submissions, "submissions", count, method_submission_record), END};
static RECORD(record_submissions, submissions, submissions);
#undef R

#define R struct method_submitted
static const struct fax_field submitted[] = {
    LISTED(DWORDS, ids, "ids", count), FIELD(DWORD, error, "error"),
    FIELD(TEXT, message, "message"), END};
static RECORD(record_submitted, submitted, submitted);
#undef R

#define R struct fax_file
static const struct fax_field form[] = {NAMED(ENUM, form, "form", names_form),
                                        FIELD(DWORD, page, "page"), END};
static RECORD(record_form, form, form);
#undef R

/* ---- one ---- */

DWORD method_pages(HANDLE handle, struct document **document_out) {
  *document_out = NULL;
  return handle == NULL ? ERROR_SUCCESS : find_document(handle, document_out);
}

static DWORD submit(void *c, HANDLE handle, const void *in, void *out) {
  const struct fax_submission *sub = in;
  struct method_id *answer = out;
  struct document *d;
  (void)handle;
  DWORD error = method_pages(sub->document, &d);
  if (error == ERROR_SUCCESS) error = job_submit(c, sub, d, &answer->id);
  mem_unref(d);
  return error;
}

static DWORD make(void *c, HANDLE handle, const void *in, void *out) {
  struct method_document *answer = out;
  struct document *d;
  DWORD error = document_make(c, handle, in, &answer->handle, &d);
  if (error != ERROR_SUCCESS) return error;
  answer->id = document_id(d);
  mem_unref(d);
  return ERROR_SUCCESS;
}

static DWORD read_file(void *d, HANDLE handle, const void *in, void *out) {
  struct method_bytes *answer = out;
  (void)handle;
  return document_file(d, in, &answer->data, &answer->size);
}

static DWORD check_document(const void *in) {
  return document_check_asked(in);
}

static struct fax_patience *document_patience(void *in) {
  return &((struct fax_document *)in)->patience;
}

struct fax_patience *method_submission_patience(void *in) {
  return &((struct fax_submission *)in)->patience;
}

DWORD method_check_submission(const void *in) {
  return submission_check(in);
}

/* ---- many ---- */

static void drop_all(struct document **documents, DWORD count) {
  for (DWORD i = 0; i < count; i++) mem_unref(documents[i]);
  mem_free(documents);
}

static DWORD find_all(const struct method_submissions *in,
                      struct document **documents) {
  DWORD error = ERROR_SUCCESS;
  for (DWORD i = 0; error == ERROR_SUCCESS && i < in->count; i++)
    error = method_pages(in->submissions[i].document, &documents[i]);
  return error;
}

static DWORD submit_with(struct connection *c,
                         const struct method_submissions *in,
                         struct document **documents,
                         struct method_submitted *out) {
  size_t size = ((size_t)in->count + 1) * sizeof(DWORD);
  DWORD error = find_all(in, documents);
  if (error != ERROR_SUCCESS) return error;
  out->ids = mem_alloc_tagged(size, MEM_BUFFER);
  if (out->ids == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  for (DWORD i = 0; i < in->count; i++) out->ids[i] = 0;
  out->count = in->count;
  out->error =
      job_submit_all(c, in->submissions, (struct document *const *)documents,
                     in->count, out->ids);
  if (out->error != ERROR_SUCCESS) out->message = method_text(error_message());
  return ERROR_SUCCESS;
}

static DWORD submit_all(void *c, HANDLE handle, const void *in, void *out) {
  const struct method_submissions *all = in;
  (void)handle;
  struct document **documents =
      mem_alloc(((size_t)all->count + 1) * sizeof(struct document *));
  if (documents == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  DWORD error = submit_with(c, all, documents, out);
  drop_all(documents, all->count);
  return error;
}

const struct method method_document_make = {.name = "document.make",
                                            .on = HANDLE_SERVER,
                                            .opens = HANDLE_DOCUMENT,
                                            .in = &record_document,
                                            .out = &record_made,
                                            .check = check_document,
                                            .patience = document_patience,
                                            .serve = make};

const struct method method_document_file = {.name = "document.file",
                                            .on = HANDLE_DOCUMENT,
                                            .repeats = true,
                                            .in = &record_form,
                                            .out = &method_bytes_record,
                                            .serve = read_file};

const struct method method_job_submit = {.name = "job.submit",
                                         .on = HANDLE_SERVER,
                                         .in = &method_submission_record,
                                         .out = &method_id_record,
                                         .check = method_check_submission,
                                         .patience = method_submission_patience,
                                         .serve = submit};

const struct method method_job_submit_all = {.name = "job.submit_all",
                                             .on = HANDLE_SERVER,
                                             .in = &record_submissions,
                                             .out = &record_submitted,
                                             .serve = submit_all};
