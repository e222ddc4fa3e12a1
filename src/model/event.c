/* SPDX-License-Identifier: MIT
   What is known of an event by its id. */
#include "model/event.h"

#include <fax/winfax.h>

static bool about_port(DWORD event_id) {
  switch (event_id) {
    case FEI_RINGING:
    case FEI_IDLE:
    case FEI_MODEM_POWERED_ON:
    case FEI_MODEM_POWERED_OFF:
    case FEI_FAX_PORT_CHANGED:
      return true;
    default:
      return false;
  }
}

DWORD event_kind(DWORD event_id) {
  if (event_id == FEI_FAXSVC_STARTED || event_id == FEI_FAXSVC_ENDED)
    return FAX_EVENT_SERVICE;
  if (event_id == FEI_FAX_RECEIVED) return FAX_EVENT_RECEIVED;
  if (event_id == FEI_FAX_CONFIG_CHANGED) return FAX_EVENT_CONFIG;
  if (event_id == FEI_FAX_REMOVED) return FAX_EVENT_ARCHIVE;
  return about_port(event_id) ? FAX_EVENT_PORT : FAX_EVENT_JOB;
}

struct fax_event event_blank(DWORD event_id, DWORD kind) {
  return (struct fax_event){.size = sizeof(struct fax_event),
                            .kind = kind,
                            .event_id = event_id,
                            .job_id = FAX_NO_JOB,
                            .queue_status = FAX_UNKNOWN,
                            .attempt = FAX_UNKNOWN,
                            .phase = FAX_UNKNOWN,
                            .page = FAX_UNKNOWN,
                            .pages = FAX_UNKNOWN,
                            .pages_confirmed = FAX_UNKNOWN,
                            .rate = FAX_UNKNOWN,
                            .ecm = FAX_UNKNOWN,
                            .encoding = FAX_UNKNOWN,
                            .bad_rows = FAX_UNKNOWN,
                            .complete = FAX_UNKNOWN,
                            .missed = FAX_UNKNOWN,
                            .quality = FAX_UNKNOWN};
}
