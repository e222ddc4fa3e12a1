/* SPDX-License-Identifier: MIT
   Counting: a few additions, no memory. */
#include <fax/faxdev.h>
#include <string.h>

#include "base/text.h"
#include "model/names.h"
#include "service/state.h"

static bool is_label(const char *text) {
  return strlen(text) < METRICS_NAME_SIZE && text_is_utf8(text);
}

DWORD metrics_slot(struct metrics_names *names, const char *text) {
  if (text == NULL || *text == '\0') return METRICS_NONE;
  for (DWORD i = 0; i < names->count; i++)
    if (strcmp(names->text[i], text) == 0) return i + 1;
  if (names->count == METRICS_NAMES || !is_label(text)) return METRICS_OTHER;
  strcpy(names->text[names->count], text);
  return ++names->count;
}

const char *metrics_text(const struct metrics_names *names, DWORD slot) {
  if (slot == METRICS_NONE) return "none";
  return slot == METRICS_OTHER ? "other" : names->text[slot - 1];
}

/* A provider may have statuses of its own. */
static DWORD place_of(DWORD status) {
  DWORD n = 0;
  while (n < METRICS_STATUSES - 1 && names_fsp_status[n].name != NULL &&
         names_fsp_status[n].value != status)
    n++;
  return names_fsp_status[n].name != NULL ? n : METRICS_STATUSES - 1;
}

/* All that were left, when a provider that does not count has sent them. */
static DWORD pages_of(const struct attempt *a,
                      const struct fax_attempt *record) {
  const struct job *j = a->job;
  if (record->pages_confirmed != FAX_UNKNOWN) return record->pages_confirmed;
  bool all = record->status == FS_COMPLETED || record->status == FS_HANDLED;
  return all && j->pages != FAX_UNKNOWN ? j->pages - j->confirmed : 0;
}

void metrics_attempt(struct attempt *a, const struct fax_attempt *record,
                     DWORD milliseconds) {
  struct metrics *m = &a->service->metrics;
  DWORD direction = a->job->type == JT_SEND ? 0 : 1;
  DWORD cause = metrics_slot(&m->causes, record->cause);
  m->attempts[direction][place_of(record->status)][cause]++;
  if (direction == 0) m->pages[0] += pages_of(a, record);
  if (record->decision == FAX_DECISION_RETRY) m->retries++;
  a->port->line_milliseconds += milliseconds;
}

/* That of its last attempt, but not of one that came to its end. */
static const char *cause_of(const struct job *j) {
  if (j->outcome == FAX_OUTCOME_COMPLETED || j->attempt_count == 0) return NULL;
  return j->attempts[j->attempt_count - 1]->cause;
}

void metrics_job(struct service *s, struct job *j) {
  if (j->outcome == FAX_OUTCOME_PENDING || j->counted) return;
  j->counted = true;
  struct metrics *m = &s->metrics;
  if (j->outcome < METRICS_OUTCOMES)
    m->finished[j->outcome][metrics_slot(&m->causes, cause_of(j))]++;
  if (j->type != JT_SEND && j->pages != FAX_UNKNOWN) m->pages[1] += j->pages;
}

void metrics_watchdog(struct service *s, const char *cause) {
  s->metrics.fired[metrics_slot(&s->metrics.watchdogs, cause)]++;
}

void metrics_lost(struct service *s, const char *provider) {
  s->metrics.lost[metrics_slot(&s->metrics.providers, provider)]++;
}

void metrics_submission(struct service *s, DWORD count, DWORD error) {
  struct metrics *m = &s->metrics;
  pthread_mutex_lock(&s->lock);
  if (error == ERROR_SUCCESS)
    m->accepted += count;
  else
    m->refused[metrics_slot(&m->refusals, FaxErrorName(error))] += count;
  pthread_mutex_unlock(&s->lock);
}
