/* SPDX-License-Identifier: MIT
   Jobs: "job.list", "job.read", "job.set", "job.abort", "job.page",
   "job.result", "job.file". */
#include "method/job.h"

#include "model/table/table.h"
#include "service/service.h"

#define R struct fax_job_query
static const struct fax_field query[] = {
    FIELD(SIZE, size, "size"),
    NAMED(FLAGS, with, "with", names_job_status),
    NAMED(FLAGS, without, "without", names_job_status),
    FIELD(TEXT, number, "number"),
    FIELD(DWORD, limit, "limit"),
    FIELD(BOOL, newest_first, "newest_first"),
    FIELD(DWORD, cursor, "cursor"),
    END};
static RECORD(record_query, job_query, query);
#undef R

#define R struct method_job_list
static const struct fax_field asking[] = {ONE(query, "query", record_query),
                                          END};
static RECORD(record_asking, job_list, asking);
#undef R

#define R struct method_jobs
static const struct fax_field jobs[] = {
    ARRAY(jobs, "jobs", count, record_job_entry), END};
static RECORD(record_jobs, jobs, jobs);
#undef R

#define R struct method_job
static const struct fax_field job[] = {ONE(job, "job", record_job_entry), END};
static RECORD(record_job, job, job);
#undef R

#define R struct method_job_set
static const struct fax_field set[] = {
    FIELD(DWORD, id, "id"), NAMED(ENUM, command, "command", names_job_command),
    ONE(entry, "entry", record_job_entry), END};
static RECORD(record_set, job_set, set);
#undef R

#define R struct method_page
static const struct fax_field page[] = {LISTED(BYTES, data, "data", size),
                                        FIELD(DWORD, width, "width"),
                                        FIELD(DWORD, height, "height"), END};
static RECORD(record_page_data, page, page);
#undef R

#define R struct method_result
static const struct fax_field result[] = {
    ONE(result, "result", record_job_result), END};
static RECORD(record_result, result, result);
#undef R

static DWORD list(void *c, HANDLE handle, const void *in, void *out) {
  const struct method_job_list *asked = in;
  struct method_jobs *answer = out;
  (void)handle;
  return job_list(c, asked->query, &answer->jobs, &answer->count);
}

static DWORD read_one(void *c, HANDLE handle, const void *in, void *out) {
  const struct method_id *asked = in;
  struct method_job *answer = out;
  (void)handle;
  return job_read(c, asked->id, &answer->job);
}

static DWORD set_one(void *c, HANDLE handle, const void *in, void *out) {
  const struct method_job_set *asked = in;
  (void)handle, (void)out;
  return job_set(c, asked->id, asked->command, asked->entry);
}

static DWORD abort_one(void *c, HANDLE handle, const void *in, void *out) {
  const struct method_id *asked = in;
  (void)handle, (void)out;
  return job_abort(c, asked->id);
}

static DWORD read_page(void *c, HANDLE handle, const void *in, void *out) {
  const struct method_id *asked = in;
  struct method_page *answer = out;
  (void)handle;
  return job_page(c, asked->id, &answer->data, &answer->size, &answer->width,
                  &answer->height);
}

static DWORD read_result(void *c, HANDLE handle, const void *in, void *out) {
  const struct method_id *asked = in;
  struct method_result *answer = out;
  (void)handle;
  return job_result(c, asked->id, &answer->result);
}

static DWORD read_file(void *c, HANDLE handle, const void *in, void *out) {
  const struct fax_file *asked = in;
  struct method_bytes *answer = out;
  (void)handle;
  return job_file(c, asked->id, asked, &answer->data, &answer->size);
}

const struct method method_job_file = {.name = "job.file",
                                       .on = HANDLE_SERVER,
                                       .repeats = true,
                                       .in = &method_file_record,
                                       .out = &method_bytes_record,
                                       .serve = read_file};

const struct method method_job_list = {.name = "job.list",
                                       .on = HANDLE_SERVER,
                                       .repeats = true,
                                       .in = &record_asking,
                                       .out = &record_jobs,
                                       .serve = list};

const struct method method_job_read = {.name = "job.read",
                                       .on = HANDLE_SERVER,
                                       .repeats = true,
                                       .in = &method_id_record,
                                       .out = &record_job,
                                       .serve = read_one};

const struct method method_job_set = {.name = "job.set",
                                      .on = HANDLE_SERVER,
                                      .in = &record_set,
                                      .serve = set_one};

const struct method method_job_abort = {.name = "job.abort",
                                        .on = HANDLE_SERVER,
                                        .in = &method_id_record,
                                        .serve = abort_one};

const struct method method_job_page = {.name = "job.page",
                                       .on = HANDLE_SERVER,
                                       .repeats = true,
                                       .in = &method_id_record,
                                       .out = &record_page_data,
                                       .serve = read_page};

const struct method method_job_result = {.name = "job.result",
                                         .on = HANDLE_SERVER,
                                         .repeats = true,
                                         .in = &method_id_record,
                                         .out = &record_result,
                                         .serve = read_result};
