/* SPDX-License-Identifier: MIT
   The description of each public record, in the order of its members. The
   specs hold the Windows ones to the reference. */
#include <fax/fax_service.h>
#include <stddef.h>
#include <string.h>

#include "model/names.h"
#include "model/record.h"

#define FIELD(kind, member, lua) \
  { #member, lua, FAX_FIELD_##kind, offsetof(R, member), 0, NULL, NULL }
#define NAMED(kind, member, lua, names) \
  { #member, lua, FAX_FIELD_##kind, offsetof(R, member), 0, names, NULL }
#define ARRAY(member, lua, counter, described)            \
  {                                                       \
#member, lua, FAX_FIELD_RECORDS, offsetof(R, member), \
        offsetof(R, counter), NULL, &(described)          \
  }
#define END \
  { NULL, NULL, FAX_FIELD_HIDDEN, 0, 0, NULL, NULL }
#define RECORD(variable, type, table) \
  const struct fax_record variable = {#type, sizeof(R), table}

#define R FAX_PORT_INFO
static const struct fax_field port_info[] = {
    FIELD(SIZE, SizeOfStruct, "size_of_struct"),
    FIELD(DWORD, DeviceId, "device_id"),
    NAMED(ENUM, State, "state", names_port_status),
    NAMED(FLAGS, Flags, "flags", names_port_flags),
    FIELD(DWORD, Rings, "rings"),
    FIELD(DWORD, Priority, "priority"),
    FIELD(TEXT, DeviceName, "device_name"),
    FIELD(TEXT, Tsid, "tsid"),
    FIELD(TEXT, Csid, "csid"),
    END};
RECORD(record_port_info, FAX_PORT_INFO, port_info);
#undef R

#define R FAX_JOB_ENTRY
static const struct fax_field job_entry[] = {
    FIELD(SIZE, SizeOfStruct, "size_of_struct"),
    FIELD(DWORD, JobId, "job_id"),
    FIELD(TEXT, UserName, "user_name"),
    NAMED(ENUM, JobType, "job_type", names_job_type),
    NAMED(FLAGS, QueueStatus, "queue_status", names_job_status),
    NAMED(ENUM, Status, "status", names_port_status),
    FIELD(DWORD, Size, "size"),
    FIELD(DWORD, PageCount, "page_count"),
    FIELD(TEXT, RecipientNumber, "recipient_number"),
    FIELD(TEXT, RecipientName, "recipient_name"),
    FIELD(TEXT, Tsid, "tsid"),
    FIELD(TEXT, SenderName, "sender_name"),
    FIELD(TEXT, SenderCompany, "sender_company"),
    FIELD(TEXT, SenderDept, "sender_dept"),
    FIELD(TEXT, BillingCode, "billing_code"),
    NAMED(ENUM, ScheduleAction, "schedule_action", names_schedule),
    FIELD(SYSTEMTIME, ScheduleTime, "schedule_time"),
    NAMED(ENUM, DeliveryReportType, "delivery_report_type", names_delivery),
    FIELD(TEXT, DeliveryReportAddress, "delivery_report_address"),
    FIELD(TEXT, DocumentName, "document_name"),
    END};
RECORD(record_job_entry, FAX_JOB_ENTRY, job_entry);
#undef R

#define R FAX_JOB_PARAM
static const struct fax_field job_param[] = {
    FIELD(SIZE, SizeOfStruct, "size_of_struct"),
    FIELD(TEXT, RecipientNumber, "recipient_number"),
    FIELD(TEXT, RecipientName, "recipient_name"),
    FIELD(TEXT, Tsid, "tsid"),
    FIELD(TEXT, SenderName, "sender_name"),
    FIELD(TEXT, SenderCompany, "sender_company"),
    FIELD(TEXT, SenderDept, "sender_dept"),
    FIELD(TEXT, BillingCode, "billing_code"),
    NAMED(ENUM, ScheduleAction, "schedule_action", names_schedule),
    FIELD(SYSTEMTIME, ScheduleTime, "schedule_time"),
    NAMED(ENUM, DeliveryReportType, "delivery_report_type", names_delivery),
    FIELD(TEXT, DeliveryReportAddress, "delivery_report_address"),
    FIELD(TEXT, DocumentName, "document_name"),
    FIELD(HIDDEN, CallHandle, "call_handle"),
    FIELD(HIDDEN, Reserved, "reserved"),
    END};
RECORD(record_job_param, FAX_JOB_PARAM, job_param);
#undef R

#define R FAX_DEVICE_STATUS
static const struct fax_field device_status[] = {
    FIELD(SIZE, SizeOfStruct, "size_of_struct"),
    FIELD(TEXT, CallerId, "caller_id"),
    FIELD(TEXT, Csid, "csid"),
    FIELD(DWORD, CurrentPage, "current_page"),
    FIELD(DWORD, DeviceId, "device_id"),
    FIELD(TEXT, DeviceName, "device_name"),
    FIELD(TEXT, DocumentName, "document_name"),
    NAMED(ENUM, JobType, "job_type", names_job_type),
    FIELD(TEXT, PhoneNumber, "phone_number"),
    FIELD(TEXT, RoutingString, "routing_string"),
    FIELD(TEXT, SenderName, "sender_name"),
    FIELD(TEXT, RecipientName, "recipient_name"),
    FIELD(DWORD, Size, "size"),
    FIELD(FILETIME, StartTime, "start_time"),
    NAMED(ENUM, Status, "status", names_port_status),
    FIELD(TEXT, StatusString, "status_string"),
    FIELD(FILETIME, SubmittedTime, "submitted_time"),
    FIELD(DWORD, TotalPages, "total_pages"),
    FIELD(TEXT, Tsid, "tsid"),
    FIELD(TEXT, UserName, "user_name"),
    END};
RECORD(record_device_status, FAX_DEVICE_STATUS, device_status);
#undef R

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
    NAMED(ENUM, outcome, "outcome", names_outcome),
    FIELD(KNOWN, attempt, "attempt"),
    NAMED(ENUM, phase, "phase", names_phase),
    FIELD(KNOWN, page, "page"),
    FIELD(KNOWN, pages, "pages"),
    FIELD(KNOWN, pages_confirmed, "pages_confirmed"),
    FIELD(KNOWN, rate, "rate"),
    FIELD(KNOWN_BOOL, ecm, "ecm"),
    NAMED(ENUM, encoding, "encoding", names_encoding),
    FIELD(KNOWN, bad_rows, "bad_rows"),
    FIELD(KNOWN_BOOL, complete, "complete"),
    FIELD(TEXT, remote_id, "remote_id"),
    FIELD(TEXT, caller_id, "caller_id"),
    FIELD(TEXT, path, "path"),
    FIELD(TEXT, cause, "cause"),
    FIELD(TEXT, evidence, "evidence"),
    FIELD(TEXT, advice, "advice"),
    END};
RECORD(record_fax_event, fax_event, fax_event);
#undef R

#define R struct fax_attempt
static const struct fax_field attempt[] = {
    FIELD(DWORD, number, "number"),
    FIELD(DWORD, device_id, "device_id"),
    NAMED(ENUM, status, "status", names_fsp_status),
    FIELD(FILETIME, started, "started"),
    FIELD(FILETIME, ended, "ended"),
    FIELD(KNOWN, pages_confirmed, "pages_confirmed"),
    FIELD(KNOWN, rate, "rate"),
    FIELD(KNOWN_BOOL, ecm, "ecm"),
    NAMED(ENUM, encoding, "encoding", names_encoding),
    FIELD(KNOWN, bad_rows, "bad_rows"),
    FIELD(KNOWN, longest_bad_run, "longest_bad_run"),
    FIELD(TEXT, remote_id, "remote_id"),
    FIELD(TEXT, cause, "cause"),
    FIELD(TEXT, evidence, "evidence"),
    FIELD(TEXT, advice, "advice"),
    END};
RECORD(record_attempt, fax_attempt, attempt);
#undef R

#define R struct fax_job_result
static const struct fax_field job_result[] = {
    FIELD(SIZE, size, "size_of_struct"),
    FIELD(DWORD, job_id, "job_id"),
    NAMED(ENUM, job_type, "job_type", names_job_type),
    NAMED(ENUM, outcome, "outcome", names_outcome),
    FIELD(FILETIME, submitted, "submitted"),
    FIELD(FILETIME, finished, "finished"),
    FIELD(KNOWN, pages, "pages"),
    FIELD(KNOWN, pages_confirmed, "pages_confirmed"),
    FIELD(TEXT, number, "number"),
    FIELD(TEXT, user, "user"),
    FIELD(TEXT, document, "document"),
    FIELD(TEXT, path, "path"),
    FIELD(TEXT, remote_id, "remote_id"),
    FIELD(KNOWN, bad_rows, "bad_rows"),
    FIELD(HIDDEN, attempt_count, "attempt_count"),
    ARRAY(attempts, "attempts", attempt_count, record_attempt),
    END};
RECORD(record_job_result, fax_job_result, job_result);
#undef R

#define R struct fax_page
static const struct fax_field page[] = {
    FIELD(DWORD, number, "number"),
    FIELD(DWORD, width, "width"),
    FIELD(DWORD, height, "height"),
    FIELD(DWORD, x_resolution, "x_resolution"),
    FIELD(DWORD, y_resolution, "y_resolution"),
    FIELD(TEXT, png, "png"),
    END};
RECORD(record_page, fax_page, page);
#undef R

#define R struct fax_rendered
static const struct fax_field rendered[] = {
    FIELD(SIZE, size, "size_of_struct"),
    FIELD(HIDDEN, page_count, "page_count"),
    ARRAY(pages, "pages", page_count, record_page),
    FIELD(TEXT, output, "output"),
    FIELD(BOOL, unchanged, "unchanged"),
    END};
RECORD(record_rendered, fax_rendered, rendered);
#undef R

#define R struct fax_received
static const struct fax_field received[] = {
    FIELD(SIZE, size, "size_of_struct"),
    FIELD(TEXT, path, "path"),
    FIELD(DWORD, pages, "pages"),
    FIELD(BOOL, complete, "complete"),
    FIELD(KNOWN, bad_rows, "bad_rows"),
    FIELD(FILETIME, time, "time"),
    FIELD(DWORD, device_id, "device_id"),
    FIELD(DWORD, job_id, "job_id"),
    FIELD(TEXT, tsid, "tsid"),
    FIELD(TEXT, caller_id, "caller_id"),
    END};
RECORD(record_received, fax_received, received);
#undef R

static const struct fax_record *const all[] = {
    &record_port_info,     &record_job_entry,  &record_job_param,
    &record_device_status, &record_event,      &record_fax_event,
    &record_attempt,       &record_job_result, &record_page,
    &record_rendered,      &record_received};

const struct fax_record *FaxRecordAt(DWORD n) {
  return n < sizeof all / sizeof *all ? all[n] : NULL;
}

const struct fax_record *FaxRecord(const char *name) {
  for (size_t i = 0; i < sizeof all / sizeof *all; i++)
    if (strcmp(all[i]->name, name) == 0) return all[i];
  return NULL;
}
