/* SPDX-License-Identifier: MIT
   The names of enumerations and flags, with the documented spelling; our own
   in lower case. */
#include "model/names.h"

#include <fax/fax_archive.h>
#include <fax/fax_history.h>
#include <fax/fax_operation.h>
#include <fax/fax_service.h>
#include <fax/faxdev.h>

#define N(name) \
  { #name, name }
#define END \
  { NULL, 0 }

const struct fax_name names_job_type[] = {N(JT_UNKNOWN),      N(JT_SEND),
                                          N(JT_RECEIVE),      N(JT_ROUTING),
                                          N(JT_FAIL_RECEIVE), END};

const struct fax_name names_job_status[] = {
    N(JS_PENDING),  N(JS_INPROGRESS),       N(JS_DELETING),
    N(JS_FAILED),   N(JS_PAUSED),           N(JS_NOLINE),
    N(JS_RETRYING), N(JS_RETRIES_EXCEEDED), END};

const struct fax_name names_schedule[] = {N(JSA_NOW), N(JSA_SPECIFIC_TIME),
                                          N(JSA_DISCOUNT_PERIOD), END};

/* JC_RESTART has the number of JC_RESUME (JOB-52): its name comes second, so
   that it is read but not written. */
const struct fax_name names_job_command[] = {
    N(JC_UNKNOWN), N(JC_DELETE), N(JC_PAUSE), N(JC_RESUME), N(JC_RESTART), END};

const struct fax_name names_delivery[] = {N(DRT_NONE), N(DRT_EMAIL),
                                          N(DRT_INBOX), END};

const struct fax_name names_port_status[] = {N(FPS_DIALING),
                                             N(FPS_SENDING),
                                             N(FPS_RECEIVING),
                                             N(FPS_COMPLETED),
                                             N(FPS_HANDLED),
                                             N(FPS_UNAVAILABLE),
                                             N(FPS_BUSY),
                                             N(FPS_NO_ANSWER),
                                             N(FPS_BAD_ADDRESS),
                                             N(FPS_NO_DIAL_TONE),
                                             N(FPS_DISCONNECTED),
                                             N(FPS_FATAL_ERROR),
                                             N(FPS_NOT_FAX_CALL),
                                             N(FPS_CALL_DELAYED),
                                             N(FPS_CALL_BLACKLISTED),
                                             N(FPS_INITIALIZING),
                                             N(FPS_OFFLINE),
                                             N(FPS_RINGING),
                                             N(FPS_AVAILABLE),
                                             N(FPS_ABORTING),
                                             N(FPS_ROUTING),
                                             N(FPS_ANSWERED),
                                             END};

const struct fax_name names_port_flags[] = {N(FPF_RECEIVE), N(FPF_SEND),
                                            N(FPF_VIRTUAL), END};

const struct fax_name names_event[] = {N(FEI_DIALING),
                                       N(FEI_SENDING),
                                       N(FEI_RECEIVING),
                                       N(FEI_COMPLETED),
                                       N(FEI_BUSY),
                                       N(FEI_NO_ANSWER),
                                       N(FEI_BAD_ADDRESS),
                                       N(FEI_NO_DIAL_TONE),
                                       N(FEI_DISCONNECTED),
                                       N(FEI_FATAL_ERROR),
                                       N(FEI_NOT_FAX_CALL),
                                       N(FEI_CALL_DELAYED),
                                       N(FEI_CALL_BLACKLISTED),
                                       N(FEI_RINGING),
                                       N(FEI_ABORTING),
                                       N(FEI_ROUTING),
                                       N(FEI_MODEM_POWERED_ON),
                                       N(FEI_MODEM_POWERED_OFF),
                                       N(FEI_IDLE),
                                       N(FEI_FAXSVC_ENDED),
                                       N(FEI_ANSWERED),
                                       N(FEI_JOB_QUEUED),
                                       N(FEI_DELETED),
                                       N(FEI_INITIALIZING),
                                       N(FEI_LINE_UNAVAILABLE),
                                       N(FEI_HANDLED),
                                       N(FEI_FAXSVC_STARTED),
                                       N(FEI_FAX_RECEIVED),
                                       N(FEI_FAX_JOB_CHANGED),
                                       N(FEI_FAX_PORT_CHANGED),
                                       N(FEI_FAX_CONFIG_CHANGED),
                                       N(FEI_FAX_MISSED),
                                       N(FEI_FAX_REMOVED),
                                       END};

const struct fax_name names_log_level[] = {
    N(FAXLOG_LEVEL_NONE), N(FAXLOG_LEVEL_MIN), N(FAXLOG_LEVEL_MED),
    N(FAXLOG_LEVEL_MAX), END};

const struct fax_name names_log_category[] = {
    N(FAXLOG_CATEGORY_INIT), N(FAXLOG_CATEGORY_OUTBOUND),
    N(FAXLOG_CATEGORY_INBOUND), N(FAXLOG_CATEGORY_UNKNOWN), END};

const struct fax_name names_fsp_status[] = {N(FS_INITIALIZING),
                                            N(FS_DIALING),
                                            N(FS_TRANSMITTING),
                                            N(FS_RECEIVING),
                                            N(FS_COMPLETED),
                                            N(FS_HANDLED),
                                            N(FS_LINE_UNAVAILABLE),
                                            N(FS_BUSY),
                                            N(FS_NO_ANSWER),
                                            N(FS_BAD_ADDRESS),
                                            N(FS_NO_DIAL_TONE),
                                            N(FS_DISCONNECTED),
                                            N(FS_FATAL_ERROR),
                                            N(FS_NOT_FAX_CALL),
                                            N(FS_CALL_DELAYED),
                                            N(FS_CALL_BLACKLISTED),
                                            N(FS_USER_ABORT),
                                            N(FS_ANSWERED),
                                            END};

const struct fax_name names_phase[] = {{"dialing", FAX_PHASE_DIALING},
                                       {"ringing", FAX_PHASE_RINGING},
                                       {"connected", FAX_PHASE_CONNECTED},
                                       {"training", FAX_PHASE_TRAINING},
                                       {"page", FAX_PHASE_PAGE},
                                       {"post_message", FAX_PHASE_POST_MESSAGE},
                                       {"release", FAX_PHASE_RELEASE},
                                       END};

const struct fax_name names_encoding[] = {{"MH", FAX_ENCODING_MH},
                                          {"MR", FAX_ENCODING_MR},
                                          {"MMR", FAX_ENCODING_MMR},
                                          END};

const struct fax_name names_quality[] = {{"verified", FAX_QUALITY_VERIFIED},
                                         {"unverified", FAX_QUALITY_UNVERIFIED},
                                         {"damaged", FAX_QUALITY_DAMAGED},
                                         END};

const struct fax_name names_archive_folder[] = {
    {"sent", FAX_ARCHIVE_SENT}, {"received", FAX_ARCHIVE_RECEIVED}, END};

const struct fax_name names_form[] = {
    {"tiff", FAX_FORM_TIFF}, {"pdf", FAX_FORM_PDF}, {"png", FAX_FORM_PNG}, END};

const struct fax_name names_resolution[] = {
    {"fine", FAX_RESOLUTION_FINE}, {"standard", FAX_RESOLUTION_STANDARD}, END};

const struct fax_name names_paper[] = {{"auto", FAX_PAPER_AUTO},
                                       {"a4", FAX_PAPER_A4},
                                       {"letter", FAX_PAPER_LETTER},
                                       {"legal", FAX_PAPER_LEGAL},
                                       END};

const struct fax_name names_priority[] = {{"normal", FAX_PRIORITY_NORMAL},
                                          {"high", FAX_PRIORITY_HIGH},
                                          {"low", FAX_PRIORITY_LOW},
                                          END};

const struct fax_name names_on_doubt[] = {
    {"resend", FAX_DOUBT_RESEND}, {"hold", FAX_DOUBT_HOLD}, END};

const struct fax_name names_rights[] = {
    N(FAX_JOB_SUBMIT), N(FAX_JOB_QUERY), N(FAX_CONFIG_QUERY), N(FAX_CONFIG_SET),
    N(FAX_PORT_QUERY), N(FAX_PORT_SET),  N(FAX_JOB_MANAGE),   END};

const struct fax_name names_transport[] = {
    {"audio", FAX_TRANSPORT_AUDIO}, {"t38", FAX_TRANSPORT_T38}, END};

const struct fax_name names_outcome[] = {{"pending", FAX_OUTCOME_PENDING},
                                         {"completed", FAX_OUTCOME_COMPLETED},
                                         {"cancelled", FAX_OUTCOME_CANCELLED},
                                         {"failed", FAX_OUTCOME_FAILED},
                                         {"incomplete", FAX_OUTCOME_INCOMPLETE},
                                         {"stopped", FAX_OUTCOME_STOPPED},
                                         END};

const struct fax_name names_cause[] = {
    {"none", FAX_CAUSE_NONE},
    {"busy", FAX_CAUSE_BUSY},
    {"no_answer", FAX_CAUSE_NO_ANSWER},
    {"no_carrier", FAX_CAUSE_NO_CARRIER},
    {"no_fax", FAX_CAUSE_NO_FAX},
    {"line_unavailable", FAX_CAUSE_LINE_UNAVAILABLE},
    {"protocol", FAX_CAUSE_PROTOCOL},
    {"page_rejected", FAX_CAUSE_PAGE_REJECTED},
    {"local", FAX_CAUSE_LOCAL},
    {"final", FAX_CAUSE_FINAL},
    END};

const struct fax_name names_decision[] = {{"retry", FAX_DECISION_RETRY},
                                          {"give_up", FAX_DECISION_GIVE_UP},
                                          {"final", FAX_DECISION_FINAL},
                                          END};

/* Of a record: what followed the attempt. */
const struct fax_name names_sequel[] = {{"retry", FAX_OUTCOME_PENDING},
                                        {"completed", FAX_OUTCOME_COMPLETED},
                                        {"cancelled", FAX_OUTCOME_CANCELLED},
                                        {"failed", FAX_OUTCOME_FAILED},
                                        {"incomplete", FAX_OUTCOME_INCOMPLETE},
                                        {"stopped", FAX_OUTCOME_STOPPED},
                                        END};

const struct fax_name names_direction[] = {
    {"sent", FAX_DIRECTION_SENT}, {"received", FAX_DIRECTION_RECEIVED}, END};

const struct fax_name names_record_order[] = {{"oldest", FAX_RECORDS_OLDEST},
                                              {"newest", FAX_RECORDS_NEWEST},
                                              {"written", FAX_RECORDS_WRITTEN},
                                              {"latest", FAX_RECORDS_LATEST},
                                              END};

const struct fax_name names_port_open[] = {
    {"query", PORT_OPEN_QUERY}, {"modify", PORT_OPEN_MODIFY}, END};

const struct fax_name names_provider_origin[] = {
    {"configured", FAX_PROVIDER_CONFIGURED},
    {"registered", FAX_PROVIDER_REGISTERED},
    {"loaded", FAX_PROVIDER_LOADED},
    {"attached", FAX_PROVIDER_ATTACHED},
    END};

const struct fax_name names_provider_state[] = {
    {"running", FAX_PROVIDER_RUNNING},
    {"loading", FAX_PROVIDER_LOADING},
    {"leaving", FAX_PROVIDER_LEAVING},
    {"failed", FAX_PROVIDER_FAILED},
    END};

const struct fax_name names_event_kind[] = {
    {"job", FAX_EVENT_JOB},           {"port", FAX_EVENT_PORT},
    {"received", FAX_EVENT_RECEIVED}, {"service", FAX_EVENT_SERVICE},
    {"config", FAX_EVENT_CONFIG},     {"gap", FAX_EVENT_GAP},
    {"archive", FAX_EVENT_ARCHIVE},   END};

const struct fax_name names_compat[] = {{"lax_ports", FAX_COMPAT_LAX_PORTS},
                                        {"close_right", FAX_COMPAT_CLOSE_RIGHT},
                                        {"one_queue", FAX_COMPAT_ONE_QUEUE},
                                        END};

const char *name_of(const struct fax_name *names, DWORD value) {
  for (; names->name != NULL; names++)
    if (names->value == value) return names->name;
  return NULL;
}
