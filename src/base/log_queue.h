/* SPDX-License-Identifier: MIT
   Between those who raise log lines and the sink: a bounded queue and the
   thread that empties it. For src/base/log.c. */
#ifndef FAX_BASE_LOG_QUEUE_H
#define FAX_BASE_LOG_QUEUE_H

#include "base/log.h"

/* What may wait to be written; what comes while it is full is lost, and how
   much that was is written when there is room again. */
enum { LOG_QUEUE_LINES = 4096, LOG_QUEUE_BYTES = 1 << 18 };

/* There must be none. Takes arg; ERROR_NOT_ENOUGH_MEMORY: it did not. */
DWORD log_queue_begin(const struct log_sink *sink, void *arg);
bool log_queue_end(void); /* log_end */
/* Borrows the text. Nothing happens where there is no queue. */
void log_queue_put(enum log_category category, enum fax_log_level level,
                   const char *text);

#endif
