/* SPDX-License-Identifier: MIT
   The service's side of fax_operation.h. */
#include <stddef.h>
#include <string.h>

#include "check/check.h"

static BOOL refuse(DWORD code) {
  FaxSetLastError(code);
  return FALSE;
}

/* Whole members only. */
static size_t common(size_t asked) {
  const size_t texts = offsetof(struct fax_operation, called_number);

  if (asked >= sizeof(struct fax_operation))
    return sizeof(struct fax_operation);
  if (asked < texts) return asked / sizeof(DWORD) * sizeof(DWORD);
  return texts + (asked - texts) / sizeof(char *) * sizeof(char *);
}

static bool told(ULONG_PTR key, struct fax_operation *out) {
  struct job *j;

  pthread_mutex_lock(&world);
  j = job_of(key);
  if (j != NULL && j->ended) j = NULL;
  if (j != NULL) job_told(j, out);
  pthread_mutex_unlock(&world);
  return j != NULL;
}

FAX_EXPORT BOOL FaxOperationQuery(HANDLE port, ULONG_PTR key,
                                  struct fax_operation *inout) {
  struct fax_operation all;
  size_t size;

  held(RULE_EXTENSION);
  if (inout == NULL || inout->size < sizeof(DWORD)) {
    breach(RULE_EXTENSION, "FaxOperationQuery with no size");
    return refuse(ERROR_INVALID_PARAMETER);
  }
  if (port != module.port || !told(key, &all)) {
    breach(RULE_EXTENSION, "FaxOperationQuery of no operation under way");
    return refuse(ERROR_INVALID_HANDLE);
  }
  size = common(inout->size);
  memcpy(inout, &all, size);
  inout->size = (DWORD)size;
  return TRUE;
}

static void check_text(const char *what, const char *text) {
  if (text != NULL && !utf8(text))
    breach(RULE_EXTENSION, "FaxOperationReport: %s is not UTF-8", what);
}

static void check_event(const struct fax_t30_event *e) {
  if (e->frame == NULL || e->frame[0] == '\0')
    breach(RULE_EXTENSION, "FaxOperationReport: an event without a frame");
  else
    check_text("frame", e->frame);
  if (strnlen(e->details, sizeof e->details) == sizeof e->details)
    breach(RULE_EXTENSION, "FaxOperationReport: details without an end");
  else
    check_text("details", e->details);
}

static void check_timeline(const struct fax_t30_event *events, DWORD count) {
  if (events == NULL && count != 0)
    breach(RULE_EXTENSION, "FaxOperationReport: %u events at NULL",
           (unsigned)count);
  if (events == NULL) return;
  for (DWORD i = 0; i < count && i < FAX_T30_MOST_EVENTS; i++)
    check_event(&events[i]);
}

static void check_progress(const struct fax_progress *given) {
  struct fax_progress p = FAX_PROGRESS_INIT;
  size_t size = given->size < sizeof p ? given->size : sizeof p;

  memcpy(&p, given, size);
  if (p.phase != FAX_UNKNOWN && (p.phase < 1 || p.phase > FAX_PHASE_RELEASE))
    breach(RULE_EXTENSION, "FaxOperationReport: phase %u", (unsigned)p.phase);
  if (p.page == 0)
    breach(RULE_EXTENSION, "FaxOperationReport: pages count from one");
  check_text("remote_id", p.remote_id);
  check_text("cause", p.cause);
  check_text("evidence", p.evidence);
  check_text("advice", p.advice);
  check_timeline(p.timeline, p.timeline_count);
}

FAX_EXPORT BOOL FaxOperationReport(HANDLE port, ULONG_PTR key,
                                   const struct fax_progress *progress) {
  struct fax_operation ignored;

  held(RULE_EXTENSION);
  if (progress == NULL || progress->size < sizeof(DWORD)) {
    breach(RULE_EXTENSION, "FaxOperationReport with no size");
    return refuse(ERROR_INVALID_PARAMETER);
  }
  if (port != module.port || !told(key, &ignored)) {
    breach(RULE_EXTENSION, "FaxOperationReport of no operation under way");
    return refuse(ERROR_INVALID_HANDLE);
  }
  check_progress(progress);
  return TRUE;
}
