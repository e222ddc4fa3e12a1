/* SPDX-License-Identifier: MIT
   What is kept of each attempt. */
#include <fax/fax_history.h>

#include "model/table/table.h"

#define R struct fax_attempt_record
static const struct fax_field attempt_record[] = {
    FIELD(SIZE, size, "size_of_struct"),
    FIELD(DWORD, job_id, "job_id"),
    FIELD(DWORD, attempt, "attempt"),
    FIELD(KNOWN, id, "id"),
    NAMED(ENUM, direction, "direction", names_direction),
    NAMED(ENUM, outcome, "outcome", names_sequel),
    NAMED(ENUM, status, "status", names_fsp_status),
    FIELD(FILETIME, started, "started"),
    FIELD(FILETIME, ended, "ended"),
    FIELD(KNOWN_MILLISECONDS, duration, "duration"),
    FIELD(TEXT, user, "user"),
    FIELD(TEXT, number, "number"),
    FIELD(DWORD, device_id, "device_id"),
    FIELD(TEXT, device, "device"),
    FIELD(TEXT, provider, "provider"),
    FIELD(TEXT, remote_id, "remote_id"),
    FIELD(KNOWN, pages, "pages"),
    FIELD(KNOWN, first_page, "first_page"),
    FIELD(KNOWN, pages_confirmed, "pages_confirmed"),
    FIELD(KNOWN, rate, "rate"),
    FIELD(KNOWN_BOOL, ecm, "ecm"),
    NAMED(KNOWN_ENUM, encoding, "encoding", names_encoding),
    NAMED(KNOWN_ENUM, transport, "transport", names_transport),
    FIELD(KNOWN, bad_rows, "bad_rows"),
    NAMED(KNOWN_ENUM, quality, "quality", names_quality),
    NAMED(KNOWN_ENUM, cause_class, "class", names_cause),
    NAMED(KNOWN_ENUM, decision, "decision", names_decision),
    FIELD(TEXT, cause, "cause"),
    FIELD(TEXT, evidence, "evidence"),
    FIELD(ID64, bytes, "bytes"),
    FIELD(TEXT, document, "document"),
    FIELD(TEXT, billing_code, "billing_code"),
    END};
RECORD(record_attempt_record, fax_attempt_record, attempt_record);
#undef R
