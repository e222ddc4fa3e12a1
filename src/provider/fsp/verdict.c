/* SPDX-License-Identifier: MIT
   How an operation ended, by what the FSP's calls say together. A provider that
   contradicts itself has not delivered anything. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "base/text.h"
#include "provider/fsp/fsp.h"

enum { EVIDENCE_SIZE = 256 };

static void set(struct fsp_job *job, DWORD status, const char *cause,
                const char *evidence) {
  struct fax_progress why = FAX_PROGRESS_INIT;

  job->status = status;
  why.cause = cause;
  why.evidence = evidence;
  progress_merge(&job->last, &why);
}

void verdict_fault(struct fsp_job *job, const char *format, ...) {
  char evidence[EVIDENCE_SIZE];
  va_list args;

  va_start(args, format);
  vsnprintf(evidence, sizeof evidence, format, args);
  va_end(args);
  set(job, FS_FATAL_ERROR, "provider_error", evidence);
  log_line(LOG_OTHER, FAX_LOG_WARN, "provider", "%s provider=%s job=%u",
           evidence, job->fsp->name, (unsigned)fax_op_told(job->op)->job_id);
}

void verdict_aborted(struct fsp_job *job) {
  job->status = FS_USER_ABORT;
}

/* "ERROR_BUSY (it is busy; try again later)" or "error 4711". */
static const char *say_error(DWORD error, char *text, size_t size) {
  const char *name = FaxErrorName(error);

  if (error == ERROR_SUCCESS)
    snprintf(text, size, "no error set");
  else if (name == NULL)
    snprintf(text, size, "error %u", (unsigned)error);
  else
    snprintf(text, size, "%s (%s)", name, FaxErrorText(error));
  return text;
}

/* FSP-32: without the line another one may do. */
static bool is_of_the_line(DWORD error) {
  return error != ERROR_NOT_ENOUGH_MEMORY && error != ERROR_OUTOFMEMORY &&
         error != ERROR_INVALID_PARAMETER && error != ERROR_INTERNAL_ERROR &&
         error != ERROR_CALL_NOT_IMPLEMENTED && error != ERROR_NOT_SUPPORTED;
}

void verdict_of_start(struct fsp_job *job, DWORD error, bool aborted) {
  char evidence[EVIDENCE_SIZE], text[EVIDENCE_SIZE / 2];
  DWORD status = is_of_the_line(error) ? FS_LINE_UNAVAILABLE : FS_FATAL_ERROR;

  snprintf(evidence, sizeof evidence, "FaxDevStartJob failed: %s",
           say_error(error, text, sizeof text));
  set(job, aborted ? FS_USER_ABORT : status, "start_failed", evidence);
}

/* Statuses of an operation that goes on. */
static bool is_underway(DWORD status) {
  return status == 0 || status == FS_INITIALIZING || status == FS_DIALING ||
         status == FS_TRANSMITTING || status == FS_RECEIVING ||
         status == FS_ANSWERED;
}

/* Page and id; the extension knows them better. */
static void note_report(struct fsp_job *job) {
  struct fax_progress said = FAX_PROGRESS_INIT;

  if (job->report->PageCount != 0) said.page = job->report->PageCount;
  said.remote_id = job->report->CSI;
  progress_merge(&job->weak, &said);
}

/* FSP-54: a status that is no FS_ of faxdev.h has a text of the provider. */
static bool is_predefined(DWORD status) {
  switch (status) {
    case FS_INITIALIZING:
    case FS_DIALING:
    case FS_TRANSMITTING:
    case FS_RECEIVING:
    case FS_COMPLETED:
    case FS_HANDLED:
    case FS_LINE_UNAVAILABLE:
    case FS_BUSY:
    case FS_NO_ANSWER:
    case FS_BAD_ADDRESS:
    case FS_NO_DIAL_TONE:
    case FS_DISCONNECTED:
    case FS_FATAL_ERROR:
    case FS_NOT_FAX_CALL:
    case FS_CALL_DELAYED:
    case FS_CALL_BLACKLISTED:
    case FS_USER_ABORT:
    case FS_ANSWERED:
      return true;
    default:
      return false;
  }
}

/* False: it has no text, or none that can be shown. */
static bool own_text(const struct fsp_job *job, char *text, size_t size) {
  const FAX_DEV_STATUS *s = job->report;

  memset(text, 0, size);
  if (is_predefined(s->StatusId) || job->fsp->exports.string == NULL ||
      !job->fsp->exports.string(s->StringId, text, size - 1))
    return false;
  text[size - 1] = '\0';
  return text[0] != '\0' && text_is_utf8(text);
}

/* Why, by the provider's own text, or by the error code of the status; the
   extension knows that better too. */
static void note_error(struct fsp_job *job, const char *call) {
  char text[EVIDENCE_SIZE / 2], evidence[EVIDENCE_SIZE];
  struct fax_progress said = FAX_PROGRESS_INIT;

  if (!own_text(job, evidence, sizeof evidence)) {
    if (job->report->ErrorCode == NO_ERROR) return;
    snprintf(evidence, sizeof evidence, "%s failed: %s", call,
             say_error(job->report->ErrorCode, text, sizeof text));
  }
  said.evidence = evidence;
  progress_merge(&job->weak, &said);
}

static void judge_success(struct fsp_job *job, const char *call, DWORD status,
                          bool aborted) {
  if (status == FS_COMPLETED || status == FS_HANDLED)
    job->status = status;
  else if (aborted && status == FS_USER_ABORT)
    job->status = status;
  else
    verdict_fault(job, "%s said success, FaxDevReportStatus 0x%08x", call,
                  (unsigned)status);
}

static void judge_failure(struct fsp_job *job, const char *call, DWORD status,
                          bool aborted) {
  if (aborted && is_underway(status)) {
    verdict_aborted(job);
  } else if (status == FS_COMPLETED || status == FS_HANDLED ||
             is_underway(status)) {
    verdict_fault(job, "%s said failure, FaxDevReportStatus 0x%08x", call,
                  (unsigned)status);
  } else {
    job->status = status;
    note_error(job, call);
  }
}

void verdict_of_operation(struct fsp_job *job, bool ok, bool reported,
                          bool aborted) {
  const char *call =
      fax_op_kind(job->op) == FAX_OP_SEND ? "FaxDevSend" : "FaxDevReceive";

  if (!reported) {
    if (aborted)
      verdict_aborted(job);
    else
      verdict_fault(job, "FaxDevReportStatus failed after %s", call);
    return;
  }
  note_report(job);
  if (ok)
    judge_success(job, call, job->report->StatusId, aborted);
  else
    judge_failure(job, call, job->report->StatusId, aborted);
}
