/* SPDX-License-Identifier: MIT
   The checks of a FAX_JOB_PARAM. Each says which member is wrong, and how. */
#include <string.h>

#include "service/job/submit.h"
#include "base/error.h"
#include "base/text.h"
#include "model/time.h"

/* Bytes of any text of a job; the documented limit of the wire (MS-FAX). */
#define MOST_TEXT 253

DWORD submit_check_number(const char *number) {
  size_t length;
  if (number == NULL || *number == '\0')
    return error_say(ERROR_INVALID_PARAMETER,
                     "the recipient's number is empty");
  length = strlen(number);
  if (length > MOST_TEXT)
    return error_say(
        ERROR_INVALID_PARAMETER,
        "the recipient's number has %zu characters: %d are allowed", length,
        MOST_TEXT);
  for (const char *c = number; *c != '\0'; c++)
    if (*c < 0x20 || *c > 0x7e)
      return error_say(ERROR_INVALID_PARAMETER,
                       "the recipient's number has a character that cannot be "
                       "dialled, at %zu",
                       (size_t)(c - number) + 1);
  if (strpbrk(number, "0123456789*#@") == NULL)
    return error_say(ERROR_INVALID_PARAMETER,
                     "the recipient's number \"%s\" has no digit", number);
  return ERROR_SUCCESS;
}

DWORD submit_check_text(const char *member, const char *text) {
  if (text == NULL) return ERROR_SUCCESS;
  if (strlen(text) > MOST_TEXT)
    return error_say(ERROR_INVALID_PARAMETER,
                     "%s has %zu bytes: %d are allowed", member, strlen(text),
                     MOST_TEXT);
  if (!text_is_utf8(text))
    return error_say(ERROR_INVALID_PARAMETER, "%s is not UTF-8", member);
  return ERROR_SUCCESS;
}

static DWORD check_texts(const FAX_JOB_PARAM *p) {
  const struct {
    const char *member, *text;
  } texts[] = {{"RecipientName", p->RecipientName},
               {"Tsid", p->Tsid},
               {"SenderName", p->SenderName},
               {"SenderCompany", p->SenderCompany},
               {"SenderDept", p->SenderDept},
               {"BillingCode", p->BillingCode},
               {"DeliveryReportAddress", p->DeliveryReportAddress},
               {"DocumentName", p->DocumentName}};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    DWORD error = submit_check_text(texts[i].member, texts[i].text);
    if (error != ERROR_SUCCESS) return error;
  }
  return ERROR_SUCCESS;
}

static DWORD check_schedule(const FAX_JOB_PARAM *p) {
  int64_t wall;
  if (p->ScheduleAction > JSA_DISCOUNT_PERIOD)
    return error_say(ERROR_INVALID_PARAMETER,
                     "ScheduleAction %u does not exist", p->ScheduleAction);
  if (p->ScheduleAction == JSA_SPECIFIC_TIME &&
      !time_from_systemtime(&p->ScheduleTime, &wall))
    return error_say(ERROR_INVALID_PARAMETER, "ScheduleTime is not a date");
  return ERROR_SUCCESS;
}

/* JOB-66..68: there is nothing yet that could deliver a report. */
static DWORD check_report(const FAX_JOB_PARAM *p) {
  switch (p->DeliveryReportType) {
    case DRT_NONE:
      if (p->DeliveryReportAddress == NULL) return ERROR_SUCCESS;
      return error_say(ERROR_INVALID_PARAMETER,
                       "DeliveryReportAddress is given with DRT_NONE");
    case DRT_EMAIL:
    case DRT_INBOX:
      return error_say(ERROR_UNSUPPORTED_TYPE,
                       "delivery reports are not available");
    default:
      return error_say(ERROR_INVALID_PARAMETER,
                       "DeliveryReportType %u does not exist",
                       p->DeliveryReportType);
  }
}

DWORD submit_check_params(const FAX_JOB_PARAM *p) {
  if (p == NULL) return error_say(ERROR_INVALID_PARAMETER, "JobParams is NULL");
  if (p->SizeOfStruct != sizeof *p)
    return error_say(ERROR_INVALID_PARAMETER,
                     "SizeOfStruct is %u, a FAX_JOB_PARAM has %zu bytes",
                     p->SizeOfStruct, sizeof *p);
  if (p->CallHandle != 0) /* JOB-5 */
    return error_say(ERROR_NOT_SUPPORTED,
                     "a call cannot be handed over: CallHandle must be 0");
  if (p->Reserved[0] != 0 || p->Reserved[1] != 0 || p->Reserved[2] != 0)
    return error_say(ERROR_INVALID_PARAMETER, "Reserved is not zero");
  DWORD error = submit_check_number(p->RecipientNumber);
  if (error == ERROR_SUCCESS) error = check_texts(p);
  if (error == ERROR_SUCCESS) error = check_schedule(p);
  if (error == ERROR_SUCCESS) error = check_report(p);
  return error;
}
