/* SPDX-License-Identifier: MIT
   From what a provider says of an end to the cause that the rules know: one
   table of statuses, one of words (those of t30/cause.c, of the service and of
   the providers that came with it). */
#include <fax/faxdev.h>
#include <string.h>

#include "service/policy/policy.h"

static const struct {
  DWORD status, cause;
} statuses[] = {
    {FS_COMPLETED, FAX_CAUSE_NONE},
    {FS_HANDLED, FAX_CAUSE_NONE},
    {FS_BUSY, FAX_CAUSE_BUSY},
    {FS_NO_ANSWER, FAX_CAUSE_NO_ANSWER},
    {FS_DISCONNECTED, FAX_CAUSE_NO_CARRIER},
    {FS_NOT_FAX_CALL, FAX_CAUSE_NO_FAX},
    {FS_LINE_UNAVAILABLE, FAX_CAUSE_LINE_UNAVAILABLE},
    {FS_NO_DIAL_TONE, FAX_CAUSE_LOCAL}, /* the line on this side is dead */
    {FS_FATAL_ERROR, FAX_CAUSE_PROTOCOL},
};

/* Words that say more than FS_FATAL_ERROR or FS_DISCONNECTED do. */
static const struct {
  const char *word;
  DWORD cause;
} words[] = {
    {"page_rejected", FAX_CAUSE_PAGE_REJECTED},
    {"page_lost", FAX_CAUSE_PAGE_REJECTED},
    {"page_refused", FAX_CAUSE_PAGE_REJECTED},
    {"file_error", FAX_CAUSE_LOCAL},
    {"no_page", FAX_CAUSE_LOCAL},
    {"no_document", FAX_CAUSE_LOCAL},
    {"bad_document", FAX_CAUSE_LOCAL},
    {"document_damaged", FAX_CAUSE_LOCAL},
    {"no_memory", FAX_CAUSE_LOCAL},
    {"engine_stuck", FAX_CAUSE_LOCAL},
    {"not_stored", FAX_CAUSE_LOCAL},
    {"lua_error", FAX_CAUSE_LOCAL},
    {"not_supported", FAX_CAUSE_LOCAL},
    {"folder", FAX_CAUSE_LOCAL},
    {"stalled", FAX_CAUSE_LOCAL},
    {"provider_lost", FAX_CAUSE_LOCAL},
    {"provider_stuck", FAX_CAUSE_LOCAL},
    {"provider_refused", FAX_CAUSE_LOCAL},
    {"provider_crashed", FAX_CAUSE_LOCAL},
    {"provider_stopped", FAX_CAUSE_LOCAL},
    {"service_stopped", FAX_CAUSE_NONE},
};

static const char *const texts[] = {
    [FAX_CAUSE_NONE] = "no failure",
    [FAX_CAUSE_BUSY] = "busy",
    [FAX_CAUSE_NO_ANSWER] = "no answer",
    [FAX_CAUSE_NO_CARRIER] = "no carrier",
    [FAX_CAUSE_NO_FAX] = "no fax machine",
    [FAX_CAUSE_LINE_UNAVAILABLE] = "line unavailable",
    [FAX_CAUSE_PROTOCOL] = "protocol failure",
    [FAX_CAUSE_PAGE_REJECTED] = "page rejected",
    [FAX_CAUSE_LOCAL] = "local error",
    [FAX_CAUSE_FINAL] = "final"};

/* Everything else that ends a call is final (FSP-45..48), a provider's own code
   too. */
static DWORD of_status(DWORD status) {
  for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++)
    if (statuses[i].status == status) return statuses[i].cause;
  return FAX_CAUSE_FINAL;
}

static DWORD of_word(const char *word, DWORD otherwise) {
  for (size_t i = 0; word != NULL && i < sizeof words / sizeof *words; i++)
    if (strcmp(words[i].word, word) == 0) return words[i].cause;
  return otherwise;
}

DWORD policy_cause(DWORD status, const char *cause, bool watchdog) {
  DWORD class = of_status(status);
  if (watchdog) return of_word(cause, FAX_CAUSE_PROTOCOL);
  if (class == FAX_CAUSE_PROTOCOL || class == FAX_CAUSE_NO_CARRIER)
    return of_word(cause, class);
  return class;
}

/* A record of an earlier version does not say who ended the call. */
DWORD policy_cause_of(const struct fax_attempt *a) {
  if (a->cause_class != FAX_UNKNOWN) return a->cause_class;
  bool watchdog = a->cause != NULL && strcmp(a->cause, "operation_limit") == 0;
  return policy_cause(a->status, a->cause, watchdog);
}

bool policy_counts(DWORD cause) {
  return cause != FAX_CAUSE_NONE && cause != FAX_CAUSE_LINE_UNAVAILABLE;
}

const char *policy_cause_text(DWORD cause) {
  return cause <= FAX_CAUSE_FINAL ? texts[cause] : "unknown";
}
