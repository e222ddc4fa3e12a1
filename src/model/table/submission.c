/* SPDX-License-Identifier: MIT
   What goes in with a document. */
#include "model/table/table.h"

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

#define R FAX_COVERPAGE_INFO
static const struct fax_field coverpage_info[] = {
    FIELD(SIZE, SizeOfStruct, "size_of_struct"),
    FIELD(TEXT, CoverPageName, "cover_page_name"),
    FIELD(BOOL, UseServerCoverPage, "use_server_cover_page"),
    FIELD(TEXT, RecName, "rec_name"),
    FIELD(TEXT, RecFaxNumber, "rec_fax_number"),
    FIELD(TEXT, RecCompany, "rec_company"),
    FIELD(TEXT, RecStreetAddress, "rec_street_address"),
    FIELD(TEXT, RecCity, "rec_city"),
    FIELD(TEXT, RecState, "rec_state"),
    FIELD(TEXT, RecZip, "rec_zip"),
    FIELD(TEXT, RecCountry, "rec_country"),
    FIELD(TEXT, RecTitle, "rec_title"),
    FIELD(TEXT, RecDepartment, "rec_department"),
    FIELD(TEXT, RecOfficeLocation, "rec_office_location"),
    FIELD(TEXT, RecHomePhone, "rec_home_phone"),
    FIELD(TEXT, RecOfficePhone, "rec_office_phone"),
    FIELD(TEXT, SdrName, "sdr_name"),
    FIELD(TEXT, SdrFaxNumber, "sdr_fax_number"),
    FIELD(TEXT, SdrCompany, "sdr_company"),
    FIELD(TEXT, SdrAddress, "sdr_address"),
    FIELD(TEXT, SdrTitle, "sdr_title"),
    FIELD(TEXT, SdrDepartment, "sdr_department"),
    FIELD(TEXT, SdrOfficeLocation, "sdr_office_location"),
    FIELD(TEXT, SdrHomePhone, "sdr_home_phone"),
    FIELD(TEXT, SdrOfficePhone, "sdr_office_phone"),
    FIELD(TEXT, Note, "note"),
    FIELD(TEXT, Subject, "subject"),
    FIELD(SYSTEMTIME, TimeSent, "time_sent"),
    FIELD(DWORD, PageCount, "page_count"),
    END};
RECORD(record_coverpage_info, FAX_COVERPAGE_INFO, coverpage_info);
#undef R

#define R FAX_PRINT_INFO
static const struct fax_field print_info[] = {
    FIELD(SIZE, SizeOfStruct, "size_of_struct"),
    FIELD(TEXT, DocName, "doc_name"),
    FIELD(TEXT, RecipientName, "recipient_name"),
    FIELD(TEXT, RecipientNumber, "recipient_number"),
    FIELD(TEXT, SenderName, "sender_name"),
    FIELD(TEXT, SenderCompany, "sender_company"),
    FIELD(TEXT, SenderDept, "sender_dept"),
    FIELD(TEXT, SenderBillingCode, "sender_billing_code"),
    FIELD(TEXT, Reserved, "reserved"),
    FIELD(TEXT, DrEmailAddress, "dr_email_address"),
    FIELD(TEXT, OutputFileName, "output_file_name"),
    END};
RECORD(record_print_info, FAX_PRINT_INFO, print_info);
#undef R
