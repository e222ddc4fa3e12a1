/* SPDX-License-Identifier: MIT
   Which category of the log a line about a job belongs to. */
#ifndef FAX_SERVICE_LOG_H
#define FAX_SERVICE_LOG_H

#include "service/state.h"

static inline enum log_category log_category_of(const struct job *j) {
  return j->type == JT_SEND ? LOG_OUTBOUND : LOG_INBOUND;
}

#endif
