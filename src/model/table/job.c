/* SPDX-License-Identifier: MIT
   Jobs and what became of them. */
#include "model/table/table.h"

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
    NAMED(KNOWN_ENUM, encoding, "encoding", names_encoding),
    FIELD(KNOWN, bad_rows, "bad_rows"),
    FIELD(KNOWN, longest_bad_run, "longest_bad_run"),
    FIELD(TEXT, remote_id, "remote_id"),
    FIELD(TEXT, cause, "cause"),
    FIELD(TEXT, evidence, "evidence"),
    FIELD(TEXT, advice, "advice"),
    FIELD(HIDDEN, timeline_count, "timeline_count"),
    ARRAY(timeline, "timeline", timeline_count, record_t30_event),
    NAMED(KNOWN_ENUM, quality, "quality", names_quality),
    NAMED(KNOWN_ENUM, transport, "transport", names_transport),
    NAMED(KNOWN_ENUM, cause_class, "class", names_cause),
    NAMED(KNOWN_ENUM, decision, "decision", names_decision),
    FIELD(KNOWN, delay, "delay"),
    FIELD(TEXT, reason, "reason"),
    FIELD(KNOWN, doubt, "doubt"),
    FIELD(KNOWN, first_page, "first_page"),
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
    FIELD(TEXT, cause, "cause"),
    END};
RECORD(record_job_result, fax_job_result, job_result);
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
    NAMED(KNOWN_ENUM, quality, "quality", names_quality),
    END};
RECORD(record_received, fax_received, received);
#undef R
