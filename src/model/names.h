/* SPDX-License-Identifier: MIT
   The names of enumerations and flags, for every reader of a record. */
#ifndef FAX_MODEL_NAMES_H
#define FAX_MODEL_NAMES_H

#include <fax/fax_record.h>

extern const struct fax_name names_job_type[], names_job_status[],
    names_job_command[], names_schedule[], names_delivery[],
    names_port_status[], names_port_flags[], names_event[], names_fsp_status[],
    names_phase[], names_encoding[], names_quality[], names_transport[],
    names_outcome[], names_direction[], names_sequel[], names_provider_origin[],
    names_provider_state[], names_cause[], names_decision[], names_event_kind[],
    names_log_level[], names_log_category[], names_compat[],
    names_archive_folder[], names_resolution[], names_paper[], names_priority[],
    names_on_doubt[], names_form[], names_rights[], names_port_open[],
    names_record_order[];

/* The name of a value of a list, NULL when it has none. */
const char *name_of(const struct fax_name *names, DWORD value);

#endif
