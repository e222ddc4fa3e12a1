/* SPDX-License-Identifier: MIT
   One log line: "room: text key=value". An error is logged once, where it is
   decided. Lines go to the sink; there is none until the service sets one. */
#ifndef FAX_BASE_LOG_H
#define FAX_BASE_LOG_H

#include <fax/fax_service.h>

/* What a line is about; the numbers of FAXLOG_CATEGORY_ (LOG-1). */
enum log_category {
  LOG_INIT = FAXLOG_CATEGORY_INIT, /* the service itself */
  LOG_OUTBOUND = FAXLOG_CATEGORY_OUTBOUND,
  LOG_INBOUND = FAXLOG_CATEGORY_INBOUND,
  LOG_OTHER = FAXLOG_CATEGORY_UNKNOWN /* providers, events */
};

typedef void log_sink_fn(void *arg, enum fax_log_level level, const char *line);

/* The sink is called by any thread, under a lock of its own, with a line
   without its newline. NULL: none. Returns once no call of the old one runs. */
void log_set_sink(log_sink_fn *sink, void *arg, enum fax_log_level most);
void log_line(enum log_category category, enum fax_log_level level,
              const char *room, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* A sink that appends to a file with the time in front. */
struct log_file;
DWORD log_file_open(const char *path, struct log_file **file_out); /* "-" */
void log_file_sink(void *file, enum fax_log_level level, const char *line);
void log_file_close(struct log_file *file); /* takes; NULL ok */

#endif
