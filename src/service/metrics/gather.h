/* SPDX-License-Identifier: MIT
   What the text of the metrics is made of, all at one time or nearly so. */
#ifndef FAX_SERVICE_METRICS_GATHER_H
#define FAX_SERVICE_METRICS_GATHER_H

#include "service/state.h"
#include "store/store.h"

enum { METRICS_STATES = JOB_FINISHED + 1 }; /* of jobs; the last: paused */

struct metrics_port {
  struct port *port; /* counted: its names do not change */
  DWORD state;
  uint64_t milliseconds;
};

struct metrics_shot {
  struct metrics counted;
  uint64_t jobs[METRICS_STATES];
  double oldest; /* seconds since the submission of what waits longest */
  struct metrics_port *ports;
  DWORD port_count;
  struct store_work store;
  int64_t started; /* wall */
  DWORD connections;
  DWORDLONG events;
};

/* Gives (mem_unref). Takes the lock for moments: queues may be long. */
DWORD metrics_gather(struct service *s, struct metrics_shot **shot_out);

/* ---- text.c ---- */
/* Gives the text (mem_free), or NULL: no memory. */
char *metrics_text_of(const struct metrics_shot *shot);

#endif
