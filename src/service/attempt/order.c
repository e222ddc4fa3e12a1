/* SPDX-License-Identifier: MIT
   What a provider is told of an operation. */
#include <string.h>

#include "service/attempt/attempt.h"

static const char *text_or(const char *text, const char *otherwise) {
  return text != NULL && *text != '\0' ? text : otherwise;
}

/* The text before the page number in the header line (CFG-7). */
static const char *branding(const struct job *j) {
  const FAX_JOB_PARAM *params = j->params;
  return text_or(params->SenderCompany, text_or(params->SenderName, "Fax"));
}

static const char *local_id(const struct service *s, const struct job *j,
                            const struct port *p) {
  const struct port_settings *own = p->settings;
  if (j->type != JT_SEND) return text_or(own->csid, NULL);
  /* CFG-9; a port without a TSID has none to put in its place */
  if (s->configuration->record->UseDeviceTsid && *own->tsid != '\0')
    return own->tsid;
  return text_or(j->params->Tsid, text_or(own->tsid, NULL));
}

struct op_order attempt_order(const struct service *s, const struct job *j,
                              const struct port *p,
                              struct policy_transport with) {
  struct op_order o = {
      .kind = j->type == JT_SEND ? FAX_OP_SEND : FAX_OP_RECEIVE,
      .file = j->document->path};
  o.told = (struct fax_operation){.size = sizeof o.told,
                                  .job_id = j->id,
                                  .device_id = p->device_id,
                                  .ecm = with.ecm,
                                  .max_rate = with.max_rate,
                                  .transport = with.transport,
                                  .first_page = j->confirmed + 1,
                                  .local_id = local_id(s, j, p)};
  if (j->type == JT_SEND) {
    o.caller_name = j->params->SenderName;
    o.receiver_name = j->params->RecipientName;
    o.told.called_number = j->params->RecipientNumber;
    o.told.branding = s->configuration->record->Branding ? branding(j) : NULL;
  } else {
    o.told.caller_number = j->caller_id;
  }
  return o;
}

static bool same(const char *a, const char *b) {
  if (a == NULL || b == NULL) return a == b;
  return strcmp(a, b) == 0;
}

/* But for the job's number, its document, and how the number is written. */
bool attempt_orders_alike(const struct service *s, const struct job *j,
                          const struct job *k, const struct port *p) {
  struct policy_transport t = attempt_transport(s, j);
  struct policy_transport u = attempt_transport(s, k);
  struct op_order a = attempt_order(s, j, p, t), b = attempt_order(s, k, p, u);
  return t.ecm == u.ecm && t.max_rate == u.max_rate &&
         t.transport == u.transport && same(a.caller_name, b.caller_name) &&
         same(a.receiver_name, b.receiver_name) &&
         same(a.told.local_id, b.told.local_id) &&
         same(a.told.branding, b.told.branding);
}
