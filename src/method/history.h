/* SPDX-License-Identifier: MIT
   Records of attempts, and counters. */
#ifndef FAX_METHOD_HISTORY_H
#define FAX_METHOD_HISTORY_H

#include <fax/fax_history.h>

#include "method/method.h"

struct method_record_list {
  const struct fax_record_query *query; /* NULL ok */
};

struct method_records {
  struct fax_attempt_record *records;
  DWORD count;
};

struct method_metrics {
  char *text;
};

extern const struct method method_record_list, method_metrics_read;

#endif
