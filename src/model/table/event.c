/* SPDX-License-Identifier: MIT
   Events, documented and extended, the progress that they tell of, and the
   operation that makes it. */
#include <fax/fax_operation.h>

#include "model/table/table.h"

#define R FAX_EVENT
static const struct fax_field event[] = {
    FIELD(SIZE, SizeOfStruct, "size_of_struct"),
    FIELD(FILETIME, TimeStamp, "time_stamp"),
    FIELD(DWORD, DeviceId, "device_id"),
    NAMED(ENUM, EventId, "event_id", names_event),
    FIELD(DWORD, JobId, "job_id"),
    END};
RECORD(record_event, FAX_EVENT, event);
#undef R

#define R struct fax_event
static const struct fax_field fax_event[] = {
    FIELD(SIZE, size, "size_of_struct"),
    NAMED(ENUM, kind, "kind", names_event_kind),
    NAMED(ENUM, event_id, "name", names_event),
    FIELD(ID64, sequence, "sequence"),
    FIELD(FILETIME, time, "time"),
    FIELD(DWORD, device_id, "device_id"),
    FIELD(KNOWN, job_id, "job_id"), /* FAX_NO_JOB is FAX_UNKNOWN */
    NAMED(ENUM, status, "status", names_port_status),
    NAMED(KNOWN_FLAGS, queue_status, "queue_status", names_job_status),
    NAMED(ENUM, outcome, "outcome", names_outcome),
    FIELD(KNOWN, attempt, "attempt"),
    NAMED(KNOWN_ENUM, phase, "phase", names_phase),
    FIELD(KNOWN, page, "page"),
    FIELD(KNOWN, pages, "pages"),
    FIELD(KNOWN, pages_confirmed, "pages_confirmed"),
    FIELD(KNOWN, rate, "rate"),
    FIELD(KNOWN_BOOL, ecm, "ecm"),
    NAMED(KNOWN_ENUM, encoding, "encoding", names_encoding),
    FIELD(KNOWN, bad_rows, "bad_rows"),
    FIELD(KNOWN_BOOL, complete, "complete"),
    FIELD(KNOWN, missed, "missed"),
    FIELD(TEXT, remote_id, "remote_id"),
    FIELD(TEXT, caller_id, "caller_id"),
    FIELD(TEXT, path, "path"),
    FIELD(TEXT, cause, "cause"),
    FIELD(TEXT, evidence, "evidence"),
    FIELD(TEXT, advice, "advice"),
    NAMED(KNOWN_ENUM, quality, "quality", names_quality),
    END};
RECORD(record_fax_event, fax_event, fax_event);
#undef R

#define R struct fax_t30_event
static const struct fax_field t30_event[] = {
    FIELD(MILLISECONDS, moment, "moment"), FIELD(BOOL, sent, "sent"),
    FIELD(TEXT, frame, "frame"), CHARS(details, "details"), END};
RECORD(record_t30_event, fax_t30_event, t30_event);
#undef R

#define R struct fax_progress
static const struct fax_field progress[] = {
    FIELD(SIZE, size, "size_of_struct"),
    NAMED(KNOWN_ENUM, phase, "phase", names_phase),
    FIELD(KNOWN, page, "page"),
    FIELD(KNOWN, pages_total, "pages_total"),
    FIELD(KNOWN, pages_confirmed, "pages_confirmed"),
    FIELD(KNOWN, rate, "rate"),
    FIELD(KNOWN_BOOL, ecm, "ecm"),
    NAMED(KNOWN_ENUM, encoding, "encoding", names_encoding),
    FIELD(KNOWN, bad_rows, "bad_rows"),
    FIELD(KNOWN, longest_bad_run, "longest_bad_run"),
    FIELD(KNOWN, image_bytes, "image_bytes"),
    FIELD(TEXT, remote_id, "remote_id"),
    FIELD(TEXT, cause, "cause"),
    FIELD(TEXT, evidence, "evidence"),
    FIELD(TEXT, advice, "advice"),
    FIELD(HIDDEN, timeline_count, "timeline_count"),
    ARRAY(timeline, "timeline", timeline_count, record_t30_event),
    NAMED(KNOWN_ENUM, quality, "quality", names_quality),
    NAMED(KNOWN_ENUM, transport, "transport", names_transport),
    END};
RECORD(record_progress, fax_progress, progress);
#undef R

#define R struct fax_operation
static const struct fax_field operation[] = {
    FIELD(SIZE, size, "size_of_struct"),
    FIELD(DWORD, job_id, "job_id"),
    FIELD(DWORD, device_id, "device_id"),
    FIELD(KNOWN_BOOL, ecm, "ecm"),
    FIELD(DWORD, max_rate, "max_rate"),
    FIELD(DWORD, transport, "transport"),
    FIELD(DWORD, first_page, "first_page"),
    FIELD(TEXT, called_number, "called_number"),
    FIELD(TEXT, caller_number, "caller_number"),
    FIELD(TEXT, trunk, "trunk"),
    FIELD(TEXT, local_id, "local_id"),
    FIELD(TEXT, branding, "branding"),
    END};
RECORD(record_operation, fax_operation, operation);
#undef R
