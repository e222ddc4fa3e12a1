/* SPDX-License-Identifier: MIT
   The families, one function each. docs/records.md has them all. */
#include <stdio.h>

#include "model/names.h"
#include "service/metrics/gather.h"
#include "service/metrics/out.h"

static const char *const directions[] = {"sent", "received"};

static void add_build(struct metrics_out *o, const struct metrics_shot *shot) {
  out_family(o, "fax_build_info", "gauge", "The version of libfax; always 1.");
  out_sample(o, "fax_build_info", 1, "version", FAX_VERSION, NULL);
  out_family(o, "fax_start_time_seconds", "gauge",
             "When the service started, in seconds since 1970.");
  out_sample(o, "fax_start_time_seconds", (double)shot->started / FAX_SECOND,
             NULL);
}

static void add_jobs(struct metrics_out *o, const struct metrics_shot *shot) {
  static const char *const states[METRICS_STATES] = {
      "pending",          "in_progress", "cancelling", "retrying",
      "retries_exceeded", "routing",     "failed",     "paused"};
  out_family(o, "fax_jobs", "gauge", "Jobs in the queue, by state.");
  for (int n = 0; n < METRICS_STATES; n++)
    out_sample(o, "fax_jobs", (double)shot->jobs[n], "state", states[n], NULL);
  out_family(o, "fax_queue_oldest_seconds", "gauge",
             "Age of the job that waits longest; 0: none waits.");
  out_sample(o, "fax_queue_oldest_seconds", shot->oldest, NULL);
}

static void add_finished(struct metrics_out *o, const struct metrics *m) {
  static const char name[] = "fax_jobs_finished_total";
  out_family(o, name, "counter",
             "Jobs that were decided, by outcome and the last cause.");
  for (DWORD n = 0; n < METRICS_OUTCOMES; n++)
    for (DWORD cause = 0; cause < METRICS_SLOTS; cause++)
      if (m->finished[n][cause] != 0)
        out_sample(o, name, (double)m->finished[n][cause], "outcome",
                   name_of(names_outcome, n), "cause",
                   metrics_text(&m->causes, cause), NULL);
}

static const char *status_of(DWORD place) {
  return place < METRICS_STATUSES - 1 ? names_fsp_status[place].name : "other";
}

static void add_attempts(struct metrics_out *o, const struct metrics *m) {
  static const char name[] = "fax_attempts_total";
  out_family(o, name, "counter",
             "Attempts that ended, by direction, status and cause.");
  for (DWORD d = 0; d < 2; d++)
    for (DWORD n = 0; n < METRICS_STATUSES; n++)
      for (DWORD cause = 0; cause < METRICS_SLOTS; cause++)
        if (m->attempts[d][n][cause] != 0)
          out_sample(o, name, (double)m->attempts[d][n][cause], "direction",
                     directions[d], "status", status_of(n), "cause",
                     metrics_text(&m->causes, cause), NULL);
  out_family(o, "fax_retries_total", "counter",
             "Failed attempts after which another one was decided.");
  out_sample(o, "fax_retries_total", (double)m->retries, NULL);
  out_family(o, "fax_pages_total", "counter",
             "Pages that were confirmed, by direction.");
  for (DWORD d = 0; d < 2; d++)
    out_sample(o, "fax_pages_total", (double)m->pages[d], "direction",
               directions[d], NULL);
}

static void add_lines(struct metrics_out *o, const struct metrics_shot *shot) {
  static const char name[] = "fax_line_seconds_total";
  out_family(o, name, "counter", "Time on the line, by port.");
  for (DWORD i = 0; i < shot->port_count; i++) {
    const struct metrics_port *p = &shot->ports[i];
    char id[16];
    snprintf(id, sizeof id, "%u", p->port->device_id);
    out_sample(o, name, (double)p->milliseconds / 1000, "device_id", id,
               "device", p->port->name, NULL);
  }
}

static void add_states(struct metrics_out *o, const struct metrics_shot *shot) {
  out_family(o, "fax_ports", "gauge", "Ports, by state.");
  for (const struct fax_name *n = names_port_status; n->name != NULL; n++) {
    DWORD count = 0;
    for (DWORD i = 0; i < shot->port_count; i++)
      if (shot->ports[i].state == n->value) count++;
    if (count != 0) out_sample(o, "fax_ports", count, "state", n->name, NULL);
  }
}

static void add_named(struct metrics_out *o, const char *name, const char *help,
                      const char *label, const struct metrics_names *names,
                      const uint64_t *counts) {
  out_family(o, name, "counter", help);
  for (DWORD n = 0; n < METRICS_SLOTS; n++)
    if (counts[n] != 0)
      out_sample(o, name, (double)counts[n], label, metrics_text(names, n),
                 NULL);
}

static void add_single(struct metrics_out *o, const char *name,
                       const char *kind, const char *help, double value) {
  out_family(o, name, kind, help);
  out_sample(o, name, value, NULL);
}

static void add_submissions(struct metrics_out *o, const struct metrics *m) {
  add_named(o, "fax_watchdogs_total", "Operations that a watchdog ended.",
            "watchdog", &m->watchdogs, m->fired);
  add_named(o, "fax_providers_lost_total",
            "Operations that were lost with their provider.", "provider",
            &m->providers, m->lost);
  add_single(o, "fax_submissions_total", "counter", "Jobs that were accepted.",
             (double)m->accepted);
  add_named(o, "fax_submissions_refused_total",
            "Jobs that were not accepted, by error.", "reason", &m->refusals,
            m->refused);
}

static void add_store(struct metrics_out *o, const struct store_work *w) {
  add_single(o, "fax_store_commits_total", "counter",
             "Changes that were handed to the store.", (double)w->commits);
  add_single(o, "fax_store_transactions_total", "counter",
             "Transactions, each of all changes that waited.",
             (double)w->transactions);
  add_single(o, "fax_store_refused_total", "counter",
             "Transactions that the disk refused.", (double)w->refused);
  add_single(o, "fax_store_write_seconds_total", "counter",
             "Time in transactions, with their syncs.",
             (double)w->busy / FAX_SECOND);
  add_single(o, "fax_store_waiting", "gauge", "Changes that are not safe yet.",
             (double)(w->commits - w->settled));
  add_single(o, "fax_store_healthy", "gauge",
             "1: the last transaction was written.", w->healthy);
}

char *metrics_text_of(const struct metrics_shot *shot) {
  struct metrics_out o = {.text = NULL};
  const struct metrics *m = &shot->counted;
  add_build(&o, shot);
  add_jobs(&o, shot);
  add_finished(&o, m);
  add_attempts(&o, m);
  add_lines(&o, shot);
  add_states(&o, shot);
  add_submissions(&o, m);
  add_store(&o, &shot->store);
  add_single(&o, "fax_connections", "gauge", "Open server handles.",
             shot->connections);
  add_single(&o, "fax_events_total", "counter", "Events that were raised.",
             (double)shot->events);
  if (!o.failed) return o.text;
  mem_free(o.text);
  return NULL;
}
