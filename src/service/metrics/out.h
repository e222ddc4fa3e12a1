/* SPDX-License-Identifier: MIT
   A text in the exposition format of Prometheus, 0.0.4, that grows. */
#ifndef FAX_SERVICE_METRICS_OUT_H
#define FAX_SERVICE_METRICS_OUT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

/* All zero is empty. Without memory it stays as it is, and has failed. */
struct metrics_out {
  char *text; /* mem_free */
  size_t length, room;
  bool failed;
};

__attribute__((format(printf, 2, 3))) void out_add(struct metrics_out *o,
                                                   const char *format, ...);
/* The lines that a family begins with. `kind`: "counter" or "gauge". */
void out_family(struct metrics_out *o, const char *name, const char *kind,
                const char *help);
/* A sample; then pairs of a label and its text, NULL at the end. */
void out_sample(struct metrics_out *o, const char *name, double value, ...);

#endif
