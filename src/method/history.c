/* SPDX-License-Identifier: MIT
   What was: "record.list", "metrics.read". */
#include "method/history.h"

#include "model/table/table.h"
#include "service/service.h"

#define R struct fax_record_query
static const struct fax_field query[] = {
    FIELD(SIZE, size, "size"),
    NAMED(ENUM, order, "order", names_record_order),
    FIELD(FILETIME, after, "after"),
    FIELD(FILETIME, before, "before"),
    FIELD(TEXT, number, "number"),
    NAMED(ENUM, direction, "direction", names_direction),
    FIELD(DWORD, device_id, "device_id"),
    FIELD(TEXT, cause, "cause"),
    FIELD(DWORD, job_id, "job_id"),
    FIELD(TEXT, user, "user"),
    FIELD(DWORD, limit, "limit"),
    ONE(behind, "behind", record_attempt_record),
    FIELD(BOOL, uncalled, "uncalled"),
    END};
static RECORD(record_query, record_query, query);
#undef R

#define R struct method_record_list
static const struct fax_field asking[] = {ONE(query, "query", record_query),
                                          END};
static RECORD(record_asking, record_list, asking);
#undef R

#define R struct method_records
static const struct fax_field records[] = {
    ARRAY(records, "records", count, record_attempt_record), END};
static RECORD(record_records, records, records);
#undef R

#define R struct method_metrics
static const struct fax_field metrics[] = {FIELD(TEXT, text, "text"), END};
static RECORD(record_metrics, metrics, metrics);
#undef R

static DWORD list(void *c, HANDLE handle, const void *in, void *out) {
  const struct method_record_list *asked = in;
  struct method_records *answer = out;
  (void)handle;
  return record_list(c, asked->query, &answer->records, &answer->count);
}

static DWORD read_metrics(void *c, HANDLE handle, const void *in, void *out) {
  struct method_metrics *answer = out;
  (void)handle, (void)in;
  return metrics_read(c, &answer->text);
}

const struct method method_record_list = {.name = "record.list",
                                          .on = HANDLE_SERVER,
                                          .repeats = true,
                                          .in = &record_asking,
                                          .out = &record_records,
                                          .serve = list};

const struct method method_metrics_read = {.name = "metrics.read",
                                           .on = HANDLE_SERVER,
                                           .repeats = true,
                                           .out = &record_metrics,
                                           .serve = read_metrics};
