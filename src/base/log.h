/* SPDX-License-Identifier: MIT
   One log line: "room: text key=value". An error is logged once, where it is
   decided. Raising a line never blocks: it goes to a queue that a thread of its
   own empties into the sink; there is none until the service sets one. */
#ifndef FAX_BASE_LOG_H
#define FAX_BASE_LOG_H

#include <fax/fax_service.h>
#include <stdbool.h>
#include <stddef.h>

/* What a line is about; the numbers of FAXLOG_CATEGORY_ (LOG-1). */
enum log_category {
  LOG_INIT = FAXLOG_CATEGORY_INIT, /* the service itself */
  LOG_OUTBOUND = FAXLOG_CATEGORY_OUTBOUND,
  LOG_INBOUND = FAXLOG_CATEGORY_INBOUND,
  LOG_OTHER = FAXLOG_CATEGORY_UNKNOWN /* providers, events */
};
enum { LOG_CATEGORIES = LOG_OTHER - LOG_INIT + 1 };

struct log_entry {
  int64_t wall; /* when it was raised */
  enum log_category category;
  enum fax_log_level level;
  const char *text; /* one line of UTF-8, without its newline */
};

/* Both run on the log's thread, with no lock held, and may block. What they log
   themselves is not heard. */
struct log_sink {
  void (*write)(void *arg, const struct log_entry *lines, size_t count);
  void (*close)(void *arg);  /* takes arg; NULL: nothing is to be done */
  void (*reopen)(void *arg); /* where it writes to was moved away; NULL ok */
};

/* One caller at a time. Ends the sink of before, as log_end, and gives every
   category the level `most`. Takes arg; on failure there is no sink, and arg is
   still the caller's. ERROR_NOT_ENOUGH_MEMORY. */
DWORD log_set_sink(const struct log_sink *sink, void *arg,
                   enum fax_log_level most);
/* Returns once what was raised is written and the sink closed, or after a
   second of the machine's clock: what is not written by then never will be, and
   the sink is closed whenever it comes back. False: that was so. */
bool log_end(void);
/* Waits until the lines raised so far are written or counted as lost. False:
   `seconds` of the machine's clock were too few. */
bool log_flush(double seconds);

/* Has the sink open what it writes to anew, before the lines that are raised
   from now on. */
void log_reopen(void);

/* The last level of a category that is written, LOG_NOTHING: none is. Any
   thread. */
enum { LOG_NOTHING = -1 };
int log_level(enum log_category category);
void log_set_level(enum log_category category, int level);

/* Control characters, backslashes and what is not UTF-8 come out escaped, so
   that a line stays one line whatever is put into it. */
void log_line(enum log_category category, enum fax_log_level level,
              const char *room, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* The sink that appends to a file, with the time in front. Text, unless it is
   told otherwise before it is used. */
struct log_file;
DWORD log_file_open(const char *path, struct log_file **file_out); /* "-" */
void log_file_form(struct log_file *file, enum fax_log_format format);
void log_file_close(struct log_file *file); /* takes; NULL ok */
extern const struct log_sink log_file_sink; /* its arg: a struct log_file */

/* The sink that tells the syslog daemon behind this socket; NULL: /dev/log. */
struct log_syslog;
DWORD log_syslog_open(const char *path, enum fax_log_format format,
                      struct log_syslog **syslog_out);
void log_syslog_close(struct log_syslog *syslog); /* takes; NULL ok */
extern const struct log_sink log_syslog_sink;     /* its arg: a log_syslog */

#endif
