/* SPDX-License-Identifier: MIT
   What the service counts, from its start. Everything here is of a fixed size:
   counting takes no memory, and the text has so many lines at most, whatever
   providers say. With the service's lock, but where it says otherwise. Only for
   src/service. */
#ifndef FAX_SERVICE_METRICS_METRICS_H
#define FAX_SERVICE_METRICS_METRICS_H

#include <fax/fax_service.h>
#include <stdint.h>

struct service;
struct attempt;
struct job;

/* Texts that others make up: the first ones that come are told apart, all that
   come later are "other". */
enum { METRICS_NAMES = 48, METRICS_NAME_SIZE = 40 };
enum { METRICS_NONE = 0, METRICS_OTHER = METRICS_NAMES + 1, METRICS_SLOTS };

struct metrics_names {
  char text[METRICS_NAMES][METRICS_NAME_SIZE];
  DWORD count;
};

/* The slot of a text: METRICS_NONE for NULL, 1 and up as they came. */
DWORD metrics_slot(struct metrics_names *names, const char *text);
/* The way back: "none", the text, "other". */
const char *metrics_text(const struct metrics_names *names, DWORD slot);

enum { METRICS_STATUSES = 32, METRICS_OUTCOMES = 6 };

struct metrics {
  struct metrics_names causes, watchdogs, providers, refusals;
  /* by direction (from 0), place in names_fsp_status (the last: of none), cause
   */
  uint64_t attempts[2][METRICS_STATUSES][METRICS_SLOTS];
  uint64_t finished[METRICS_OUTCOMES][METRICS_SLOTS]; /* by outcome, cause */
  uint64_t pages[2];
  uint64_t retries;
  uint64_t fired[METRICS_SLOTS];   /* by watchdog */
  uint64_t lost[METRICS_SLOTS];    /* by provider */
  uint64_t refused[METRICS_SLOTS]; /* by code */
  uint64_t accepted;
};

/* An attempt has ended as its job's entry says. */
void metrics_attempt(struct attempt *a, const struct fax_attempt *record,
                     DWORD milliseconds);
/* The job may be decided now. */
void metrics_job(struct service *s, struct job *j);
/* A watchdog ended an operation, for this cause. */
void metrics_watchdog(struct service *s, const char *cause);
void metrics_lost(struct service *s, const char *provider);
/* Without the lock: so many submissions, or why they were refused. */
void metrics_submission(struct service *s, DWORD count, DWORD error);

#endif
