/* SPDX-License-Identifier: MIT
   A log line as bytes, for the sinks. */
#ifndef FAX_BASE_LOG_FORM_H
#define FAX_BASE_LOG_FORM_H

#include "base/log.h"

enum {
  LOG_LINE_MOST = 1100, /* the longest line of text, its time in front */
  LOG_JSON_MOST = 2400  /* the longest object: each byte may take two */
};

/* "error", "warn", "info", "debug" */
const char *log_level_name(enum fax_log_level level);

/* Writes one line with its newline into `out`, which has room for
   LOG_JSON_MOST; gives its length. */
size_t log_form_line(char *out, enum fax_log_format format,
                     const struct log_entry *e);

#endif
