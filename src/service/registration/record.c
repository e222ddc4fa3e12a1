/* SPDX-License-Identifier: MIT
   The descriptions of what providers.json holds. */
#include "model/table/table.h"
#include "service/registration/own.h"

#define R struct registration
static const struct fax_field registration[] = {
    FIELD(TEXT, name, "name"), FIELD(TEXT, friendly_name, "friendly_name"),
    FIELD(TEXT, image, "image"), END};
static RECORD(record_registration, registration, registration);
#undef R

#define R struct registrations
static const struct fax_field registrations[] = {
    FIELD(DWORD, version, "version"), FIELD(HIDDEN, count, "count"),
    ARRAY(providers, "providers", count, record_registration), END};
RECORD(record_registrations, registrations, registrations);
#undef R
