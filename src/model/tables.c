/* SPDX-License-Identifier: MIT
   All descriptions, to be found by name or walked. They are written down in
   table/, in the order of the members; the specs hold the Windows ones to the
   reference. */
#include <string.h>

#include "model/record.h"

static const struct fax_record *const all[] = {&record_port_info,
                                               &record_job_entry,
                                               &record_job_param,
                                               &record_coverpage_info,
                                               &record_device_status,
                                               &record_event,
                                               &record_configuration,
                                               &record_log_category,
                                               &record_routing_method,
                                               &record_global_routing_info,
                                               &record_print_info,
                                               &record_fax_event,
                                               &record_attempt,
                                               &record_job_result,
                                               &record_page,
                                               &record_rendered,
                                               &record_received,
                                               &record_provider_info,
                                               &record_number,
                                               &record_policy_rule,
                                               &record_policy_step,
                                               &record_policy_question,
                                               &record_policy_explanation,
                                               &record_progress,
                                               &record_t30_event,
                                               &record_archived,
                                               &record_attempt_record,
                                               &record_dial_port,
                                               &record_dial_plan};

const struct fax_record *FaxRecordAt(DWORD n) {
  return n < sizeof all / sizeof *all ? all[n] : NULL;
}

const struct fax_record *FaxRecord(const char *name) {
  for (size_t i = 0; i < sizeof all / sizeof *all; i++)
    if (strcmp(all[i]->name, name) == 0) return all[i];
  return NULL;
}
