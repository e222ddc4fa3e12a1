/* SPDX-License-Identifier: MIT
   The retry policy: what is known of numbers. */
#include "model/table/table.h"

#define R struct fax_number
static const struct fax_field number[] = {
    FIELD(SIZE, size, "size_of_struct"),
    FIELD(TEXT, number, "number"),
    FIELD(DWORD, calls, "calls"),
    FIELD(DWORD, failures, "failures"),
    FIELD(FILETIME, last_call, "last_call"),
    FIELD(FILETIME, last_success, "last_success"),
    FIELD(KNOWN, rate, "rate"),
    FIELD(KNOWN_BOOL, ecm, "ecm"),
    NAMED(KNOWN_ENUM, transport, "transport", names_transport),
    FIELD(KNOWN, answer, "answer"),
    FIELD(DWORD, max_rate, "max_rate"),
    FIELD(BOOL, without_ecm, "without_ecm"),
    FIELD(FILETIME, slowed, "slowed"),
    FIELD(FILETIME, t38_refused, "t38_refused"),
    FIELD(BOOL, pinned, "pinned"),
    END};
RECORD(record_number, fax_number, number);
#undef R
